"""An attempt on a real engine: from what is given to the pass that is on the disk."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockertutor.checks import facts_from_json, judge
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
done: "${name} runs."
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
    phases: list[str] = []
    driver.tutor.subscribe("view", lambda view: phases.append(view.step.phase))  # type: ignore[attr-defined]

    assert driver.type("docker run -d --name ${name} busybox sleep 100") == 0
    done = driver.phase("passed")

    assert "held" in phases
    assert done.done == f"{driver.values['name']} runs."
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


def test_after_a_final_verdict_nothing_is_looked_at_until_something_happens(driver: Driver) -> None:
    driver.open(RUN)
    driver.final()

    attempt = driver.tutor.attempt
    assert attempt is not None
    driver.tutor.wait(lambda _: attempt.due() is None)
    assert attempt.due() is None


def test_a_mistake_hangs_its_text_on_the_first_failed_row(driver: Driver) -> None:
    driver.open(RUN)
    before = driver.final().number

    driver.type("docker run -d --name ${name} busybox true")
    driver.final(after=before)
    view = driver.view(lambda v: any(row.explanation for row in v.step.rows))  # type: ignore[union-attr]

    failed = [row for row in view.rows if row.status == "fail"]
    assert [row.explanation for row in failed] == ["Its program has ended."]
    assert (failed[0].expected, failed[0].found, failed[0].note) == ("running", "exited", "not yet")


def test_a_look_that_breaks_is_told_and_the_next_one_is_taken(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_deep(*_: object, **__: object) -> None:
        raise RecursionError("too deep")

    with monkeypatch.context() as patch:
        patch.setattr("dockertutor.tutor.looking.look", too_deep)
        driver.open(RUN)
        view = driver.tutor.wait(lambda view: bool(view.trouble))
    assert view.trouble is not None
    assert "broke (RecursionError)" in view.trouble
    assert "too deep" in (tmp_path / "data" / "broken.log").read_text()

    driver.tutor.choose(0)
    driver.type("docker run -d --name ${name} busybox sleep 100")
    driver.phase("passed")


ANY_PROGRAM = RUN.replace(", command: {contains: sleep}", "")


def test_a_tick_that_does_not_last_turns_back_and_says_what_happened(driver: Driver) -> None:
    driver.open(ANY_PROGRAM)
    driver.tutor.command_began("a longer script")  # nothing is recorded before it ends
    waits = "'while [ ! -e /go ]; do sleep 0.1; done; exit 3'"
    driver.type(f"docker run -d --name ${{name}} busybox sh -c {waits}", marks=False)
    driver.phase("held")

    driver.type("docker exec ${name} touch /go", marks=False)
    back = driver.view(lambda v: bool(v.step.notice))  # type: ignore[union-attr]

    assert back.phase == "doing"
    assert back.notice == f"It held for a moment, then `{driver.values['name']}` ended again, with exit code 3."


def test_a_tick_that_the_learner_undoes_turns_back_too(driver: Driver) -> None:
    driver.open(ANY_PROGRAM)
    driver.tutor.command_began("a longer script")
    driver.type("docker run -d --name ${name} busybox sleep 100", marks=False)
    driver.phase("held")

    driver.type("docker kill ${name}", marks=False)
    back = driver.view(lambda v: bool(v.step.notice))  # type: ignore[union-attr]

    assert back.notice == f"It held for a moment, then `{driver.values['name']}` was stopped."


def test_without_shell_marks_the_engines_events_are_enough(driver: Driver) -> None:
    driver.open(RUN)

    driver.type("docker run -d --name ${name} busybox sleep 100", marks=False)

    driver.phase("passed")


def test_a_pass_is_recorded_only_when_the_command_has_ended(driver: Driver) -> None:
    driver.open(RUN)
    driver.tutor.command_began("docker run …")
    driver.type("docker run -d --name ${name} busybox sleep 100", marks=False)
    held = driver.tutor.wait_outcome(lambda o: o.status == "pass", 20)
    assert held is not None
    driver.tutor.check()
    driver.tutor.wait_outcome(lambda o: o.number > held.number, 20)
    assert driver.phase("held").phase == "held"

    driver.tutor.command_ended("docker run …", 0)

    driver.phase("passed")


def test_hints_and_the_solution_are_counted(driver: Driver) -> None:
    driver.open(RUN)
    for _ in range(4):
        driver.tutor.hint()
    driver.tutor.solution()

    view = driver.view(lambda v: v.step.solution is not None)  # type: ignore[union-attr]

    assert [(hint.tier, hint.label, hint.text) for hint in view.hints] == [
        (1, "where to look", "Look"),
        (2, "which command", "Type"),
        (3, "almost all of it", "Almost"),
    ]
    assert view.solution == f"    docker run -d --name {driver.values['name']} busybox sleep 100"
    assert driver.store.record().exercise("lesson", "one").hints == 3
    assert "hint" not in driver.tutor.view.can


QUESTION = """
id: one
kind: question
task: Type the server's version
expect: [{answer: {from: daemon, get: version}}]
mistakes: [{id: any, when: {answer: "1"}, say: That is too short.}]
solution: answer x
"""


def test_a_wrong_answer_may_be_given_again(driver: Driver, run_docker: Docker) -> None:
    view = driver.open(QUESTION)
    assert view.takes_answer

    driver.tutor.answer("1")
    driver.view(lambda v: any(row.status == "fail" for row in v.step.rows))  # type: ignore[union-attr]
    driver.tutor.answer(run_docker("version", "-f", "{{.Server.Version}}").stdout.strip())

    driver.phase("passed")


def test_what_the_engine_cannot_do_is_not_here(driver: Driver) -> None:
    view = driver.open(RUN + 'requires: [{daemon: {version: {at-least: "99.0"}}}]\n')

    assert view.phase == "not-here"
    assert "99.0" in view.notice
    assert driver.store.record().exercise("lesson", "one").not_here


STAGES = """
id: one
kind: independent
completes: lesson
vars: {name: name, words: token}
files: {note.txt: "${words}"}
given: [{container: "${name}", as: box, image: busybox, command: [sleep, "1000"], state: running}]
task: "**Pause it.**"
expect: [{container: {given: box}, state: paused, remember: {state_then: state}}]
solution: docker pause ${name}
then:
  - task: "**Let it go on**, and remove it afterwards."
    files: {second.txt: two}
    expect: [{container: {given: box}, exists: false}]
    solution: docker rm -f ${name}
    why: It was ${state_then}.
"""


def test_stages_come_one_after_the_other_with_their_own_baseline(driver: Driver) -> None:
    view = driver.open(STAGES)
    assert (view.stage, view.stages, view.goal, view.files) == (1, 2, "Pause it.", ("note.txt",))

    driver.type("docker pause ${name}")
    second = driver.view(lambda v: v.step.stage == 2 and v.step.phase == "doing")  # type: ignore[union-attr]
    assert second.goal == "Let it go on"
    assert second.files == ("note.txt", "second.txt")
    driver.type("docker rm -f ${name}")
    done = driver.phase("passed")

    record = driver.store.record()
    assert (done.done, done.why) == ("Let it go on", "It was paused.")
    assert record.remembered == {"state_then": "paused"}
    assert record.lessons["lesson"].completed is not None


def again(driver: Driver) -> Driver:
    """Another process' tutor over the same data, as after a crash: the first one's threads end, nothing is said."""
    driver.tutor.close()
    return Driver(driver.url, driver.data, driver.docker)


def test_an_attempt_goes_on_after_any_kind_of_end(driver: Driver) -> None:
    driver.open(STAGES)
    values = driver.values
    driver.type("docker pause ${name}")
    driver.view(lambda v: v.step.stage == 2 and v.step.phase == "doing")  # type: ignore[union-attr]

    second = again(driver)
    view = second.open(STAGES)
    assert view.stage == 2
    assert second.values == values
    second.type("docker rm -f ${name}")
    second.phase("passed")

    third = again(second)
    assert third.open(STAGES).phase == "passed"
    third.tutor.close()
    third.store.close()
    second.store.close()


def test_what_happened_while_nobody_listened_is_read_from_the_engines_history(driver: Driver) -> None:
    exercise = """
        id: one
        kind: independent
        vars: {name: name}
        given: [{container: "${name}", image: busybox, command: [sleep, "1000"], state: exited}]
        task: Start it, then stop it
        expect: [{container: "${name}", same: true, state: exited, events: [start, die]}]
        solution: docker start ${name}; docker stop -t 1 ${name}
    """
    driver.open(exercise)
    name = driver.values["name"]
    driver.tutor.close()
    driver.docker("start", name)
    driver.docker("stop", "-t", "0", name)

    second = Driver(driver.url, driver.data, driver.docker)
    second.open(exercise)
    second.phase("passed")
    second.tutor.close()
    second.store.close()


def test_every_verdict_is_kept_with_its_evidence(driver: Driver) -> None:
    driver.open(RUN)
    before = driver.final().number
    driver.type("docker run -e SHELTER=do-not-keep-me -l keep=me-out --name ${name} busybox true")
    driver.final(after=before)
    failed = [one for one in driver.store.entries() if one.kind == "failed"]
    assert failed
    assert driver.tutor.attempt is not None
    assert driver.tutor.attempt.bound is not None
    expect = driver.tutor.attempt.bound.stages[0].expect
    assert judge(expect, facts_from_json(failed[-1].body["evidence"])).status == "fail"
    assert "do-not-keep-me" not in json.dumps(dict(failed[-1].body))
    assert "me-out" not in json.dumps(dict(failed[-1].body))
    assert all("evidence" not in one.body for one in driver.store.entries(evidence=False))


def test_a_disputed_verdict_is_kept_for_its_owner_alone(driver: Driver) -> None:
    driver.open(RUN)
    before = driver.final().number
    driver.type("docker run -e SHELTER=do-not-keep-me --name ${name} busybox true")
    driver.final(after=before)

    path = driver.tutor.dispute()

    assert "do-not-keep-me" not in path.read_text()
    content = json.loads(path.read_text())
    assert content["facts"]["seen"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert content["verdict"]["status"] == "fail"
    assert {*content["checks"][0]["place"]} == {"file", "line", "column"}
    facts = facts_from_json(content["facts"])
    assert driver.tutor.attempt is not None
    assert driver.tutor.attempt.bound is not None
    assert judge(driver.tutor.attempt.bound.stages[0].expect, facts).status == "fail"


def test_a_disputed_verdict_keeps_no_secret_of_a_command_line(driver: Driver) -> None:
    typed = "mistakes:\n  - {id: typed, when: {typed: {contains: nonsense}}, say: No., by: x}\n"
    driver.open(RUN.replace("mistakes:\n", typed))
    before = driver.final().number
    driver.type("docker run -e PASSWORD=hunter2 -e SHELTER=hunter2 --name ${name} busybox true")
    driver.final(after=before)

    text = driver.tutor.dispute().read_text()

    assert "hunter2" not in text
    assert "docker run -e PASSWORD=(left out) -e SHELTER=(left out) --name" in text


def test_leaving_offers_what_was_given_and_removes_what_was_agreed_to(driver: Driver, run_docker: Docker) -> None:
    driver.open(STAGES)
    name = driver.values["name"]
    driver.tutor.wait(lambda v: any(one.name == name for one in driver.tutor.leftovers()))
    mine = [one for one in driver.tutor.leftovers() if one.name == name]
    assert [one.ours for one in mine] == [True]

    driver.tutor.leave(mine)
    driver.tutor.wait(lambda v: v.lesson is None and not v.busy)

    assert run_docker("inspect", name, check=False).returncode == 1


def test_the_panel_shows_what_the_learner_makes(driver: Driver) -> None:
    driver.open(RUN)
    driver.type("docker run -d --name ${name} busybox sleep 100")
    name = driver.values["name"]

    driver.tutor.wait(lambda v: any(row.name == name and row.state == "running" for row in driver.tutor.panel.rows))

    row = next(row for row in driver.tutor.panel.rows if row.name == name)
    assert (row.kind, row.state, row.fresh) == ("container", "running", True)
    assert driver.tutor.panel.others.get("image", 0) > 0


def test_a_new_start_begins_with_new_names_and_the_lessons_files_alone(driver: Driver) -> None:
    driver.open(STAGES)
    first = driver.values["name"]
    assert driver.tutor.attempt is not None
    folder = driver.tutor.attempt.folder
    (folder / "mine.txt").write_text("my own words")

    driver.tutor.restart()
    driver.view(lambda v: v.step.phase == "doing" and driver.values["name"] != first)  # type: ignore[union-attr]

    assert [path.name for path in folder.iterdir()] == ["note.txt"]
    assert (folder.parent / "one.before" / "mine.txt").read_text() == "my own words"


def test_an_end_between_two_stages_loses_nothing(driver: Driver) -> None:
    """As after a kill between recording the first stage and preparing the second."""
    driver.open(STAGES)
    values = driver.values
    assert driver.tutor.attempt is not None
    names = {"lesson": "lesson", "exercise": "one", "attempt": driver.tutor.attempt.id}
    driver.tutor.close()
    driver.store.add("stage-passed", **names, body={"stage": 0})

    second = Driver(driver.url, driver.data, driver.docker)
    view = second.open(STAGES)
    assert (view.stage, second.values) == (2, values)
    second.type("docker rm -f ${name}")
    second.phase("passed")
    second.tutor.close()
    second.store.close()


def test_a_volume_without_a_name_goes_with_the_container_that_was_given(driver: Driver, run_docker: Docker) -> None:
    driver.open("""
        id: one
        kind: independent
        vars: {name: name, img: name}
        given:
          - {image: "${img}:1", dockerfile: "FROM busybox\\nVOLUME /data\\n"}
          - {container: "${name}", image: "${img}:1", command: [sleep, "100"], state: running}
        task: Pause it
        expect: [{container: "${name}", state: paused}]
        solution: docker pause ${name}
    """)
    name, image = driver.values["name"], f"{driver.values['img']}:1"
    volume = run_docker("inspect", "-f", "{{(index .Mounts 0).Name}}", name).stdout.strip()
    driver.tutor.wait(lambda v: any(one.name == name for one in driver.tutor.leftovers()))

    driver.tutor.leave([one for one in driver.tutor.leftovers() if one.ours])
    driver.tutor.wait(lambda v: v.lesson is None and not v.busy)

    assert not driver.tutor.view.trouble
    assert run_docker("volume", "inspect", volume, check=False).returncode == 1
    assert run_docker("image", "inspect", image, check=False).returncode == 1
