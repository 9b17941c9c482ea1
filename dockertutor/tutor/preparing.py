"""Getting a stage ready, on the engine's thread: draw, bind, ask what it requires, write files, make what is given."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dockertutor.checks import Check, Verdict, facts_to_json
from dockertutor.checks.evidence import verdicts_to_keep
from dockertutor.course.model import Exercise, Lesson, Stage
from dockertutor.course.variables import bind, draw
from dockertutor.errors import ContentError, EngineFault, EngineRefused, TutorError
from dockertutor.facts import Baseline, Call, Facts
from dockertutor.tutor import given
from dockertutor.tutor.context import AttemptContext
from dockertutor.tutor.folder import write_files
from dockertutor.tutor.looking import holds_here
from dockertutor.tutor.outcome import Outcome
from dockertutor.tutor.own import Own
from dockertutor.tutor.progress import Store
from dockertutor.tutor.record import AttemptRecord, Record

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine

_DRAWS = 5
"""How often variables are drawn anew when what was drawn cannot be used (a port was taken meanwhile)."""

NO_CALLS_HERE = "This exercise watches API calls, and they cannot be seen on this engine."


@dataclass(frozen=True)
class Order:
    """What is to be prepared. ``values``: None where they are still to be drawn (before the first stage). ``say`` is
    told what is being waited for, in a few words."""

    lesson: Lesson
    exercise: Exercise
    stage: int
    attempt: str
    values: Mapping[str, str] | None
    lesson_values: Mapping[str, str]
    folder: Path
    context: AttemptContext
    store: Store
    own: Own
    rng: random.Random
    say: Callable[[str], None]


@dataclass(frozen=True)
class Prepared:
    """A stage that is ready: the values drawn, and the exercise with them put in. ``not_here``: why it cannot be done
    on this engine, or ""."""

    values: Mapping[str, str]
    exercise: Exercise
    not_here: str = ""


def prepare(engine: Engine, order: Order) -> Prepared:
    """Prepare a stage; afterwards it is in the progress store and the context has begun it.

    Raises an EngineFault, `ContentError` (the exercise cannot be bound) or `SetupError` (its files cannot be written).
    """
    fault: TutorError | None = None
    for _ in range(_DRAWS):
        try:
            values = dict(order.values) if order.values is not None else _drawn(engine, order)
            bound = bind(order.exercise, values)
            not_here = _not_here(engine, order, bound)
            if not_here:
                return Prepared(values, bound, not_here)
            _make(engine, order, bound, values)
            return Prepared(values, bound)
        except TutorError as error:
            fault = error
            if order.values is not None or not order.exercise.vars or not _may_differ(error):
                raise
    assert fault is not None
    raise fault


def _may_differ(error: TutorError) -> bool:
    """Whether other names and ports may help: the engine refused, or keys became equal."""
    return isinstance(error, (EngineRefused, ContentError)) or isinstance(error.__cause__, EngineRefused)


def _drawn(engine: Engine, order: Order) -> dict[str, str]:
    from dockertutor.engine.ports import free_port

    taken: list[int] = []

    def port() -> int:
        taken.append(free_port(engine, taken, chance=order.rng))
        return taken[-1]

    remembered = order.store.record().remembered
    values = {**order.lesson_values, "host": engine.host}
    return draw(order.exercise, lesson_values=values, remembered=remembered, free_port=port, rng=order.rng)


def watches_calls(exercise: Exercise) -> bool:
    """Whether an exercise can be passed only where API calls are seen."""
    return any(check.kind == "api-call" for stage in exercise.stages for check in stage.expect)


def _not_here(engine: Engine, order: Order, bound: Exercise) -> str:
    if not order.context.wire and watches_calls(bound):
        return NO_CALLS_HERE
    return holds_here(engine, bound.requires, order.context)


def _make(engine: Engine, order: Order, bound: Exercise, values: Mapping[str, str]) -> None:
    stage = bound.stages[order.stage]
    names = {"lesson": order.lesson.id, "exercise": order.exercise.id, "attempt": order.attempt}
    if order.stage == 0:
        begun = {"values": dict(values), "digest": order.lesson.digest, "folder": str(order.folder)}
        order.store.add("begun", **names, body=begun)
    write_files(order.folder, stage.files)
    handles = dict(order.context.given) if order.stage else {}
    if stage.given:
        made = given.make(
            engine,
            stage.given,
            folder=order.folder,
            attempt_id=order.attempt,
            say=order.say,
            note=lambda thing: order.own.given(engine, thing, order.attempt),
            earlier=handles,
        )
        handles.update(made)
    baseline, since = engine.baseline(), engine.now()
    order.context.begin_stage(baseline, handles, since=since)
    body = {
        "stage": order.stage,
        "given": {handle: list(found) for handle, found in handles.items()},
        "baseline": baseline_to_json(baseline),
        "time": since,
        "wire": order.context.wire,
    }
    order.store.add("prepared", **names, body=body)


def restore(context: AttemptContext, was: AttemptRecord, record: Record, *, stage: int | None = None) -> None:
    """Give a context what the store knows of the stage that was under way (or of ``stage``, where it was made): what
    was given, the baseline, the answer, and by the ledger the objects that passed through the learner's wire."""
    made = was.made.get(was.stage if stage is None else stage)
    if made is None:
        return
    first = baseline_from_json(was.made[min(was.made)].baseline)
    context.before = first.ids.get("container", frozenset())
    context.begin_stage(baseline_from_json(made.baseline), made.given, since=made.time, began=made.time)
    theirs = [row for row in record.ledger if row["attempt"] == was.id and row["how"] not in ("given", "gone")]
    created = tuple((row["kind"], row["id"]) for row in theirs)
    context.note_call(Call(0, "POST", "/", ended=0.0, created=created))
    context.answer = was.answers.get(was.stage)


def catch_up(engine: Engine, context: AttemptContext) -> None:
    """Note what happened since the stage began while nobody listened; the engine keeps a short history."""
    from dockertutor.engine.events import event_from

    try:
        with engine.asking() as api:
            for record in api.events(since=f"{context.since:.9f}", until=f"{engine.now():.9f}", decode=True):
                context.note_event(event_from(record))
    except EngineFault:
        return  # what happened stays unknown: the state is judged all the same


def evidence(facts: Facts, stage: Stage) -> dict[str, Any]:
    """The facts of a verdict as JSON. API calls are kept in their log form, and values of environment variables and
    labels only where a check of the stage names them."""
    from dockertutor.engine.wire_secrets import for_keeping

    return facts_to_json(for_keeping(facts), _all_checks(stage))


def kept_verdicts(outcome: Outcome, stage: Stage) -> tuple[Verdict, ...]:
    """An outcome's verdicts as they may be kept: as its evidence tells them."""
    return verdicts_to_keep(outcome.verdicts, stage.expect, outcome.facts, _all_checks(stage))


def _all_checks(stage: Stage) -> tuple[Check, ...]:
    return (*stage.expect, *(check for mistake in stage.mistakes for check in mistake.when))


def baseline_to_json(baseline: Baseline) -> dict[str, Any]:
    return {
        "ids": {kind: sorted(ids) for kind, ids in baseline.ids.items()},
        "names": {kind: dict(names) for kind, names in baseline.names.items()},
    }


def baseline_from_json(value: Mapping[str, Any]) -> Baseline:
    return Baseline(
        {kind: frozenset(ids) for kind, ids in value.get("ids", {}).items()},
        {kind: dict(names) for kind, names in value.get("names", {}).items()},
    )
