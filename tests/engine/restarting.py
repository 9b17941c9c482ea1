"""The private engine, really stopped and started: its containers end, its connections break, its socket goes."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import engine_root

PID = Path("/run/docker.pid")
SOCKET = Path("/run/docker.sock")
LIMIT = 60.0

needs_own_engine = pytest.mark.skipif(
    not os.environ.get("DOCKERTUTOR_PRIVATE_ENGINE"), reason="not run: needs an engine of its own"
)


def stop(*, killed: bool = False) -> list[str]:
    """Stop it as a package upgrade does, or kill it; returns the command line that starts it again."""
    pid = int(PID.read_text())
    command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().rstrip("\0").split("\0")
    os.kill(pid, signal.SIGKILL if killed else signal.SIGTERM)
    _wait(lambda: _has_ended(pid))
    PID.unlink(missing_ok=True)
    return command


def start(command: list[str]) -> None:
    """Start it and wait for its socket. (What is executed in containers must see their files: not by chroot.)"""
    program = engine_root.program(os.environ.get("DOCKERTUTOR_ENGINE_ROOT", ""))
    with Path("/run/dockerd-again.log").open("wb") as log:
        again = ["setsid", "--fork", *(program or command[:1]), *command[1:]]
        subprocess.run(again, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=True)
    _wait(SOCKET.exists)
    _wait(lambda: subprocess.run(["docker", "-H", f"unix://{SOCKET}", "version"], capture_output=True).returncode == 0)


def _has_ended(pid: int) -> bool:
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):  # it may go while it is being read
        return True


def _wait(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT
    while not holds():
        assert time.monotonic() < end, "the engine does not stop or start: see /run/dockerd-again.log"
        time.sleep(0.1)
