"""The connection that tells whether the engine is there: looked at only when something has happened."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockertutor.engine import wire_lookout
from dockertutor.engine.wire_door import Door
from dockertutor.engine.wire_link import Link, PlainLink
from dockertutor.engine.wire_lookout import Lookout
from dockertutor.engine.wire_upstream import NobodyListens, Upstream, UpstreamError


class Engine(Upstream):
    """The other end in the test's hands: ``ends`` are its sides of the connections that were made."""

    def __init__(self) -> None:
        super().__init__("unix:///x")
        self.ends: list[socket.socket] = []
        self.trouble: Exception | None = None

    def open(self, client: int = 0) -> Link:
        if self.trouble is not None:
            raise self.trouble
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self.ends.append(theirs)
        return PlainLink(ours)


class Poll:
    def register(self, fd: int, mask: int) -> None: ...
    def unregister(self, fd: int) -> None: ...


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine()
    yield made
    for end in made.ends:
        end.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(wire_lookout.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def lookout(engine: Engine, clock: list[float], tmp_path: Path) -> Iterator[Lookout]:
    (tmp_path / "wire.sock").touch()
    made = Lookout(engine, Poll(), Door(str(tmp_path / "wire.sock")))
    made.look()
    yield made
    made.close()


def test_while_the_engine_is_there_nobody_asks(lookout, engine):
    assert lookout.next is None
    lookout.reached()
    assert len(engine.ends) == 1


def test_when_a_clients_connection_has_ended_it_is_looked_for_at_once(lookout, engine, tmp_path):
    lookout.ask()
    assert (tmp_path / "wire.sock").exists()

    engine.trouble = NobodyListens("gone")  # though the connection held here still stands
    lookout.ask()
    assert not (tmp_path / "wire.sock").exists()


def test_where_looking_takes_time_only_the_connection_held_tells(lookout, engine, tmp_path):
    engine.near = False
    engine.trouble = NobodyListens("gone")
    lookout.ask()
    assert (tmp_path / "wire.sock").exists()
    engine.ends[0].close()
    lookout.ask()
    assert not (tmp_path / "wire.sock").exists()


def test_what_the_engine_says_there_means_nothing(lookout, engine):
    engine.ends[0].sendall(b"hello")
    lookout.event()
    assert len(engine.ends) == 1


def test_while_it_is_gone_it_is_looked_for(lookout, engine, clock, tmp_path):
    engine.trouble = NobodyListens("gone")
    engine.ends[0].close()
    lookout.event()
    assert not (tmp_path / "wire.sock").exists()
    assert lookout.next == pytest.approx(clock[0] + engine.patience)

    engine.trouble = None
    lookout.look()
    assert (tmp_path / "wire.sock").exists()
    assert lookout.next is None


def test_an_engine_that_ends_it_at_once_is_asked_ever_more_seldom(lookout, engine, clock):
    engine.ends[0].close()
    lookout.event()
    waited = []
    for number in range(1, 12):
        engine.ends[number].close()
        lookout.event()
        assert lookout.next is not None
        waited.append(lookout.next - clock[0])
        clock[0] = lookout.next
        lookout.look()
    assert waited == sorted(waited)
    assert waited[-1] == wire_lookout.PAUSE_AT_MOST


def test_one_that_has_lasted_is_made_again_at_once(lookout, engine, clock):
    for number in range(5):
        clock[0] += 300
        engine.ends[number].close()
        lookout.event()
        assert len(engine.ends) == number + 2


def test_for_another_reason_the_socket_stays_so_that_a_client_reads_it(lookout, engine, tmp_path):
    engine.trouble = UpstreamError("permission denied")
    engine.ends[0].close()
    lookout.event()
    assert (tmp_path / "wire.sock").exists()
    assert lookout.next is None

    engine.trouble = None
    lookout.reached()  # somebody has come through: it can be held again
    assert len(engine.ends) == 2
