"""How an engine is started and told from one that died."""

import os
import shutil
import socket
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from dockertutor.errors import SetupError
from dockertutor.setup import dockerd, own_engine
from dockertutor.setup.flow import Setup
from dockertutor.setup.kit import Kit
from dockertutor.setup.machine import Machine
from dockertutor.setup.record import Record


def test_a_pid_file_of_another_program_is_stale(tmp_path):
    (tmp_path / "docker.pid").write_text(str(os.getpid()))
    assert dockerd.alive(tmp_path / "docker.pid", "dockerd") == 0


def test_a_pid_file_of_that_program_is_alive(tmp_path):
    (tmp_path / "python.pid").write_text(str(os.getpid()))
    name = Path(os.fsdecode(Path("/proc/self/cmdline").read_bytes().split(b"\0")[0])).name
    assert dockerd.alive(tmp_path / "python.pid", name) == os.getpid()


@pytest.mark.parametrize("text", ["", "no number", "999999999"])
def test_a_pid_file_that_means_nobody_is_stale(tmp_path, text):
    (tmp_path / "docker.pid").write_text(text)
    assert dockerd.alive(tmp_path / "docker.pid", "dockerd") == 0


def test_a_socket_file_that_a_dead_engine_left_does_not_count(tmp_path):
    path = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX) as engine:
        engine.bind(str(path))
        engine.listen()
        assert dockerd.listens(path)
    assert path.exists()
    assert not dockerd.listens(path)


def test_the_drop_in_adds_the_mirror_to_the_shipped_command(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://proxy:3128")
    text = own_engine.drop_in("/usr/sbin/dockerd -H fd:// $DOCKER_OPTS", 5999)
    assert (
        "ExecStart=\nExecStart=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS --registry-mirror=http://127.0.0.1:5999" in text
    )
    assert 'Environment="https_proxy=http://proxy:3128"' in text


@pytest.mark.parametrize(
    ("configuration", "allowed"),
    [("", True), ("{}", True), ('{"registry-mirrors": ["https://m"]}', False), ("broken", False)],
)
def test_no_mirror_where_the_machines_own_configuration_names_one(tmp_path, monkeypatch, configuration, allowed):
    path = tmp_path / "daemon.json"
    path.write_text(configuration)
    monkeypatch.setattr(own_engine, "DAEMON_JSON", path)
    assert own_engine._mirror_may_be_set() is allowed


def test_an_engine_that_was_there_is_not_stopped(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKERTUTOR_HOME", str(tmp_path))
    assert own_engine.stop(Record()) == []


@pytest.fixture
def running(monkeypatch, tmp_path):
    """Have a program that is called dockerd run, with these additions to its environment; its process."""
    monkeypatch.setenv("DOCKERTUTOR_HOME", str(tmp_path))
    usual = own_engine.by_hand()
    here = replace(usual, pid_file=tmp_path / "docker.pid")
    monkeypatch.setattr(own_engine, "by_hand", lambda: here)
    shutil.copy(shutil.which("sleep"), tmp_path / "dockerd")
    started = []

    def start(**more):
        started.append(subprocess.Popen([str(tmp_path / "dockerd"), "600"], env=os.environ | more))
        there = Path(f"/proc/{started[-1].pid}")
        while not (there / "environ").read_bytes():  # for a moment after exec the kernel shows none
            time.sleep(0.01)
        here.pid_file.write_text(str(started[-1].pid))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_an_engine_that_somebody_else_has_started_since_is_not_stopped(running):
    process = running()
    assert own_engine.stop(Record(started=True)) == []
    assert process.poll() is None


def test_an_engine_of_another_users_set_up_is_not_stopped(running):
    process = running(**{dockerd.MARK: "/home/other/.local/state/dockertutor/setup/dockerd.log"})
    assert own_engine.stop(Record(started=True)) == []
    assert process.poll() is None


def test_the_engine_that_we_started_is_stopped(running, monkeypatch):
    process = running(**{dockerd.MARK: str(own_engine.by_hand().log)})
    monkeypatch.setattr(dockerd, "until", lambda *_: process.wait(60) is not None)
    assert own_engine.stop(Record(started=True)) == ["the Docker Engine"]


# ------------------------------------------------------------------ a service that was here before
SYSTEMCTL = """#!/bin/sh
echo "$*" >>"$0.calls"
touch "$0.id" "$0.state"
case $1 in
    show) printf 'ActiveState=%s\\nInvocationID=%s\\n' "$(cat "$0.state")" "$(cat "$0.id")" ;;
    start)
        [ "$(cat "$0.state")" = active ] || echo "$(cat "$0.id")x" >"$0.id"
        echo active >"$0.state"
        [ ! -e "$0.fails" ] || { echo inactive >"$0.state"; echo "Job failed." >&2; exit 1; } ;;
    stop) echo inactive >"$0.state" ;;
esac
"""


class Systemd:
    """A systemctl that only notes what it is told, and gives each start of docker.service an Id."""

    def __init__(self, folder: Path) -> None:
        self.program = folder / "systemctl"
        self.program.write_text(SYSTEMCTL)
        self.program.chmod(0o755)

    def by_somebody_else(self, *arguments: str) -> None:
        subprocess.run([str(self.program), *arguments], check=True)

    def start_fails(self) -> None:
        self.program.with_name("systemctl.fails").touch()

    @property
    def calls(self) -> list[str]:
        return self.program.with_name("systemctl.calls").read_text().splitlines()

    @property
    def running(self) -> bool:
        return self.program.with_name("systemctl.state").read_text() == "active\n"


@pytest.fixture
def systemd(monkeypatch, tmp_path):
    """A machine with systemd, where docker.io was installed before and has been stopped."""
    monkeypatch.setenv("DOCKERTUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(own_engine, "DROP_IN", tmp_path / "dockertutor.conf")
    return Systemd(tmp_path)


def start(tmp_path: Path) -> None:
    own_engine.start(Machine(systemd=True, root=True), Record.read(), Kit(tmp_path / "kit"))


def stop_engine() -> list[str]:
    said: list[str] = []
    Setup(Path(), said.append, pytest.fail).stop_engine()
    return said


def test_a_service_that_was_here_before_and_that_we_started_is_stopped(systemd, tmp_path):
    start(tmp_path)
    assert systemd.running
    assert stop_engine() == ["Stopped the Docker Engine (systemd's docker.service)."]
    assert not systemd.running
    assert "stop docker.service docker.socket" in systemd.calls


def test_it_is_stopped_once(systemd, tmp_path):
    start(tmp_path)
    stop_engine()
    systemd.by_somebody_else("start", "docker.service")
    assert stop_engine() == ["There is no engine here that set-up started; nothing was stopped."]
    assert systemd.running


def test_a_service_that_ran_already_is_not_ours(systemd, tmp_path):
    systemd.by_somebody_else("start", "docker.service")
    start(tmp_path)
    assert own_engine.stop(Record.read()) == []
    assert systemd.running


def test_a_service_that_somebody_has_started_anew_is_not_ours(systemd, tmp_path):
    start(tmp_path)
    systemd.by_somebody_else("stop", "docker.service")
    systemd.by_somebody_else("start", "docker.service")
    assert own_engine.stop(Record.read()) == []
    assert systemd.running


def test_a_service_that_does_not_start_leaves_nothing_to_stop(systemd, tmp_path):
    systemd.start_fails()
    with pytest.raises(SetupError, match="Job failed"):
        start(tmp_path)
    assert own_engine.stop(Record.read()) == []


@pytest.mark.parametrize("systemd_runs", [True, False])
@pytest.mark.parametrize(("packages", "removes"), [([], False), (["docker.io"], True)])
def test_the_plan_says_what_stops_and_removes_it(monkeypatch, tmp_path, systemd_runs, packages, removes):
    monkeypatch.setenv("DOCKERTUTOR_HOME", str(tmp_path))
    said: list[str] = []
    plan = Setup(Path(), said.append, lambda _: True, record=Record(packages=packages))
    plan._agree_to_engine([], systemd_runs, 0)
    assert "--stop-engine` stops it" in said[-1]
    assert ("--uninstall` removes it" in said[-1]) is removes


@pytest.mark.parametrize("text", ["", "[]", '{"packages"', '{"unknown": 1}'])
def test_a_record_that_cannot_be_read_undoes_nothing(monkeypatch, tmp_path, text):
    monkeypatch.setenv("DOCKERTUTOR_HOME", str(tmp_path))
    (tmp_path / "state/setup").mkdir(parents=True)
    (tmp_path / "state/setup/record.json").write_text(text)
    assert Record.read() == Record()
