"""What ./test does to the machine: it installs an engine only where ./run would, and takes back what it wrote."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import everything
import pytest

from dockertutor.setup import hosts
from dockertutor.setup.machine import Machine

TESTS = Path(__file__).parents[1]
DEBIAN = {"distribution": ("debian",), "name": "Debian GNU/Linux 12", "root": True}


@pytest.fixture
def done(monkeypatch, tmp_path):
    """Have ./test run as root on a machine that knows localhost; what it did there."""
    steps: list[str] = []
    monkeypatch.setattr(everything.os, "geteuid", lambda: 0)
    monkeypatch.setattr(everything.signal, "signal", lambda *_: None)
    monkeypatch.setattr(everything, "_furnish", lambda: steps.append("furnish"))
    monkeypatch.setattr(everything, "_stage", lambda stage, *_: not steps.append(stage))
    monkeypatch.setattr(everything, "_on_engines", lambda stages, *_: not steps.extend(stages))
    monkeypatch.setattr(hosts, "HOSTS", tmp_path / "hosts")
    monkeypatch.setattr(hosts, "localhost_known", lambda: True)
    return steps


def on(monkeypatch, machine: Machine, *programs: str) -> None:
    monkeypatch.setattr(everything.machine, "look", lambda: machine)
    monkeypatch.setattr(everything.shutil, "which", lambda name, **_: f"/usr/bin/{name}" if name in programs else None)


# ------------------------------------------------------------------ an engine
REFUSED = [
    Machine(**DEBIAN, wsl=True),
    Machine(**DEBIAN, docker_packages=frozenset({"snap"})),
    Machine(**DEBIAN, docker_packages=frozenset({"docker-desktop"})),
    Machine(distribution=("fedora",), name="Fedora 41", root=True),
]


@pytest.mark.parametrize("machine", REFUSED)
@pytest.mark.parametrize("stages", [[], ["engine"], ["proofs"]])
def test_where_run_installs_no_engine_test_says_the_same_and_does_nothing(monkeypatch, capsys, done, machine, stages):
    on(monkeypatch, machine, "docker")
    assert everything.main(stages) == 1
    refusal = machine.refusal()
    assert refusal is not None
    assert str(refusal) in capsys.readouterr().err
    assert done == []


def test_the_stages_that_need_no_engine_are_done_there(monkeypatch, done):
    on(monkeypatch, REFUSED[0])
    assert everything.main(["unit"]) == 0
    assert done == ["furnish", "unit"]


@pytest.mark.parametrize(
    ("machine", "programs"),
    [
        (Machine(**DEBIAN), ()),
        (Machine(**DEBIAN, docker_packages=frozenset({"docker-ce"})), ("docker", "dockerd")),
    ],
    ids=["one may be installed", "its programs are here"],
)
def test_elsewhere_all_of_it_is_done(monkeypatch, done, machine, programs):
    on(monkeypatch, machine, *programs)
    assert everything.main([]) == 0
    assert done == ["furnish", "lint", "unit", "engine", "proofs"]


# ------------------------------------------------------------------ the name localhost
BEFORE = "127.0.1.1\tmine\n"


@pytest.fixture
def file(tmp_path, monkeypatch):
    """The file of a machine that does not know the name."""
    path = tmp_path / "hosts"
    path.write_text(BEFORE)
    monkeypatch.setattr(hosts, "localhost_known", lambda: False)
    return path


@pytest.mark.parametrize("end", [None, RuntimeError, KeyboardInterrupt, SystemExit])
def test_the_name_is_known_for_the_run_only(file, end):
    def run() -> None:
        with everything._localhost_known(file):
            assert file.read_text() == BEFORE + hosts.LINE
            if end is not None:
                raise end

    if end is None:
        run()
    else:
        with pytest.raises(end):
            run()
    assert file.read_text() == BEFORE


def test_a_line_of_runs_stays(file):
    hosts.add_localhost(file)
    with everything._localhost_known(file):
        pass
    assert file.read_text() == BEFORE + hosts.LINE


def test_nothing_is_written_where_the_name_is_known(file, monkeypatch):
    monkeypatch.setattr(hosts, "localhost_known", lambda: True)
    with everything._localhost_known(file):
        assert file.read_text() == BEFORE


RUN = """
    import os, sys, time
    from pathlib import Path
    import everything
    from dockertutor.setup import hosts

    def stage(*_):
        print("at work", flush=True)
        time.sleep(600)

    os.geteuid = lambda: 0
    hosts.HOSTS = Path(sys.argv[1])
    hosts.localhost_known = lambda: False
    everything._furnish = lambda: None
    everything._stage = stage
    sys.exit(everything.main(["unit"]))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_ended_takes_it_back(file, number):
    command = [sys.executable, "-c", textwrap.dedent(RUN), str(file)]
    with subprocess.Popen(command, cwd=TESTS, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
        assert run.stdout is not None
        assert any(line == "at work\n" for line in run.stdout)
        assert hosts.LINE in file.read_text()
        run.send_signal(number)
        assert run.wait(60) != 0
    assert file.read_text() == BEFORE


def test_a_run_that_fails_takes_it_back(file, done, monkeypatch):
    monkeypatch.setattr(hosts, "HOSTS", file)
    monkeypatch.setattr(hosts, "localhost_known", lambda: False)
    monkeypatch.setattr(everything, "_stage", lambda *_: False)
    assert everything.main(["unit"]) == 1
    assert file.read_text() == BEFORE
