"""Why no API calls are seen: what the learner reads where they would be."""

from __future__ import annotations

from pathlib import Path

import pytest

from dockertutor.engine.connection import Endpoint
from dockertutor.launch import _unwatched
from dockertutor.tutor.seat import Seat


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def said(url: str, *, wire: bool = True, asked: bool = False) -> str:
    with Seat(Endpoint(url), wire=wire, later=True) as seat:
        return _unwatched(seat, asked=asked)


def test_nothing_is_said_where_calls_are_seen() -> None:
    assert said("unix:///nowhere.sock") == ""


@pytest.mark.parametrize(
    ("url", "why"),
    [("ssh://me@far", "API calls over ssh://"), ("npipe:////./pipe/docker_engine", "API calls over a named pipe")],
)
def test_an_engine_that_cannot_be_relayed_is_told_by_its_own_sentence(url: str, why: str) -> None:
    text = said(url)
    assert text.startswith(why)
    assert "choose an engine at a socket or at a TCP address" in text
    assert "--no-wire" not in text


def test_a_path_that_is_too_long_for_a_socket_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    text = said("unix:///nowhere.sock")
    assert "is too long for a socket" in text
    assert "Set XDG_RUNTIME_DIR" in text


def test_no_wire_is_named_only_to_those_who_asked_for_it() -> None:
    assert "without `--no-wire`" in said("unix:///nowhere.sock", wire=False, asked=True)
    # no wire was tried, as the engine's address cannot be used
    assert said("unix:///nowhere.sock", wire=False).startswith("The engine's address cannot be used")
