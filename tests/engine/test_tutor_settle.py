"""Waiting for what was asked: front ends that take one line after another lose no pass and no finding."""

from __future__ import annotations

import sys
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


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody tells of changed files")
def test_a_file_that_an_editor_writes_is_seen_though_no_command_ends(driver: Driver) -> None:
    view = driver.open(FILES)
    assert view.folder is not None
    assert command(driver, "ls").phase == "doing"
    driver.final()
    (view.folder / "copy.txt").write_text(driver.values["word"])
    assert driver.phase("passed").phase == "passed"


def test_where_nobody_tells_of_files_they_are_looked_at(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchdog", None)
    view = driver.open(FILES)
    assert view.folder is not None
    driver.final()
    (view.folder / "copy.txt").write_text(driver.values["word"])
    assert driver.phase("passed").phase == "passed"
