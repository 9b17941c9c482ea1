"""The file of ``dockertutor shell --log FILE``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dockertutor.engine.wire_shell import CallLog
from dockertutor.facts import Call

ENDED = Call(1, "GET", "/info", started=1.0, ended=1.1, status=200)


def test_a_call_is_kept_when_it_has_ended(tmp_path: Path) -> None:
    with CallLog(tmp_path / "log") as log:
        log.add(Call(1, "GET", "/info", started=1.0))
        log.add(ENDED)
    (line,) = (tmp_path / "log").read_text().splitlines()
    assert json.loads(line)["path"] == "/info"


def test_a_full_disk_is_said_once_and_does_not_end_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with CallLog(Path("/dev/full")) as log:
        log.add(ENDED)
        log.add(ENDED)
    assert capsys.readouterr().err == "The log /dev/full is not whole: No space left on device.\n"
