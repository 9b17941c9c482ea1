"""The five traps of the design, each on a real engine."""

from __future__ import annotations

import random
import socket
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from dockertutor.engine import ports
from dockertutor.engine.engine import Engine
from dockertutor.tutor.step_view import ExerciseView
from dockertutor.tutor.view import View
from tests.engine.tutor_driver import Docker, Driver

pytestmark = pytest.mark.engine


@pytest.fixture
def driver(engine_url: str, tmp_path: Path, run_docker: Docker) -> Iterator[Driver]:
    made = Driver(engine_url, tmp_path / "data", run_docker)
    yield made
    made.clean()


def test_1_our_own_looks_neither_wake_us_nor_prove_anything(driver: Driver) -> None:
    driver.open("""
        id: one
        kind: independent
        vars: {name: name, word: token, secret: token}
        files: {note.txt: "${word}\\n"}
        given:
          - container: "${name}"
            image: busybox
            command: [sleep, "1000"]
            state: running
            files: {/secret.txt: "${secret}\\n"}
        task: Copy in and out
        expect:
          - container: "${name}"
            files: {/secret.txt: {contains: "${secret}"}, /tmp/note.txt: {contains: "${word}"}}
            exec: {command: ["true"], exit_code: 0}
          - {file: secret.txt, contains: "${secret}"}
        solution: docker cp
    """)
    number = driver.final().number + 1
    assert driver.tutor.attempt is not None
    driver.tutor.wait_outcome(lambda o: o.number >= number, 20)  # what was given may have been told late
    signal = driver.tutor.attempt.pace.last_signal

    again = driver.tutor.wait_outcome(lambda o: o.number >= number + 2, 20)

    assert again is not None
    assert again.number >= number + 2  # files in a container give no signal: the slow tick looks
    assert again.status == "fail"
    assert driver.tutor.attempt.pace.last_signal == signal  # and what it leaves behind wakes nobody

    folder = driver.tutor.attempt.folder
    driver.type(f"docker cp {folder}/note.txt ${{name}}:/tmp/note.txt")
    driver.type(f"docker cp ${{name}}:/secret.txt {folder}/secret.txt")
    driver.phase("passed")


def test_2_a_fail_is_final_only_when_things_are_quiet(driver: Driver) -> None:
    seen: list[str] = []

    def note(picture: object) -> None:
        if isinstance(picture, View) and isinstance(picture.step, ExerciseView):
            seen.extend(row.status for row in picture.step.rows)

    driver.tutor.subscribe("view", note)
    driver.open("""
        id: one
        kind: independent
        vars: {name: name, word: token}
        task: A one-shot that removes itself
        expect:
          - container: "${name}"
            exists: false
            auto_remove: true
            command: [echo, "${word}"]
            exit_code: 0
            events: [create, start, die, destroy]
        solution: docker run --rm --name ${name} busybox echo ${word}
    """)
    driver.final()

    driver.type("docker run --rm --name ${name} busybox echo ${word}")
    driver.phase("passed")

    assert "fail" not in seen


GIVEN = """
id: one
kind: faded
vars: {name: name}
given: [{container: "${name}", image: busybox, command: [sleep, "1000"], state: exited}]
task: Start the same one again
expect: [{container: "${name}", same: true, state: running, events: [start]}]
mistakes:
  - {id: again, when: {container: "${name}", same: false}, say: You threw the old one away., by: x}
solution: docker start ${name}
"""


def test_3_who_destroyed_what_was_given_reads_why_and_can_start_again(driver: Driver, run_docker: Docker) -> None:
    driver.open(GIVEN)
    first = driver.values["name"]
    driver.type("docker rm ${name}")
    driver.type("docker run -d --name ${name} busybox sleep 1000")

    lost = driver.phase("lost")

    assert [row.explanation for row in lost.rows if row.explanation] == ["You threw the old one away."]
    assert first in lost.notice
    assert "restart" in driver.tutor.view.can
    run_docker("rm", "-f", first)

    driver.tutor.restart()
    driver.view(lambda v: isinstance(v.step, ExerciseView) and v.step.phase == "doing" and first not in v.step.notice)
    assert driver.values["name"] != first
    driver.type("docker start ${name}")
    driver.phase("passed")


def test_3_what_was_given_anew_is_ours_and_what_is_gone_is_forgotten(driver: Driver) -> None:
    driver.open(GIVEN)
    first = driver.values["name"]
    driver.type("docker rm ${name}")
    driver.phase("lost")

    driver.tutor.restart()
    driver.view(
        lambda v: isinstance(v.step, ExerciseView) and v.step.phase == "doing" and driver.values["name"] != first
    )
    again = driver.values["name"]
    driver.tutor.wait(lambda _: again in {one.name for one in driver.tutor.leftovers()}, 20)

    assert [(one.name, one.ours) for one in driver.tutor.leftovers()] == [(again, True)]
    rows = {(row["how"], row["attempt"]) for row in driver.store.record().ledger}
    attempts = list(driver.store.record().attempts)
    assert rows == {("given", attempts[0]), ("gone", attempts[0]), ("given", attempts[1])}


def test_3_destroyed_without_a_mistake_text_is_no_dead_end_either(driver: Driver) -> None:
    driver.open(GIVEN)
    driver.type("docker rm ${name}")

    lost = driver.phase("lost")

    assert driver.values["name"] in lost.notice
    assert "start again" in lost.notice.lower()


def test_4_a_label_that_leaks_makes_nothing_ours(driver: Driver, run_docker: Docker, prefix: str) -> None:
    driver.open(GIVEN.replace("exited", "running").replace("state: running, events: [start]", "state: paused"))
    driver.type(f"docker commit ${{name}} {prefix}image")
    driver.type(f"docker run -d --name {prefix}leaked {prefix}image sleep 100")
    labels = run_docker("inspect", "-f", "{{json .Config.Labels}}", f"{prefix}leaked").stdout
    assert "dockertutor" in labels  # it does leak

    def known(v: object) -> bool:
        return any(f"{prefix}leaked" == one.name for one in driver.tutor.leftovers())

    driver.tutor.wait(known, 10)
    left = {one.name: one.ours for one in driver.tutor.leftovers()}
    ours = driver.tutor.own
    names = {row.name for row in driver.tutor.panel.rows if ours.owns(row.kind, row.id)}
    run_docker("rm", "-f", f"{prefix}leaked")
    run_docker("rmi", f"{prefix}image")

    assert left[driver.values["name"]]
    assert not left[f"{prefix}leaked"]
    assert f"{prefix}leaked" not in names


def test_4_images_given_with_the_same_content_are_two(driver: Driver, run_docker: Docker) -> None:
    driver.open("""
        id: one
        kind: faded
        vars: {img: name}
        given:
          - {image: "${img}:1", dockerfile: "FROM busybox\\nRUN echo same > /v\\n"}
          - {image: "${img}:2", dockerfile: "FROM busybox\\nRUN echo same > /v\\n"}
        task: Remove the first
        expect: [{image: "${img}:1", exists: false}, {image: "${img}:2", exists: true}]
        solution: docker rmi ${img}:1
    """)
    ids = {run_docker("inspect", "-f", "{{.Id}}", f"{driver.values['img']}:{n}").stdout for n in (1, 2)}
    driver.type("docker rmi ${img}:1")
    driver.phase("passed")

    assert len(ids) == 2


def test_5_a_port_that_was_taken_meanwhile_is_drawn_again(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    real = ports.free_port
    taken = socket.socket()
    taken.bind(("0.0.0.0", 0))
    taken.listen()
    first = [int(taken.getsockname()[1])]

    def drawn(engine: Engine, used: Collection[int] = (), *, chance: random.Random | None = None) -> int:
        return first.pop() if first else real(engine, used, chance=chance)

    monkeypatch.setattr(ports, "free_port", drawn)
    view = driver.open("""
        id: one
        kind: faded
        vars: {name: name, port: free-port}
        given:
          - container: "${name}"
            image: busybox
            command: [sleep, "1000"]
            published: {80/tcp: "${port}"}
            state: running
        task: Stop it
        expect: [{container: "${name}", same: true, state: exited}]
        solution: docker stop -t 1 ${name}
    """)
    taken.close()

    assert not first
    assert view.phase == "doing"
    assert int(driver.values["port"]) in range(8100, 32768)
