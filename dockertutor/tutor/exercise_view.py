"""An attempt as a front end draws it."""

from __future__ import annotations

from typing import Literal

from dockertutor.course.goals import goal
from dockertutor.course.model import Script, Stage
from dockertutor.course.scalars import put
from dockertutor.tutor.attempt import Attempt
from dockertutor.tutor.folder import listed
from dockertutor.tutor.questions import prediction_view
from dockertutor.tutor.step_view import ExerciseView, HintView
from dockertutor.tutor.task_text import addresses, first_block

Phase = Literal["preparing", "predict", "doing", "held", "passed", "not-here", "unmade", "lost"]
HINT_LABELS = ("where to look", "which command", "almost all of it")


def exercise_view(attempt: Attempt) -> ExerciseView:
    """The attempt now. While its variables are not drawn the task is not shown, only its goal."""
    exercise = attempt.bound or attempt.exercise
    stage = exercise.stages[attempt.stage]
    drawn = attempt.bound is not None
    task = stage.task if drawn else ""
    passed = attempt.state == "passed"
    predict = exercise.predict if drawn and attempt.stage == 0 else None
    return ExerciseView(
        id=exercise.id,
        kind=exercise.kind,
        phase=phase_of(attempt),
        goal=goal(stage.task if drawn else put(stage.task, attempt.lesson_values)),
        task=task,
        stage=attempt.stage + 1,
        stages=len(exercise.stages),
        rows=attempt.rows,
        predict=prediction_view(predict, attempt.predicted, revealed=passed) if predict is not None else None,
        hints=hints_of(attempt, stage),
        hints_total=len(stage.hints),
        why=attempt.why if passed else "",
        done=attempt.done if passed else "",
        solution=script_text(stage.solution) if attempt.stage in attempt.solutions else None,
        type_this=first_block(task) if exercise.kind == "worked" else "",
        notice=attempt.notice,
        waiting_for=attempt.waiting_for,
        folder=attempt.folder,
        files=listed(attempt.folder),
        seen_pages=addresses(task),
        takes_answer=any(check.kind == "answer" for check in stage.expect),
    )


def phase_of(attempt: Attempt) -> Phase:
    """The phase: what the attempt's state, verdict and prediction come to."""
    if attempt.state != "doing":
        return attempt.state
    if attempt.outcome is not None and attempt.outcome.status == "pass":
        return "held"
    if attempt.lost:
        return "lost"
    asked = attempt.bound is not None and attempt.bound.predict is not None and attempt.stage == 0
    if asked and attempt.predicted is None and not attempt.touched:
        return "predict"
    return "doing"


def hints_of(attempt: Attempt, stage: Stage) -> tuple[HintView, ...]:
    """The hints that were asked for, each with its tier."""
    shown = stage.hints[: attempt.hints.get(attempt.stage, 0)]
    return tuple(
        HintView(number, HINT_LABELS[min(number, len(HINT_LABELS)) - 1], text) for number, text in enumerate(shown, 1)
    )


def script_text(script: Script) -> str:
    """A solution as text: its files first, then what is typed."""
    parts = [f"{path}:\n\n{_indented(text)}" for path, text in script.files.items()]
    if script.run.strip():
        parts.append(_indented(script.run))
    return "\n\n".join(parts)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.rstrip().splitlines())
