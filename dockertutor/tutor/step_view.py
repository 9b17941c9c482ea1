"""What a front end draws of an open lesson's step, and of its end. See `tutor.view`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from dockertutor.checks.model import Status


@dataclass(frozen=True)
class OptionView:
    """One option. ``because`` and ``correct`` are None until the question reveals them."""

    say: str
    chosen: bool = False
    correct: bool | None = None
    because: str | None = None


@dataclass(frozen=True)
class QuestionView:
    """A quiz, or a prediction. ``state``: ``open``, ``wrong`` (chosen wrongly, may choose again), ``right``,
    ``kept`` (a prediction that waits for the run), ``revealed``."""

    ask: str
    options: tuple[OptionView, ...]
    state: Literal["open", "wrong", "right", "kept", "revealed"] = "open"


@dataclass(frozen=True)
class CheckRow:
    """One row under "Done when". ``note``: the muted text at the right (the object's name, "not yet", "asking",
    "after the port"). ``expected``/``found``/``closest``/``explanation`` hang on the failed row; ``explanation`` is
    the matching mistake's text."""

    status: Status | Literal["open"]
    title: str
    note: str = ""
    expected: str = ""
    found: str = ""
    closest: str = ""
    explanation: str = ""


@dataclass(frozen=True)
class HintView:
    """A hint that was asked for. ``tier`` counts from 1; ``label``: "where to look", "which command", "almost all
    of it"."""

    tier: int
    label: str
    text: str


@dataclass(frozen=True)
class ReadView:
    text: str


@dataclass(frozen=True)
class ExerciseView:
    """An exercise.

    ``phase``: ``preparing`` (what is given is being made: ``waiting_for`` says what), ``predict`` (the prediction is
    asked), ``doing``, ``held`` (all checks hold, not sealed yet), ``passed``, ``not-here`` (``requires`` does not hold:
    ``notice`` says why), ``unmade`` (what is given could not be made: ``notice``), ``lost`` (a given object was
    destroyed: a new start is offered, ``notice``). ``goal``: the task's first bold sentence. ``done``: what has been
    reached, after the pass. ``type_this``: the worked
    command that one key puts at the prompt, or "". ``stage`` counts from 1. ``notice``: one sentence, e.g. why a tick
    turned back. ``solution``: None until it was asked for. ``seen_pages``: addresses named in the task.
    """

    id: str
    kind: str
    phase: Literal["preparing", "predict", "doing", "held", "passed", "not-here", "unmade", "lost"]
    goal: str
    task: str
    stage: int = 1
    stages: int = 1
    rows: tuple[CheckRow, ...] = ()
    predict: QuestionView | None = None
    hints: tuple[HintView, ...] = ()
    hints_total: int = 0
    why: str = ""
    done: str = ""
    solution: str | None = None
    type_this: str = ""
    notice: str = ""
    waiting_for: str = ""
    folder: Path | None = None
    files: tuple[str, ...] = ()
    seen_pages: tuple[str, ...] = ()
    takes_answer: bool = False

    @property
    def holding(self) -> int:
        """How many rows hold."""
        return sum(row.status == "pass" for row in self.rows)


@dataclass(frozen=True)
class Leftover:
    """An object that the learner or the lesson made and that still exists. ``ours``: known by the ledger (removed
    when the learner says yes); else offered one by one and never by default. ``made``: seconds since the epoch, 0 for
    not known; a time, not an age: the list may be looked at long after it was taken."""

    kind: str
    id: str
    name: str
    image: str = ""
    made: float = 0.0
    ours: bool = True


@dataclass(frozen=True)
class FinishedView:
    """The last page of a lesson. ``quote``: what can be told a friend, Markdown, from the last page that was read."""

    title: str
    passed: int
    exercises: int
    minutes: int
    next_id: str = ""
    next_title: str = ""
    next_minutes: int = 0
    leftovers: tuple[Leftover, ...] = ()
    quote: str = ""
