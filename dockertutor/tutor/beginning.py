"""How an attempt begins: anew, or where it was left after any kind of end; and its state from then on."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from dockertutor.course.goals import goal
from dockertutor.course.model import Exercise, Lesson, Stage
from dockertutor.course.scalars import put
from dockertutor.course.variables import bind
from dockertutor.errors import ContentError, TutorError
from dockertutor.facts import Call
from dockertutor.tutor import preparing
from dockertutor.tutor.context import AttemptContext
from dockertutor.tutor.engine_side import EngineSide
from dockertutor.tutor.folder import folder_of, put_aside
from dockertutor.tutor.folder_watch import FolderWatch
from dockertutor.tutor.outcome import Outcome
from dockertutor.tutor.own import Own
from dockertutor.tutor.pace import Pace
from dockertutor.tutor.progress import Store
from dockertutor.tutor.record import AttemptRecord, Record
from dockertutor.tutor.relevance import Relevance
from dockertutor.tutor.step_view import CheckRow

if TYPE_CHECKING:
    pass

State = Literal["preparing", "not-here", "unmade", "doing", "passed"]


class House(Protocol):
    """What an attempt needs of the tutor. ``next_number``: counts the looks of the session. ``known_calls``: API calls
    that were seen in this session."""

    store: Store
    own: Own
    engine: EngineSide
    wire: bool
    folder_root: Path
    rng: random.Random

    def changed(self) -> None: ...
    def post(self, job: Callable[[], None]) -> None: ...
    def next_number(self) -> int: ...
    def known_calls(self) -> Iterable[Call]: ...
    def trouble(self, error: TutorError) -> None: ...


@dataclass
class _Last:
    """What was told last, so that nothing is told or written twice."""

    failed: tuple[object, ...] = ()
    first: tuple[object, ...] | None = None


class Beginning:
    """An attempt's state and its beginning. ``lesson_values``: what the lesson drew. Lives on the desk."""

    def __init__(self, house: House, lesson: Lesson, exercise: Exercise, lesson_values: Mapping[str, str]) -> None:
        self.house, self.lesson, self.exercise = house, lesson, exercise
        self.lesson_values = dict(lesson_values)
        self.id = ""
        self.state: State = "preparing"
        self.bound: Exercise | None = None
        self.values: dict[str, str] = {}
        self.stage = 0
        self.folder = folder_of(house.folder_root, lesson.id, exercise.id)
        self.context = AttemptContext(self.folder, wire=house.wire)
        self.pace = Pace(time.monotonic())
        self.outcome: Outcome | None = None
        self.rows: tuple[CheckRow, ...] = ()
        self.predicted: int | None = None
        self.hints: dict[int, int] = {}
        self.solutions: set[int] = set()
        self.touched = False
        self.notice = ""
        self.waiting_for = ""
        self.why = self.done = ""
        self.lost = False
        self.ready = False
        self._turn = 0
        self._last = _Last()
        self._concerns: Relevance | None = None
        self._files = FolderWatch(lambda: self.house.post(self.file_changed))

    # ------------------------------------------------------------------ beginning
    @property
    def now_stage(self) -> Stage | None:
        return self.bound.stages[self.stage] if self.bound is not None else None

    def begin(self, *, fresh: bool = False) -> None:
        """Go on where the learner left it, or begin anew (``fresh``, or where nothing was begun)."""
        record = self.house.store.record()
        was = record.exercise(self.lesson.id, self.exercise.id).current
        if was is not None and not fresh and self._resume(was, record):
            return
        self.id = str(uuid.uuid4())
        put_aside(self.folder)
        self._prepare(0)

    def _resume(self, was: AttemptRecord, record: Record) -> bool:
        """Take up a stored attempt; False where the lesson has changed so much that it cannot be."""
        try:
            self.bound = bind(self.exercise, was.values)
        except ContentError:
            return False
        self.id, self.values = was.id, dict(was.values)
        self.predicted, self.hints, self.solutions = was.predicted, dict(was.hints), set(was.solutions)
        if was.passed is not None:
            self._show_passed(was)
            return True
        if was.stage >= len(self.bound.stages):
            return False
        self.stage = was.stage
        if was.stage not in was.made:  # it ended while this stage was being prepared
            preparing.restore(self.context, was, record, stage=was.stage - 1)
            self._prepare(self.stage)
            return True
        preparing.restore(self.context, was, record)
        for call in self.house.known_calls():
            self.context.note_call(call)
        made = any(one["attempt"] == was.id and one["how"] not in ("given", "gone") for one in record.ledger)
        self.state, self.ready, self.touched = "doing", True, was.fails > 0 or made
        self.pace = Pace(time.monotonic())
        self._watch_files()
        context = self.context
        self.house.engine.do(lambda engine: preparing.catch_up(engine, context), lambda _: None, lambda _: None)
        self.house.changed()
        return True

    def _show_passed(self, was: AttemptRecord) -> None:
        assert self.bound is not None
        self.stage = len(self.bound.stages) - 1
        self.rows = tuple(CheckRow("pass", title, note) for title, note in was.rows)
        self.state, self.touched = "passed", True
        self._tell_why({**self.house.store.record().remembered, **was.remembered})
        self.house.changed()

    def _prepare(self, stage: int) -> None:
        """Have the stage prepared: variables drawn (at the first), what is given made, the baseline taken."""
        if self.state == "unmade":
            self.notice = ""
        self.stage, self.state, self.ready, self.lost = stage, "preparing", False, False
        self.outcome, self.rows, self.touched = None, (), False
        self._last, self._concerns = _Last(), None
        self._turn += 1
        turn = self._turn
        ready = self.house.engine.connected
        self.waiting_for = "Getting this exercise ready" if ready else "Waiting for the engine"
        order = preparing.Order(
            lesson=self.lesson,
            exercise=self.exercise,
            stage=stage,
            attempt=self.id,
            values=dict(self.values) if stage else None,
            lesson_values=self.lesson_values,
            folder=self.folder,
            context=self.context,
            store=self.house.store,
            own=self.house.own,
            rng=self.house.rng,
            say=lambda text: self.house.post(lambda: self._say(turn, text)),
        )
        self.house.engine.do(
            lambda engine: preparing.prepare(engine, order),
            lambda made: self._prepared(turn, made),
            lambda error: self._unprepared(turn, error),
        )
        self.house.changed()

    def _say(self, turn: int, text: str) -> None:
        if turn == self._turn and self.state == "preparing":
            self.waiting_for = text
            self.house.changed()

    def _prepared(self, turn: int, made: preparing.Prepared) -> None:
        if turn != self._turn:
            return
        self.waiting_for = ""
        if made.not_here:
            self.bound, self.values = made.exercise, dict(made.values)
            self.state, self.notice = "not-here", made.not_here
            self.house.store.add("not-here", lesson=self.lesson.id, exercise=self.exercise.id, attempt=self.id)
            self.house.changed()
            return
        self.bound, self.values = made.exercise, dict(made.values)
        self.state, self.ready = "doing", True
        self.pace = Pace(time.monotonic())
        self._watch_files()
        self.house.changed()

    def _unprepared(self, turn: int, error: TutorError) -> None:
        if turn != self._turn:
            return
        self.waiting_for = ""
        self.state, self.notice = "unmade", f"{error.what} {error.do}".strip()
        self.house.changed()

    def engine_back(self) -> None:
        """The engine is there (again): read everything anew, or make what could not be made."""
        if self.state == "unmade":
            self._prepare(self.stage)
        elif self.ready:
            self.pace.looking = None
            self._turn += 1
            self.pace.signal(time.monotonic())

    def end(self) -> None:
        """Whatever still comes back from the engine is for nobody."""
        self._turn += 1
        self.ready = False
        self._files.end()

    def _watch_files(self) -> None:
        """Have the system tell of changes in the folder where the stage asks for files; elsewhere what an editor keeps
        there would let no fail become final."""
        stage = self.now_stage
        checks = (*stage.expect, *(c for m in stage.mistakes for c in m.when)) if stage is not None else ()
        if any(check.kind == "file" for check in checks):
            self._files.begin(self.folder)
        else:
            self._files.end()
        self.context.files_told = self._files.works

    def file_changed(self) -> None:
        """A file in the folder has changed."""
        self.pace.signal(time.monotonic())

    def _tell_why(self, remembered: Mapping[str, str]) -> None:
        """What has been reached, and the stages' reasons; what was remembered in this very pass may stand in them.
        Filled once, from the text as it was written: a learner's words may hold ``${…}`` themselves."""
        values = {**remembered, **self.values}
        exercise = self.exercise
        self.why = "\n\n".join(put(stage.why, values).strip() for stage in exercise.stages if stage.why.strip())
        self.done = " ".join(put(exercise.done or goal(exercise.stages[-1].task), values).split())

    def _write(self, kind: str, body: Mapping[str, object]) -> None:
        store = self.house.store
        if self.id not in store.record().attempts:  # reset by another process meanwhile: it goes on as begun anew
            begun = {"values": dict(self.values), "digest": self.lesson.digest, "folder": str(self.folder)}
            store.add("begun", lesson=self.lesson.id, exercise=self.exercise.id, attempt=self.id, body=begun)
        store.add(kind, lesson=self.lesson.id, exercise=self.exercise.id, attempt=self.id, body=body)
