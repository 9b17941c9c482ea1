"""One look at an attempt, on the engine's thread: judge the whole stage, and see what became of what was given."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dockertutor.checks import Check, handles_of
from dockertutor.course.model import Stage
from dockertutor.errors import EngineNotRunning
from dockertutor.facts import Changes, Digest, Exec, FileHere, FileIn, Http, Logs, Object, Registry
from dockertutor.tutor.context import AttemptContext
from dockertutor.tutor.gather import Gatherer
from dockertutor.tutor.outcome import Outcome

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine

_NO_SIGNAL = (Http, Exec, FileIn, Changes, Registry, Digest, Logs)
"""What changes without an event."""
_MADE_AGAIN = frozenset({"destroy", "delete", "remove", "untag", "load", "pull", "import"})
"""A check that asks for one of these events wants the object to go, or to come back."""


def look(
    engine: Engine, stage: Stage, context: AttemptContext, *, quiet: bool, number: int, attempt: str, place: int
) -> Outcome:
    """Judge a stage. ``place``: the stage's number from 0. Raises EngineNotRunning where nothing could be seen because
    the engine is gone; other faults make verdicts "unknown"."""
    began = time.monotonic()
    context.quiet = quiet
    judgement, mistake, facts = Gatherer(engine).judge(stage.expect, stage.mistakes, context)
    lost: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    if quiet and judgement.status == "fail":
        lost, gone = _destroyed(engine, stage, context)
    if judgement.status == "unknown":
        engine.daemon()  # an engine that is gone raises here, and the link is made anew
    waiting = any(verdict.status == "waiting" and verdict.key == "health" for verdict in judgement.verdicts)
    waiting = waiting or judgement.status == "unknown"
    # where nobody watches the folder, the end of a command tells of files; a shell of the learner's own tells no end
    told = context.files_told or context.typed is not None
    no_signal = _NO_SIGNAL if told else (*_NO_SIGNAL, FileHere)
    return Outcome(
        number=number,
        attempt=attempt,
        stage=place,
        status=judgement.status,
        verdicts=judgement.verdicts,
        facts=facts,
        final=quiet,
        mistake=next((one for one in stage.mistakes if one.id == mistake), None),
        objects=judgement.objects,
        remembered=judgement.remembered,
        slow=waiting or any(isinstance(need, no_signal) for need in facts.seen),
        lost=lost,
        gone=gone,
        began=began,
        ended=time.monotonic(),
    )


def _destroyed(engine: Engine, stage: Stage, context: AttemptContext) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of given objects that the stage needs and that are gone: for good, and such that can be made again."""
    lost: list[str] = []
    gone: list[str] = []
    for handle, (kind, ident) in context.given.items():
        if kind not in ("container", "image", "network", "volume"):
            continue
        there = engine.inspect(kind, ident, by_id=True)
        if there is not None:
            continue
        last = context.gone(engine, kind, ident, by_id=True)
        name = _name(context, kind, ident, last)
        needing = [check for check in stage.expect if _needs(check, handle, kind, name)]
        if not needing:
            continue
        (lost if any(_by_identity(check, handle, kind) for check in needing) else gone).append(name)
    return tuple(lost), tuple(gone)


def _name(context: AttemptContext, kind: str, ident: str, last: Object | None) -> str:
    if last is not None and last.name != ident:
        return last.name
    names: Iterable[tuple[str, str]] = context.baseline.names.get(kind, {}).items()
    return next((name for name, found in names if found == ident), ident[:12])


def _needs(check: Check, handle: str, kind: str, name: str) -> bool:
    if check.exists is False or _MADE_AGAIN & set(check.events):
        return False
    return handle in handles_of(check) or (check.kind == kind and check.subject.name == name)


def _by_identity(check: Check, handle: str, kind: str) -> bool:
    """Whether nothing that the learner makes can take the lost object's place. An image can come back by its Id."""
    return kind != "image" and (handle in handles_of(check) or check.same is True)


def holds_here(engine: Engine, requires: tuple[Check, ...], context: AttemptContext) -> str:
    """ "" where an exercise's ``requires`` hold on this engine, else one sentence that says what does not.

    Raises an EngineFault where that cannot be told."""
    if not requires:
        return ""
    judgement, _, _ = Gatherer(engine).judge(requires, (), context)
    if judgement.status == "pass":
        return ""
    for verdict in judgement.verdicts:
        if verdict.status == "fail":
            wanted = f"{verdict.title}: {verdict.expected}" if verdict.expected else verdict.title
            found = f", and this one has {verdict.found}" if verdict.found else ""
            return f"This exercise needs another engine ({wanted}{found})."
    raise EngineNotRunning("The engine did not say whether this exercise can be done on it.", "Try again in a moment.")
