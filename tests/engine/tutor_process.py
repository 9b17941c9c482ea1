"""A tutor with a wire in a process of its own, to be killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

TUTOR = """
import sys, time, pathlib
from types import SimpleNamespace
from dockertutor.engine.wire_handle import Wire
from dockertutor.engine.wire_shell import publish
wire = Wire.start(SimpleNamespace(url=sys.argv[1], tls=None), runtime=pathlib.Path(sys.argv[2]), on_call=lambda c: None)
publish(wire, sys.argv[1])
print(wire.pid, flush=True)
time.sleep(100)
"""


@pytest.fixture
def tutor(tmp_path: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[str], int]]]:
    """A tutor process of its own with a wire, and the wire's process id."""
    made: list[subprocess.Popen[str]] = []

    def start(engine: Path, runtime: Path) -> tuple[subprocess.Popen[str], int]:
        process = subprocess.Popen(
            [sys.executable, "-c", TUTOR, f"unix://{engine}", str(runtime)], stdout=subprocess.PIPE, text=True
        )
        made.append(process)
        assert process.stdout is not None
        return process, int(process.stdout.readline())

    yield start
    for process in made:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True
