"""``dockertutor setup [--yes] [--host URL] | --stop-engine | --uninstall``: set-up with a person before it."""

from __future__ import annotations

import argparse
import fcntl
import shutil
import signal
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dockertutor import setup
from dockertutor.called import SETUP
from dockertutor.errors import SetupError, TutorError
from dockertutor.setup import places
from dockertutor.visible import visible


def run(arguments: Sequence[str], lessons: Path) -> int:
    """Do what ``arguments`` (without "setup") say; 0, or 4 where the machine is not ready. Says what it does."""
    parser = argparse.ArgumentParser(prog="dockertutor setup", description="Find or start an engine; get the images.")
    parser.add_argument("--yes", action="store_true", help="install what is needed without asking")
    parser.add_argument("--host", default="", help="the engine to use, as docker's --host takes it")
    parser.add_argument("--context", default="", help="the docker context to use")
    undo = parser.add_mutually_exclusive_group()
    undo.add_argument("--stop-engine", action="store_true", help="stop the engine that set-up started")
    undo.add_argument("--uninstall", action="store_true", help="remove what set-up installed, and only that")
    options = parser.parse_args(list(arguments))
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        with _alone():
            if options.stop_engine:
                setup.stop_engine(_say)
            elif options.uninstall:
                setup.uninstall(_say)
            else:
                setup.ensure(lessons, say=_say, ask=_ask, yes=options.yes, host=options.host, context=options.context)
    except TutorError as error:
        _say(f"{error.what}\n{error.do}")
        return 4
    except OSError as error:
        print(f"Set-up could not go on: {error}.\nMend that (disk full?), then run {SETUP} again.", file=sys.stderr)
        return 4
    except KeyboardInterrupt:
        print(f"\nStopped. Run {SETUP} again: it goes on from here.", file=sys.stderr)
        return 130
    return 0


def _interrupt(number: int, frame: object) -> None:
    """A closed terminal and a `kill` end set-up as Ctrl-C does: tidily."""
    raise KeyboardInterrupt


@contextmanager
def _alone() -> Iterator[None]:
    """One set-up at a time for each user; another waits until this one is through."""
    folder = places.state()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Another set-up of yours is at work; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _say(line: str) -> None:
    """A line for the person; what an engine or a Dockerfile has in it steers no terminal, and a terminal breaks it
    between words only."""
    text = visible(line)
    if sys.stderr.isatty():
        text = wrapped(text, shutil.get_terminal_size().columns)
    print(text, file=sys.stderr, flush=True)


def wrapped(text: str, cells: int) -> str:
    """The text in rows of at most ``cells``, the further ones of a line behind its indentation or its bullet. A word (a
    path) stays whole."""
    return "\n".join(_rows(line, cells) for line in text.split("\n"))


def _rows(line: str, cells: int) -> str:
    indent = " " * (len(line) - len(line.lstrip(" -")))
    return textwrap.fill(line, cells, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _ask(question: str) -> bool:
    """A yes or no from the terminal; Enter means yes. Raises `SetupError` where there is no terminal."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise SetupError(
            "Nothing was installed: nobody can be asked here.", f"Run `{SETUP} --yes` to agree beforehand."
        )
    print(f"{question} [Y/n] ", end="", file=sys.stderr, flush=True)
    try:
        answer = input()
    except (EOFError, UnicodeDecodeError):  # Ctrl-D
        answer = "n"
        print(file=sys.stderr)
    return answer.strip().lower() in ("", "y", "yes")
