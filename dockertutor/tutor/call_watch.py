"""The API calls while the tutor runs: kept, told to the front end now and then, and the long transfers counted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from dockertutor.facts import Call
from dockertutor.tutor.calls import CallBook
from dockertutor.tutor.engine_view import CallGroup

TRANSFERS = ("/images/create", "/build", "/images/load", "/session", "/grpc")
"""Calls, by path, that may last for minutes: pulls, builds, loads. A push is told by its path's end."""
REST = 0.05
"""Seconds between two pictures of the calls, at least: a program may make a thousand in one."""


class CallWatch:
    """Lives on the desk; only ``book`` may be used from other threads. ``tell`` gets all groups, newest first. ``due``:
    when to call `wake` next (monotonic seconds), or None."""

    def __init__(self, tell: Callable[[tuple[CallGroup, ...]], None]) -> None:
        self.book = CallBook()
        self.due: float | None = None
        self._tell = tell
        self._told = 0.0
        self._under_way: set[int] = set()

    @property
    def transfers(self) -> int:
        """How many pulls, pushes, builds and loads are under way."""
        return len(self._under_way)

    def take(self, call: Call) -> bool:
        """Take in a call that stands in the book. True where it is a transfer, which has begun or ended."""
        if self.due is None:
            self.due = max(time.monotonic(), self._told + REST)
        if call.method != "POST" or not (call.path in TRANSFERS or call.path.endswith("/push")):
            return False
        if call.ended is None:
            self._under_way.add(call.number)
        else:
            self._under_way.discard(call.number)
        return True

    def wake(self, now: float) -> None:
        """Tell the calls, if that is due."""
        if self.due is not None and self.due <= now:
            self.due = None
            self._tell(self.book.groups())
            self._told = time.monotonic()

    def known(self) -> Iterable[Call]:
        """Every call that is shown."""
        return (call for group in self.book.groups() for call in group.calls)
