"""The eighteen hard exercises of the syllabus, and one about calls that only the wire sees, proved as any lesson is:
typed into a shell, on a real engine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockertutor.authoring.proof import Totals
from dockertutor.authoring.prove import Prover
from dockertutor.course import load_course, load_lesson
from dockertutor.course.model import Exercise, Lesson
from dockertutor.engine.connection import Endpoint

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
HARD = load_lesson(ROOT / "tests" / "examples" / "hard-exercises.yaml")
CALLS = load_lesson(ROOT / "tests" / "examples" / "api-calls.yaml")


@pytest.fixture(scope="module")
def prover(engine_url: str) -> Iterator[Prover]:
    with Prover(load_course(ROOT / "lessons"), Endpoint(engine_url, "the tests")) as made:
        yield made


@pytest.mark.parametrize("exercise", HARD.exercises, ids=lambda exercise: exercise.id)
def test_a_hard_exercise_holds_and_its_mistakes_are_told(prover: Prover, exercise: Exercise) -> None:
    holds(prover, HARD, exercise)


@pytest.mark.parametrize("exercise", CALLS.exercises, ids=lambda exercise: exercise.id)
def test_what_was_asked_how_often_and_by_whom_is_proved(prover: Prover, exercise: Exercise) -> None:
    """Solution and also pass; a call with another query, too few of them, and another client's are told apart."""
    totals = holds(prover, CALLS, exercise)

    said = [(case.case, case.id) for case in totals.cases]
    assert [case for case in said if case[0] == "also"]
    assert {wrong for case, wrong in said if case == "mistake"} == {"running-only", "once", "other-program"}


def holds(prover: Prover, lesson: Lesson, exercise: Exercise) -> Totals:
    totals = Totals()
    if exercise.exclusive and not os.environ.get("DOCKERTUTOR_PRIVATE_ENGINE"):
        pytest.skip("not run: counts what is on the engine, so it needs one of its own")

    prover.prove(lesson, exercise, totals, lambda case: None)

    bad = [f"{case.case} {case.id}: {case.verdict}; {case.why}" for case in totals.cases if not case.ok]
    assert not bad, "\n".join(bad)
    assert totals.cases or totals.skipped
    assert not totals.left
    assert not totals.touched
    return totals


def test_all_eighteen_are_here() -> None:
    assert len(HARD.exercises) == 18
