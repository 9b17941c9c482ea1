"""How a shell's output reaches the app's loop: in order, a few milliseconds at a time, and painted often enough."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections import deque
from collections.abc import Callable

PARSE_SECONDS = 0.006
"""How long one wake-up may take in output before the rest of the app has its turn."""
PAINT_SECONDS = 1 / 25
"""In a flood rows are drawn anew at most this often; else at once."""
LITTLE_BYTES = 2_048
"""Output up to this size is no flood."""


class OutputLoop:
    """``pump``: takes in output for so many seconds, True when there is more (`Shell.pump`). ``paint``: draws what has
    changed. Nothing happens before `attach`; `do` and `wake` may be called from any thread."""

    def __init__(self, pump: Callable[[float], bool], paint: Callable[[], None]) -> None:
        self._pump, self._paint = pump, paint
        self._inbox: deque[Callable[[], None]] = deque()
        self._lock = threading.Lock()
        self._woken = False
        self._painted = 0.0
        self._unpainted = 0
        self._timer: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._context: contextvars.Context | None = None

    def attach(self) -> None:
        """From now on work is done on the loop that runs here."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.current_thread()
        self._context = contextvars.copy_context()

    def do(self, work: Callable[[], None]) -> None:
        """Have ``work`` done by the loop, after what was given before: at once where this is its thread."""
        if threading.current_thread() is self._thread and not self._inbox:
            work()
            return
        with self._lock:
            self._inbox.append(work)
        self.wake()

    def wake(self) -> None:
        """There is something to take in."""
        with self._lock:
            if self._woken or self._loop is None:
                return
            self._woken = True
        try:
            self._loop.call_soon_threadsafe(self._drain, context=self._context)
        except RuntimeError:  # the app's loop has been closed: nobody looks any more
            return

    def took(self, size: int) -> None:
        """So many bytes were taken in, and wait to be painted."""
        self._unpainted += size

    def painted(self) -> None:
        """Everything is drawn now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._painted, self._unpainted = time.perf_counter(), 0

    def _drain(self) -> None:
        with self._lock:
            self._woken = False
            waiting = list(self._inbox)
            self._inbox.clear()
        for work in waiting:
            work()
        if self._pump(PARSE_SECONDS) and self._loop:
            with self._lock:
                self._woken = True
            self._loop.call_later(0.001, self._drain, context=self._context)
        if self._unpainted < LITTLE_BYTES or time.perf_counter() - self._painted > PAINT_SECONDS:
            self._paint()
        elif self._timer is None and self._loop:
            self._timer = self._loop.call_later(PAINT_SECONDS, self._paint, context=self._context)
