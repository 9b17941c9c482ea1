"""Set-up's command: what it asks on a real terminal, with closed streams, and beside another set-up."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest

ASK = "from dockertutor.setup.command import _ask; import sys; sys.exit(10 + _ask('Go on?'))"


@pytest.fixture
def world(tmp_path: Path) -> dict[str, str]:
    """A home of its own, and an address where no engine is."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "DOCKER"))}
    return kept | {"HOME": str(tmp_path), "DOCKERTUTOR_HOME": str(tmp_path), "DOCKER_HOST": "unix:///nowhere/d.sock"}


@pytest.mark.parametrize(
    ("typed", "agreed"),
    [(b"\n", True), (b"y\n", True), (b" Yes \n", True), (b"n\n", False), (b"no\n", False), (b"\x04", False)],
    ids=["Enter", "y", "Yes", "n", "no", "Ctrl-D"],
)
def test_only_enter_and_yes_agree(typed: bytes, agreed: bool) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen([sys.executable, "-c", ASK], stdin=theirs, stderr=theirs, stdout=theirs)
    os.close(theirs)
    seen = b""
    while b"[Y/n]" not in seen:
        seen += os.read(ours, 4096)
    os.write(ours, typed)
    assert process.wait(60) == 10 + agreed
    os.close(ours)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(("words", "code"), [("list", 0), ("setup", 4), ("open first-steps", 2), ("nosuch", 2)])
def test_closed_streams_change_no_exit_code(world: dict[str, str], closed: str, words: str, code: int) -> None:
    line = f"'{sys.executable}' -m dockertutor {words} {closed}"
    done = subprocess.run(["sh", "-c", line], env=world, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_a_second_set_up_says_that_it_waits_and_then_goes_on(world: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "state/setup"
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "dockertutor", "setup", "--stop-engine"]
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = subprocess.Popen(command, env=world, stderr=subprocess.PIPE, text=True)
        assert second.stderr is not None
        said = second.stderr.readline() if select.select([second.stderr], [], [], 60)[0] else ""
        waits = second.poll() is None
    with second:
        assert "nothing was stopped" in second.communicate(timeout=60)[1]
    assert (said, waits) == ("Another set-up of yours is at work; waiting for it …\n", True)
    assert second.returncode == 0
