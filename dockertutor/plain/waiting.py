"""Waiting for a line at a terminal so that no Ctrl-C is lost."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
from typing import TextIO


def wait_for_line(read: TextIO) -> None:
    """Wait until ``read``, a terminal, has something. Ctrl-C raises KeyboardInterrupt, at every moment.

    A Ctrl-C that comes just before a blocking read waits for that read to end, since Python's handler only runs between
    two steps of Python. The signal's own byte in a pipe is there whenever it came.
    """
    if not read.isatty() or threading.current_thread() is not threading.main_thread():
        return
    woken, wake = os.pipe()
    for end in (woken, wake):
        os.set_blocking(end, False)
    before = signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    try:
        ready: list[int] = []
        while read.fileno() not in ready:
            ready, _, _ = select.select([read.fileno(), woken], [], [])
            if woken in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(woken, 512)
    finally:
        signal.set_wakeup_fd(before)
        os.close(woken)
        os.close(wake)
