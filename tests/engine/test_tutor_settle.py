"""Waiting for what was asked: front ends that take one line after another lose no pass and no finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tutor_driver import Driver

from dockertutor.tutor.step_view import ExerciseView

pytestmark = pytest.mark.engine

FILES = """
id: one
kind: worked
vars: {word: token}
files: {note.txt: "${word}"}
task: |
  **Copy it.**
expect: [{file: copy.txt, contains: "${word}"}]
hints: [a, b, c]
solution: cp note.txt copy.txt
"""
ANSWER = FILES.replace('{file: copy.txt, contains: "${word}"}', '{answer: "${word}"}')


@pytest.fixture
def driver(engine_url: str, run_docker: Callable[..., object], tmp_path: Path) -> Iterator[Driver]:
    one = Driver(engine_url, tmp_path, run_docker)  # type: ignore[arg-type]
    yield one
    one.clean()


def command(driver: Driver, line: str, code: int = 0) -> ExerciseView:
    driver.tutor.command_began(line)
    driver.tutor.command_ended(line, code)
    step = driver.tutor.settle(20).step
    assert isinstance(step, ExerciseView)
    return step


def test_a_pass_is_recorded_when_it_has_settled(driver: Driver) -> None:
    view = driver.open(FILES)
    assert view.folder is not None
    (view.folder / "copy.txt").write_text(driver.values["word"])
    assert command(driver, "cp note.txt copy.txt").phase == "passed"


def test_a_command_that_changed_nothing_counts_where_files_are_asked_for(driver: Driver) -> None:
    driver.open(FILES)
    step = command(driver, "cp note.txt copy.tx")
    assert [row.status for row in step.rows][:1] == ["fail"]


def test_a_command_on_the_way_to_an_answer_is_no_wrong_answer(driver: Driver) -> None:
    driver.open(ANSWER)
    step = command(driver, "cat note.txt")
    assert {row.status for row in step.rows} == {"open"}


def test_an_exercise_that_is_opened_has_been_prepared_when_it_has_settled(driver: Driver) -> None:
    driver.open(FILES)
    driver.tutor.restart()
    step = driver.tutor.settle(20).step
    assert isinstance(step, ExerciseView)
    assert step.phase == "doing"
