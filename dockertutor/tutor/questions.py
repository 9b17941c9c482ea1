"""Quizzes and predictions as they are shown: what was chosen, and what may be revealed by now."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from dockertutor.course.model import Question
from dockertutor.tutor.step_view import OptionView, QuestionView


def ask_digest(question: Question) -> str:
    """What tells a quiz from another one at its step: lessons change, and what was chosen is kept by step."""
    return hashlib.sha256(question.ask.encode()).hexdigest()[:12]


def quiz_view(question: Question, chosen: Sequence[int]) -> QuestionView:
    """A quiz. A wrong choice says why it is wrong and may be made again; the right one ends it and reveals all."""
    right = any(question.options[option].correct for option in chosen)
    options = tuple(
        OptionView(
            option.say,
            chosen=number in chosen,
            correct=option.correct if right or number in chosen else None,
            because=option.because if right or number in chosen else None,
        )
        for number, option in enumerate(question.options)
    )
    return QuestionView(question.ask, options, "right" if right else "wrong" if chosen else "open")


def prediction_view(question: Question, chosen: int | None, *, revealed: bool) -> QuestionView | None:
    """A prediction: asked before the run, kept during it, answered after it. None after a run without one."""
    if revealed and chosen is None:
        return None
    options = tuple(
        OptionView(
            option.say,
            chosen=number == chosen,
            correct=option.correct if revealed else None,
            because=option.because if revealed and (option.correct or number == chosen) else None,
        )
        for number, option in enumerate(question.options)
    )
    state = "revealed" if revealed else "kept" if chosen is not None else "open"
    return QuestionView(question.ask, options, state)  # type: ignore[arg-type]
