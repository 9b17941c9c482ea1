"""The live engine panel: what is on the engine, what of it belongs to this lesson, and what has just changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from typing import TYPE_CHECKING

from dockertutor.tutor.engine_view import EngineRow, Panel

if TYPE_CHECKING:
    from dockertutor.engine.rows import Row
    from dockertutor.facts import Baseline, Event

_CHANGES = frozenset(
    {
        "create", "start", "die", "kill", "stop", "restart", "pause", "unpause", "rename", "destroy", "connect",
        "disconnect", "pull", "tag", "untag", "load", "import", "delete", "remove", "health_status", "update",
        "commit",
    }
)  # fmt: skip


class LivePanel:
    """Rows as last listed, and what events said of them. Lives on the desk; what it gives out is frozen.

    ``before``: Ids that were there when the lesson was opened; what came later belongs to the learner's work.
    """

    def __init__(self) -> None:
        self._rows: tuple[Row, ...] = ()
        self._before: frozenset[tuple[str, str]] | None = None
        self._changed: dict[str, float] = {}
        self._command = 0.0

    def lesson_opened(self, baseline: Baseline | None) -> None:
        """What is in ``baseline`` was there before; None while that is not known, and nothing is the lesson's yet."""
        self._before = None
        if baseline is not None:
            self._before = frozenset((kind, ident) for kind, ids in baseline.ids.items() for ident in ids)

    def command_began(self, now: float) -> None:
        self._command = now

    def event(self, event: Event) -> None:
        """Note when an object changed."""
        if event.action in _CHANGES:
            for name in {event.id, event.name} - {""}:
                self._changed[name] = event.time
            if len(self._changed) > 5000:
                for name in sorted(self._changed, key=lambda one: self._changed[one])[:2500]:
                    del self._changed[name]

    def listed(self, rows: Iterable[Row]) -> None:
        """Take in a new list."""
        self._rows = tuple(rows)

    def panel(self, ours: Set[tuple[str, str]]) -> Panel:
        """Rows of this lesson, newest change first; the others counted by kind. ``ours``: what the ledger knows."""
        before = self._before
        mine = [
            row
            for row in self._rows
            if (row.kind, row.id) in ours or (before is not None and (row.kind, row.id) not in before)
        ]
        others = Counter(row.kind for row in self._rows) - Counter(row.kind for row in mine)
        shown = [self._row(row, ours) for row in mine]
        order = {"container": 0, "image": 1, "network": 2, "volume": 3}
        shown.sort(key=lambda row: (order.get(row.kind, 9), -row.changed))
        return Panel(tuple(shown), dict(others))

    def rows(self, kind: str, ours: Set[tuple[str, str]]) -> tuple[EngineRow, ...]:
        """All rows of a kind, newest change first."""
        shown = [self._row(row, ours) for row in self._rows if row.kind == kind]
        return tuple(sorted(shown, key=lambda row: -row.changed))

    def there(self, kind: str, ident: str) -> Row | None:
        """The row of an object, None when it was not there at the last listing."""
        return next((row for row in self._rows if row.kind == kind and row.id == ident), None)

    def _row(self, row: Row, ours: Set[tuple[str, str]]) -> EngineRow:
        told = max((self._changed.get(name, 0.0) for name in (row.id, *row.name.split(", "))), default=0.0)
        return EngineRow(
            kind=row.kind,
            id=row.id,
            name=row.name,
            image=row.image,
            state=row.state,
            ports=row.ports,
            changed=told or row.changed,
            fresh=bool(told) and told >= self._command,
            ours=(row.kind, row.id) in ours,
        )
