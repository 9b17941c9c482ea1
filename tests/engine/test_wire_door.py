"""The wire's socket is there while the engine is: a client whose engine is gone sees what it would see without us."""

from __future__ import annotations

import os
import signal
import socket
import threading

import pytest

from dockertutor.engine.wire_shell import publish, running
from tests.engine.fake_engine import FakeEngine, dial, eventually, ok, read_head

ASK = b"GET /version HTTP/1.1\r\nHost: d\r\n\r\n"


def answer(relay) -> bytes:
    with dial(relay) as sock:
        sock.sendall(ASK)
        return read_head(sock).partition(b"\r\n")[0]


@pytest.mark.parametrize("tidy", [True, False])
def test_it_goes_with_the_engine_and_comes_back_with_it(fake, wire, tidy):
    relay = wire(fake(ok))
    assert answer(relay) == b"HTTP/1.1 200 OK"
    fake.engines[0].close(tidy=tidy)
    eventually(lambda: not relay.socket.exists())
    fake.engines[0].path.unlink(missing_ok=True)

    fake.engines[0] = FakeEngine(fake.engines[0].path, ok)
    eventually(relay.socket.exists)
    assert answer(relay) == b"HTTP/1.1 200 OK"


@pytest.mark.parametrize("tidy", [True, False])
def test_it_has_gone_before_a_client_learns_of_the_end(fake, wire, tidy):
    going = threading.Event()

    def serve(sock: socket.socket) -> None:
        read_head(sock)
        going.wait(20)
        if tidy:
            fake.engines[0].path.unlink()
        fake.engines[0].listener.shutdown(socket.SHUT_RDWR)

    relay = wire(fake(serve))
    with dial(relay) as sock:
        sock.sendall(ASK)
        going.set()
        assert sock.recv(1) == b""
        assert not relay.socket.exists()
    fake.engines[0].path.touch()


def test_an_engine_that_ends_idle_connections_is_still_there(fake, wire):
    relay = wire(fake(ok))
    eventually(lambda: fake.engines[0].lookouts)
    fake.engines[0].lookouts[0].close()
    eventually(lambda: len(fake.engines[0].lookouts) == 2)
    assert answer(relay) == b"HTTP/1.1 200 OK"


def test_without_an_engine_from_the_beginning_it_comes_with_it(wire, fake, tmp_path):
    relay = wire(tmp_path / "engine0.sock")
    eventually(lambda: not relay.socket.exists())
    fake(ok)
    eventually(relay.socket.exists)
    assert answer(relay) == b"HTTP/1.1 200 OK"


def test_a_relay_killed_while_the_engine_is_gone_brings_it_back_all_the_same(wire, fake, tmp_path):
    relay = wire(tmp_path / "engine0.sock")
    eventually(lambda: not relay.socket.exists())
    first = relay.pid
    os.kill(first, signal.SIGKILL)
    eventually(lambda: relay.alive and relay.pid != first)
    assert not relay.socket.exists()
    fake(ok)
    eventually(relay.socket.exists)
    assert answer(relay) == b"HTTP/1.1 200 OK"


def test_another_window_finds_the_tutor_while_the_engine_is_gone(wire, tmp_path):
    relay = wire(tmp_path / "nobody.sock")
    publish(relay, "x")
    eventually(lambda: not relay.socket.exists())
    assert [tutor.socket for tutor in running(tmp_path)] == [relay.socket]


def test_nothing_stays_behind_when_the_tutor_ends_without_an_engine(wire, tmp_path):
    relay = wire(tmp_path / "nobody.sock")
    eventually(lambda: not relay.socket.exists())
    relay.close()
    assert not relay.socket.parent.exists()


@pytest.mark.parametrize("with_tls", [True, False])
def test_at_a_tcp_address_it_goes_when_that_refuses_and_comes_back(wire, certificates, with_tls):
    address = ("127.0.0.1", 0)
    with socket.create_server(address) as listener:
        address = listener.getsockname()
        relay = wire(f"tcp://127.0.0.1:{address[1]}", certificates if with_tls else None)
        listener.accept()[0].close()
    if with_tls:  # no connection may be held there, so that somebody has to come first
        with dial(relay) as sock:
            sock.sendall(ASK)
            read_head(sock)
    eventually(lambda: not relay.socket.exists())
    with socket.create_server(address):
        eventually(relay.socket.exists)


def test_a_wire_behind_a_wire_goes_with_it(fake, wire):
    outer = wire(fake(ok))
    inner = wire(outer.socket)
    assert answer(inner) == b"HTTP/1.1 200 OK"
    fake.engines[0].close()
    eventually(lambda: not inner.socket.exists())
    fake.engines[0] = FakeEngine(fake.engines[0].path, ok)
    eventually(inner.socket.exists)
    assert answer(inner) == b"HTTP/1.1 200 OK"
