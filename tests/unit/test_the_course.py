"""What the course promises its learners, as far as reading it can tell; the proofs tell the rest."""

from __future__ import annotations

import re
from pathlib import Path

from dockertutor.authoring.lint import lint
from dockertutor.course import entries, load_course, load_lesson
from dockertutor.course.model import Exercise, Lesson, Question

ROOT = Path(__file__).parents[2] / "lessons"
COURSE = load_course(ROOT)
LESSONS = [load_lesson(entry.file) for entry in entries(COURSE)]
FIRST = LESSONS[0]
BEFORE_THE_CALLS = [one for one in LESSONS if "04-behind-the-commands" not in str(one.file)]


def questions(lesson: Lesson) -> list[Question]:
    return [step for step in lesson.steps if isinstance(step, Question)]


def test_lint_finds_nothing_to_say_about_it() -> None:
    assert [str(one) for one in lint([ROOT])] == []


def test_beside_the_first_steps_it_has_more_than_enough_to_do() -> None:
    others = [one for one in BEFORE_THE_CALLS if one is not FIRST]
    assert len(others) >= 6
    assert sum(len(one.exercises) for one in others) >= 24
    assert sum(len(questions(one)) for one in others) >= 12
    calls = [one for one in LESSONS if one not in BEFORE_THE_CALLS]
    assert sum(len(one.exercises) for one in calls) >= 10


def test_an_exercise_comes_right_after_the_first_page() -> None:
    assert FIRST.id == "first-steps"
    assert isinstance(FIRST.steps[1], Exercise)


def test_nobody_needs_curl_http_json_sockets_or_systemd_before_they_are_explained() -> None:
    needing = re.compile(r"curl|\bGET\b|\bPOST\b|\bDELETE\b|JSON|\bsocket|systemd|systemctl", re.IGNORECASE)
    for lesson in BEFORE_THE_CALLS:
        assert lesson.file is not None
        text = re.sub(r"\b(get|post|delete)\b", "", lesson.file.read_text("utf-8"))
        assert needing.findall(text) == [], lesson.id


def test_each_lesson_can_be_completed() -> None:
    for lesson in LESSONS:
        assert [one.id for one in lesson.exercises if one.completes_lesson] == [lesson.exercises[-1].id], lesson.id


def test_no_exercise_is_without_a_mistake_that_is_proved() -> None:
    for lesson in LESSONS:
        for exercise in lesson.exercises:
            for stage in exercise.stages:
                assert stage.mistakes, f"{lesson.id}/{exercise.id}"
                assert all(mistake.by is not None for mistake in stage.mistakes)


def test_the_last_line_speaks_before_what_earlier_ones_have_left_behind() -> None:
    """The first mistake that holds speaks. What is on the engine still holds when the next line is wrong in another
    way; only the last line and the last answer tell of it."""

    def rests_on_state(kinds: set[str]) -> bool:
        return not kinds & {"typed", "answer"}

    late = [
        (lesson.id, exercise.id)
        for lesson in LESSONS
        for exercise in lesson.exercises
        for stage in exercise.stages
        if exercise.id != "two-clients"  # there both rest on a state, of which only one can hold
        and (order := [rests_on_state({check.kind for check in mistake.when}) for mistake in stage.mistakes])
        != sorted(order)
    ]
    assert late == []
