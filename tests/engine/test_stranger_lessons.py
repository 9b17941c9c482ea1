"""A stranger's lesson: what its checks and given objects may never reach, on a real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from dockertutor.checks import parse_check
from dockertutor.checks.model import Check
from dockertutor.checks.nodes import compose
from dockertutor.engine.engine import Engine
from dockertutor.engine.looks import LOG_BYTES
from dockertutor.errors import TutorError
from dockertutor.facts import Call, Logs
from dockertutor.tutor import given_limits
from dockertutor.tutor.context import AttemptContext
from dockertutor.tutor.gather import Gatherer
from dockertutor.tutor.given import make
from dockertutor.tutor.wanted import Unmakeable


def checks(text: str, use: str = "expect") -> tuple[Check, ...]:
    problems: list = []
    node = compose(text, "test.yaml", problems)
    found = [parse_check(item, file="test.yaml", problems=problems, use=use) for item in node.value]
    assert not problems, problems
    return tuple(found)


def stages(asked: Engine, folder: Path, *, wire: bool = False) -> AttemptContext:
    context = AttemptContext(folder, wire=wire)
    context.begin_stage(asked.baseline(), {}, since=asked.now())
    return context


@pytest.mark.parametrize("use", ["requires", "begun"])
def test_no_command_runs_in_a_container_that_was_there_before(asked, tmp_path, run_docker, prefix, use):
    run_docker("run", "-d", "--init", "--name", f"{prefix}theirs", "busybox", "sleep", "60")
    context = stages(asked, tmp_path) if use == "begun" else AttemptContext(tmp_path)
    wanted = checks(f'[{{container: "{prefix}theirs", exec: {{command: [touch, /gone], exit_code: "0"}}}}]')
    judgement = Gatherer(asked).judge(wanted, (), context)[0]
    assert judgement.status == "unknown"
    assert "was not made in this exercise" in judgement.verdicts[-1].why
    assert "gone" not in run_docker("exec", f"{prefix}theirs", "ls", "/").stdout


def test_files_of_a_container_that_was_there_before_are_not_listed(asked, tmp_path, run_docker, prefix):
    run_docker("run", "--name", f"{prefix}theirs", "busybox", "touch", "/secret")
    wanted = checks(f'[{{container: "{prefix}theirs", changes: {{/secret: added}}}}]')
    judgement, _, facts = Gatherer(asked).judge(wanted, (), stages(asked, tmp_path))
    assert judgement.status == "unknown"
    assert "was not made in this exercise" in judgement.verdicts[-1].why
    assert not [found for found in facts.seen.values() if isinstance(found, dict)]


def test_no_command_runs_in_a_container_that_did_not_pass_the_wire(asked, tmp_path, run_docker, prefix):
    context = stages(asked, tmp_path, wire=True)
    made = run_docker("run", "-d", "--init", "--name", f"{prefix}a", "busybox", "sleep", "60").stdout.strip()
    wanted = checks(f'[{{container: "{prefix}a", exec: {{command: ["true"], exit_code: "0"}}}}]')
    assert Gatherer(asked).judge(wanted, (), context)[0].status == "unknown"
    context.note_call(Call(1, "POST", "/containers/create", ended=asked.now(), created=(("container", made),)))
    assert Gatherer(asked).judge(wanted, (), context)[0].status == "pass"


def test_commands_run_in_what_the_learner_made_in_an_earlier_stage(asked, tmp_path, run_docker, prefix):
    context = stages(asked, tmp_path)
    run_docker("run", "-d", "--init", "--name", f"{prefix}a", "busybox", "sleep", "60")
    context.begin_stage(asked.baseline(), {}, since=asked.now())
    wanted = checks(f'[{{container: "{prefix}a", exec: {{command: ["true"], exit_code: "0"}}}}]')
    assert Gatherer(asked).judge(wanted, (), context)[0].status == "pass"


def test_files_of_a_foreign_container_are_not_read(asked, tmp_path, run_docker, prefix):
    run_docker("create", "--name", f"{prefix}theirs", "busybox")
    wanted = checks(f'[{{container: "{prefix}theirs", files: {{/etc/passwd: {{contains: root}}}}}}]')
    assert Gatherer(asked).judge(wanted, (), stages(asked, tmp_path))[0].status == "unknown"


# ------------------------------------------------------------------ what is given
@pytest.fixture
def give(asked: Engine, tmp_path: Path, engine):
    """Makes what a text says is given; what was made goes by its prefix, images by their names."""
    built: list[str] = []

    def call(text: str, **more):
        note = lambda one: built.append(one.name) if one.kind == "image" else None  # noqa: E731
        wanted = checks(text, "given")
        return make(asked, wanted, folder=tmp_path, attempt_id="s1", say=lambda words: None, note=note, **more)

    yield call
    for container in engine.api.containers(all=True, filters={"label": "dockertutor.attempt=s1"}):
        engine.api.remove_container(container["Id"], force=True)
    for tag in built:
        engine.api.remove_image(tag)


def test_a_foreign_volume_is_not_mounted_into_a_given_container(give, run_docker, prefix):
    run_docker("volume", "create", f"{prefix}theirs")
    with pytest.raises(Unmakeable, match="it was not given"):
        give(f'[{{container: "{prefix}a", image: busybox, mounts: {{/x: "{prefix}theirs"}}, command: [ls]}}]')
    assert not run_docker("ps", "-aq", "--filter", f"name={prefix}a").stdout


def test_a_volume_that_a_given_container_brings_is_noted_as_ours(asked, tmp_path, prefix):
    noted: list[tuple[str, str]] = []
    text = f'[{{container: "{prefix}a", image: busybox, mounts: {{/x: "{prefix}v"}}}}]'
    make(asked, checks(text, "given"), folder=tmp_path, attempt_id="s1", say=lambda words: None,
         note=lambda one: noted.append((one.kind, one.name)))  # fmt: skip
    assert noted == [("volume", f"{prefix}v"), ("container", f"{prefix}a")]


def test_a_given_container_joins_no_foreign_network(give, run_docker, prefix):
    run_docker("network", "create", f"{prefix}theirs")
    for text in (f'networks: ["{prefix}theirs"]', f'network_mode: "{prefix}theirs"'):
        with pytest.raises(Unmakeable, match="it was not given"):
            give(f'[{{container: "{prefix}a", image: busybox, {text}}}]')


@pytest.mark.parametrize(
    "more",
    [
        "aliases: {host: {contains: x}}",
        "ip_addresses: {host: 10.0.0.9}",
        'network_mode: "container:x"',
        "cap_add: [SYSLOG]",
        "cap_add: [CAP_SYS_TIME]",
        "log_driver: syslog",
    ],
)
def test_no_given_container_gets_out_of_its_box(give, prefix, more):
    with pytest.raises(Unmakeable):
        give(f'[{{container: "{prefix}a", image: busybox, {more}}}]')


@pytest.mark.parametrize(
    "options",
    [
        "{type: tmpfs, o: bind, device: /etc}",
        "{exactly: {type: tmpfs, o: bind, device: /etc}}",
        "{type: tmpfs, device: tmpfs, o: 'size=1m,bind'}",
        "{type: nfs, o: addr=10.0.0.1}",
    ],
)
def test_no_given_volume_is_a_folder_of_the_host(give, prefix, options):
    with pytest.raises(Unmakeable, match="folder or device"):
        give(f'[{{volume: "{prefix}v", options: {options}}}]')


def test_a_given_volume_may_lie_in_memory(give, prefix):
    assert give(f'[{{volume: "{prefix}v", options: {{type: tmpfs, device: tmpfs, o: size=1m}}}}]')


@pytest.mark.parametrize("more", ["driver: ipvlan", "subnet: [8.8.8.0/24]", "options: {parent: eth0}"])
def test_no_given_network_reaches_past_the_engine(give, prefix, more):
    with pytest.raises(Unmakeable):
        give(f'[{{network: "{prefix}n", {more}}}]')


@pytest.mark.parametrize("way", ["", "library/", "docker.io/", "docker.io/library/", "index.docker.io/library/"])
def test_a_given_dockerfile_never_moves_a_tag_that_exists(asked, give, run_docker, prefix, way):
    run_docker("tag", "busybox", f"{prefix}theirs")
    before = asked.inspect("image", f"{prefix}theirs").id
    try:
        with pytest.raises(TutorError, match="already"):
            give(f'[{{image: "{way}{prefix}theirs", dockerfile: "FROM busybox\\nENV A=1\\n"}}]')
        assert asked.inspect("image", f"{prefix}theirs").id == before
    finally:
        run_docker("rmi", f"{prefix}theirs")


@pytest.mark.parametrize(
    "line", ["ADD http://127.0.0.1/ /x", "add \\\n https://a/b /x", "ADD $U /x", "ADD git@github.com:a/b /x"]
)
def test_no_given_build_makes_the_engine_fetch_an_address(line):
    with pytest.raises(Unmakeable):
        given_limits.dockerfile(f"FROM busybox\nARG U=http://a\n{line}\n")
    given_limits.dockerfile("FROM busybox\n# http://a\nADD a.txt /x\nRUN echo http://a $HOME\n")


def test_no_part_of_the_folder_is_mounted_where_a_container_could_swap_it_for_a_link(
    give, run_docker, prefix, tmp_path
):
    text = f'[{{container: "{prefix}b", image: busybox, mounts: {{/x: ./site}}, mount_types: {{/x: bind}}}}]'
    text = text.replace("./site", str(tmp_path / "site"))
    run_docker("run", "-d", "--init", "--name", f"{prefix}a", "-v", f"{tmp_path}:/f", "busybox", "sleep", "60")
    with pytest.raises(TutorError, match="may write to the folder above"):
        give(text)
    run_docker("rm", "-f", f"{prefix}a")
    give(text)


# ------------------------------------------------------------------ hostile containers
def test_endless_lines_are_read_in_part(asked, run_docker, prefix):
    run_docker("run", "--name", f"{prefix}a", "busybox", "sh", "-c", "head -c 9000000 /dev/zero | tr '\\0' x; echo end")
    found = asked.look(Logs(asked.inspect("container", f"{prefix}a").id))
    assert len(found) == LOG_BYTES
    assert found.endswith("xend\n")


def test_output_of_a_terminal_and_of_errors_is_read(asked, run_docker, prefix):
    run_docker("run", "-t", "--name", f"{prefix}t", "busybox", "echo", "seen")
    run_docker("run", "--name", f"{prefix}e", "busybox", "sh", "-c", "echo one; echo two >&2")
    assert asked.look(Logs(asked.inspect("container", f"{prefix}t").id)) == "seen\r\n"
    assert sorted(asked.look(Logs(asked.inspect("container", f"{prefix}e").id)).split()) == ["one", "two"]
    run_docker("run", "--log-driver", "none", "--name", f"{prefix}n", "busybox", "true")
    assert asked.look(Logs(asked.inspect("container", f"{prefix}n").id)) is None
    assert asked.look(Logs("0" * 64)) is None
