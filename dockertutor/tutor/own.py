"""The ledger as the tutor uses it: kept in the progress store, asked on the engine's thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dockertutor.facts import Baseline, Call, Object
from dockertutor.tutor.ledger import Ledger, Owned
from dockertutor.tutor.progress import Store
from dockertutor.tutor.view import Leftover

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine


class ProgressLedger:
    """Keeps the ledger's rows in the progress store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, row: Owned) -> None:
        body = {
            "kind": row.kind,
            "id": row.id,
            "name": row.name,
            "how": row.how,
            "made": row.made,
            "engine": row.engine,
        }
        self._store.add("made", attempt=row.attempt, body=body)

    def all(self) -> Sequence[Owned]:
        return [
            Owned(one["kind"], one["id"], one["name"], one["how"], one["attempt"], one["made"], one["engine"])
            for one in self._store.record().ledger
        ]


def together(baselines: Sequence[Baseline]) -> Baseline:
    """What one of them holds, the first named first: an attempt's baseline may be of days ago, or of another engine,
    and what was there when the lesson was opened, and is not in the ledger, is somebody's."""
    ids: dict[str, frozenset[str]] = {}
    names: dict[str, dict[str, str]] = {}
    for one in reversed(baselines):
        for kind, found in one.ids.items():
            ids[kind] = ids.get(kind, frozenset()) | found
        for kind, named in one.names.items():
            names[kind] = {**names.get(kind, {}), **named}
    return Baseline(ids, names)


class Own:
    """What is ours on the engine. Except `owns`, everything is called on the engine's thread."""

    def __init__(self, store: Store, *, wire: bool) -> None:
        self._ledger = Ledger(ProgressLedger(store))
        self._wire = wire
        self._first: Baseline | None = None

    def owns(self, kind: str, id_: str) -> bool:
        return self._ledger.owns(kind, id_)

    def lesson_opened(self, engine: Engine) -> Baseline:
        """Take the lesson's first baseline: without a wire, what is new since then is offered one by one."""
        self._ledger.at(engine)
        self._first = engine.baseline()
        return self._first

    def given(self, made: Object, attempt: str) -> None:
        self._ledger.given(made, attempt)

    def saw(self, engine: Engine, call: Call, baseline: Baseline | None, attempt: str) -> None:
        """Note what a call of the learner's has made."""
        if call.ended is not None and call.method == "POST" and call.status < 400:
            known = [one for one in (baseline, self._first) if one is not None] or [engine.baseline()]
            self._ledger.saw(engine, call, together(known), attempt)

    def leftovers(self, engine: Engine) -> tuple[Leftover, ...]:
        """What still exists of it."""
        return self._ledger.leftovers(engine, since=None if self._wire else self._first)

    def remove(self, engine: Engine, chosen: Sequence[Leftover]) -> tuple[str, ...]:
        """Remove what the learner agreed to; one sentence for each that stays."""
        return self._ledger.remove(engine, chosen)
