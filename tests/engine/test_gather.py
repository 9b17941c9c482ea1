"""Gathering: facts are fetched once, removed objects are judged by their last inspect, faults are no fails."""

from __future__ import annotations

import gc
import threading
import time
from pathlib import Path

import pytest

from dockertutor.checks import parse_check
from dockertutor.checks.model import Check
from dockertutor.checks.nodes import compose
from dockertutor.course.model import Mistake
from dockertutor.engine.engine import Engine
from dockertutor.facts import Baseline, Call, Event, Unseen
from dockertutor.setup.waiting import until
from dockertutor.tutor.context import AttemptContext
from dockertutor.tutor.gather import Gatherer, text_of


def checks(text: str, use: str = "expect") -> tuple[Check, ...]:
    problems: list = []
    node = compose(text, "test.yaml", problems)
    found = [parse_check(item, file="test.yaml", problems=problems, use=use) for item in node.value]
    assert not problems, problems
    return tuple(found)


@pytest.fixture
def context(asked: Engine, tmp_path: Path) -> AttemptContext:
    made = AttemptContext(tmp_path)
    made.begin_stage(asked.baseline(), {}, since=asked.now())
    return made


@pytest.fixture
def watched(asked: Engine, context: AttemptContext):
    """The context, fed with events as the attempt's watch does; ``settle`` waits until an action has been seen."""
    listening, looking = asked.clone(), asked.clone()
    stream = listening.events(since=context.since)
    seen: list[tuple[str, str]] = []

    def feed() -> None:
        for event in stream:
            context.note_event(event)
            context.inspects(looking, event)
            seen.append((event.name, event.action))

    thread = threading.Thread(target=feed)
    thread.start()

    def settle(name: str, action: str) -> AttemptContext:
        end = time.monotonic() + 10
        while (name, action) not in seen:
            assert time.monotonic() < end, f"no {action} of {name} in {seen}"
            time.sleep(0.02)
        return context

    yield settle
    stream.close()
    thread.join(5)
    assert not thread.is_alive()
    listening.close()
    looking.close()


def verdicts(found) -> list[str]:
    return [verdict.status for verdict in found.verdicts]


def test_the_digest_of_a_tag_in_a_registry_is_that_of_the_image_that_was_pushed(asked, context, run_docker, prefix):
    run_docker("run", "-d", "--name", f"{prefix}reg", "-p", "127.0.0.1::5000", "registry:2")
    port = run_docker("port", f"{prefix}reg", "5000/tcp").stdout.strip().rsplit(":", 1)[1]
    name = f"127.0.0.1:{port}/{prefix}blog"
    run_docker("run", "--name", f"{prefix}box", "busybox", "touch", "/made")
    run_docker("commit", f"{prefix}box", f"{name}:3")
    run_docker("tag", "busybox", f"{name}:1")
    run_docker("tag", "busybox", f"{name}:2")
    assert until(lambda: run_docker("push", f"{name}:1", check=False).returncode == 0, 30)
    for tag in ("2", "3"):
        run_docker("push", f"{name}:{tag}")
    told = run_docker("push", f"{name}:1").stdout.rpartition("digest: ")[2].split()[0]
    repository = f'registry: "{port}", repository: "{prefix}blog"'
    wanted = checks(
        f'[{{image: "{name}:1", as: one, exists: true}},'
        f' {{{repository}, digests: {{"1": "{told}", "2": {{from: one, get: digests}}, "4": {{present: false}}}}}}]'
    )
    judgement = Gatherer(asked).judge(wanted, (), context)[0]
    assert judgement.status == "pass", judgement
    wanted = checks(
        f'[{{image: "{name}:1", as: one, exists: true}},'
        f' {{{repository}, digests: {{"3": {{from: one, get: digests}}}}}}]'
    )
    judgement = Gatherer(asked).judge(wanted, (), context)[0]
    assert judgement.status == "fail"
    for tag in ("1", "2", "3"):
        run_docker("rmi", f"{name}:{tag}")


def test_a_running_container_is_judged(asked, context, run_docker, prefix):
    wanted = checks(f'[{{container: "{prefix}a", image: busybox, state: running, command: [sleep, "60"]}}]')
    assert Gatherer(asked).judge(wanted, (), context)[0].status == "fail"
    run_docker("run", "-d", "--name", f"{prefix}a", "--init", "busybox", "sleep", "60")
    judgement, mistake, facts = Gatherer(asked).judge(wanted, (), context)
    assert judgement.status == "pass", judgement
    assert mistake is None
    assert facts.seen


def test_the_first_mistake_that_holds_speaks(asked, context, run_docker, prefix):
    run_docker("run", "--name", f"{prefix}a", "busybox", "true")
    mistakes = (
        Mistake("no", checks(f'[{{container: "{prefix}a", state: paused}}]', "when"), ""),
        Mistake("ended", checks(f'[{{container: "{prefix}a", exit_code: "0"}}]', "when"), ""),
        Mistake("also", checks(f'[{{container: "{prefix}a", exists: true}}]', "when"), ""),
    )
    wanted = checks(f'[{{container: "{prefix}a", state: running}}]')
    assert Gatherer(asked).judge(wanted, mistakes, context)[1] == "ended"


def test_a_container_that_removed_itself_is_judged_by_its_last_inspect(asked, watched, run_docker, prefix):
    run_docker("run", "--rm", "--name", f"{prefix}a", "busybox", "echo", "hi")
    context = watched(f"{prefix}a", "destroy")
    wanted = checks(
        f'[{{container: "{prefix}a", exists: false, auto_remove: true, command: [echo, hi], exit_code: "0",'
        " events: [create, start, destroy]}]"
    )
    judgement, _, _ = Gatherer(asked).judge(wanted, (), context)
    assert judgement.status == "pass", judgement


def test_exit_code_comes_from_the_event_where_the_inspect_came_too_late(asked, context):
    def event(action: str, **attributes: str) -> Event:
        return Event("container", action, "f" * 64, "gone", context.since + 1, attributes)

    for one in (event("create", image="busybox"), event("start"), event("die", exitCode="137"), event("destroy")):
        context.note_event(one)
    wanted = checks('[{container: gone, exists: false, exit_code: "137"}]')
    judgement, _, _ = Gatherer(asked).judge(wanted, (), context)
    assert judgement.status == "pass", judgement


def test_a_new_container_is_one_that_the_baseline_does_not_hold(asked, tmp_path, run_docker, prefix):
    run_docker("create", "--name", f"{prefix}old", "busybox", "echo", prefix)
    context = AttemptContext(tmp_path)
    context.begin_stage(asked.baseline(), {}, since=asked.now())
    wanted = checks(f"[{{container: {{new: true}}, command: [echo, {prefix}]}}]")
    assert Gatherer(asked).judge(wanted, (), context)[0].status == "fail"
    run_docker("create", "--name", f"{prefix}new", "busybox", "echo", prefix)
    judgement, _, _ = Gatherer(asked).judge(wanted, (), context)
    assert judgement.status == "pass"
    assert judgement.verdicts[0].object == f"{prefix}new"


def test_with_a_wire_a_container_of_somebody_else_is_not_new(asked, context, run_docker, prefix):
    context.wire = True
    made = run_docker("create", "--name", f"{prefix}a", "busybox", "echo", prefix).stdout.strip()
    wanted = checks(f"[{{container: {{new: true}}, command: [echo, {prefix}]}}]")
    assert Gatherer(asked).judge(wanted, (), context)[0].status == "fail"
    context.note_call(Call(1, "POST", "/containers/create", created=(("container", made),)))
    assert Gatherer(asked).judge(wanted, (), context)[0].status == "pass"


def test_a_client_attached_at_the_start_tells_that_it_was_not_detached(asked, context, run_docker, prefix):
    context.wire = True
    made = run_docker("run", "-d", "--init", "--name", f"{prefix}a", "busybox", "sleep", "60").stdout.strip()
    wanted = checks(f'[{{container: "{prefix}a", detached: true}}]')
    now = time.time() + 1
    context.note_call(Call(2, "POST", f"/containers/{made}/start", started=now, ended=now + 1, status=204, pid=7))
    assert Gatherer(asked).judge(wanted, (), context)[0].status == "pass"
    context.note_call(Call(1, "POST", f"/containers/{made}/attach", started=now - 1, upgrade="tcp", pid=7))
    assert Gatherer(asked).judge(wanted, (), context)[0].status == "fail"


def test_our_own_exec_is_no_event_of_the_learner(asked, watched, run_docker, prefix):
    run_docker("run", "-d", "--init", "--name", f"{prefix}a", "busybox", "sleep", "60")
    context = watched(f"{prefix}a", "start")
    looked = checks(f'[{{container: "{prefix}a", exec: {{command: [echo, hi], output: {{contains: hi}}}}}}]')
    assert Gatherer(asked).judge(looked, (), context)[0].status == "pass"
    watched(f"{prefix}a", "exec_die")
    never = checks(f'[{{container: "{prefix}a", events: [exec_start]}}]')
    assert Gatherer(asked).judge(never, (), context)[0].status == "fail"
    run_docker("exec", f"{prefix}a", "true")
    assert Gatherer(asked).judge(never, (), context)[0].status == "pass"


def test_a_given_object_is_known_by_its_id_under_any_name(asked, tmp_path, run_docker, prefix):
    made = run_docker("create", "--name", f"{prefix}a", "busybox").stdout.strip()
    context = AttemptContext(tmp_path)
    context.begin_stage(asked.baseline(), {"box": ("container", made)}, since=asked.now())
    run_docker("rename", f"{prefix}a", f"{prefix}b")
    wanted = checks(f'[{{container: {{given: box}}, name: "{prefix}b"}}]')
    assert Gatherer(asked).judge(wanted, (), context)[0].status == "pass"


def test_an_image_that_was_saved_removed_and_loaded_is_the_same(asked, watched, run_docker, engine, prefix, tmp_path):
    tag = f"{prefix}img:1"
    run_docker("create", "--name", f"{prefix}c", "busybox", "true")
    run_docker("commit", "-m", prefix, f"{prefix}c", tag)
    try:
        context = watched(f"{prefix}c", "commit")
        context.begin_stage(asked.baseline(), {}, since=asked.now())
        run_docker("save", "-o", str(tmp_path / "x.tar"), tag)
        run_docker("rmi", tag)
        run_docker("load", "-i", str(tmp_path / "x.tar"))
        run_docker("create", "--name", f"{prefix}after", "busybox")
        watched(f"{prefix}after", "create")
        wanted = checks(f'[{{image: "{tag}", same: true, events: [untag, delete, load]}}]')
        judgement, _, _ = Gatherer(asked).judge(wanted, (), context)
        assert judgement.status == "pass", judgement
    finally:
        run_docker("rmi", tag)


def test_an_engine_that_is_gone_cannot_judge(asked, context, tmp_path):
    asked.close()  # the pool's connections would still reach it
    asked.api.get_adapter("http+docker://").socket_path = str(tmp_path / "none.sock")
    judgement, mistake, facts = Gatherer(asked).judge(checks('[{container: "x", state: running}]'), (), context)
    assert judgement.status == "unknown"
    assert mistake is None
    assert any(isinstance(found, Unseen) for found in facts.seen.values())
    gc.collect()


def test_files_in_the_learners_folder_are_read_and_links_out_of_it_are_not(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "secret").write_text("s")
    (tmp_path / "in" / "a.txt").write_text("hello")
    (tmp_path / "in" / "out").symlink_to(tmp_path / "secret")
    assert text_of(tmp_path / "in", "a.txt") == "hello"
    assert text_of(tmp_path / "in", "out") is None
    assert text_of(tmp_path / "in", "none") is None


def test_events_from_before_the_stage_are_left_out(tmp_path):
    context = AttemptContext(tmp_path)
    context.begin_stage(Baseline(), {}, since=100.0)
    context.note_event(Event("container", "create", "a" * 64, "x", 99.0))
    assert context.new_ids("container") == frozenset()


def test_an_event_that_is_told_twice_or_late_counts_once_and_in_its_place(asked, context):
    def event(action: str, after: float) -> Event:
        return Event("container", action, "e" * 64, "gone", context.since + after, {"exitCode": "3"})

    story = [event("create", 1), event("start", 2), event("die", 3), event("destroy", 4)]
    for one in (*story[2:], *story, story[0]):
        context.note_event(one)
    wanted = checks('[{container: gone, exists: false, exit_code: "3"}]')
    _, _, facts = Gatherer(asked).judge(wanted, (), context)
    (found,) = [thing for thing in facts.seen.values() if getattr(thing, "id", "") == "e" * 64]
    assert found.removed
    assert found.events == ("create", "start", "die", "destroy")


def test_what_was_made_before_the_attempt_was_taken_up_again_still_counts(asked, context, tmp_path, run_docker, prefix):
    run_docker("create", "--name", f"{prefix}a", "busybox", "echo", prefix)
    again = AttemptContext(tmp_path, wire=True)  # the tutor was closed: its new wire has seen nothing
    again.begin_stage(context.baseline, {}, since=context.since)
    wanted = checks(f"[{{container: {{new: true}}, command: [echo, {prefix}]}}]")
    assert Gatherer(asked).judge(wanted, (), again)[0].status == "pass"
    run_docker("create", "--name", f"{prefix}b", "busybox", "echo", "later")  # now there is a wire, and it saw nothing
    later = checks("[{container: {new: true}, command: [echo, later]}]")
    assert Gatherer(asked).judge(later, (), again)[0].status == "fail"


def test_a_volume_that_a_container_of_theirs_brought_is_new(asked, context, run_docker, prefix):
    context.wire = True
    made = run_docker("create", "--name", f"{prefix}a", "-v", f"{prefix}v:/data", "busybox").stdout.strip()
    wanted = checks(f"[{{volume: {{new: true}}, name: {prefix}v}}]")
    context.note_call(Call(1, "POST", "/containers/create", created=(("container", made),)))
    context.remember(asked.inspect("container", made, by_id=True))
    assert Gatherer(asked).judge(wanted, (), context)[0].status == "pass"
