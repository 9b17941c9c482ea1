"""The pipe from the relay to the tutor."""

from __future__ import annotations

import os
from collections import deque

SAY_LIMIT = 32 * 1024 * 1024
"""Bytes of unread reports kept for a tutor that does not read; beyond it reports are dropped, never relayed bytes."""


class Reports:
    """The pipe to the tutor. Never blocks; keeps what could not be written yet."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self._lines: deque[bytes] = deque()
        self._size = 0
        os.set_blocking(fd, False)

    def say(self, line: bytes) -> None:
        """Queue one line and write what the pipe takes."""
        if self._size + len(line) <= SAY_LIMIT:
            self._lines.append(line)
            self._size += len(line)
            self.flush()

    def flush(self) -> None:
        while self._lines:
            line = self._lines[0]
            try:
                sent = os.write(self.fd, line)
            except BlockingIOError:
                return
            except OSError:  # the tutor is gone: standard input will tell
                self._lines.clear()
                self._size = 0
                return
            self._size -= sent
            if sent == len(line):
                self._lines.popleft()
            else:
                self._lines[0] = line[sent:]

    @property
    def waiting(self) -> bool:
        return bool(self._lines)
