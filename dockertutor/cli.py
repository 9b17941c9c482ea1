"""The door: parses the command line, builds the objects, wires them; nothing else."""

from __future__ import annotations

import sys
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    """Run `dockertutor` with ``argv`` (without the program's name) and return its exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["setup"]:
        from dockertutor.setup.command import run

        here = Path(__file__).parent
        lessons = here / "_lessons" if (here / "_lessons").is_dir() else here.parent / "lessons"
        return run(arguments[1:], lessons)
    return 0
