"""With the wire, what the learner made is known for certain, and what others make does not count."""

from __future__ import annotations

import shlex
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dockertutor.course.heads import Course
from dockertutor.engine.connection import Endpoint, connect
from dockertutor.engine.wire_handle import Wire
from dockertutor.tutor.core import Tutor
from dockertutor.tutor.progress import Store
from dockertutor.tutor.step_view import ExerciseView
from dockertutor.tutor.view import View
from tests.engine.tutor_driver import Docker, Driver
from tests.engine.wired import LIMIT, eventually

pytestmark = pytest.mark.engine

NEW = """
id: one
kind: independent
vars: {name: name, volume: name}
task: A new box
expect: [{container: {new: true}, image: busybox, state: running, detached: true}]
mistakes: [{id: held, when: {container: {new: true}, detached: false}, say: Let go with -d.}]
solution: docker run -d busybox sleep 100
"""


class WiredDriver(Driver):
    """A learner whose shell talks through the wire."""

    def __init__(self, url: str, data: Path, docker_cli: str, env: dict[str, str], runtime: Path) -> None:
        self.data, self.url = data, url
        self.store = Store(data / "progress.db")
        course = Course("course", "Course", data, ())
        self.tutor = Tutor(
            course, self.store, lambda: connect(Endpoint(url)), folder_root=data / "work", wire=True
        ).start()
        self.wire = Wire.start(Endpoint(url), runtime=runtime, on_call=self.tutor.call_seen)
        wired = env | {"DOCKER_HOST": self.wire.docker_host}

        def docker(*args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
            return subprocess.run([docker_cli, *args], env=wired, capture_output=True, text=True, check=check)

        self.docker = docker


@pytest.fixture
def driver(engine_url: str, tmp_path: Path, docker_cli: str, docker_env: dict[str, str]) -> Iterator[WiredDriver]:
    with tempfile.TemporaryDirectory(prefix="dt-") as runtime:
        made = WiredDriver(engine_url, tmp_path / "data", docker_cli, docker_env, Path(runtime) / "run")
        yield made
        made.clean()
        made.wire.close()


def test_a_container_of_somebody_else_is_no_proof(driver: WiredDriver, run_docker: Docker, prefix: str) -> None:
    driver.open(NEW)
    number = driver.final().number

    run_docker("run", "-d", "--name", f"{prefix}foreign", "busybox", "sleep", "100")
    driver.tutor.check()
    assert driver.final(after=number).status == "fail"

    driver.type("docker run -d --name ${name} busybox sleep 100")
    done = driver.phase("passed")
    assert done.rows[0].note == driver.values["name"]


def test_leftovers_are_what_went_through_the_wire(driver: WiredDriver, run_docker: Docker, prefix: str) -> None:
    driver.open(NEW)
    run_docker("run", "-d", "--name", f"{prefix}foreign", "busybox", "sleep", "100")
    driver.type("docker run -d --name ${name} -v ${volume}:/data busybox sleep 100")
    driver.phase("passed")
    wanted = {driver.values["name"], driver.values["volume"]}

    driver.tutor.wait(lambda v: wanted <= {one.name for one in driver.tutor.leftovers()}, 10)

    assert {one.name for one in driver.tutor.leftovers()} == wanted
    assert all(one.ours for one in driver.tutor.leftovers())


def test_calls_arrive_grouped_under_their_command(driver: WiredDriver) -> None:
    driver.open(NEW)

    driver.type("docker run -d --name ${name} busybox sleep 100")
    driver.phase("passed")

    group = driver.tutor.calls[0]
    assert group.command == f"docker run -d --name {driver.values['name']} busybox sleep 100"
    assert [shlex.split(f"{c.method} {c.path}")[0] for c in group.calls][:1] == ["POST"]


def test_calls_from_another_terminal_are_grouped_apart_from_what_runs_in_the_learners(
    driver: WiredDriver, docker_cli: str, docker_env: dict[str, str]
) -> None:
    env = docker_env | {"DOCKER_HOST": driver.wire.docker_host}
    with subprocess.Popen(
        ["sh"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=env, text=True, start_new_session=True
    ) as shell:
        driver.tutor.command_began("vi box.json", shell.pid)
        subprocess.run([docker_cli, "ps"], env=env, capture_output=True, check=True, start_new_session=True)
        shell.communicate(f"{shlex.quote(docker_cli)} images\n", LIMIT)
        driver.tutor.command_ended("vi box.json", 0)

    eventually(lambda: sum(bool(call.ended) for group in driver.tutor.calls for call in group.calls) >= 2)
    asked = {group.command: {call.path for call in group.calls} for group in driver.tutor.calls}
    assert asked == {"vi box.json": {"/images/json"}, "docker ps": {"/containers/json"}}


@contextmanager
def held_run(driver: WiredDriver) -> Iterator[str]:
    """A `docker run` that keeps hold of the learner's terminal; yields its container's name."""
    driver.tutor.command_began("docker run")
    name = driver.values["name"]
    held = subprocess.Popen(
        ["docker", "run", "--name", name, "busybox", "sleep", "30"],
        env={"DOCKER_HOST": driver.wire.docker_host, "HOME": str(driver.data), "PATH": "/usr/bin:/usr/local/bin:/bin"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield name
    finally:
        driver.docker("rm", "-f", name)
        held.wait(20)


def test_a_command_that_holds_the_terminal_gets_its_mistakes_text(driver: WiredDriver) -> None:
    driver.open(NEW)

    with held_run(driver):
        driver.view(says_let_go)


def test_a_mistake_that_the_first_look_finds_already_is_told(driver: WiredDriver) -> None:
    made = threading.Event()
    held_up: list[object] = []

    def busy_engine(view: object) -> None:
        if isinstance(view, View) and isinstance(view.step, ExerciseView) and view.step.phase == "doing":
            if not held_up:
                driver.tutor.engine.do(lambda _: made.wait(20), held_up.append, held_up.append)
            held_up.append(view)

    driver.tutor.subscribe("view", busy_engine)
    driver.open(NEW)

    with held_run(driver) as name:
        eventually(lambda: name in driver.docker("ps", "--format", "{{.Names}}").stdout.split())
        assert driver.tutor.outcome is None
        made.set()
        driver.view(says_let_go)


def says_let_go(view: View) -> bool:
    return isinstance(view.step, ExerciseView) and any(row.explanation == "Let go with -d." for row in view.step.rows)


def test_what_the_learner_made_is_theirs_after_a_crash_and_for_another_process(
    driver: WiredDriver, tmp_path: Path, docker_cli: str, docker_env: dict[str, str]
) -> None:
    driver.open(NEW)
    driver.tutor.command_began("docker run")  # it never ends: nothing is recorded
    driver.type("docker run -d --name ${name} busybox sleep 100", marks=False)
    driver.phase("held")
    driver.tutor.wait(lambda v: any(row["how"] == "wire" for row in driver.store.record().ledger))
    driver.tutor.close()

    with tempfile.TemporaryDirectory(prefix="dt-") as runtime:
        second = WiredDriver(driver.url, driver.data, docker_cli, docker_env, Path(runtime) / "run")
        second.open(NEW)
        second.phase("passed")
        second.tutor.close()
        second.store.close()
        second.wire.close()
