"""What the progress log means: a fold over its entries. Only read here; writing is `progress.Store`'s."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

PAUSE = 300.0
"""Of a longer time without an entry so many seconds count as spent in the lesson."""


@dataclass(frozen=True)
class Entry:
    """One entry of the log. ``number`` grows within a file, ``uuid`` is unique over all devices; ``version`` is the
    schema's; ``course`` the course's digest; ``time`` seconds since the epoch; ``body`` JSON values by ``kind``."""

    number: int
    uuid: str
    version: int
    device: str
    course: str
    time: float
    kind: str
    lesson: str
    exercise: str
    attempt: str
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Made:
    """A stage as it was prepared. ``given``: handle → (kind, id); ``baseline``: as `Baseline` in JSON; ``time``:
    seconds since the epoch when the baseline was taken. ``wire``: calls were seen then."""

    given: dict[str, tuple[str, str]] = field(default_factory=dict)
    baseline: Mapping[str, Any] = field(default_factory=dict)
    time: float = 0.0
    wire: bool = False


@dataclass
class AttemptRecord:
    """One attempt at an exercise. ``stage`` counts from 0. ``digest`` is the lesson's. ``hints``: how many were
    shown, by stage. ``rows``: titles and notes as sealed. ``predicted``: the chosen option, from 0."""

    id: str
    lesson: str
    exercise: str
    values: dict[str, str]
    digest: str = ""
    folder: str = ""
    begun: float = 0.0
    stage: int = 0
    made: dict[int, Made] = field(default_factory=dict)
    predicted: int | None = None
    hints: dict[int, int] = field(default_factory=dict)
    solutions: set[int] = field(default_factory=set)
    answers: dict[int, str] = field(default_factory=dict)
    fails: int = 0
    mistakes: list[str] = field(default_factory=list)
    passed: float | None = None
    rows: list[list[str]] = field(default_factory=list)
    remembered: dict[str, str] = field(default_factory=dict)


@dataclass
class ExerciseRecord:
    """An exercise over all its attempts. ``passed``: when it was first passed since the last reset, or None.
    ``hints``, ``fails``: counted over all attempts; ``seconds``: from begin to pass; ``not_here``: it cannot be done on
    the engine that was asked last."""

    passed: float | None = None
    current: AttemptRecord | None = None
    attempts: int = 0
    hints: int = 0
    fails: int = 0
    not_here: bool = False
    seconds: float = 0.0

    @property
    def state(self) -> Literal["new", "begun", "passed"]:
        if self.passed is not None:
            return "passed"
        return "begun" if self.attempts else "new"


@dataclass
class LessonRecord:
    """A lesson. ``step``: where the learner is, from 0; ``at``: the exercise there, or "". ``chosen``: options chosen
    in the quiz at a step, oldest first, each with the digest of its question ("" where none was kept). ``seconds``:
    spent in it, long pauses left out. ``completed``: by an exercise that completes it. ``ended``: its last page was
    reached."""

    step: int = 0
    at: str = ""
    begun: float = 0.0
    last: float = 0.0
    seconds: float = 0.0
    completed: float | None = None
    ended: float | None = None
    chosen: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)


@dataclass
class Record:
    """Where the learner stands. ``remembered``: values kept for later lessons. ``ledger``: the ledger's rows, oldest
    first. ``last``: the lesson that was worked in last."""

    lessons: dict[str, LessonRecord] = field(default_factory=dict)
    exercises: dict[tuple[str, str], ExerciseRecord] = field(default_factory=dict)
    attempts: dict[str, AttemptRecord] = field(default_factory=dict)
    remembered: dict[str, str] = field(default_factory=dict)
    ledger: list[dict[str, str]] = field(default_factory=list)
    last: str = ""

    def exercise(self, lesson: str, exercise: str) -> ExerciseRecord:
        """The exercise's record; an empty one that is not kept where it was never begun."""
        return self.exercises.get((lesson, exercise), ExerciseRecord())

    def take(self, entry: Entry) -> None:
        """Take in the next entry. One of an unknown kind says nothing here (a later version may know it)."""
        if entry.lesson and entry.kind not in ("reset", "made"):
            lesson = self.lessons.setdefault(entry.lesson, LessonRecord(begun=entry.time, last=entry.time))
            lesson.seconds += min(max(0.0, entry.time - lesson.last), PAUSE)
            lesson.last = entry.time
            self.last = entry.lesson
        taker = _TAKERS.get(entry.kind)
        if taker is not None:
            taker(self, entry)


def _moved(record: Record, entry: Entry) -> None:
    lesson = record.lessons[entry.lesson]
    lesson.step, lesson.at = int(entry.body["step"]), entry.exercise
    if entry.body.get("ended"):
        lesson.ended = lesson.ended or entry.time


def _drew(record: Record, entry: Entry) -> None:
    record.lessons[entry.lesson].values = dict(entry.body["values"])


def _chose(record: Record, entry: Entry) -> None:
    chosen = record.lessons[entry.lesson].chosen.setdefault(int(entry.body["step"]), [])
    chosen.append((int(entry.body["option"]), str(entry.body.get("ask", ""))))


def _begun(record: Record, entry: Entry) -> None:
    attempt = AttemptRecord(
        entry.attempt,
        entry.lesson,
        entry.exercise,
        dict(entry.body["values"]),
        entry.body.get("digest", ""),
        entry.body.get("folder", ""),
        entry.time,
    )
    kept = record.exercises.setdefault((entry.lesson, entry.exercise), ExerciseRecord())
    kept.attempts += attempt.id not in record.attempts  # drawn again: the same attempt
    record.attempts[attempt.id] = kept.current = attempt
    kept.not_here = False


def _not_here(record: Record, entry: Entry) -> None:
    record.exercises.setdefault((entry.lesson, entry.exercise), ExerciseRecord()).not_here = True


def _of_attempt(take: Callable[[AttemptRecord, Entry, Record], None]) -> Callable[[Record, Entry], None]:
    """Entries about an attempt that a reset has forgotten say nothing."""

    def taker(record: Record, entry: Entry) -> None:
        attempt = record.attempts.get(entry.attempt)
        if attempt is not None:
            take(attempt, entry, record)

    return taker


def _prepared(attempt: AttemptRecord, entry: Entry, record: Record) -> None:
    given = {handle: (kind, ident) for handle, (kind, ident) in entry.body["given"].items()}
    attempt.stage = int(entry.body["stage"])
    attempt.made[attempt.stage] = Made(
        given, entry.body["baseline"], float(entry.body["time"]), bool(entry.body.get("wire"))
    )


def _predicted(attempt: AttemptRecord, entry: Entry, record: Record) -> None:
    attempt.predicted = int(entry.body["option"])


def _hinted(attempt: AttemptRecord, entry: Entry, record: Record) -> None:
    attempt.hints[int(entry.body["stage"])] = int(entry.body["tier"])
    record.exercises[attempt.lesson, attempt.exercise].hints += 1


def _solved(attempt: AttemptRecord, entry: Entry, record: Record) -> None:
    attempt.solutions.add(int(entry.body["stage"]))


def _answered(attempt: AttemptRecord, entry: Entry, record: Record) -> None:
    attempt.answers[int(entry.body["stage"])] = str(entry.body["value"])


def _failed(attempt: AttemptRecord, entry: Entry, record: Record) -> None:
    record.exercises[attempt.lesson, attempt.exercise].fails += 1
    attempt.fails += 1
    if entry.body.get("mistake"):
        attempt.mistakes.append(entry.body["mistake"])


def _stage_passed(attempt: AttemptRecord, entry: Entry, record: Record) -> None:
    attempt.stage = int(entry.body["stage"]) + 1


def _passed(attempt: AttemptRecord, entry: Entry, record: Record) -> None:
    attempt.passed = entry.time
    attempt.rows = [list(row) for row in entry.body.get("rows", ())]
    attempt.remembered = dict(entry.body.get("remembered", {}))
    kept = record.exercises[attempt.lesson, attempt.exercise]
    if kept.passed is None:
        kept.passed = entry.time
        kept.seconds = max(0.0, entry.time - attempt.begun)
    if entry.body.get("completes"):
        record.lessons[attempt.lesson].completed = entry.time


def _remembered(record: Record, entry: Entry) -> None:
    record.remembered.update(entry.body["values"])


def _made(record: Record, entry: Entry) -> None:
    row = {name: str(entry.body.get(name, "")) for name in ("kind", "id", "name", "how", "made", "engine")}
    record.ledger.append({**row, "attempt": entry.attempt})


def _reset(record: Record, entry: Entry) -> None:
    """Forget attempts and places; what the ledger knows stays, for the objects do."""
    chosen = [
        key
        for key in record.exercises
        if (not entry.lesson or key[0] == entry.lesson) and (not entry.exercise or key[1] == entry.exercise)
    ]
    for key in chosen:
        del record.exercises[key]
    for ident in [i for i, one in record.attempts.items() if (one.lesson, one.exercise) in chosen]:
        del record.attempts[ident]
    if entry.exercise:
        return
    if entry.lesson:
        record.lessons.pop(entry.lesson, None)
    else:
        record.lessons.clear()
        record.remembered.clear()
    if not entry.lesson or record.last == entry.lesson:
        record.last = ""


_TAKERS: Mapping[str, Callable[[Record, Entry], None]] = {
    "moved": _moved,
    "drew": _drew,
    "chose": _chose,
    "begun": _begun,
    "not-here": _not_here,
    "prepared": _of_attempt(_prepared),
    "predicted": _of_attempt(_predicted),
    "hinted": _of_attempt(_hinted),
    "solved": _of_attempt(_solved),
    "answered": _of_attempt(_answered),
    "failed": _of_attempt(_failed),
    "stage-passed": _of_attempt(_stage_passed),
    "passed": _of_attempt(_passed),
    "remembered": _remembered,
    "made": _made,
    "reset": _reset,
}
"""What each kind of entry says. A new kind is a new line here."""
