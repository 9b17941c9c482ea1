"""Whether an exercise holds together whatever is drawn: loading it looks at one sample of each variable only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, islice

from dockertutor.course.model import Exercise, Lesson, Variable
from dockertutor.course.variables import bind, sample_values
from dockertutor.errors import ContentError, Problem

MOST = 400
"""How many draws of one exercise are tried."""


def drawn(lesson: Lesson) -> Iterator[Problem]:
    """What is wrong with an exercise for some of the values that may be drawn; each with the values that show it."""
    for exercise in lesson.exercises:
        told: set[Problem] = set()
        sample = sample_values({**lesson.vars, **exercise.vars})
        for values in islice(_draws({**lesson.vars, **exercise.vars}, sample), MOST):
            for problem in _problems(exercise, {**sample, **values}):
                bare = Problem(problem.place, problem.key, "")
                if bare not in told:
                    told.add(bare)
                    names = " and ".join(f"`{name}: {value}`" for name, value in values.items())
                    yield Problem(problem.place, problem.key, f"with {names}: {problem.message}", problem.nearest)


def _problems(exercise: Exercise, values: Mapping[str, str]) -> tuple[Problem, ...]:
    try:
        bind(exercise, values)
    except ContentError as error:
        return error.problems
    return ()


def _draws(variables: Mapping[str, Variable], sample: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Each option and bound of one variable while the others have their samples, then two that are drawn alike: they
    may be keys of one mapping."""
    for name, variable in variables.items():
        yield from ({name: value} for value in _ends(variable) if value != sample[name])
    for (name, one), (other, two) in combinations(variables.items(), 2):
        both = _both(one, two)
        if both is not None:
            yield {name: both, other: both}


def _ends(variable: Variable) -> tuple[str, ...]:
    if variable.how == "one-of":
        return tuple(variable.arg)
    if variable.how == "number":
        return str(variable.arg["from"]), str(variable.arg["to"])
    return ()


def _both(one: Variable, two: Variable) -> str | None:
    """A value that both may be drawn as; None where there is none (two names, tokens or ports always differ)."""
    if one.how == two.how == "number":
        low = max(int(one.arg["from"]), int(two.arg["from"]))
        return str(low) if low <= min(int(one.arg["to"]), int(two.arg["to"])) else None
    for choice, other in ((one, two), (two, one)):
        if choice.how == "one-of":
            return next((value for value in choice.arg if _may_be(other, value)), None)
    return None


def _may_be(variable: Variable, value: str) -> bool:
    if variable.how == "number":
        plain = value.isascii() and value.isdigit() and str(int(value[:9])) == value
        return plain and int(variable.arg["from"]) <= int(value) <= int(variable.arg["to"])
    return variable.how == "one-of" and value in variable.arg
