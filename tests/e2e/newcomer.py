"""A newcomer at the app in a terminal of their own: a fresh home, keys in, screen out, and nothing left behind."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tmux_pane import Pane

MARK = "DOCKERTUTOR_TEST_HOME"


class Newcomer:
    """``home`` holds progress and runtime folder; every process that was started here has `MARK` in its environment."""

    def __init__(self, home: Path, engine_url: str) -> None:
        self.home = home
        self.runtime = home / "run"
        self.runtime.mkdir(mode=0o700)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "DOCKER", "TEXTUAL"))}
        self.environment = kept | {
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "DOCKER_HOST": engine_url,
            "SHELL": "/bin/bash",
            "LC_ALL": "C.UTF-8",
            MARK: str(home),
        }

    @contextmanager
    def app(self, *arguments: str, size: tuple[int, int] = (160, 48)) -> Iterator[Pane]:
        """The app, just started."""
        command = [sys.executable, "-m", "dockertutor", *arguments]
        with Pane(command, size=size, environment=self.environment, folder=self.home) as pane:
            yield pane

    def processes(self) -> dict[int, str]:
        """Processes of this newcomer's that live: pid → command line. The terminal itself (tmux, its sh) is none."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                environment = (folder / "environ").read_bytes().split(b"\0")
                words = (folder / "cmdline").read_bytes().split(b"\0")
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if f"{MARK}={self.home}".encode() not in environment or state == "Z":
                continue
            line = b" ".join(words).decode(errors="replace")
            # without words: on its way from fork to exec, or to its end
            if line and not line.startswith(("tmux", "sh -c", "sleep 3600")) and "utempter" not in line:
                found[int(folder.name)] = line
        return found

    def kill(self) -> None:
        """``kill -9`` of the app: no farewell."""
        pids = [pid for pid, line in self.processes().items() if " -m dockertutor" in line]
        assert pids, self.processes()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)

    def runtime_things(self) -> list[str]:
        """What is left in the runtime folder: sockets, folders of tutors."""
        return [str(path.relative_to(self.runtime)) for path in self.runtime.rglob("*") if path.name != "dockertutor"]


def enter(pane: Pane, line: str) -> None:
    """Type a line and press Enter."""
    pane.type(line)
    pane.key("Enter")


def leader(pane: Pane, letter: str) -> None:
    """The leader key and one letter."""
    pane.key("C-g")
    pane.wait_for("Press one key")
    pane.key(letter)


def to_exercise(pane: Pane, *, skip: bool = False) -> str:
    """Read on until an exercise can be done (from the overview: the one that was left); predictions are guessed, or
    skipped (``skip``). Returns the screen.
    """
    for _ in range(30):
        seen = pane.wait_for(_asks, 60)
        if "type here" in seen:
            return pane.wait_for(lambda now: "type here" in now and re.search(_PROMPT, now) is not None)
        if "Go on where you were" in seen:
            pane.key("Enter")
            pane.wait_for(lambda now: "Go on where you were" not in now)
            return pane.wait_for(lambda now: "type here" in now and re.search(_PROMPT, now) is not None)
        if "choose" in seen and not any(words in seen for words in _ENTER):
            pane.key("s" if skip and "skip the question" in seen else "1")
        else:
            pane.key("Enter")
        pane.wait_for(lambda now, before=seen: now != before)  # type: ignore[misc]
    raise AssertionError(f"no exercise came:\n{pane.screen()}")


_ENTER = ("Enter next", "Enter begin", "Enter go on")
"""Where Enter leads on."""
_PROMPT = r"(?m)[│ ] +\$(?= *│| *$)"
"""A prompt with nothing behind it: the shell is there."""


def _asks(screen: str) -> bool:
    if "Opening the lesson" in screen:
        return False
    return any(words in screen for words in (*_ENTER, "choose", "type here", "Go on where you were"))


def quit_app(pane: Pane) -> None:
    """Quit as a person does, agreeing to what is asked, until the app has ended with 0."""
    leader(pane, "q")
    for _ in range(5):
        seen = pane.wait_for(lambda s: "[ended with" in s or re.search(r"Enter\b", s) is not None, 30)
        if "[ended with" in seen:
            break
        pane.key("Enter")
    pane.wait_for("[ended with 0]")
