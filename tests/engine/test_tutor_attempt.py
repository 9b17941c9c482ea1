"""An attempt on a real engine: from what is given to the pass that is on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.tutor_driver import Docker, Driver

pytestmark = pytest.mark.engine

RUN = """
id: one
kind: independent
vars: {name: name}
predict:
  ask: What will happen?
  options:
    - {say: It runs on, because: No program., correct: true}
    - {say: It ends, because: It sleeps.}
task: "**Keep a box running** called ${name}."
expect: [{container: "${name}", state: running, command: {contains: sleep}}]
mistakes:
  - {id: ended, when: {container: "${name}", state: exited}, say: "Its program has ended.", by: x}
hints: [Look, Type, Almost]
solution: docker run -d --name ${name} busybox sleep 100
why: "${name} sleeps."
"""


@pytest.fixture
def driver(engine_url: str, tmp_path: Path, run_docker: Docker) -> Iterator[Driver]:
    made = Driver(engine_url, tmp_path / "data", run_docker)
    yield made
    names = [v for k, v in (made.values if made.tutor.attempt else {}).items() if k not in ("host", "port")]
    made.clean()
    for name in names:
        run_docker("rm", "-f", name, check=False)


def test_the_solution_ticks_at_once_and_is_recorded_when_it_lasts(driver: Driver) -> None:
    driver.open(RUN)
    driver.tutor.choose(0)

    assert driver.type("docker run -d --name ${name} busybox sleep 100") == 0
    driver.phase("held")
    done = driver.phase("passed")

    assert done.why == f"{driver.values['name']} sleeps."
    assert [row.status for row in done.rows] == ["pass"] * len(done.rows)
    assert done.predict is not None
    assert done.predict.options[0].correct
    assert driver.store.record().exercise("lesson", "one").state == "passed"


def test_untouched_it_fails_when_quiet_and_every_row_is_open(driver: Driver) -> None:
    driver.open(RUN)

    found = driver.final()
    view = driver.phase("predict")

    assert found.status == "fail"
    assert found.mistake is None
    assert {row.status for row in view.rows} == {"open"}


def test_a_mistake_hangs_its_text_on_the_first_failed_row(driver: Driver) -> None:
    driver.open(RUN)
    before = driver.final().number

    driver.type("docker run -d --name ${name} busybox true")
    driver.final(after=before)
    view = driver.view(lambda v: any(row.explanation for row in v.step.rows))  # type: ignore[union-attr]

    failed = [row for row in view.rows if row.status == "fail"]
    assert [row.explanation for row in failed] == ["Its program has ended."]
    assert (failed[0].expected, failed[0].found, failed[0].note) == ("running", "exited", "not yet")
