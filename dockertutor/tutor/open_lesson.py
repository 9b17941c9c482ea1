"""The lesson that is open: where the learner is in it, its quizzes, and the attempt at its present exercise."""

from __future__ import annotations

from collections.abc import Mapping

from dockertutor.called import COMMAND
from dockertutor.course.goals import goal
from dockertutor.course.heads import Course, LessonEntry
from dockertutor.course.model import Exercise, Lesson, Question, Read
from dockertutor.course.prose import blocks
from dockertutor.course.scalars import put
from dockertutor.course.variables import draw_lesson
from dockertutor.errors import ProgressError, UsageError
from dockertutor.tutor.attempt import Attempt, House
from dockertutor.tutor.exercise_view import exercise_view
from dockertutor.tutor.local_port import local_port
from dockertutor.tutor.questions import ask_digest, quiz_view
from dockertutor.tutor.record import LessonRecord
from dockertutor.tutor.standing import after, passed_in
from dockertutor.tutor.step_view import ExerciseView, FinishedView, Leftover, QuestionView, ReadView
from dockertutor.tutor.view import LessonHead


class OpenLesson:
    """Where the learner is. ``step`` counts from 0; ``len(lesson.steps)`` is the last page. Lives on the desk."""

    def __init__(self, house: House, course: Course, lesson: Lesson, entry: LessonEntry | None) -> None:
        self.house, self.course, self.lesson, self.entry = house, course, lesson, entry
        self.attempt: Attempt | None = None
        self.step = 0
        self.values = self._values()

    def _values(self) -> dict[str, str]:
        """The lesson's own variables: kept on resume, drawn once."""
        record = self.house.store.record()
        kept = record.lessons.get(self.lesson.id)
        if kept is not None and set(self.lesson.vars) <= set(kept.values):
            return dict(kept.values)
        values = draw_lesson(
            self.lesson, remembered=record.remembered, free_port=local_port(self.house.rng), rng=self.house.rng
        )
        self.house.store.add("drew", lesson=self.lesson.id, body={"values": values})
        return values

    # ------------------------------------------------------------------ moving
    def resume(self, exercise_id: str = "") -> None:
        """Go to where the learner left the lesson, or to an exercise. Raises UsageError where there is none."""
        kept = self.house.store.record().lessons.get(self.lesson.id)
        at = exercise_id or (kept.at if kept is not None else "")
        step = min(kept.step, len(self.lesson.steps)) if kept is not None else 0
        if at:
            steps = enumerate(self.lesson.steps)
            found = [n for n, one in steps if isinstance(one, Exercise) and at in (one.id, one.was)]
            if not found and exercise_id:
                raise UsageError(
                    f"The lesson `{self.lesson.id}` has no exercise `{exercise_id[:80]}`.",
                    f"`{COMMAND} list` shows all exercises.",
                )
            step = found[0] if found else step
        self.go(step)

    def go(self, step: int) -> None:
        """Go to a step; an exercise there is taken up where it was left."""
        if not 0 <= step <= len(self.lesson.steps):
            return
        self.drop_attempt()
        self.step = step
        here = self.here
        at = here.id if isinstance(here, Exercise) else ""
        ended = here is None
        try:
            self.house.store.add("moved", lesson=self.lesson.id, exercise=at, body={"step": step, "ended": ended})
        except ProgressError as error:
            self.house.trouble(error)  # reading goes on without it
        if isinstance(here, Exercise):
            self.attempt = Attempt(self.house, self.lesson, here, self.values)
            self.attempt.begin()
        self.house.changed()

    def drop_attempt(self) -> None:
        if self.attempt is not None:
            self.attempt.end()
            self.attempt = None

    @property
    def here(self) -> Read | Question | Exercise | None:
        """The step, None on the last page."""
        return self.lesson.steps[self.step] if self.step < len(self.lesson.steps) else None

    def choose(self, option: int) -> None:
        """Choose an option of the question that is open here."""
        here = self.here
        if isinstance(here, Question) and 0 <= option < len(here.options):
            chosen = self._chosen()
            if option not in chosen and not any(here.options[one].correct for one in chosen):
                right = here.options[option].correct
                body = {"step": self.step, "option": option, "right": right, "ask": ask_digest(here)}
                self.house.store.add("chose", lesson=self.lesson.id, body=body)
                self.house.changed()
        elif self.attempt is not None:
            self.attempt.predict(option)

    def _chosen(self) -> list[int]:
        """What was chosen in the quiz that is open here. The lesson may have changed since: another quiz stands at this
        step now, or this one has fewer options."""
        kept = self.house.store.record().lessons.get(self.lesson.id)
        here = self.here
        if kept is None or not isinstance(here, Question):
            return []
        chosen = kept.chosen.get(self.step, [])
        return [one for one, ask in chosen if one < len(here.options) and ask in ("", ask_digest(here))]

    # ------------------------------------------------------------------ what is shown
    def head(self) -> LessonHead:
        track = ""
        if self.entry is not None:
            track = next((t.title for t in self.course.tracks if t.id == self.entry.track), "")
        return LessonHead(
            id=self.lesson.id,
            title=self.lesson.title,
            track=track,
            number=self.entry.number if self.entry is not None else 0,
            step=self.step + 1,
            steps=len(self.lesson.steps),
            next_goal=self._next_goal(),
        )

    def _next_goal(self) -> str:
        following = self.lesson.steps[self.step + 1 : self.step + 2]
        if following and isinstance(following[0], Exercise):
            return goal(put(following[0].stages[0].task, self.values))
        return ""

    def view(self, leftovers: tuple[Leftover, ...]) -> ReadView | QuestionView | ExerciseView | FinishedView:
        here = self.here
        if self.attempt is not None:
            return exercise_view(self.attempt)
        if isinstance(here, Read):
            return ReadView(put(here.text, self._shown_values()))
        if isinstance(here, Question):
            return self._quiz(here)
        return self._finished(leftovers)

    def _shown_values(self) -> Mapping[str, str]:
        return {**self.house.store.record().remembered, **self.values}

    def _quiz(self, question: Question) -> QuestionView:
        shown = quiz_view(question, self._chosen())
        values = self._shown_values()
        options = tuple(
            type(one)(put(one.say, values), one.chosen, one.correct, put(one.because, values) if one.because else None)
            for one in shown.options
        )
        return QuestionView(put(shown.ask, values), options, shown.state)

    def _finished(self, leftovers: tuple[Leftover, ...]) -> FinishedView:
        record = self.house.store.record()
        kept = record.lessons.get(self.lesson.id, LessonRecord())  # another process may have reset it
        following = after(self.course, self.lesson.id)
        ids = [exercise.id for exercise in self.lesson.exercises]
        return FinishedView(
            title=self.lesson.title,
            passed=passed_in(record, self.lesson.id, ids),
            exercises=len(ids),
            minutes=max(1, round(kept.seconds / 60)),
            quote=put(self._quote(), self._shown_values()),
            next_id=following.id if following is not None else "",
            next_title=following.title if following is not None else "",
            next_minutes=following.minutes if following is not None else 0,
            leftovers=leftovers,
        )

    def _quote(self) -> str:
        """The quote on the last page that is read: what the learner can tell a friend."""
        last = next((one.text for one in reversed(self.lesson.steps) if isinstance(one, Read)), "")
        return next((block.text for block in blocks(last) if block.kind == "quote"), "")
