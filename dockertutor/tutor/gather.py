"""Fetches the facts that checks ask for, each once and with a deadline, until they can be judged."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dockertutor.checks import Check, Judgement, Verdict, first_mistake, judge
from dockertutor.course.model import Mistake
from dockertutor.errors import EngineFault, EngineNotRunning, EngineTimeout
from dockertutor.facts import (
    Answered,
    Calls,
    Changes,
    Exec,
    Facts,
    FileHere,
    FileIn,
    Inspect,
    Need,
    New,
    Object,
    Typed,
    Unseen,
)
from dockertutor.tutor.context import AttemptContext
from dockertutor.tutor.folder import open_in

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine

__all__ = ["AttemptContext", "Gatherer", "text_of"]

ROUNDS = 3
BOUND = 65536
NOT_THEIRS = "this container was not made in this exercise, so nothing is run or read in it"
MOST_NEW = 60
"""How many new objects of a kind are looked at."""


class Gatherer:
    """Gathers and judges with one engine, on one thread. ``deadline``: seconds for one look."""

    def __init__(self, engine: Engine, *, deadline: float = 5.0, clock: Callable[[], float] = time.time) -> None:
        self.engine = engine
        self.deadline = deadline
        self.clock = clock

    def judge(
        self, checks: Sequence[Check], mistakes: Sequence[Mistake], context: AttemptContext
    ) -> tuple[Judgement, str | None, Facts]:
        """The judgement of ``checks``, the id of the first mistake that holds (looked at after a fail only), and the
        facts behind both: the evidence. An engine fault leaves verdicts "unknown"; it raises nothing of its own."""
        one_pass = _Pass(self.engine, context, self.deadline)
        facts = Facts(self.clock(), context.baseline, dict(context.given), one_pass.seen, context.quiet)
        judgement = Judgement()
        for _ in range(ROUNDS + 1):
            judgement = judge(checks, facts)
            if not judgement.needs:
                break
            one_pass.fetch(judgement.needs)
        if judgement.needs:
            why = Verdict("unknown", "This exercise", why="its checks ask for more and more")
            return Judgement("unknown", verdicts=(why,)), None, facts
        mistake = self._mistake(mistakes, facts, one_pass) if judgement.status == "fail" else None
        return judgement, mistake, facts

    @staticmethod
    def _mistake(mistakes: Sequence[Mistake], facts: Facts, one_pass: _Pass) -> str | None:
        pairs = [(mistake.id, mistake.when) for mistake in mistakes]
        for _ in range(ROUNDS + 2):
            found, needs = first_mistake(pairs, facts)
            if found is not None or not needs:
                return found
            one_pass.fetch(needs)
        return None


class _Pass:
    """One pass: each need is fetched once, each object inspected once."""

    def __init__(self, engine: Engine, context: AttemptContext, deadline: float) -> None:
        self.engine = engine
        self.context = context
        self.deadline = deadline
        self.seen: dict[Need, Any] = {}
        self._objects: dict[tuple[str, str], Object] = {}
        self._down = ""

    def fetch(self, needs: frozenset[Need]) -> None:
        """Answer every need. Names first: what they mean need not be inspected again by Id."""
        for need in sorted(needs, key=lambda need: (isinstance(need, New), getattr(need, "by_id", False), repr(need))):
            if need not in self.seen:
                self.seen[need] = self._answer(need)

    def _answer(self, need: Need) -> Any:
        context = self.context
        match need:
            case Typed():
                return context.typed
            case Answered():
                return context.answer
            case Calls():
                return context.calls
            case FileHere(path):
                return text_of(context.folder, path)
            case Exec(id_) | FileIn(id_) | Changes(id_) if not context.may_run_in(id_):
                return Unseen(NOT_THEIRS)
        if self._down:
            return Unseen(self._down)
        try:
            match need:
                case Inspect(kind, ref, by_id):
                    return self._object(kind, ref, by_id)
                case New(kind):
                    return self._new(kind)
            return self.engine.look(need, deadline=self.deadline)
        except EngineFault as fault:
            if isinstance(fault, EngineNotRunning) or (isinstance(fault, EngineTimeout) and isinstance(need, Inspect)):
                self._down = fault.what  # one wait for an engine that does not answer is enough
            return Unseen(fault.what)

    def _object(self, kind: str, ref: str, by_id: bool) -> Object | None:
        if by_id and (kind, ref) in self._objects:
            return self._objects[kind, ref]
        found = self.engine.inspect(kind, ref, by_id)
        if found is None:
            return self.context.gone(self.engine, kind, ref, by_id)
        if kind != "daemon":
            self.context.remember(found)
            found = self.context.complete(self.engine, found)
        self._objects[kind, found.id] = found
        return found

    def _new(self, kind: str) -> tuple[Object, ...]:
        """New objects of the learner's, newest first, those that are gone again among them."""
        context = self.context
        known = context.new_ids(kind)
        told = context.wire and not context.taken_up and kind in ("container", "network")
        ids = known if told else known | self.engine.ids(kind)
        found = []
        for id_ in ids - context.baseline.ids.get(kind, frozenset()):
            if kind == "image" and not id_.startswith("sha256:"):  # a pull's event: a reference
                continue
            later = context.taken_up or (kind in ("volume", "image") and context.wire)
            if not later and not context.is_theirs(kind, id_):
                continue  # mounts of a volume, names of an image, and when an old one was made: known after its inspect
            thing = self._object(kind, id_, True)
            if thing is not None:
                found.append(thing)
        found = [thing for thing in found if context.is_theirs(kind, thing.id)]
        found.sort(key=lambda thing: self._age(thing), reverse=True)
        return tuple(found[:MOST_NEW])

    def _age(self, thing: Object) -> float:
        from dockertutor.engine.rows import seconds

        made = seconds(thing.inspect.get("Created") or thing.inspect.get("CreatedAt"))
        if thing.kind == "container":
            return made or self.context.appeared(thing.kind, thing.id)
        return self.context.appeared(thing.kind, thing.id) or made


def text_of(folder: Path, path: str) -> str | None:
    """The text of an ordinary file in the learner's folder (first 64 kB), or None; links may not lead out of it."""
    try:
        home = folder.resolve()
        real = (home / path).resolve(strict=True)
        if not real.is_relative_to(home) or real == home:
            return None
        with os.fdopen(open_in(home, real.relative_to(home).as_posix(), os.O_RDONLY), "rb") as file:
            return file.read(BOUND).decode("utf-8", "replace")
    except (OSError, ValueError, RuntimeError):
        return None
