"""Judging stored attempts from another process, without a session: for ``dockertutor check``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dockertutor.called import COMMAND
from dockertutor.checks.model import Verdict
from dockertutor.checks.nodes import nearest
from dockertutor.course.heads import Course, LessonEntry
from dockertutor.course.library import entries, find_entry, load_entry
from dockertutor.course.model import Exercise, Lesson
from dockertutor.course.variables import bind
from dockertutor.errors import ContentError, EngineFault, UsageError
from dockertutor.facts import Facts
from dockertutor.tutor import looking, preparing
from dockertutor.tutor.context import AttemptContext
from dockertutor.tutor.progress import Store
from dockertutor.tutor.record import Record

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine

Result = Literal["pass", "fail", "waiting", "skipped", "unknown", "new", "not-here"]

_NO_WIRE = ("ssh", "npipe")
"""Kinds of address to which no wire leads, so that no API call is seen: see `wire_upstream.parse_upstream`."""


@dataclass(frozen=True)
class Checked:
    """What ``check`` says of one exercise. ``status``: ``pass`` (sealed, or it holds now), ``fail``, ``waiting``,
    ``skipped``, ``unknown`` (the engine could not be asked), ``new`` (never begun) or ``not-here``. ``sealed``: when
    it was recorded, seconds since the epoch, or None. ``mistake``: the text that the tutor would show. ``facts``: the
    evidence, None where nothing was judged now. ``stage`` of ``stages`` counts from 1."""

    lesson: str
    exercise: str
    title: str
    status: Result
    sealed: float | None = None
    verdicts: tuple[Verdict, ...] = ()
    mistake: str = ""
    why: str = ""
    stage: int = 1
    stages: int = 1
    facts: Facts | None = None

    @property
    def holds(self) -> bool:
        return self.status == "pass"

    @property
    def counts(self) -> bool:
        """Whether it counts for the exit code: "not on this engine" does not."""
        return self.status != "not-here"


def parse_which(course: Course, which: str) -> tuple[tuple[LessonEntry, str], ...]:
    """``LESSON``, ``LESSON/EXERCISE`` or "" (all) as pairs of lesson and exercise. Raises `UsageError`."""
    if not which:
        return tuple((entry, exercise) for entry in entries(course) for exercise in entry.exercises)
    lesson, _, exercise = which.partition("/")
    entry = find_entry(course, lesson)
    if not exercise:
        return tuple((entry, one) for one in entry.exercises)
    known = entry.renamed.get(exercise, exercise)
    if known not in entry.exercises:
        near = nearest(exercise, entry.exercises)
        raise UsageError(
            f"The lesson `{entry.id}` has no exercise `{exercise[:80]}`.",
            f"Did you mean `{near}`?" if near else f"`{COMMAND} list` shows all exercises.",
        )
    return ((entry, known),)


def judge_stored(
    course: Course, store: Store, engine: Engine | None, which: str = "", *, folder_root: Path
) -> tuple[Checked, ...]:
    """Judge exercises now, each against its stored attempt; what was sealed stays passed. Nothing is written.

    ``engine`` None: what is not sealed and was begun is "unknown". Raises `UsageError` and `ContentError`.
    """
    return tuple(_judged(course, store, engine, which, folder_root))


def _judged(course: Course, store: Store, engine: Engine | None, which: str, root: Path) -> Iterator[Checked]:
    loaded: dict[str, Lesson] = {}
    record = store.record()
    for entry, exercise_id in parse_which(course, which):
        if entry.id not in loaded:
            loaded[entry.id] = load_entry(course, entry.id)
        exercise = next(one for one in loaded[entry.id].exercises if one.id == exercise_id)
        yield _one(engine, entry, exercise, record, root)


def _one(engine: Engine | None, entry: LessonEntry, exercise: Exercise, record: Record, root: Path) -> Checked:
    kept = record.exercise(entry.id, exercise.id)

    def say(status: Result, why: str = "") -> Checked:
        return Checked(entry.id, exercise.id, entry.title, status, why=why, stages=len(exercise.stages))

    if kept.passed is not None:
        return Checked(entry.id, exercise.id, entry.title, "pass", sealed=kept.passed, stages=len(exercise.stages),
                       stage=len(exercise.stages))  # fmt: skip
    if engine is not None and engine.endpoint.scheme in _NO_WIRE and preparing.watches_calls(exercise):
        return say("not-here", preparing.NO_CALLS_HERE)
    was = kept.current
    if was is None or was.stage not in was.made:
        if engine is None or not exercise.requires:
            return say("not-here", "not on this engine") if kept.not_here else say("new", "never begun")
        try:
            reason = looking.holds_here(engine, exercise.requires, AttemptContext(root / entry.id / exercise.id))
        except EngineFault as fault:
            return say("unknown", fault.what)
        return say("not-here", reason) if reason else say("new", "never begun")
    if engine is None:
        return say("unknown", "no engine could be asked")
    place = Path(was.folder) if was.folder else root / entry.id / exercise.id
    context = AttemptContext(place, wire=was.made[was.stage].wire)
    try:
        bound = bind(exercise, was.values)
        preparing.restore(context, was, record)
        preparing.catch_up(engine, context)
        reason = looking.holds_here(engine, bound.requires, context)
        if reason:
            return say("not-here", reason)
        stage = bound.stages[was.stage]
        if any(check.kind == "api-call" for check in stage.expect):
            return say("unknown", "API calls are seen only while the tutor is open")
        found = looking.look(engine, stage, context, quiet=True, number=1, attempt=was.id, place=was.stage)
    except ContentError:
        return say("unknown", "the lesson has changed since this attempt was begun")
    except EngineFault as fault:
        return say("unknown", fault.what)
    status: Result = found.status
    why = ""
    if status == "pass" and was.stage + 1 < len(bound.stages):
        status, why = "fail", f"part {was.stage + 1} of {len(bound.stages)} holds"
    return Checked(
        entry.id,
        exercise.id,
        entry.title,
        status,
        verdicts=found.verdicts,
        mistake=found.mistake.say.strip() if found.mistake is not None else "",
        why=why,
        stage=was.stage + 1,
        stages=len(bound.stages),
        facts=found.facts,
    )
