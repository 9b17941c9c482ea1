"""What killed tutors leave in the runtime folder goes at the next start, and at the next end."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from dockertutor.engine.connection import Endpoint
from dockertutor.engine.wire_shell import sweep
from dockertutor.tutor.seat import Seat

DEAD = 99_999_999


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    tmp_path.chmod(0o700)
    folder = tmp_path / "dockertutor"
    folder.mkdir(mode=0o700)
    return folder


def left_behind(base: Path, name: str) -> Path:
    """The folder of a killed tutor whose relay removed its socket and went."""
    folder = base / name
    folder.mkdir(mode=0o700)
    os.mkfifo(folder / "answers")
    (folder / "bin").mkdir()
    return folder


def test_a_folder_in_which_nobody_listens_is_swept_at_once(base: Path) -> None:
    left_behind(base, f"{DEAD}-abc")
    sweep(base)
    assert list(base.iterdir()) == []


def test_a_folder_whose_pipe_somebody_reads_stays(base: Path) -> None:
    folder = left_behind(base, f"{DEAD}-abc")
    reader = os.open(folder / "answers", os.O_RDWR)
    sweep(base)
    assert folder.exists()
    os.close(reader)


def test_a_folder_whose_relay_still_carries_a_command_goes_when_the_next_tutor_ends(base: Path) -> None:
    folder = left_behind(base, f"{DEAD}-abc")
    with socket.socket(socket.AF_UNIX) as relay:
        relay.bind(str(folder / "wire.sock"))
        relay.listen()
        seat = Seat(Endpoint("unix:///nowhere.sock"), wire=False)
        assert folder.exists()
    seat.close()
    assert list(base.iterdir()) == []
