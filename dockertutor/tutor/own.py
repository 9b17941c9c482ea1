"""The ledger as the tutor uses it: kept in the progress store, asked on the engine's thread."""

from __future__ import annotations

from collections.abc import KeysView, Sequence
from typing import TYPE_CHECKING

from dockertutor.tutor.ledger import Ledger, tags_made
from dockertutor.tutor.ledger_rows import Owned
from dockertutor.tutor.progress import Store

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine
    from dockertutor.facts import Baseline, Call, Object
    from dockertutor.tutor.step_view import Leftover


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

    def all(self, start: int = 0) -> Sequence[Owned]:
        return [
            Owned(one["kind"], one["id"], one["name"], one["how"], one["attempt"], one["made"], one["engine"])
            for one in self._store.record().ledger[start:]
        ]


class Own:
    """What is ours on the engine. All but `known`, `owns` and `may_make` is called on the engine's thread."""

    def __init__(self, store: Store, *, wire: bool) -> None:
        self._ledger = Ledger(ProgressLedger(store))
        self._wire = wire
        self._first: Baseline | None = None
        self._first_on = ""

    @property
    def known(self) -> KeysView[tuple[str, str]]:
        """``(kind, id)`` of all that is ours."""
        return self._ledger.known

    def owns(self, kind: str, id_: str) -> bool:
        return self._ledger.owns(kind, id_)

    def lesson_opened(self, engine: Engine) -> Baseline:
        """Take the lesson's first baseline: without a wire, what is new since then is offered one by one."""
        self._first, self._first_on = self._ledger.opened(engine), engine.id
        return self._first

    def given(self, engine: Engine, made: Object, attempt: str) -> None:
        """Note what the tutor has made for an attempt."""
        self._ledger.at(engine)
        self._ledger.given(made, attempt)

    def may_make(self, call: Call) -> bool:
        """Whether a call may have made something. Any thread may ask."""
        return call.status < 400 and bool(call.created or tags_made(call))

    def saw(self, engine: Engine, call: Call, baseline: Baseline | None, attempt: str) -> None:
        """Note what a call of the learner's has made. ``baseline``: the attempt's, where one is under way."""
        if call.ended is None or call.method != "POST" or call.status >= 400:
            return
        known = baseline or self._first
        if known is None or self._first_on not in ("", engine.id):  # nobody has looked at this engine before the call
            known = engine.baseline()
        self._ledger.saw(engine, call, known, attempt)

    def leftovers(self, engine: Engine) -> tuple[Leftover, ...]:
        """What still exists of it."""
        return self._ledger.leftovers(engine, since=None if self._wire else self._first)

    def remove(self, engine: Engine, chosen: Sequence[Leftover]) -> tuple[str, ...]:
        """Remove what the learner agreed to; one sentence for each that stays."""
        return self._ledger.remove(engine, chosen)
