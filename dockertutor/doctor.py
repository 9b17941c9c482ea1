"""``dockertutor doctor``: looks at everything the tutor rests on, and says of each what is wrong and what to do."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from dockertutor.called import COMMAND, SETUP
from dockertutor.course.heads import Course
from dockertutor.engine.connection import Endpoint, connect
from dockertutor.errors import TutorError
from dockertutor.tutor.progress import Store, data_home
from dockertutor.visible import visible

ROOM = 500_000_000
"""Bytes of free disk below which a lesson may run into trouble."""
COLUMNS, ROWS = 80, 24
"""The smallest window that the tutor is drawn for."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at. ``good``: nothing to do. ``do``: what to do, where there is something."""

    name: str
    good: bool
    what: str
    do: str = ""


def doctor(course: Callable[[], Course], find: Callable[[], Endpoint]) -> int:
    """Print the findings; 0 where all is well, 4 where the tutor cannot work as it should."""
    good = True
    for one in examine(course, find):
        good = good and one.good
        print(visible(f"{'ok ' if one.good else '!! '} {one.name}: {one.what}"))
        if one.do and not one.good:
            print(visible(f"    {one.do}"))
    return 0 if good else 4


def examine(course: Callable[[], Course], find: Callable[[], Endpoint]) -> Iterator[Finding]:
    """Everything, one after another; none of it changes anything."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", sys.version_info >= (3, 11), version, "The tutor needs Python 3.11 or later.")
    loaded = None
    try:
        loaded = course()
        lessons = sum(len(track.lessons) for track in loaded.tracks)
        yield Finding("lessons", True, f"{lessons} lessons in {loaded.root}")
    except TutorError as error:
        yield Finding("lessons", False, error.what, error.do)
    yield from _engine(loaded, find)
    yield _client()
    yield _terminal()
    yield _pane()
    yield from _progress()


def _engine(course: Course | None, find: Callable[[], Endpoint]) -> Iterator[Finding]:
    try:
        endpoint = find()
        engine = connect(endpoint)
    except TutorError as error:
        yield Finding("engine", False, error.what, error.do)
        return
    with closing(engine):
        yield Finding("engine", True, f"{engine.label} at {endpoint.url} ({endpoint.source})")
        if course is None:
            return
        needed = _images(course)
        missing = sorted(name for name in needed if engine.inspect("image", name) is None)
        words = f"{len(needed)} images are there" if not missing else f"not there: {', '.join(missing)}"
        yield Finding("images", not missing, words, _getting(missing, course.root))


def _getting(missing: list[str], lessons: Path) -> str:
    """How to get them: set-up brings some images and builds the course's own; others it does not know."""
    from dockertutor.setup.images import set_up_brings

    others = [name for name in missing if not set_up_brings(name, lessons)]
    if not others:
        return f"`{SETUP}` gets them."
    pulls = " and ".join(f"`docker pull {name}`" for name in others)
    return f"{pulls} gets {'it' if others == missing else 'what set-up does not'}."


def _images(course: Course) -> set[str]:
    from dockertutor.course import load_entry

    found: set[str] = set()
    for track in course.tracks:
        for entry in track.lessons:
            try:
                found |= set(load_entry(course, entry.id).images)
            except TutorError:
                continue
    return found


def _client() -> Finding:
    path = shutil.which("docker")
    return Finding(
        "docker client", path is not None, path or "there is no command `docker`", "Install docker-cli or docker.io."
    )


def _terminal() -> Finding:
    """What the tutor would draw on: the terminal that this is read in."""
    if os.environ.get("TERM") == "dumb":
        return Finding("terminal", True, f"this one draws no screens (TERM=dumb): use `{COMMAND} --plain`")
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return Finding("terminal", True, f"there is none here: use `{COMMAND} --plain`")
    columns, rows = os.get_terminal_size(sys.stderr.fileno())
    small = columns < COLUMNS or rows < ROWS
    return Finding(
        "terminal", not small, f"{columns} columns, {rows} rows", f"Make the window at least {COLUMNS} by {ROWS}."
    )


def _pane() -> Finding:
    from dockertutor.shell.screen import available

    good = available()
    return Finding(
        "terminal pane", True, "can be drawn" if good else "cannot be drawn here: use a terminal window of your own"
    )


def _progress() -> Iterator[Finding]:
    home = data_home()
    place = next(place for place in (home, *home.parents) if _there(place))
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        yield Finding(
            "progress", False, f"nothing can be written in {place}", "Set XDG_DATA_HOME to a folder of yours."
        )
        return
    free = shutil.disk_usage(place).free
    yield Finding("disk", free > ROOM, f"{free / 1e9:.1f} GB free at {place}", "Make room, or set XDG_DATA_HOME.")
    path = home / "progress.db"
    if not _there(path):
        yield Finding("progress", True, "none yet")
        return
    try:
        with closing(Store(path)) as store:
            store.record()
        yield Finding("progress", True, str(path))
    except TutorError as error:
        yield Finding("progress", False, error.what, error.do)


def _there(path: Path) -> bool:
    """Whether it exists, as far as this user may see."""
    try:
        return path.exists()
    except OSError:
        return False
