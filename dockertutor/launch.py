"""Builds what a learner sits before, and wires it: course, progress, engine, wire, shell, and a front end."""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from dockertutor.called import COMMAND
from dockertutor.course.heads import Course
from dockertutor.engine.connection import DEFAULT_SOCKET, Endpoint, connect
from dockertutor.errors import EngineFault, ShellError, UsageError
from dockertutor.tutor.core import Tutor
from dockertutor.tutor.progress import Store, course_home, data_home
from dockertutor.tutor.seat import Seat

if TYPE_CHECKING:
    from textual.widget import Widget

    from dockertutor.engine.engine import Engine

Find = Callable[[], Endpoint]


def open_tutor(options: argparse.Namespace, course: Course, find: Find) -> int:
    """Open the tutor in the front end that ``options`` ask for; returns the exit code.

    Raises `ProgressError` where the learner's progress cannot be kept.
    """
    lesson, _, exercise = getattr(options, "which", "").partition("/")
    if lesson:
        from dockertutor.tutor.stored import parse_which

        parse_which(course, options.which)
    with ExitStack() as stack:
        home = course_home(course)
        store = stack.enter_context(closing(Store(home / "progress.db", course=course.digest)))
        endpoint, factory = _engine(find)
        wire = not options.no_wire and endpoint is not None
        place = endpoint or Endpoint(f"unix://{DEFAULT_SOCKET}")
        seat = stack.enter_context(Seat(place, wire=wire, later=not options.plain))
        tutor = Tutor(course, store, factory, folder_root=home / "folders", wire=seat.wired)
        seat.serve(tutor)
        stack.callback(tutor.close)
        unwatched = _unwatched(seat, asked=options.no_wire)
        if options.plain:
            return _plain(tutor.start(), seat, unwatched, lesson, exercise)
        return _tui(options, tutor, seat, unwatched, lesson, exercise)


def _engine(find: Find) -> tuple[Endpoint | None, Callable[[], Engine]]:
    """Where the engine is, and what connects it; a wrong address is told by the tutor, which goes on without."""
    try:
        endpoint = find()
    except EngineFault:
        return None, lambda: connect(find())
    return endpoint, lambda: connect(endpoint)


def _unwatched(seat: Seat, *, asked: bool) -> str:
    """What a learner reads where the API calls would be, or "" where they are seen. ``asked``: for that, with
    ``--no-wire``."""
    if seat.wired:
        return ""
    if asked:
        return (
            "The docker client's calls are not watched this time. Start the tutor without `--no-wire` to see them here."
        )
    if not seat.trouble:
        return (
            "The engine's address cannot be used, so no API calls are shown. Put it right, and start the tutor again."
        )
    return seat.trouble if "API calls" in seat.trouble else f"API calls cannot be shown. {seat.trouble}"


def _plain(tutor: Tutor, seat: Seat, unwatched: str, lesson: str, exercise: str) -> int:
    from dockertutor.plain.app import Plain
    from dockertutor.shell.startup import find_shell

    environment = seat.environment
    environment["PATH"] = f"{seat.bin_folder}:{environment.get('PATH', os.defpath)}"
    if lacking := _no_client(seat):
        print(lacking)
    app = Plain(
        tutor,
        read=sys.stdin,
        write=sys.stdout,
        environment=environment,
        shell=find_shell(environment),
        unwatched=unwatched,
    )
    if lesson:
        tutor.open(lesson, exercise)
    return app.run()


def _tui(options: argparse.Namespace, tutor: Tutor, seat: Seat, unwatched: str, lesson: str, exercise: str) -> int:
    if os.environ.get("TERM") == "dumb" or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("The tutor needs a terminal to draw on.", f"Use `{COMMAND} --plain` here.")
    # Textual waits so many milliseconds after Escape for the rest of a sequence; its 100 are felt in vi.
    os.environ.setdefault("ESCDELAY", "25")
    from dockertutor.tui.app import TutorApp
    from dockertutor.tui.messages import Said

    def terminal(cwd: Path, leader: str) -> Widget:
        from dockertutor.shell.screen import available
        from dockertutor.tui.widgets.terminal import TerminalPane

        if not available():
            raise ShellError("No terminal can be drawn on this machine.")
        return TerminalPane(
            env=seat.environment, cwd=cwd, folder=seat.shell_folder(), bin_folder=seat.bin_folder, leader=leader
        )

    def begin() -> None:
        """After the first paint: start the relay, and the thread that imports the engine's library."""
        gc.enable()
        gc.freeze()  # what was imported stays: it need not be looked through again and again
        seat.begin()
        tutor.start()
        if lacking := _no_client(seat):
            app.post_message(Said(lacking, "No docker client"))

    app = TutorApp(
        tutor,
        shell_factory=None if options.no_terminal else terminal,
        no_terminal="You asked for a terminal window of your own." if options.no_terminal else "",
        leader=options.leader,
        theme=options.theme,
        ascii=options.ascii,
        settings_path=data_home() / "settings.json",
        lesson=lesson,
        exercise=exercise,
        socket=seat.environment.get("DOCKER_SOCKET", str(DEFAULT_SOCKET)),
        unwatched=unwatched,
        folder=_home(),
        begin=begin,
    )
    app.run()
    return app.return_code or 0


def _no_client(seat: Seat) -> str:
    """What a learner reads whose shell will know no command `docker`, or ""."""
    if shutil.which("docker", path=seat.environment.get("PATH", os.defpath)) is not None:
        return ""
    return "There is no command `docker` on this computer, and the lessons use it. Install docker-cli (or docker.io)."


def _home() -> Path:
    """Where the first shell starts, before an exercise has a folder."""
    folder = data_home() / "folders"
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    return folder


# ------------------------------------------------------------------ a window of the learner's own
def own_shell(command: Sequence[str], log: Path | None, find: Find) -> int:
    """A wired shell in this window, or one wired ``command``; returns its exit status."""
    from dockertutor.engine.wire_shell import run_wired, running, wired

    tutor = next(iter(running()), None)
    endpoint = find() if tutor is None else None
    with wired(endpoint, log) as docker_host:
        bin_folder = tutor.socket.parent / "bin" if tutor is not None else None
        if bin_folder is not None:
            os.environ["PATH"] = f"{bin_folder}:{os.environ.get('PATH', os.defpath)}"
        os.environ["DOCKER_SOCKET"] = docker_host.removeprefix("unix://")
        if command:
            return run_wired(command, docker_host)
        if (folder := _exercise_folder()) is not None:
            os.chdir(folder)
        watched = ["Its API calls appear in the tutor."] if tutor else []
        watched += ["Its API calls are written down."] if log else []
        whose = " ".join(watched) or "No tutor is open, so nobody watches."
        print(f"This shell is wired. {whose} `exit` ends it.", file=sys.stderr)
        return _wired_shell(docker_host, bin_folder)


def _wired_shell(docker_host: str, bin_folder: Path | None) -> int:
    """The learner's shell as they know it; only where docker's client is led to is not theirs to say."""
    from tempfile import TemporaryDirectory

    from dockertutor.engine.wire_shell import run_wired, wired_environment
    from dockertutor.shell.startup import find_shell, prepare_window

    with TemporaryDirectory(prefix="dockertutor-shell-") as name:
        env = wired_environment(docker_host, os.environ)
        launch = prepare_window(find_shell(env), Path(name), env, bin_folder)
        os.environ.update(launch.env)
        return run_wired(launch.argv, docker_host)


def _exercise_folder() -> Path | None:
    """The folder of the exercise that the learner is at, in the course that they were last in."""
    latest, found = 0.0, None
    for path in (data_home() / "progress.db", *data_home().glob("courses/*/progress.db")):
        if not path.exists():
            continue
        with closing(Store(path)) as store:
            record = store.record()
        lesson = record.lessons.get(record.last)
        if lesson is None or not lesson.at or lesson.last <= latest:
            continue
        current = record.exercise(record.last, lesson.at).current
        latest, found = lesson.last, Path(current.folder) if current is not None and current.folder else None
    return found if found is not None and found.is_dir() else None
