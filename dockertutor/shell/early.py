"""What is typed before a shell's first prompt: it waits for it, in order. Given to the terminal at once, the terminal
would show it, and the prompt a second time; and a paste would be run line by line, as nothing brackets it yet. A paste
that comes after an Enter waits for what the Enter does, too: who takes it decides whether it is bracketed."""

from __future__ import annotations

import threading
from collections.abc import Callable

from dockertutor.shell.paste import pasted

EARLY_SECONDS = 3.0
"""So long at most it waits: a shell may never show a prompt (`exec vi` in its start-up files)."""
_LOOKS, _BETWEEN = 25, 0.02
"""The prompt's mark comes a moment before the prompt takes keys itself: so often, and so far apart, is looked."""


class EarlyKeys:
    """``write`` takes bytes for the shell's keyboard; ``takes_keys`` says whether its prompt does, ``bracketed``
    whether it asked for pastes in brackets. With ``hold`` everything waits for `prompted`. `type` and `paste` may be
    called from any thread."""

    def __init__(
        self,
        write: Callable[[bytes], None],
        takes_keys: Callable[[], bool],
        bracketed: Callable[[], bool],
        *,
        hold: bool,
    ) -> None:
        self._write, self._takes_keys, self._bracketed = write, takes_keys, bracketed
        self._lock = threading.Lock()
        self._held: list[bytes | str] | None = [] if hold else None
        self._entered = False
        if hold:
            _later(EARLY_SECONDS, lambda: self._hand_over(whole=True))

    def type(self, data: bytes) -> None:
        """Write, or keep until the first prompt."""
        self._take(data)

    def paste(self, text: str) -> None:
        """As `type`, for a paste: in brackets where they are asked for when it is written."""
        self._take(text)

    def prompted(self, looks: int = _LOOKS) -> None:
        """The shell shows a prompt: hand over, as soon as that takes keys (and a paste in brackets)."""
        with self._lock:
            if self._held is None:
                return
            pastes = any(isinstance(one, str) for one in self._held)
        if looks and not (self._takes_keys() and (self._bracketed() or not pastes)):
            _later(_BETWEEN, lambda: self.prompted(looks - 1))
        else:
            self._hand_over()

    def began(self) -> None:
        """A command began: a paste that came after its Enter is for it."""
        with self._lock:
            entered = self._entered
        if entered:
            self._hand_over()

    def _take(self, what: bytes | str) -> None:
        with self._lock:
            if self._held is not None:
                self._held.append(what)
                return
        self._put_through(what)

    def _hand_over(self, *, whole: bool = False) -> None:
        """Put through what is held: ``whole``, or up to a paste that comes after an Enter."""
        with self._lock:
            held, self._held, self._entered = self._held or [], None, False
            for number, what in enumerate(held):
                if isinstance(what, str) and self._entered and not whole:
                    self._held = held[number:]
                    _later(EARLY_SECONDS, lambda: self._hand_over(whole=True))
                    return
                self._entered = self._entered or (isinstance(what, bytes) and b"\r" in what)
                self._put_through(what)
            self._entered = False

    def _put_through(self, what: bytes | str) -> None:
        self._write(pasted(what, bracketed=self._bracketed()) if isinstance(what, str) else what)


def _later(seconds: float, job: Callable[[], object]) -> None:
    timer = threading.Timer(seconds, job)
    timer.daemon = True
    timer.start()
