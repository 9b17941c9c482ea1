"""What the doctor says of the terminal that it is read in."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest


def said_of_the_terminal(tmp_path: Path, size: tuple[int, int] | None, **environment: str) -> str:
    """The doctor's lines about the terminal. ``size``: columns and rows of a terminal, None for none."""
    main, side = pty.openpty()
    if size is not None:
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    done = subprocess.run(
        [sys.executable, "-m", "dockertutor", "--host", "unix:///nowhere.sock", "doctor"],
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path), "TERM": "xterm", **environment},
        stdin=side if size is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=side if size is not None else subprocess.PIPE,
        text=True,
    )
    os.close(main)
    os.close(side)
    lines = done.stdout.splitlines()
    at = next(number for number, line in enumerate(lines) if "terminal:" in line)
    return "\n".join([lines[at], *(line for line in lines[at + 1 : at + 2] if line.startswith("    "))])


@pytest.mark.parametrize(
    ("size", "environment", "said"),
    [
        ((80, 24), {}, "ok  terminal: 80 columns, 24 rows"),
        ((79, 40), {}, "!!  terminal: 79 columns, 40 rows\n    Make the window at least 80 by 24."),
        ((120, 40), {"TERM": "dumb"}, "ok  terminal: this one draws no screens (TERM=dumb): use `tutor --plain`"),
        (None, {}, "ok  terminal: there is none here: use `tutor --plain`"),
    ],
)
def test_the_terminal_is_looked_at(
    tmp_path: Path, size: tuple[int, int] | None, environment: dict[str, str], said: str
) -> None:
    assert said_of_the_terminal(tmp_path, size, DOCKERTUTOR_CALLED="tutor", **environment) == said
