"""One attempt at an exercise, from drawing its variables to the pass that is on the disk. Lives on the desk.

What waits for the engine is done by `preparing` and `looking` on the engine's thread; what comes back carries the
attempt's turn, and is dropped when the attempt has moved on meanwhile.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from dockertutor.course.model import Exercise, Lesson, Stage
from dockertutor.course.scalars import put
from dockertutor.course.variables import bind
from dockertutor.errors import ContentError, TutorError
from dockertutor.facts import Call, Event, TypedLine
from dockertutor.tutor import looking, preparing
from dockertutor.tutor.check_rows import check_rows
from dockertutor.tutor.context import AttemptContext
from dockertutor.tutor.engine_side import EngineSide
from dockertutor.tutor.folder import folder_of, put_aside, write_files
from dockertutor.tutor.outcome import Outcome
from dockertutor.tutor.own import Own
from dockertutor.tutor.pace import Pace
from dockertutor.tutor.progress import Store
from dockertutor.tutor.record import AttemptRecord
from dockertutor.tutor.relevance import Relevance
from dockertutor.tutor.turned_back import what_happened
from dockertutor.tutor.view import CheckRow

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine

State = Literal["preparing", "not-here", "unmade", "doing", "passed"]


class House(Protocol):
    """What an attempt needs of the tutor. ``next_number``: counts the looks of the session."""

    store: Store
    own: Own
    engine: EngineSide
    wire: bool
    folder_root: Path
    rng: random.Random

    def changed(self) -> None: ...
    def post(self, job: Callable[[], None]) -> None: ...
    def next_number(self) -> int: ...
    def trouble(self, error: TutorError) -> None: ...


@dataclass
class _Last:
    """What was told last, so that nothing is told or written twice."""

    failed: tuple[object, ...] = ()
    first: tuple[object, ...] | None = None


class Attempt:
    """An attempt. ``lesson_values``: what the lesson drew. All methods are called on the desk."""

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
        self.why = ""
        self.lost = False
        self.ready = False
        self._turn = 0
        self._last = _Last()
        self._concerns: Relevance | None = None

    # ------------------------------------------------------------------ beginning
    @property
    def now_stage(self) -> Stage | None:
        return self.bound.stages[self.stage] if self.bound is not None else None

    def begin(self, *, fresh: bool = False) -> None:
        """Go on where the learner left it, or begin anew (``fresh``, or where nothing was begun)."""
        was = self.house.store.record().exercise(self.lesson.id, self.exercise.id).current
        if was is not None and not fresh and self._resume(was):
            return
        self.id = str(uuid.uuid4())
        put_aside(self.folder)
        self._prepare(0)

    def _resume(self, was: AttemptRecord) -> bool:
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
        made = was.made.get(was.stage)
        if made is None:
            self._prepare(self.stage)
            return True
        preparing.restore(self.context, was)
        self.state, self.ready = "doing", True
        self.pace = Pace(time.monotonic())
        context = self.context
        self.house.engine.do(lambda engine: preparing.catch_up(engine, context), lambda _: None, lambda _: None)
        self.house.changed()
        return True

    def _show_passed(self, was: AttemptRecord) -> None:
        assert self.bound is not None
        self.stage = len(self.bound.stages) - 1
        self.rows = tuple(CheckRow("pass", title, note) for title, note in was.rows)
        self.state, self.touched = "passed", True
        self.why = self._why({**self.house.store.record().remembered, **was.remembered})
        self.house.changed()

    def _prepare(self, stage: int) -> None:
        """Have the stage prepared: variables drawn (at the first), what is given made, the baseline taken."""
        self.stage, self.state, self.ready, self.lost = stage, "preparing", False, False
        self.outcome, self.rows, self.touched = None, (), False
        self._last, self._concerns = _Last(), None
        self._turn += 1
        turn = self._turn
        self.waiting_for = "what this exercise needs" if self.house.engine.connected else "the engine"
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

    # ------------------------------------------------------------------ signals
    @property
    def watching(self) -> bool:
        return self.ready and self.state == "doing"

    def event(self, event: Event, wakes: bool) -> None:
        """An engine event; ``wakes``: it may change what a check sees."""
        self.context.note_event(event)
        if not self.watching or not wakes:
            return
        judged = self.outcome.objects if self.outcome is not None else frozenset()
        concern = self._relevance().of(event, judged)
        if concern != "none":
            self._keep_inspect(event)
        if concern == "surely":
            self.pace.signal(time.monotonic(), judged_object=event.id in judged)
        elif concern == "perhaps":
            self.pace.nudge(time.monotonic())

    def _relevance(self) -> Relevance:
        stage = self.now_stage
        assert stage is not None
        if self._concerns is None:
            self._concerns = Relevance(stage, self.context)
        return self._concerns

    def _keep_inspect(self, event: Event) -> None:
        """Look at the object while it is there: it may be gone a moment later."""
        context = self.context

        def job(engine: Engine) -> None:
            context.inspects(engine, event)

        self.house.engine.do(job, lambda _: None, lambda _: None)

    def call(self, call: Call) -> None:
        self.context.note_call(call)
        if self.watching and call.ended is not None and (call.method != "GET" or self._asks_calls()):
            self.pace.signal(time.monotonic())

    def _asks_calls(self) -> bool:
        stage = self.now_stage
        checks = (*stage.expect, *(c for m in stage.mistakes for c in m.when)) if stage is not None else ()
        return any(check.kind == "api-call" for check in checks)

    def transfers(self, count: int) -> None:
        """How many pulls, pushes or builds are under way: while there are some, nothing is final."""
        self.pace.transfers = count

    def command_began(self) -> None:
        self.pace.command_began(time.monotonic())

    def command_ended(self, text: str, exit_code: int) -> None:
        self.context.typed = TypedLine(text, exit_code)
        self.touched = self.touched or "docker" in text
        self.pace.command_ended(time.monotonic())

    def file_changed(self) -> None:
        self.pace.signal(time.monotonic())

    def check(self) -> None:
        """Judge now, and take the verdict as final."""
        self.touched = True
        self.pace.signal(time.monotonic())
        self.pace.last_signal -= 60

    # ------------------------------------------------------------------ looking
    def due(self) -> float | None:
        """When to look next (monotonic seconds), None while only a signal can change anything."""
        if not self.watching or not self.house.engine.connected:
            return None
        return self.pace.due(time.monotonic())

    def look(self) -> None:
        """Have the stage judged."""
        stage = self.now_stage
        if stage is None or not self.watching or self.pace.looking is not None:
            return
        turn, place, context, attempt = self._turn, self.stage, self.context, self.id
        quiet = self.pace.starts(time.monotonic())
        number = self.house.next_number()
        self.house.engine.do(
            lambda engine: looking.look(
                engine, stage, context, quiet=quiet, number=number, attempt=attempt, place=place
            ),
            lambda outcome: self._looked(turn, outcome),
            lambda error: self._unseen(turn, error),
        )

    def _unseen(self, turn: int, error: TutorError) -> None:
        if turn == self._turn:
            self.pace.failed(time.monotonic())

    def _looked(self, turn: int, outcome: Outcome) -> None:
        if turn != self._turn or outcome.stage != self.stage or not self.watching:
            return
        before = self.outcome
        held = outcome.status == "pass"
        self.pace.judged(time.monotonic(), held=held, was_quiet=outcome.final, slow=outcome.slow)
        self.outcome = outcome
        signature = tuple((v.status == "pass", v.title, v.object, v.found) for v in outcome.verdicts)
        if self._last.first is None:
            self._last.first = signature
        typed = outcome.mistake is not None and self.context.typed is not None
        self.touched = self.touched or held or typed or signature != self._last.first
        if held and self.pace.may_seal(time.monotonic()):
            self.pace.held_since = time.monotonic()  # should the disk be full, try again in a while
            self._seal(outcome)
            return
        if before is not None and before.status == "pass" and not held:
            self.notice = what_happened(before, outcome)
        elif held or (outcome.final and outcome.status == "fail" and self._changed_since(signature)):
            self.notice = ""
        self._say_verdict(outcome, signature)
        self.house.changed()

    def _changed_since(self, signature: tuple[object, ...]) -> bool:
        return bool(self._last.failed) and self._last.failed[0] != signature

    def _say_verdict(self, outcome: Outcome, signature: tuple[object, ...]) -> None:
        stage = self.now_stage
        assert stage is not None
        fail = outcome.final and outcome.status == "fail"
        mistake = outcome.mistake if fail else None
        self.rows = check_rows(
            stage.expect,
            outcome.verdicts,
            touched=self.touched,
            before=self.rows,
            explanation=mistake.say.strip() if mistake is not None and self.touched else "",
        )
        self.lost = bool(outcome.lost) if outcome.final else self.lost and outcome.status != "pass"
        if fail and outcome.lost:
            self.notice = f"{_names(outcome.lost)} is gone, and this exercise needs it. Start again with a new one."
        elif fail and outcome.gone:
            self.notice = f"{_names(outcome.gone)} is gone. Make it again, or start again with a new one."
        key = (signature, mistake.id if mistake else "")
        if fail and self.touched and key != self._last.failed:
            self._last.failed = key
            self._write(
                "failed",
                {
                    "stage": self.stage,
                    "mistake": mistake.id if mistake else "",
                    "verdicts": [[v.status, v.title, v.expected, v.found] for v in outcome.verdicts],
                },
            )

    # ------------------------------------------------------------------ passing
    def _seal(self, outcome: Outcome) -> None:
        assert self.bound is not None
        stage = self.bound.stages[self.stage]
        self.rows = check_rows(stage.expect, outcome.verdicts, touched=True, before=self.rows)
        self.notice, self.lost = "", False
        self._remember(outcome)
        if self.stage + 1 < len(self.bound.stages):
            self._write("stage-passed", {"stage": self.stage})
            self.notice = f"Part {self.stage + 1} of {len(self.bound.stages)} is done."
            self._prepare(self.stage + 1)
            return
        self._write(
            "passed",
            {
                "stage": self.stage,
                "rows": [[row.title, row.note] for row in self.rows],
                "remembered": dict(outcome.remembered),
                "completes": self.exercise.completes_lesson,
                "evidence": preparing.evidence(outcome.facts),
            },
        )
        self.state, self.ready = "passed", False
        self.why = self._why({**self.house.store.record().remembered, **outcome.remembered})
        self.house.changed()

    def _remember(self, outcome: Outcome) -> None:
        if outcome.remembered:
            self._write("remembered", {"values": dict(outcome.remembered)})

    def _why(self, remembered: Mapping[str, str]) -> str:
        """The stages' reasons; what was remembered in this very pass may stand in them. Filled once, from the text as
        it was written: a learner's words may hold ``${…}`` themselves."""
        values = {**remembered, **self.values}
        return "\n\n".join(put(stage.why, values).strip() for stage in self.exercise.stages if stage.why.strip())

    # ------------------------------------------------------------------ help and answers
    def predict(self, option: int) -> None:
        if self.bound is None or self.bound.predict is None or self.predicted is not None or self.state == "passed":
            return
        if 0 <= option < len(self.bound.predict.options):
            self.predicted = option
            right = self.bound.predict.options[option].correct
            self._write("predicted", {"option": option, "right": right})
            self.house.changed()

    def hint(self) -> None:
        stage = self.now_stage
        shown = self.hints.get(self.stage, 0)
        if stage is not None and shown < len(stage.hints) and self.state != "passed":
            self.hints[self.stage] = shown + 1
            self._write("hinted", {"stage": self.stage, "tier": shown + 1})
            self.house.changed()

    def solution(self) -> None:
        if self.now_stage is not None and self.stage not in self.solutions:
            self.solutions.add(self.stage)
            self._write("solved", {"stage": self.stage})
            self.house.changed()

    def answer(self, value: str) -> None:
        if self.state != "doing":
            return
        self.context.answer = value
        self.touched = True
        self._write("answered", {"stage": self.stage, "value": value[:2000]})
        self.pace.signal(time.monotonic())

    def write_files(self) -> None:
        """Write the stage's files into the folder again (after a reset)."""
        if self.now_stage is not None:
            write_files(self.folder, self.now_stage.files)

    def _write(self, kind: str, body: Mapping[str, object]) -> None:
        self.house.store.add(kind, lesson=self.lesson.id, exercise=self.exercise.id, attempt=self.id, body=body)


def _names(names: tuple[str, ...]) -> str:
    return " and ".join(f"`{name}`" for name in names)
