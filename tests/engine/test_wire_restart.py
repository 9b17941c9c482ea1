"""The engine is restarted under the wire: clients see what they would see without it, and the next call works."""

from __future__ import annotations

import subprocess

import pytest

from tests.engine.restarting import needs_own_engine, start, stop
from tests.engine.test_wire_docker import LIMIT, Wired, docker, eventually

pytestmark = [pytest.mark.engine, needs_own_engine]
__all__ = ["docker"]

Ended = tuple[int, bytes, str]


def both(docker: Wired, *args: str) -> list[subprocess.Popen]:
    """The same long command through the wire and without it."""
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    direct = subprocess.Popen([docker.cli, *args], env=docker.direct, **how)
    return [docker.start(*args, **how), direct]


def ended(process: subprocess.Popen) -> Ended:
    out, err = process.communicate(timeout=LIMIT)
    return process.returncode, out, err.decode()


@pytest.fixture
def restarted(docker: Wired):
    """Starts the engine again, whatever the test finds."""
    commands: list[list[str]] = []

    def go() -> None:
        start(commands.pop())

    def halt() -> None:
        commands.append(stop())

    yield halt, go
    if commands:
        go()


def test_commands_that_were_waiting_end_as_they_would_and_the_next_call_works(docker, prefix, restarted):
    halt, go = restarted
    docker("run", "-d", "--name", f"{prefix}a", "--init", "busybox", "sh", "-c", "echo hello; exec sleep 600")
    past = ("--since", "1h", "--format", "{{.Action}}", "--filter", "event=create")
    pairs = {
        "events": both(docker, "events", *past, "--filter", f"container={prefix}a"),
        "logs": both(docker, "logs", "-f", f"{prefix}a"),
        "exec": both(docker, "exec", f"{prefix}a", "sh", "-c", "echo here; exec sleep 600"),
    }
    for pair in pairs.values():
        for process in pair:  # each is connected once it has said something
            assert process.stdout.readline()

    halt()
    for what in ("events", "logs"):
        wired, direct = map(ended, pairs[what])
        assert wired == direct, what
    # asks how it ended when nobody answers any more: without us it is silent (255), through us it reads why (1)
    wired, direct = map(ended, pairs["exec"])
    assert 0 not in (wired[0], direct[0])
    assert wired[1] == direct[1]

    go()
    docker("start", f"{prefix}a")
    eventually(lambda: docker("logs", f"{prefix}a").stdout == b"hello\nhello\n")
    assert docker("exec", f"{prefix}a", "echo", "again").stdout == b"again\n"


def test_while_it_is_gone_a_command_fails_with_a_reason_and_then_works(docker, restarted):
    halt, go = restarted
    halt()
    wired, direct = docker("ps", check=False), docker.without("ps")
    assert wired.returncode == direct.returncode == 1
    assert wired.stdout == direct.stdout
    assert b"engine" in wired.stderr.lower() or b"daemon" in wired.stderr.lower()

    go()
    assert (
        docker("version", "-f", "{{.Server.Version}}").stdout
        == docker.without("version", "-f", "{{.Server.Version}}").stdout
    )
