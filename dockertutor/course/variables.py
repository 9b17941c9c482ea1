"""Variables: how they are drawn for an attempt, and how they get into texts and checks."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterable, Mapping

from dockertutor.checks.nodes import Reader
from dockertutor.course.build import build_exercise
from dockertutor.course.grammar import EXERCISE
from dockertutor.course.model import Exercise, Lesson, Variable
from dockertutor.course.names import draw_name, draw_token
from dockertutor.course.rules import check_given, check_paths
from dockertutor.course.scalars import VARIABLE, as_prose, filled, put
from dockertutor.errors import ContentError, Place, Problem

SAMPLES: Mapping[str, str] = {"name": "blu-otter", "token": "modupar", "free-port": "831"}
"""What variables are while a lesson is loaded: each gets its number appended, so that all differ."""

FreePort = Callable[[], int]


def draw(
    exercise: Exercise,
    *,
    lesson_values: Mapping[str, str],
    remembered: Mapping[str, str],
    free_port: FreePort,
    rng: random.Random,
) -> dict[str, str]:
    """Draw an exercise's variables for one attempt; the lesson's values are among what is returned.

    ``remembered``: what earlier lessons kept, by the variable's name. ``free_port`` is asked for a port (an int from
    1 to 65535) as often as one is needed. No two drawn names, tokens or ports are equal, nor part of each other.
    """
    return _draw(exercise.vars, lesson_values, remembered, free_port, rng)


def draw_lesson(
    lesson: Lesson, *, remembered: Mapping[str, str], free_port: FreePort, rng: random.Random, host: str = "localhost"
) -> dict[str, str]:
    """Draw the lesson's own variables. ``host`` is the engine's host as ``${host}`` shows it."""
    return _draw(lesson.vars, {"host": host}, remembered, free_port, rng)


def _draw(
    variables: Mapping[str, Variable],
    before: Mapping[str, str],
    remembered: Mapping[str, str],
    free_port: FreePort,
    rng: random.Random,
) -> dict[str, str]:
    values = dict(before)
    taken = set(before.values())
    for name, variable in variables.items():
        match variable.how:
            case "name":
                value = _unlike(taken, lambda: draw_name(rng))
            case "token":
                value = _unlike(taken, lambda: draw_token(rng))
            case "free-port":
                value = _unlike(taken, lambda: str(free_port()))
            case "number":
                value = str(rng.randint(int(variable.arg["from"]), int(variable.arg["to"])))
            case "one-of":
                value = rng.choice(variable.arg)
            case _:
                value = tidy(remembered.get(name, "")) or variable.arg["default"]
        values[name] = value
        if variable.how in ("name", "token", "free-port"):
            taken.add(value)
    return values


def _unlike(taken: Iterable[str], make: Callable[[], str]) -> str:
    """Something that shares no part with what is taken: a learner who mixes two up must not be right by chance."""
    value = make()
    for _ in range(200):
        parts = set(value.split("-"))
        if not any(parts & set(other.split("-")) or value in other or other in value for other in taken if other):
            break
        value = make()
    return value


def tidy(text: str) -> str:
    """A remembered text in one line, without control characters, at most 200 characters."""
    plain = "".join(sign if not unicodedata.category(sign).startswith("C") else " " for sign in text)
    return " ".join(plain.split())[:200].rstrip()


def sample_values(variables: Mapping[str, Variable]) -> dict[str, str]:
    """A plausible value for each variable, all different, so that an exercise can be read before it is drawn."""
    values = {"host": "localhost"}
    for number, (name, variable) in enumerate(variables.items()):
        match variable.how:
            case "number":
                values[name] = str(variable.arg.get("from", 1))
            case "one-of":
                values[name] = variable.arg[0] if variable.arg else ""
            case "remembered":
                values[name] = variable.arg.get("default", "")
            case "free-port":
                values[name] = f"{SAMPLES['free-port']}{number % 10}"
            case how:
                values[name] = f"{SAMPLES[how]}-{number}"
    return values


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values into Markdown for learners.

    A ``${lower_case}`` without a value raises `ContentError`; ``${UPPER}`` and ``$HOME`` stay. Never fill a text
    twice: a value may itself hold ``${…}``.
    """
    missing = [found[1] for found in VARIABLE.finditer(text) if found[1] not in values]
    if missing:
        raise ContentError([Problem(Place(""), "vars", f"`${{{name}}}` has no value") for name in missing])
    return put(text, {name: as_prose(value) for name, value in values.items()})


def complete(why: str, kept: Mapping[str, str]) -> str:
    """A bound ``why`` with what the exercise's own checks have kept by ``remember`` put in."""
    return put(why, {name: as_prose(tidy(value)) for name, value in kept.items()})


def bind(exercise: Exercise, values: Mapping[str, str]) -> Exercise:
    """The exercise with values put into all its texts and checks, read and checked again as a whole.

    Raises `ContentError` where a variable has no value, keys become equal, or a check is no longer valid.
    """
    if exercise.source is None:
        raise ContentError([Problem(exercise.place, "exercise", "it was not read from a file and cannot be bound")])
    problems: list[Problem] = []
    reader = Reader(exercise.place.file, problems)
    for name in exercise.vars:
        if name not in values:
            problems.append(Problem(exercise.place, name, "the variable has no value"))
    node = filled(exercise.source, values)
    bound = build_exercise(EXERCISE.read(reader, node, "exercise"), reader, exercise.source)
    check_paths(node, reader)
    check_given(node, reader)
    if problems:
        raise ContentError(problems)
    return bound
