"""What is asked of the system about a terminal: its size, how it edits a line, who controls it. No state of its own."""

from __future__ import annotations

import fcntl
import signal
import struct
import termios


def set_size(fd: int, columns: int, rows: int) -> None:
    """Tell the terminal its size in cells; the program in front gets SIGWINCH."""
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def expect_utf8(fd: int) -> None:
    """Let Backspace erase a whole character of several bytes where the terminal itself edits the line (`cat`)."""
    iutf8 = 0x4000  # the same on Linux and macOS; Python's termios has no name for it
    attributes = termios.tcgetattr(fd)
    attributes[0] |= iutf8
    termios.tcsetattr(fd, termios.TCSANOW, attributes)


def is_raw(fd: int) -> bool:
    """Whether the program takes each key itself, as editors and `docker run -it` do (and a shell's prompt)."""
    return not termios.tcgetattr(fd)[3] & termios.ICANON


def own_terminal() -> None:
    """In the child: the pty becomes its controlling terminal, and signals that we ignore do their work in it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM, signal.SIGTSTP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def exit_status(code: int) -> int:
    """A process's return code as a shell says it: 0..255, 128 and more for a signal."""
    return code if code >= 0 else 128 - code
