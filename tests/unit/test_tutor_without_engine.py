"""The tutor without an engine: reading, quizzes, progress and the overview do not wait for one."""

from __future__ import annotations

import random
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dockertutor.course.heads import Course
from dockertutor.course.library import load_course
from dockertutor.errors import EngineNotRunning, ProgressError
from dockertutor.tutor.core import Tutor
from dockertutor.tutor.progress import Store
from dockertutor.tutor.reset import reset
from dockertutor.tutor.step_view import ExerciseView, FinishedView, QuestionView, ReadView

LESSON = """
format: 1
id: boxes
title: Boxes
minutes: 8
vars: {port: free-port}
steps:
  - read: |
      ## Doors

      A box has a door ${port}.
  - quiz:
      ask: Where is the door?
      options:
        - {say: Inside, because: No.}
        - {say: Outside, correct: true, because: Yes.}
  - exercise:
      id: one
      kind: worked
      vars: {name: name}
      task: |
        **Run a box** called ${name}.

            docker run --name ${name} busybox true
      expect: [{container: "${name}", exit_code: 0}]
      hints: [Look, Type, Almost]
      solution: docker run --name ${name} busybox true
  - read: |
      The end.
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    folder = tmp_path / "course"
    (folder / "01-first").mkdir(parents=True)
    (folder / "course.yaml").write_text("format: 1\nid: c\ntitle: The course\ntracks: {01-first: First}\n")
    (folder / "01-first" / "01-boxes.yaml").write_text(LESSON)
    more = LESSON.replace("id: boxes\ntitle: Boxes", "id: more\ntitle: More")
    (folder / "01-first" / "02-more.yaml").write_text(more)
    return load_course(folder)


def no_engine() -> object:
    raise EngineNotRunning("The engine is not running.", "Start it.")


Start = Callable[[], Tutor]


@pytest.fixture
def start(course: Course, tmp_path: Path) -> Iterator[Start]:
    made: list[Tutor] = []

    def make() -> Tutor:
        store = Store(tmp_path / "data" / "progress.db")
        tutor = Tutor(course, store, no_engine, folder_root=tmp_path / "data" / "work", rng=random.Random(1))  # type: ignore[arg-type]
        made.append(tutor.start())
        return tutor

    yield make
    for tutor in made:
        tutor.close()
        tutor.store.close()


def test_pages_are_read_and_quizzes_answered_without_an_engine(start: Start) -> None:
    tutor = start()
    tutor.open("boxes")
    page = tutor.wait(lambda view: isinstance(view.step, ReadView)).step
    assert isinstance(page, ReadView)
    assert "${port}" not in page.text

    tutor.next()
    tutor.choose(0)
    wrong = tutor.wait(lambda view: isinstance(view.step, QuestionView) and view.step.state == "wrong").step
    assert isinstance(wrong, QuestionView)
    assert (wrong.options[0].because, wrong.options[1].because) == ("No.", None)

    tutor.choose(1)
    right = tutor.wait(lambda view: isinstance(view.step, QuestionView) and view.step.state == "right")
    assert isinstance(right.step, QuestionView)
    assert right.step.options[1].correct
    assert "choose" not in right.can


def chosen_before(start: Start, option: int) -> None:
    tutor = start()
    tutor.open("boxes")
    tutor.next()
    tutor.choose(option)
    tutor.wait(lambda view: isinstance(view.step, QuestionView) and view.step.state != "open")
    tutor.close()


def after_the_change(start: Start, course: Course, old: str, new: str) -> QuestionView:
    """The question where the learner was, in a new version of the lesson."""
    file = course.root / "01-first" / "01-boxes.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    tutor = start()
    tutor.course = load_course(course.root)
    tutor.open("boxes")
    step = tutor.wait(lambda view: isinstance(view.step, QuestionView)).step
    assert isinstance(step, QuestionView)
    return step


def stored_choice(start: Start, option: int) -> QuestionView:
    """The quiz, with a choice that was stored before the question was kept with it."""
    tutor = start()
    tutor.store.add("chose", lesson="boxes", body={"step": 1, "option": option, "right": True})
    tutor.open("boxes")
    tutor.next()
    step = tutor.wait(lambda view: isinstance(view.step, QuestionView)).step
    assert isinstance(step, QuestionView)
    return step


def test_an_answer_of_before_questions_were_kept_with_it_counts(start: Start) -> None:
    assert stored_choice(start, 1).state == "right"


def test_a_quiz_is_asked_again_that_was_answered_with_an_option_it_no_longer_has(start: Start) -> None:
    assert stored_choice(start, 2).state == "open"


def test_another_quiz_at_the_place_of_an_answered_one_is_asked(start: Start, course: Course) -> None:
    chosen_before(start, 1)
    assert after_the_change(start, course, "Where is the door?", "Where is the key?").state == "open"


def test_the_same_quiz_in_a_changed_lesson_stays_answered(start: Start, course: Course) -> None:
    chosen_before(start, 1)
    assert after_the_change(start, course, "A box has a door", "Each box has a door").state == "right"


@pytest.mark.parametrize("lesson", ["boxes", ""])
def test_a_reset_by_another_process_at_the_last_page_breaks_nothing(start: Start, tmp_path: Path, lesson: str) -> None:
    tutor = start()
    tutor.open("boxes")
    for _ in range(4):
        tutor.next()
    tutor.wait(lambda view: isinstance(view.step, FinishedView))
    other = Store(tmp_path / "data" / "progress.db")
    reset(other, tmp_path / "data" / "work", "lesson" if lesson else "all", lesson)
    other.close()

    shown = tutor.view.number
    tutor.post(tutor.changed)
    view = tutor.wait(lambda view: view.number > shown)
    assert view.number > shown
    assert isinstance(view.step, FinishedView)
    tutor.back()
    assert isinstance(tutor.wait(lambda view: isinstance(view.step, ReadView)).step, ReadView)
    assert not (tmp_path / "data" / "broken.log").exists()


def test_the_engines_fault_is_told_and_the_exercise_waits(start: Start) -> None:
    tutor = start()
    tutor.open("boxes", "one")

    view = tutor.wait(lambda view: view.engine.state == "fault" and isinstance(view.step, ExerciseView))

    assert view.engine.what == "The engine is not running."
    assert isinstance(view.step, ExerciseView)
    assert view.step.phase == "preparing"
    assert view.step.waiting_for == "Waiting for the engine"
    assert "retry_engine" in view.can


def test_going_on_twice_from_one_step_goes_on_once(start: Start) -> None:
    """Enter that is pressed again before the next step is drawn must not lead past it."""
    tutor = start()
    tutor.open("boxes")
    tutor.next(1)
    tutor.next(1)
    tutor.back(1)
    tutor.settle(5)
    view = tutor.wait(lambda view: view.lesson is not None and view.lesson.step == 2)
    assert view.lesson is not None
    assert view.lesson.step == 2
    tutor.back(2)
    assert isinstance(tutor.wait(lambda view: isinstance(view.step, ReadView)).step, ReadView)


def test_the_next_start_goes_on_where_the_last_one_was(start: Start) -> None:
    tutor = start()
    tutor.open("boxes")
    page = tutor.wait(lambda view: isinstance(view.step, ReadView)).step
    tutor.next()
    tutor.wait(lambda view: isinstance(view.step, QuestionView))
    tutor.close()

    again = start()
    assert again.overview().resume is not None
    assert again.overview().resume.id == "boxes"
    again.open("boxes")
    view = again.wait(lambda view: isinstance(view.step, QuestionView))
    assert view.lesson is not None
    assert view.lesson.step == 2
    again.back()
    assert again.wait(lambda view: isinstance(view.step, ReadView)).step == page


def test_the_last_page_says_what_comes_next(start: Start) -> None:
    tutor = start()
    tutor.open("boxes")
    for _ in range(4):
        tutor.next()

    view = tutor.wait(lambda view: isinstance(view.step, FinishedView))

    assert isinstance(view.step, FinishedView)
    assert (view.step.passed, view.step.exercises, view.step.next_id) == (0, 1, "more")
    assert "next" not in view.can


def test_a_reset_begins_the_lesson_anew(start: Start) -> None:
    tutor = start()
    tutor.open("boxes")
    tutor.next()
    tutor.choose(1)
    tutor.wait(lambda view: isinstance(view.step, QuestionView) and view.step.state == "right")

    tutor.reset("lesson")
    tutor.wait(lambda view: isinstance(view.step, ReadView))
    tutor.next()

    view = tutor.wait(lambda view: isinstance(view.step, QuestionView))
    assert isinstance(view.step, QuestionView)
    assert view.step.state == "open"


def test_an_unknown_lesson_is_trouble_that_names_the_nearest(start: Start) -> None:
    tutor = start()
    tutor.open("boxs")

    assert "Did you mean `boxes`?" in tutor.wait(lambda view: bool(view.trouble)).trouble


def test_search_finds_lines_of_lessons_and_terms(start: Start, course: Course) -> None:
    (course.root / "glossary.yaml").write_text("format: 1\nterms: {door: {name: door, text: A way in.}}\n")
    tutor = start()
    tutor.course = replace(course, glossary=load_course(course.root).glossary)

    assert ("boxes", "Boxes", "Doors") in tutor.search("doors")
    term = tutor.term("term:door")
    assert term is not None
    assert term.text.strip() == "A way in."


def test_the_core_needs_neither_textual_nor_docker(tmp_path: Path) -> None:
    code = (
        "import sys, dockertutor.tutor.core, dockertutor.tutor.stored, dockertutor.tutor.given;"
        "print([m for m in ('textual', 'docker', 'requests') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.strip() == "[]"


def test_a_full_disk_is_told_and_the_tutor_goes_on(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    tutor = start()
    tutor.open("boxes")
    tutor.wait(lambda view: isinstance(view.step, ReadView))

    def full(*args: object, **more: object) -> None:
        raise ProgressError("The disk is full.", "Make room.")

    with monkeypatch.context() as patch:
        patch.setattr(tutor.store, "add", full)
        tutor.next()
        view = tutor.wait(lambda view: bool(view.trouble))
    assert view.trouble == "The disk is full. Make room."

    tutor.next()
    assert not tutor.wait(lambda view: not view.trouble).trouble


def test_a_fault_of_our_own_is_noted_in_a_file_and_the_tutor_goes_on(start: Start, tmp_path: Path) -> None:
    tutor = start()
    tutor.open("boxes")
    tutor.post(lambda: [][0])  # type: ignore[misc]

    view = tutor.wait(lambda view: bool(view.trouble))

    log = tmp_path / "data" / "broken.log"
    assert str(log) in view.trouble
    assert "IndexError" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    tutor.next()
    assert isinstance(tutor.wait(lambda view: isinstance(view.step, QuestionView)).step, QuestionView)
