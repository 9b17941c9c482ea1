"""``dockertutor check`` from another process: the stored attempt is judged, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dockertutor.course.heads import Course
from dockertutor.course.library import load_course
from dockertutor.engine.connection import Endpoint, connect
from dockertutor.errors import UsageError
from dockertutor.tutor.progress import Store
from dockertutor.tutor.standing import list_data, status_data
from dockertutor.tutor.stored import Checked, judge_stored
from tests.engine.tutor_driver import Docker, Driver

pytestmark = pytest.mark.engine

EXERCISE = """
      id: {id}
      kind: independent
      vars: {{name: name}}
      task: "**Keep it running** as ${{name}}."
      expect: [{{container: "${{name}}", state: running}}]
      mistakes: [{{id: ended, when: {{container: "${{name}}", state: exited}}, say: It has ended.}}]
      solution: docker run -d --name ${{name}} busybox sleep 100
"""
HEAD = "format: 1\nid: lesson\ntitle: A lesson\nminutes: 5\nsteps:\n"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    folder = tmp_path / "course"
    (folder / "01-first").mkdir(parents=True)
    (folder / "course.yaml").write_text("format: 1\nid: c\ntitle: The course\ntracks: {01-first: First}\n")
    steps = "".join(f"  - exercise:{EXERCISE.format(id=name)}" for name in ("one", "two"))
    (folder / "01-first" / "01-lesson.yaml").write_text(HEAD + steps)
    return load_course(folder)


@pytest.fixture
def driver(course: Course, engine_url: str, tmp_path: Path, run_docker: Docker) -> Iterator[Driver]:
    made = Driver(engine_url, tmp_path / "data", run_docker)
    made.tutor.course = course
    yield made
    names = [attempt.values["name"] for attempt in made.store.record().attempts.values()]
    made.clean()
    for name in names:
        run_docker("rm", "-f", name, check=False)


def checked(driver: Driver, which: str = "") -> dict[str, Checked]:
    store, engine = Store(driver.data / "progress.db"), connect(Endpoint(driver.url))
    try:
        found = judge_stored(driver.tutor.course, store, engine, which, folder_root=driver.data / "work")
    finally:
        engine.close()
        store.close()
    return {one.exercise: one for one in found}


def test_what_was_never_begun_does_not_hold(driver: Driver) -> None:
    driver.tutor.open("lesson", "one")
    driver.phase("doing")
    found = checked(driver)

    assert (found["one"].status, found["two"].status) == ("fail", "new")
    assert not found["two"].holds
    assert found["two"].counts


def test_what_this_engine_cannot_offer_does_not_count_though_it_was_never_begun(driver: Driver) -> None:
    lesson = driver.tutor.course.root / "01-first" / "01-lesson.yaml"
    needs = '      requires: [{daemon: {version: {at-least: "99"}}}]\n      kind: independent\n'
    before, _, after = lesson.read_text().rpartition("      kind: independent\n")
    lesson.write_text(before + needs + after)
    found = checked(driver)
    assert (found["one"].status, found["two"].status) == ("new", "not-here")
    assert not found["two"].counts
    assert found["two"].why.startswith("This exercise needs another engine (Engine version: at least 99")


def test_it_judges_now_with_the_mistakes_text_and_what_was_sealed_stays_passed(driver: Driver) -> None:
    driver.tutor.open("lesson", "one")
    driver.phase("doing")
    name = driver.values["name"]
    driver.tutor.close()  # nobody watches
    driver.docker("run", "-d", "--name", name, "busybox", "true")
    driver.docker("wait", name)
    failed = checked(driver, "lesson/one")["one"]
    driver.docker("rm", name)
    driver.docker("run", "-d", "--name", name, "busybox", "sleep", "100")
    passed = checked(driver, "lesson/one")["one"]

    assert (failed.status, failed.mistake) == ("fail", "It has ended.")
    assert (passed.status, passed.sealed) == ("pass", None)
    assert passed.facts is not None
    assert driver.store.record().exercise("lesson", "one").state == "begun"  # nothing was written

    second = Driver(driver.url, driver.data, driver.docker)
    second.tutor.course = driver.tutor.course
    second.tutor.open("lesson", "one")
    second.phase("passed")
    second.tutor.close()
    second.store.close()
    driver.docker("rm", "-f", name)
    assert checked(driver, "lesson/one")["one"].sealed is not None


def test_without_an_engine_nothing_is_a_fail(driver: Driver) -> None:
    driver.tutor.open("lesson", "one")
    driver.phase("doing")

    found = judge_stored(driver.tutor.course, driver.store, None, "lesson/one", folder_root=driver.data / "work")

    assert [one.status for one in found] == ["unknown"]


def test_an_unknown_exercise_is_a_usage_error(driver: Driver) -> None:
    driver.tutor.open("lesson", "one")
    driver.phase("doing")
    with pytest.raises(UsageError):
        checked(driver, "lesson/three")


def test_list_and_status_are_plain_data(driver: Driver) -> None:
    driver.tutor.open("lesson", "one")
    driver.phase("doing")

    listed = list_data(driver.tutor.course)
    status = status_data(driver.tutor.course, driver.store.record())

    assert listed["tracks"][0]["lessons"][0]["exercises"] == ["one", "two"]
    assert [one["state"] for one in status["lessons"][0]["exercises"]] == ["begun", "new"]
    assert (status["passed"], status["exercises"], status["next"]) == (0, 2, "lesson")
