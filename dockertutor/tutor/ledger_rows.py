"""The ledger's rows, and which of them stand: what the engine that is asked has, and was not seen to be gone."""

from __future__ import annotations

from collections.abc import KeysView, Sequence
from typing import NamedTuple, Protocol


class Owned(NamedTuple):
    """One row of the ledger. ``how``: ``given`` (the tutor made it), ``wire`` (its create call passed the learner's
    wire), ``tag`` (only the tag of an image is ours), ``mounted`` (a volume of such a container), ``between`` (an
    untagged image that a build of the learner's left below its result) or ``gone``: it was seen to be gone, so that
    what comes back under this Id and name without us is somebody's. ``name``: an image's tag that is ours ("" for
    none). For a volume, whose Id is its name, ``made`` is its CreatedAt: another volume of that name is not ours.
    ``engine``: the Id of the engine that has it ("" where it was not noted): an image has the same Id on every
    engine."""

    kind: str
    id: str
    name: str
    how: str
    attempt: str
    made: str = ""
    engine: str = ""


class LedgerStore(Protocol):
    """Where the ledger is kept: append only, and on disk before ``add`` returns."""

    def add(self, row: Owned) -> None: ...
    def all(self, start: int = 0) -> Sequence[Owned]:
        """Every row from number ``start`` on, oldest first: other processes write, too."""
        ...


class Rows:
    """What stands of a store's rows, kept up to date row by row: the ledger grows over months."""

    def __init__(self, store: LedgerStore) -> None:
        self._store = store
        self._engine = ""
        self._begin()

    def _begin(self) -> None:
        self._read = 0
        self._standing: dict[tuple[str, str], dict[tuple[str, str], Owned]] = {}
        self._ever: set[tuple[str, str, str]] = set()
        self.catch_up()

    @property
    def engine(self) -> str:
        """The Id of the engine whose rows these are; "" while none has been asked."""
        return self._engine

    def at(self, engine: str) -> None:
        """From now on rows are those of the engine with this Id; what others have written is taken in."""
        if engine != self._engine:
            self._engine = engine
            self._begin()
        self.catch_up()

    def catch_up(self) -> None:
        """Take in what has been written since, here and by other processes."""
        for row in self._store.all(self._read):
            self._read += 1
            self._take(row)

    def add(self, row: Owned) -> None:
        self._store.add(row)
        self.catch_up()

    def _take(self, row: Owned) -> None:
        if row.how != "gone":
            self._ever.add((row.kind, row.id, row.name))
            if row.how != "tag":
                self._ever.add((row.kind, row.id, ""))
        if self._engine and row.engine not in ("", self._engine):
            return
        standing = self._standing.setdefault((row.kind, row.id), {})
        if row.how == "gone":
            standing.pop((row.name, row.made), None)
        else:
            standing.setdefault((row.name, row.made), row)
        if not standing:
            del self._standing[row.kind, row.id]

    @property
    def known(self) -> KeysView[tuple[str, str]]:
        """``(kind, id)`` of all that stands. To ask ``in`` of it is safe from any thread."""
        return self._standing.keys()

    def of(self, kind: str, id_: str) -> tuple[Owned, ...]:
        """What stands of one object: an image has a row for each tag."""
        return tuple(self._standing.get((kind, id_), {}).values())

    def all(self) -> tuple[Owned, ...]:
        """All that stands, oldest object first."""
        return tuple(row for rows in self._standing.values() for row in rows.values())

    def ever(self, kind: str, id_: str, name: str = "") -> bool:
        """Whether this object, or this tag on it, was ours at any time, on any engine."""
        return (kind, id_, name) in self._ever
