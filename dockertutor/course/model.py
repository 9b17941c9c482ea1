"""The lesson language as data: what a course, a lesson and its steps are after loading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from dockertutor.errors import Place

if TYPE_CHECKING:  # checks are of no concern to an overview
    from dockertutor.checks.model import Check

ExerciseKind = Literal["worked", "faded", "independent", "question"]


@dataclass(frozen=True)
class Option:
    """An answer to a question. ``because``: why it is right, or where the belief behind it ends."""

    say: str
    because: str
    correct: bool = False


@dataclass(frozen=True)
class Question:
    """A quiz question, or a prediction. Exactly one option is correct. ``ask`` is Markdown."""

    ask: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Script:
    """Something to be typed: ``files`` (path → text) are written first, then ``run`` is typed line by line."""

    run: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mistake:
    """A misunderstanding: when all checks of ``when`` hold after a fail, ``say`` is shown. ``by`` provokes it."""

    id: str
    when: tuple[Check, ...]
    say: str
    by: Script | None = None
    place: Place = Place("")


@dataclass(frozen=True)
class Stage:
    """One stage of an exercise (the exercise itself is the first, each of ``then`` a further one)."""

    task: str
    expect: tuple[Check, ...]
    given: tuple[Check, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    hints: tuple[str, ...] = ()
    solution: Script = Script()
    also: tuple[Script, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Variable:
    """How a variable is drawn: ``name``, ``token``, ``free-port``, ``number`` (``{"from": 3, "to": 9}``), ``one-of``
    (a tuple of texts), ``remembered`` (``{"default": text}``: a value kept by ``remember`` in an earlier lesson)."""

    how: str
    arg: Any = None


@dataclass(frozen=True)
class Exercise:
    """An exercise. Unbound, texts still hold ``${names}``; `course.variables.bind` gives a bound copy. ``done``: what
    has been reached, one sentence, or "" where the task's goal says it well enough."""

    id: str
    kind: ExerciseKind
    stages: tuple[Stage, ...]
    predict: Question | None = None
    vars: Mapping[str, Variable] = field(default_factory=dict)
    requires: tuple[Check, ...] = ()
    completes_lesson: bool = False
    done: str = ""
    exclusive: bool = False
    was: str = ""
    place: Place = Place("")
    source: Any = field(default=None, repr=False, compare=False)
    """The composed YAML node: binding puts values into it and loads it again."""


@dataclass(frozen=True)
class Read:
    """A page of Markdown."""

    text: str


Step = Read | Question | Exercise


@dataclass(frozen=True)
class Lesson:
    """A lesson. ``file`` is where it was read from; ``digest`` is a hash of its bytes."""

    id: str
    title: str
    minutes: int
    steps: tuple[Step, ...]
    needs: tuple[str, ...] = ()
    introduces: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    vars: Mapping[str, Variable] = field(default_factory=dict)
    was: str = ""
    file: Path = Path()
    digest: str = ""

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        return tuple(step for step in self.steps if isinstance(step, Exercise))
