"""Properties that every engine object has."""

from __future__ import annotations

from dockertutor.checks.look import Look
from dockertutor.checks.table import Prop, walk
from dockertutor.checks.values import ANY_BY_PATH, ID, WORD, LazyNames
from dockertutor.facts import Object


def _inspect(thing: Object, look: Look) -> LazyNames:
    return LazyNames(lambda path: walk(thing.inspect, path))


ID_PROP = Prop("id", ID, "ID", "Id", "The full Id.", "{present: true}", lambda thing, look: thing.id)
NAME_PROP = Prop("name", WORD, "Name", "Name", "The name, as the CLI shows it.", "{present: true}",
                 lambda thing, look: thing.name)  # fmt: skip


def inspect_prop(example: str) -> Prop:
    """``inspect: {PATH: MATCHER}`` for what has no property of its own."""
    doc = "Any value of the object's `docker inspect`, by its path: keys and list numbers, with dots between."
    return Prop("inspect", ANY_BY_PATH, "Detail", "(any)", doc, example, _inspect)
