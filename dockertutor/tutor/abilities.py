"""Which of the session's methods do something now: front ends light a key only while it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dockertutor.tutor.attempt import Attempt
    from dockertutor.tutor.open_lesson import OpenLesson
    from dockertutor.tutor.step_view import ExerciseView
    from dockertutor.tutor.view import EngineStatus


def can(step: object, lesson: OpenLesson | None, engine: EngineStatus) -> frozenset[str]:
    """Names of the session's methods that do something now."""
    names = {"open", "reset"}
    if engine.state == "fault":
        names.add("retry_engine")
    if lesson is None:
        return frozenset(names)
    from dockertutor.tutor.step_view import ExerciseView, FinishedView, QuestionView

    names.add("leave")
    if lesson.step > 0:
        names.add("back")
    if not isinstance(step, FinishedView):
        names.add("next")
    if isinstance(step, QuestionView) and step.state != "right":
        names.add("choose")
    if isinstance(step, ExerciseView):
        names |= _can_exercise(step, lesson.attempt)
    return frozenset(names)


def _can_exercise(step: ExerciseView, attempt: Attempt | None) -> set[str]:
    names: set[str] = {"restart"}
    open_ = step.phase in ("predict", "doing", "held", "lost")
    if step.predict is not None and step.predict.state == "open":
        names.add("choose")
    if open_:
        names.add("check")
        if len(step.hints) < step.hints_total:
            names.add("hint")
        if step.takes_answer:
            names.add("answer")
    if attempt is not None and attempt.bound is not None and step.solution is None:
        names.add("solution")
    if attempt is not None and attempt.outcome is not None:
        names.add("dispute")
    return names
