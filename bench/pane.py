"""A program in a pty, as a terminal window would run it: its bytes, and when they came."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Mapping, Sequence

QUIT = b"\x11"


class Pane:
    """Use as a context manager. ``command`` runs in a pty of 160x48; what it sends is read on a thread and kept."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self._ours, theirs = os.openpty()
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", 48, 160, 0, 0))
        kept = {name: value for name, value in env.items() if name not in ("COLUMNS", "LINES", "TMUX")}
        kept |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.begun = time.time()
        self._process = subprocess.Popen(
            list(command), env=kept, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self._chunks: list[tuple[float, bytes]] = []
        self._news = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def text(self) -> str:
        """All that came, with its escape codes."""
        return b"".join(data for _, data in self._chunks).decode(errors="replace")

    def send(self, data: bytes) -> None:
        """Press keys."""
        os.write(self._ours, data)

    def mark(self) -> int:
        """A place in what has come: `when` looks only at what comes after it."""
        with self._news:
            return len(self._chunks)

    def when(self, word: str, mark: int = 0, seconds: float = 30.0) -> float:
        """When ``word`` had come (seconds since the epoch). Raises TimeoutError where it does not."""
        wanted, end = word.encode(), time.monotonic() + seconds
        with self._news:
            while True:
                seen = b""
                for at, data in self._chunks[mark:]:
                    seen += data
                    if wanted in seen:
                        return at
                left = end - time.monotonic()
                if left <= 0 or self._ended:
                    raise TimeoutError(f"{word!r} was not drawn: {seen[-1500:]!r}")
                self._news.wait(left)

    def quiet(self, seconds: float = 0.3, most: float = 20.0) -> None:
        """Wait until nothing has come for so long."""
        end = time.monotonic() + most
        while time.monotonic() < end:
            with self._news:
                before = len(self._chunks)
                self._news.wait(seconds)
                if len(self._chunks) == before:
                    return

    def close(self) -> None:
        """Press Ctrl-Q, and end it where that is not enough."""
        with contextlib.suppress(OSError):
            self.send(QUIT)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(10)
        self._thread.join(2)
        os.close(self._ours)

    def __enter__(self) -> Pane:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self) -> None:
        while True:
            try:
                if not select.select([self._ours], [], [], 0.2)[0]:
                    if self._process.poll() is None:
                        continue
                    break
                data = os.read(self._ours, 1 << 16)
            except OSError:
                break
            now = time.time()
            with self._news:
                self._chunks.append((now, data))
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()
