"""What is typed before a shell's first prompt: it waits for it, in order. Given to the terminal at once, the terminal
would show it, and the prompt a second time."""

from __future__ import annotations

import threading
from collections.abc import Callable

EARLY_SECONDS = 3.0
"""So long at most it waits: a shell may never show a prompt (`exec vi` in its start-up files)."""
_LOOKS, _BETWEEN = 25, 0.02
"""The prompt's mark comes a moment before the prompt takes keys itself: so often, and so far apart, is looked."""


class EarlyKeys:
    """``write`` takes bytes for the shell's keyboard; ``takes_keys`` says whether its prompt does. `type` may be called
    from any thread."""

    def __init__(self, write: Callable[[bytes], None], takes_keys: Callable[[], bool], *, hold: bool) -> None:
        self._write, self._takes_keys = write, takes_keys
        self._lock = threading.Lock()
        self._held: bytearray | None = bytearray() if hold else None
        if hold:
            _later(EARLY_SECONDS, self._hand_over)

    def type(self, data: bytes) -> None:
        """Write, or keep until the first prompt."""
        with self._lock:
            if self._held is not None:
                self._held += data
                return
        self._write(data)

    def prompted(self, looks: int = _LOOKS) -> None:
        """The shell shows its first prompt: hand over, as soon as that takes keys."""
        if looks and not self._takes_keys():
            _later(_BETWEEN, lambda: self.prompted(looks - 1))
        else:
            self._hand_over()

    def _hand_over(self) -> None:
        with self._lock:
            held, self._held = self._held, None
            if held:
                self._write(bytes(held))


def _later(seconds: float, job: Callable[[], object]) -> None:
    timer = threading.Timer(seconds, job)
    timer.daemon = True
    timer.start()
