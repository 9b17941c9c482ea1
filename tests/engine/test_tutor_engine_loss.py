"""The engine goes away under the tutor, and comes back."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockertutor.engine.connection import Endpoint, connect
from dockertutor.errors import EngineNotRunning
from tests.engine.breakable import Breakable
from tests.engine.restarting import needs_own_engine, start, stop
from tests.engine.test_tutor_attempt import RUN
from tests.engine.test_tutor_traps import GIVEN
from tests.engine.tutor_driver import Docker, Driver

pytestmark = pytest.mark.engine


@pytest.fixture
def engine_that_breaks(engine_url: str, tmp_path: Path) -> Iterator[Breakable]:
    if not engine_url.startswith("unix://"):
        pytest.skip("the relay of this test speaks unix sockets only")
    made = Breakable(engine_url.removeprefix("unix://"), tmp_path / "e.sock")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def driver(engine_that_breaks: Breakable, tmp_path: Path, run_docker: Docker) -> Iterator[Driver]:
    made = Driver(engine_that_breaks.url, tmp_path / "data", run_docker)
    yield made
    name = made.values["name"]
    made.clean()
    run_docker("rm", "-f", name, check=False)


def test_it_says_so_waits_and_goes_on_with_what_happened_meanwhile(
    driver: Driver, engine_that_breaks: Breakable
) -> None:
    driver.open(RUN)
    driver.final()

    engine_that_breaks.stop()
    lost = driver.tutor.wait(lambda v: v.engine.state == "fault", 20)
    assert lost.engine.what
    assert lost.engine.do
    driver.type("docker run -d --name ${name} busybox sleep 100")  # past the relay: the engine lives on

    engine_that_breaks.start()
    back = driver.tutor.wait(lambda v: v.engine.state == "ok", 20)
    assert back.engine.label.startswith("Engine")
    driver.phase("passed")


def test_a_verdict_is_never_a_fail_because_the_engine_is_gone(driver: Driver, engine_that_breaks: Breakable) -> None:
    driver.open(RUN)
    number = driver.final().number
    engine_that_breaks.stop()

    driver.tutor.check()
    driver.tutor.wait(lambda v: v.engine.state == "fault", 20)
    driver.tutor.check()
    outcome = driver.tutor.outcome
    assert outcome is not None
    assert outcome.number == number or outcome.status == "unknown"
    assert driver.store.record().exercise("lesson", "one").fails == 0

    engine_that_breaks.start()
    driver.tutor.wait(lambda v: v.engine.state == "ok", 20)


def test_asking_while_it_is_gone_leaves_no_socket_open(engine_that_breaks: Breakable) -> None:
    engine = connect(Endpoint(engine_that_breaks.url))
    engine_that_breaks.stop()
    for _ in range(2):  # the first breaks off what is open, the second finds nobody
        with pytest.raises(EngineNotRunning):
            engine.inspect("container", "some")
    engine.close()
    gc.collect()  # a socket that was dropped is a warning then, and with it a failure


def test_an_exercise_that_could_not_be_prepared_is_prepared_when_the_engine_comes(
    engine_that_breaks: Breakable, tmp_path: Path, run_docker: Docker
) -> None:
    engine_that_breaks.stop()
    driver = Driver(engine_that_breaks.url, tmp_path / "data", run_docker)
    opened = threading.Thread(target=driver.open, args=(RUN,))
    opened.start()
    driver.view(lambda v: v.engine.state == "fault" and getattr(v.step, "waiting_for", "") == "Waiting for the engine")

    engine_that_breaks.start()
    opened.join()

    assert driver.phase("doing", "predict").task
    driver.clean()


@needs_own_engine
def test_a_real_restart_is_waited_for_and_the_exercise_goes_on(
    engine_url: str, tmp_path: Path, run_docker: Docker
) -> None:
    driver = Driver(engine_url, tmp_path / "data", run_docker)
    driver.open(GIVEN)
    name = driver.values["name"]
    driver.final()

    command = stop()
    driver.tutor.wait(lambda v: v.engine.state == "fault", 30)
    start(command)
    driver.tutor.wait(lambda v: v.engine.state == "ok", 60)
    driver.type("docker start ${name}")

    driver.phase("passed")
    assert run_docker("inspect", "-f", "{{.State.Running}}", name).stdout.strip() == "true"
    driver.clean()
