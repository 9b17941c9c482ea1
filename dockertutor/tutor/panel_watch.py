"""When the engine is listed for the live panel, and what is left there to remove."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from dockertutor.tutor.engine_view import Panel
from dockertutor.tutor.live_panel import LivePanel
from dockertutor.tutor.own import Own

if TYPE_CHECKING:
    from dockertutor.engine.rows import Row
    from dockertutor.tutor.engine_side import EngineSide
    from dockertutor.tutor.step_view import Leftover

_REST = 0.15
"""Seconds between two listings, at least."""
_AFTER_LOOK = 0.03
_LEFTOVERS_REST = 2.0
"""Seconds between two looks at what is left to remove, at least."""


class PanelWatch:
    """Lists the engine when something has changed, on the desk. ``tell``: there is a new panel. ``left``: what is left
    has changed. ``urgent``: whether what is left is being shown, so that it may not wait."""

    def __init__(
        self,
        engine: EngineSide,
        own: Own,
        *,
        tell: Callable[[], None],
        left: Callable[[], None],
        urgent: Callable[[], bool],
    ) -> None:
        self._engine, self._own = engine, own
        self._tell, self._left, self._urgent = tell, left, urgent
        self.live = LivePanel()
        self.panel = Panel()
        self.leftovers: tuple[Leftover, ...] = ()
        self._next: float | None = None
        self._listing = False
        self._leftovers_asked = -_LEFTOVERS_REST
        self._made = 0
        self._made_known = 0

    @property
    def behind(self) -> bool:
        """Whether something was made that `leftovers` may not hold yet."""
        return self._made_known < self._made

    @property
    def due(self) -> float | None:
        """When to `wake` (`time.monotonic`)."""
        return self._next if not self._listing else None

    def refresh(self) -> None:
        """Something may have changed: list soon."""
        if self._next is None:
            self._next = time.monotonic() + _REST

    def made(self) -> None:
        """Something was made by the learner: what is left is looked at with the next listing."""
        self._made += 1
        self._leftovers_asked = -_LEFTOVERS_REST
        self._next = time.monotonic() + _REST if self._next is None else min(self._next, time.monotonic() + _REST)

    def wake(self, now: float, *, looking: bool) -> None:
        """List if it is time. ``looking``: the exercise is being judged, and its tick comes first."""
        if self.due is None or self.due > now:
            return
        if looking:
            self._next = now + _AFTER_LOOK
            return
        self._next = None
        if self._engine.connected:
            self._listing = True
            self._engine.do(lambda engine: engine.rows(), self._listed, lambda _: self._failed())

    def _failed(self) -> None:
        self._listing = False

    def _listed(self, rows: Sequence[Row]) -> None:
        self._listing = False
        self.live.listed(rows)
        self.panel = self.live.panel(self._own.known)
        self._tell()
        if self._urgent() or time.monotonic() - self._leftovers_asked > _LEFTOVERS_REST:
            self._leftovers_asked = time.monotonic()
            made = self._made
            self._engine.do(
                lambda engine: self._own.leftovers(engine),
                lambda found: self._found(found, made),
                lambda _: None,
            )
        else:
            self._next = self._next or self._leftovers_asked + _LEFTOVERS_REST

    def _found(self, leftovers: tuple[Leftover, ...], made: int) -> None:
        """Take in what is left. ``made``: how much had been made when it was asked for."""
        behind, self._made_known = self.behind, made
        shown = {(one.kind, one.id) for one in self.leftovers}
        self.leftovers = leftovers
        if behind or (self._urgent() and shown != {(one.kind, one.id) for one in leftovers}):
            self._left()
