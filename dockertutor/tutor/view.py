"""What a front end draws: frozen pictures of where the learner stands. No logic, no widgets.

The core posts a new `View` whenever something changes; a front end replaces what it shows. All prose is the lesson
language's Markdown subset, unescaped text; front ends must never interpret anything else (container names, logs,
learners' text) as markup. Here stands the frame; `step_view`, `engine_view` and `course_view` hold what is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # the course is drawn before any lesson is open
    from dockertutor.tutor.step_view import ExerciseView, FinishedView, QuestionView, ReadView


@dataclass(frozen=True)
class EngineStatus:
    """The header's engine word. ``state``: ``connecting``, ``ok`` or ``fault``. ``label``: "Engine 28.5".
    ``where``: "on this computer" or the host. ``what``/``do``/``detail``: the fault's sentences."""

    state: Literal["connecting", "ok", "fault"] = "connecting"
    label: str = ""
    where: str = ""
    what: str = ""
    do: str = ""
    detail: str = ""


@dataclass(frozen=True)
class LessonHead:
    """``step`` counts from 1 and runs to ``steps`` (the finished page is ``steps + 1``)."""

    id: str
    title: str
    track: str
    number: int
    step: int
    steps: int
    next_goal: str = ""


@dataclass(frozen=True)
class View:
    """Where the learner stands in an open lesson. ``can``: names of the actions that work now (see `Session`).
    ``busy``: what is being waited for right now ("Getting the image busybox, 2 of 4 MB"), or "". ``trouble``: what
    went wrong outside the exercise (the disk is full, an object could not be removed), or ""."""

    lesson: LessonHead | None = None
    step: ReadView | QuestionView | ExerciseView | FinishedView | None = None
    engine: EngineStatus = EngineStatus()
    can: frozenset[str] = frozenset()
    busy: str = ""
    number: int = 0
    trouble: str = ""
