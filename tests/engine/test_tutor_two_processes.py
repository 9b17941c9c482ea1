"""Two processes at one progress file: a second tutor, or `dockertutor reset` in another window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dockertutor.tutor.progress import Store
from dockertutor.tutor.reset import reset
from tests.engine.test_tutor_attempt import RUN
from tests.engine.test_tutor_traps import GIVEN
from tests.engine.tutor_driver import Docker, Driver

pytestmark = pytest.mark.engine


@pytest.fixture
def drivers(engine_url: str, tmp_path: Path, run_docker: Docker) -> Iterator[tuple[Driver, Driver]]:
    made = tuple(Driver(engine_url, tmp_path / "data", run_docker) for _ in range(2))
    yield made  # type: ignore[misc]
    names = [attempt.values["name"] for attempt in made[0].store.record().attempts.values()]
    for driver in made:
        driver.clean()
    for name in names:
        run_docker("rm", "-f", name, check=False)


@pytest.mark.parametrize("scope", ["exercise", "lesson", "all"])
def test_a_pass_after_a_reset_in_another_window_is_kept(drivers: tuple[Driver, Driver], scope: str) -> None:
    driver, later = drivers
    driver.open(RUN)
    driver.tutor.choose(0)
    driver.final()
    other = Store(driver.data / "progress.db")
    where = ("lesson", "one") if scope == "exercise" else ("lesson",) if scope == "lesson" else ()
    reset(other, driver.data / "work", scope, *where)  # type: ignore[arg-type]
    assert other.record().exercise("lesson", "one").state == "new"

    driver.type("docker run -d --name ${name} busybox sleep 100")
    driver.phase("passed")

    assert other.record().exercise("lesson", "one").state == "passed"
    other.close()
    assert later.open(RUN).phase == "passed"


def test_two_tutors_at_one_exercise_both_see_it_passed_once(drivers: tuple[Driver, Driver]) -> None:
    first, second = drivers
    first.open(GIVEN)
    second.open(GIVEN)
    assert first.values == second.values

    first.type("docker start ${name}")

    first.phase("passed")
    second.phase("passed")
    record = first.store.record().exercise("lesson", "one")
    assert (record.state, record.attempts) == ("passed", 1)


def test_what_one_tutor_was_given_anew_the_other_knows_as_ours(drivers: tuple[Driver, Driver]) -> None:
    first, second = drivers
    first.open(GIVEN)
    second.open(GIVEN)
    before = first.values["name"]

    first.tutor.restart()
    first.view(lambda v: v.step is not None and first.values.get("name", before) != before)
    first.phase("doing")
    wanted = {before, first.values["name"]}

    for driver in drivers:
        driver.tutor.wait(lambda _, one=driver: wanted <= {x.name for x in one.tutor.leftovers() if x.ours}, 20)  # type: ignore[misc]
        assert wanted <= {one.name for one in driver.tutor.leftovers() if one.ours}
