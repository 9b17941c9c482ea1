"""The engine as facts: exact names and kinds, lists, looks with deadlines, events that end when asked to."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from dockertutor.engine import images
from dockertutor.engine.engine import Engine
from dockertutor.engine.events import event_from, wakes
from dockertutor.engine.published import page, registry_tags
from dockertutor.engine.references import familiar
from dockertutor.engine.removal import remove
from dockertutor.engine.rows import ports, seconds
from dockertutor.errors import EngineRefused, EngineTimeout
from dockertutor.facts import Changes, Event, Exec, ExecAnswer, FileIn, History, Http, Inspect, Logs, Names, Typed
from dockertutor.setup.waiting import until


@pytest.fixture
def box(run_docker, prefix) -> str:
    """A running container that has said its two words; gives its Id."""
    command = ["sh", "-c", "echo out; echo err >&2; exec sleep 60"]
    made = run_docker("run", "-d", "--init", "--name", f"{prefix}box", "busybox", *command).stdout.strip()

    def said() -> bool:
        logs = run_docker("logs", made)
        return sorted((logs.stdout + logs.stderr).split()) == ["err", "out"]

    assert until(said, 60)
    return made


# ------------------------------------------------------------------ inspect
def test_a_container_is_found_by_its_exact_name_only(asked, box, prefix):
    assert asked.inspect("container", f"{prefix}box").id == box
    assert asked.inspect("container", f"{prefix}bo") is None
    assert asked.inspect("container", box[:12]) is None


def test_by_id_takes_the_full_id_only(asked, box, prefix):
    assert asked.inspect("container", box, by_id=True).name == f"{prefix}box"
    assert asked.inspect("container", box[:12], by_id=True) is None
    assert asked.inspect("container", f"{prefix}box", by_id=True) is None


def test_a_name_of_another_kind_is_not_found(asked, box, prefix):
    assert [asked.inspect(kind, f"{prefix}box") for kind in ("image", "network", "volume")] == [None, None, None]


def test_an_image_is_found_by_any_way_to_write_its_reference(asked):
    found = {asked.inspect("image", ref).id for ref in ("busybox", "busybox:latest", "docker.io/library/busybox")}
    assert len(found) == 1
    (id_,) = found
    assert asked.inspect("image", id_, by_id=True).id == id_
    assert asked.inspect("image", id_.removeprefix("sha256:")[:12]) is None
    assert asked.inspect("image", "busybox").name == "busybox"


@pytest.mark.parametrize("ref", ["", "../info", "a b", "a?b", "a%2Fb", "UPPER", "x" * 300])
def test_what_cannot_be_a_name_is_no_object(asked, ref):
    assert asked.inspect("container", ref) is None
    assert asked.inspect("image", ref) is None


def test_kinds_that_come_later_can_be_looked_at(asked):
    assert asked.inspect("plugin", "none-here") is None
    assert asked.inspect("service", "none-here") is None


def test_the_daemon_is_info_and_version_in_one(asked):
    found = asked.daemon()
    assert found.inspect["ServerVersion"] == found.inspect["Version"] == asked.version
    assert found.inspect["ServerVersionInfo"]["ApiVersion"] == found.inspect["ApiVersion"]
    assert found.id


def test_the_label_has_two_numbers(asked):
    assert asked.label == f"Engine {'.'.join(asked.version.split('.')[:2])}"
    assert asked.where == "on this computer"


# ------------------------------------------------------------------ lists
def test_a_baseline_holds_names_and_ids_of_every_kind(asked, box, run_docker, prefix):
    run_docker("volume", "create", f"{prefix}v")
    found = asked.baseline()
    assert found.names["container"][f"{prefix}box"] == box
    assert box in found.ids["container"]
    assert found.names["image"]["busybox:latest"] in found.ids["image"]
    assert "bridge" in found.names["network"]
    assert f"{prefix}v" in found.ids["volume"]


def test_rows_of_the_panel(asked, box, prefix):
    (row,) = [row for row in asked.rows() if row.id == box]
    assert (row.kind, row.name, row.image, row.state) == ("container", f"{prefix}box", "busybox", "running")
    assert row.changed > 1e9
    assert {"image", "network"} <= {row.kind for row in asked.rows()}


def test_ports_of_both_families_count_once():
    both = [{"PublicPort": 8317, "PrivatePort": 80, "Type": "tcp", "IP": ip} for ip in ("0.0.0.0", "::")]
    assert ports([*both, {"PrivatePort": 443, "Type": "tcp"}]) == "8317 → 80"


def test_times_of_the_api():
    assert seconds("2024-01-01T00:00:00.5Z") == 1704067200.5
    assert seconds("2024-01-01T01:00:00.123456789+01:00") == pytest.approx(1704067200.123456789)
    assert seconds("0001-01-01T00:00:00Z") == seconds("nonsense") == 0.0


def test_the_engines_clock_is_near(asked):
    assert abs(asked.now() - time.time()) < 60


# ------------------------------------------------------------------ looks
def test_output_of_both_streams(asked, box):
    assert sorted(asked.look(Logs(box)).split()) == ["err", "out"]


def test_output_of_a_container_that_keeps_none(asked, run_docker, prefix):
    made = run_docker("run", "-d", "--name", f"{prefix}a", "--log-driver", "none", "busybox", "true").stdout.strip()
    assert asked.look(Logs(made)) is None
    assert asked.look(Logs("0" * 64)) is None


def test_a_file_in_a_container(asked, box, run_docker, prefix):
    run_docker("exec", f"{prefix}box", "sh", "-c", "echo hello > /tmp/a; ln -s /tmp/a /tmp/link")
    assert asked.look(FileIn(box, "/tmp/a")) == "hello\n"
    assert asked.look(FileIn(box, "/tmp/link")) == "hello\n"
    assert asked.look(FileIn(box, "/tmp/none")) is None
    assert asked.look(FileIn(box, "/tmp")) is None


def test_a_big_file_is_read_to_its_bound(asked, box, run_docker, prefix):
    run_docker("exec", f"{prefix}box", "sh", "-c", "yes | head -c 3000000 > /tmp/big")
    assert len(asked.look(FileIn(box, "/tmp/big"))) == 65536


def test_a_file_on_a_tmpfs(asked, run_docker, prefix):
    command = ["sh", "-c", "echo hi > /t/a; exec sleep 60"]
    made = run_docker(
        "run", "-d", "--init", "--name", f"{prefix}t", "--tmpfs", "/t", "busybox", *command
    ).stdout.strip()
    deadline = time.monotonic() + 5
    while (found := asked.look(FileIn(made, "/t/a"))) != "hi\n":
        assert time.monotonic() < deadline, found


def test_a_command_in_a_container(asked, box):
    answer = asked.look(Exec(box, ("sh", "-c", "echo out; echo err >&2; exit 3")))
    assert answer == ExecAnswer(3, "out\nerr\n") or answer == ExecAnswer(3, "err\nout\n")


def test_a_program_that_is_not_there_cannot_run(asked, box):
    assert asked.look(Exec(box, ("nope-nope",))) is None


def test_a_paused_or_stopped_container_runs_nothing(asked, box, run_docker, prefix):
    run_docker("pause", f"{prefix}box")
    assert asked.look(Exec(box, ("true",))) is None
    run_docker("unpause", f"{prefix}box")
    run_docker("kill", f"{prefix}box")
    assert asked.look(Exec(box, ("true",))) is None


def test_a_command_that_does_not_end_is_given_up(asked, box):
    with pytest.raises(EngineTimeout):
        asked.look(Exec(box, ("sleep", "30")), deadline=0.3)


def test_history_names_and_inspect_are_looks_too(asked, box, prefix):
    image = asked.inspect("image", "busybox")
    assert asked.look(History(image.id))[0]["Id"]
    assert asked.look(History("sha256:" + "0" * 64)) is None
    assert f"{prefix}box" in asked.look(Names("container"))
    assert asked.look(Inspect("container", f"{prefix}box")).id == box
    with pytest.raises(TypeError):
        asked.look(Typed())


def test_changed_files_of_a_container(asked, box, run_docker, prefix):
    before = asked.look(Changes(box))  # `--init` has put its program there
    assert "/etc" not in before
    run_docker("exec", f"{prefix}box", "sh", "-c", "echo hi > /tmp/note; touch /etc/passwd; rm /etc/group")
    found = {path: what for path, what in asked.look(Changes(box)).items() if path not in before}
    assert found == {"/tmp": "changed", "/tmp/note": "added", "/etc": "changed", "/etc/passwd": "changed",
                     "/etc/group": "deleted"}  # fmt: skip
    run_docker("rm", "-f", f"{prefix}box")
    assert asked.look(Changes(box)) is None


def test_a_page_and_its_absence(asked, run_docker, prefix):
    from dockertutor.engine.ports import free_port

    port = free_port(asked)
    command = ["sh", "-c", "mkdir /w; echo hi > /w/index.html; exec httpd -f -h /w"]
    run_docker("run", "-d", "--init", "--name", f"{prefix}w", "-p", f"{port}:80", "busybox", *command)
    deadline = time.monotonic() + 10
    while (found := asked.look(Http(port))) is None or found.status != 200:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    assert found.body == "hi\n"
    assert found.headers["content-type"] == "text/html"
    assert asked.look(Http(port, "/none")).status == 404
    assert asked.look(Http(free_port(asked))) is None
    assert page("localhost", port, "/a b") is None
    assert registry_tags("localhost", port, "x") is None


# ------------------------------------------------------------------ pulls, builds, removal
def test_pulling_what_is_not_there_is_refused(asked):
    with pytest.raises(EngineRefused):
        images.pull(asked, "dockertutor-no-such-image:none")


def test_a_build_that_fails_says_why(asked, prefix):
    with pytest.raises(EngineRefused, match="non-zero code: 3"):
        images.build(asked, "FROM busybox\nRUN exit 3\n", f"{prefix}x:1")


def test_removing_what_is_gone_is_no_fault(asked):
    remove(asked, "container", "0" * 64)
    remove(asked, "volume", "no-such-volume-here")


@pytest.mark.parametrize(
    ("wrote", "listed"),
    [
        ("busybox", "busybox:latest"),
        ("docker.io/library/busybox:1", "busybox:1"),
        ("docker.io/me/x", "me/x:latest"),
        ("localhost:5000/x", "localhost:5000/x:latest"),
        ("x@sha256:1", "x@sha256:1"),
    ],
)
def test_references_as_the_engine_lists_them(wrote, listed):
    assert familiar(wrote) == listed


# ------------------------------------------------------------------ events
def test_events_arrive_and_closing_ends_the_wait(asked: Engine, run_docker, prefix):
    listening = asked.clone()
    stream = listening.events()
    seen: list[Event] = []
    thread = threading.Thread(target=lambda: seen.extend(stream))
    thread.start()
    run_docker("run", "--name", f"{prefix}a", "busybox", "false", check=False)
    deadline = time.monotonic() + 10
    while not any(event.name == f"{prefix}a" and event.action == "die" for event in list(seen)):
        assert time.monotonic() < deadline, seen
        time.sleep(0.02)
    stream.close()
    thread.join(3)
    listening.close()
    assert not thread.is_alive()
    mine = [event for event in seen if event.name == f"{prefix}a"]
    assert [e.action for e in mine if e.action in ("create", "start", "die")] == ["create", "start", "die"]
    (die,) = [event for event in mine if event.action == "die"]
    assert die.attributes["exitCode"] == "1"
    assert die.kind == "container"
    assert stream.last >= die.time > 1e9


def test_events_since_a_time_are_told_again(asked: Engine, run_docker, prefix):
    since = asked.now()
    run_docker("create", "--name", f"{prefix}a", "busybox")
    listening = asked.clone()
    stream = listening.events(since=since)
    assert next(event for event in stream if event.name == f"{prefix}a").action == "create"
    stream.close()
    listening.close()


def test_actions_are_bare_words():
    record = {"Type": "container", "Action": "exec_create: true", "Actor": {"ID": "1", "Attributes": {"name": "a"}}}
    assert event_from(record).action == "exec_create"
    assert event_from({**record, "Action": "health_status: healthy"}).action == "health_status"


def test_our_own_looks_never_wake():
    def event(kind: str, action: str) -> Event:
        return Event(kind, action, "1")

    asleep = [("container", a) for a in ("exec_create", "exec_start", "exec_die", "archive-path", "top")]
    asleep += [("volume", "mount"), ("volume", "unmount")]
    assert not any(wakes(event(*one)) for one in asleep)
    awake = [("container", "start"), ("container", "health_status"), ("image", "tag"), ("network", "connect")]
    assert all(wakes(event(*one)) for one in awake)


@pytest.mark.parametrize("reading", [True, False])
def test_a_closed_stream_leaves_no_descriptor(asked: Engine, reading):
    def open_files() -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    before = open_files()
    listening = asked.clone()
    stream = listening.events()
    thread = threading.Thread(target=lambda: list(stream))
    if reading:
        thread.start()
        time.sleep(0.1)  # let it wait in its read
    stream.close()
    if reading:
        thread.join(3)
    listening.close()
    assert open_files() == before
