"""Proofs: every exercise is tried on a real engine, with right and with wrong solutions.

For each exercise: untouched, every stage fails and no mistake speaks; the solution and every ``also`` pass; every
mistake's ``by`` fails with exactly that mistake's text; the solution after it passes, or passes after the new start
that the tutor offers. Lines are typed into the learner's kind of shell, on a pty, one by one.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import TracebackType

from dockertutor.authoring.learner import Learner, NotProvable, rows
from dockertutor.authoring.proof import Case, Kind, Totals, world
from dockertutor.course.heads import Course
from dockertutor.course.model import Exercise, Lesson
from dockertutor.engine.connection import Endpoint
from dockertutor.errors import TutorError

Tried = Iterator[tuple[Kind, str, str]]
"""What one attempt came to: which case, the verdict in words, and what is wrong ("" where nothing is)."""


class Prover:
    """Proves lessons on one engine, one case after another. A context manager.

    ``shell``: bash or zsh, by name or path; without it bash.
    """

    def __init__(self, course: Course, endpoint: Endpoint, *, shell: str = "bash", seed: int | None = None) -> None:
        self.learner = Learner(course, endpoint, shell=shell, rng=random.Random(seed))

    def __enter__(self) -> Prover:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.learner.close()

    # ------------------------------------------------------------------ the cases of an exercise
    def prove(self, lesson: Lesson, exercise: Exercise, totals: Totals, told: Callable[[Case], None]) -> None:
        """Prove one exercise; each case is added to ``totals`` and told as it ends."""
        before = world(self.learner.engine)
        try:
            for kind, name, tried in self._cases(lesson, exercise):
                for case in self._run(lesson, exercise, kind, name, tried):
                    totals.cases.append(case)
                    told(case)
        except NotProvable as error:
            totals.skipped.append(f"{lesson.id}/{exercise.id}: {error.what}")
        finally:
            self.learner.tidy()
        where = f"{lesson.id}/{exercise.id}"
        known = len(totals.left)
        totals.compare(before, world(self.learner.engine), where)
        if len(totals.left) > known:
            totals.left += [f"{where}: {problem}" for problem in self.learner.problems]
        self.learner.problems.clear()

    def _cases(self, lesson: Lesson, exercise: Exercise) -> Iterator[tuple[Kind, str, Callable[[], Tried]]]:
        for number, stage in enumerate(exercise.stages):
            prefix = f"stage {number + 1}: " if len(exercise.stages) > 1 else ""
            yield "untouched", prefix.rstrip(": "), partial(self._untouched, number)
            if number == 0:
                yield "solution", "", self._solution
            for index in range(len(stage.also)):
                yield "also", f"{prefix}{index + 1}", partial(self._also, number, index)
            for mistake in stage.mistakes:
                if mistake.by is not None:
                    yield "mistake", f"{prefix}{mistake.id}", partial(self._mistake, number, mistake.id)

    def _run(
        self,
        lesson: Lesson,
        exercise: Exercise,
        kind: Kind,
        name: str,
        tried: Callable[[], Tried],
    ) -> Iterator[Case]:
        """One attempt, which gives one case, or two: a mistake and the recovery from it."""
        began = time.monotonic()
        wanted: Kind = kind
        try:
            self.learner.begin(lesson, exercise)
            for got, verdict, why in tried():
                now = time.monotonic()
                yield Case(lesson.id, exercise.id, got, name, not why, verdict, round(now - began, 2), why)
                wanted, began = "recovery", now
        except NotProvable:
            raise
        except TutorError as error:
            seconds = round(time.monotonic() - began, 2)
            yield Case(
                lesson.id, exercise.id, wanted, name, False, "error", seconds, f"{error.what} {error.do}".strip()
            )
        finally:
            self.learner.tidy()

    # ------------------------------------------------------------------ one case each
    def _untouched(self, number: int) -> Tried:
        self.learner.up_to(number)
        outcome = self.learner.quiet(0)
        if outcome is None:
            yield "untouched", "no verdict", "things did not become quiet"
        elif outcome.status != "fail":
            yield "untouched", outcome.status, "untouched, it must fail"
        elif outcome.mistake is not None:
            yield "untouched", f"fail, {outcome.mistake.id}", "untouched, no mistake may speak"
        else:
            yield "untouched", "fail", ""

    def _solution(self) -> Tried:
        for number in range(len(self.learner.bound.stages)):
            if why := self.learner.solve(number, self.learner.bound.stages[number].solution):
                yield "solution", self.learner.verdict(), why
                return
        yield "solution", "pass", ""

    def _also(self, number: int, index: int) -> Tried:
        self.learner.up_to(number)
        why = self.learner.solve(number, self.learner.bound.stages[number].also[index])
        yield "also", "pass" if not why else self.learner.verdict(), why

    def _mistake(self, number: int, wanted: str) -> Tried:
        self.learner.up_to(number)
        mistake = next(m for m in self.learner.bound.stages[number].mistakes if m.id == wanted)
        assert mistake.by is not None
        heard = self.learner.type(mistake.by)
        outcome = self.learner.quiet(self.learner.newest(), lambda o: o.mistake is not None)
        found = outcome.mistake.id if outcome is not None and outcome.mistake is not None else ""
        if outcome is None or outcome.status != "fail" or found != wanted:
            said = "no verdict" if outcome is None else f"{outcome.status}, {found or 'no mistake spoke'}"
            yield "mistake", said, f"expected the mistake `{wanted}` to speak{rows(outcome)}{heard}"
            return
        yield "mistake", f"fail, {found}", ""
        yield from self._recovery(number)

    def _recovery(self, number: int) -> Tried:
        """The solution after a mistake; where that does not pass, the new start that is offered, and the solution."""
        why = self.learner.solve(number, self.learner.bound.stages[number].solution, quick=True)
        if not why:
            yield "recovery", "pass", ""
            return
        view = self.learner.tutor.view
        if "restart" not in view.can:
            yield "recovery", self.learner.verdict(), f"{why}; and no new start is offered"
            return
        self.learner.restart()
        self.learner.up_to(number)
        why = self.learner.solve(number, self.learner.bound.stages[number].solution)
        yield "recovery", "pass after a new start" if not why else self.learner.verdict(), why
