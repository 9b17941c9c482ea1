"""The relay as a relay: bytes, ends, pressure, faults. The engine is a plain socket here: each can be forced."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import socket
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from dockertutor.engine.wire_handle import Wire, WireError
from dockertutor.facts import Call
from tests.engine.fake_engine import LIMIT, dial, echo, eventually, ok, read_all, read_head


def test_bytes_come_through_as_they_are_whatever_they_mean(fake, wire):
    data = os.urandom(3_000_000)
    with dial(wire(fake(echo))) as sock:
        writer = threading.Thread(target=lambda: (sock.sendall(data), sock.shutdown(socket.SHUT_WR)))
        writer.start()
        assert read_all(sock) == data
        writer.join()


def test_half_close_reaches_the_engine_and_its_answer_still_comes(fake, wire):
    def serve(sock: socket.socket) -> None:
        sock.sendall(b"you said " + read_all(sock))

    with dial(wire(fake(serve))) as sock:
        sock.sendall(b"hello")
        sock.shutdown(socket.SHUT_WR)
        assert read_all(sock) == b"you said hello"


def test_the_engines_half_close_leaves_the_client_talking(fake, wire):
    heard = []

    def serve(sock: socket.socket) -> None:
        sock.sendall(b"that was all")
        sock.shutdown(socket.SHUT_WR)
        heard.append(read_all(sock))

    with dial(wire(fake(serve))) as sock:
        assert read_all(sock) == b"that was all"
        sock.sendall(b"but I go on")
    eventually(lambda: heard == [b"but I go on"])


def test_a_client_that_dies_ends_the_engines_side_too(fake, wire):
    ended = threading.Event()

    def serve(sock: socket.socket) -> None:
        read_head(sock)
        sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert sock.recv(1) == b""
        try:
            while True:
                sock.sendall(b"1\r\nx\r\n")
                time.sleep(0.01)
        except OSError:
            ended.set()

    sock = dial(wire(fake(serve)))
    sock.sendall(b"GET /events HTTP/1.1\r\nHost: d\r\n\r\n")
    read_head(sock)
    sock.close()
    assert ended.wait(LIMIT)


def test_a_slow_reader_makes_the_writer_wait_and_loses_nothing(fake, wire):
    size = 30_000_000
    sent = []

    def serve(sock: socket.socket) -> None:
        sock.sendall(b"x" * size)
        sent.append(size)

    with dial(wire(fake(serve))) as sock:
        sock.recv(1)
        time.sleep(0.3)
        assert not sent, "the relay took it all in"
        assert len(read_all(sock)) == size - 1


def test_an_early_answer_arrives_though_the_engine_takes_no_more(fake, wire):
    refusal = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

    def serve(sock: socket.socket) -> None:
        read_head(sock)
        sock.sendall(refusal)

    with dial(wire(fake(serve))) as sock:
        sock.sendall(b"POST /build HTTP/1.1\r\nHost: d\r\nContent-Length: 9000000\r\n\r\n")
        try:
            for _ in range(90):
                sock.sendall(b"x" * 100_000)
        except OSError:
            pass  # as it would be without us
        assert read_head(sock) == refusal


def test_a_hundred_and_fifty_clients_at_once(fake, wire):
    relay = wire(fake(ok))
    answers: list[bytes] = []

    def one() -> None:
        with dial(relay) as sock:
            sock.sendall(b"GET /version HTTP/1.1\r\nHost: d\r\n\r\n")
            answers.append(read_head(sock) + sock.recv(2))

    threads = [threading.Thread(target=one) for _ in range(150)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT)
    assert len(answers) == 150
    assert all(answer.endswith(b"OK") for answer in answers)
    eventually(lambda: sum(call.ended is not None for call in relay.calls) == 150)


def test_a_client_that_came_before_the_engine_was_missed_reads_dockers_own_sentence(wire, tmp_path):
    relay = wire(tmp_path / "nobody.sock", later=True)
    with dial(relay) as sock:
        relay.begin()
        sock.sendall(b"GET /version HTTP/1.1\r\nHo")
        sock.sendall(b"st: d\r\n\r\n")
        head, _, body = read_all(sock).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert json.loads(body)["message"].startswith("Cannot connect to the Docker daemon at unix://")
    eventually(lambda: [c.status for c in relay.calls if c.ended] == [503])


def test_without_an_engine_a_head_request_gets_no_body(wire, tmp_path):
    relay = wire(tmp_path / "nobody.sock", later=True)
    with dial(relay) as sock:
        relay.begin()
        sock.sendall(b"HEAD /_ping HTTP/1.1\r\nHost: d\r\n\r\n")
        assert read_all(sock).endswith(b"\r\n\r\n")


def test_a_relay_that_was_killed_comes_back_on_the_same_socket(fake, wire):
    relay = wire(fake(ok))
    with dial(relay) as sock:
        sock.sendall(b"GET /version HTTP/1.1\r\nHost: d\r\n\r\n")
        read_head(sock)
    eventually(lambda: [c for c in relay.calls if c.ended])
    first = relay.pid
    os.kill(first, signal.SIGKILL)
    with dial(relay) as sock:
        sock.sendall(b"GET /info HTTP/1.1\r\nHost: d\r\n\r\n")
        assert read_head(sock).startswith(b"HTTP/1.1 200")
    assert relay.alive
    assert relay.pid != first
    eventually(lambda: [c.number for c in relay.calls if c.ended] == [1, 2])


def test_a_call_that_was_open_when_the_relay_was_killed_is_over(fake, wire):
    relay = wire(fake(lambda sock: sock.recv(9_999) and time.sleep(0.5)))
    with dial(relay) as sock:
        sock.sendall(b"GET /events HTTP/1.1\r\nHost: d\r\n\r\n")
        eventually(lambda: relay.calls)
        os.kill(relay.pid, signal.SIGKILL)
        eventually(lambda: relay.calls[-1].ended)


def test_a_tutor_that_does_not_listen_holds_up_nothing_and_hears_it_all_later(fake, tmp_path):
    listening, heard = threading.Event(), set()

    def on_call(call: Call) -> None:
        listening.wait(LIMIT)
        if call.ended:
            heard.add(call.number)

    endpoint = SimpleNamespace(url=f"unix://{fake(ok)}", tls=None)
    relay = Wire.start(endpoint, runtime=tmp_path / "run", on_call=on_call)
    try:
        with dial(relay) as sock:
            for _ in range(2000):  # far more than a pipe holds
                sock.sendall(b"GET /version HTTP/1.1\r\nHost: d\r\n\r\n")
                assert read_head(sock) + sock.recv(2)
        listening.set()
        eventually(lambda: len(heard) == 2000)
    finally:
        listening.set()
        relay.close()


def test_a_listener_that_fails_hears_the_next_call_all_the_same(fake, tmp_path, caplog):
    heard: list[Call] = []

    def on_call(call: Call) -> None:
        heard.append(call)
        raise RuntimeError("a listener's fault")

    relay = Wire.start(SimpleNamespace(url=f"unix://{fake(ok)}", tls=None), runtime=tmp_path / "run", on_call=on_call)
    try:
        with dial(relay) as sock:
            sock.sendall(b"GET /version HTTP/1.1\r\nHost: d\r\n\r\n")
            read_head(sock)
            eventually(lambda: any(call.ended for call in heard))
    finally:
        relay.close()
    assert "a listener of the wire failed" in caplog.text


def test_the_socket_is_private_and_gone_at_the_end(fake, wire):
    relay = wire(fake(ok))
    folder = relay.socket.parent
    assert relay.socket.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    pid = relay.pid
    relay.close()
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_closing_ends_commands_under_way(fake, wire):
    relay = wire(fake(lambda sock: sock.recv(9_999) and sock.recv(1)))
    with dial(relay) as sock:
        sock.sendall(b"GET /events HTTP/1.1\r\nHost: d\r\n\r\n")
        eventually(lambda: relay.calls)
        relay.close()
        assert sock.recv(1) == b""


def test_an_idle_relay_uses_no_processor(fake, wire):
    relay = wire(fake(ok))
    with dial(relay) as sock:
        sock.sendall(b"GET /version HTTP/1.1\r\nHost: d\r\n\r\n")
        read_head(sock)

        def ticks() -> int:
            fields = Path(f"/proc/{relay.pid}/stat").read_text().rsplit(")", 1)[1].split()
            return int(fields[11]) + int(fields[12])

        eventually(lambda: [c for c in relay.calls if c.ended])
        before = ticks()
        time.sleep(1)
        assert ticks() == before


@pytest.mark.parametrize("url", ["ssh://me@host", "npipe:////./pipe/docker_engine", "ftp://x"])
def test_addresses_that_cannot_be_relayed_are_refused_in_one_sentence(url, tmp_path):
    with pytest.raises(WireError) as refused:
        Wire.start(SimpleNamespace(url=url, tls=None), runtime=tmp_path / "r", on_call=print)
    assert refused.value.what.count(".") == 1
    assert not (tmp_path / "r").exists()


def test_a_command_goes_on_while_the_relay_can_open_no_more_files(fake, wire):
    go = threading.Event()

    def serve(sock: socket.socket) -> None:
        if b"/events" in read_head(sock):
            sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            assert go.wait(LIMIT)
            sock.sendall(b"1\r\nb\r\n0\r\n\r\n")

    relay = wire(fake(serve))
    files = Path(f"/proc/{relay.pid}/fd")
    with dial(relay) as events, contextlib.ExitStack() as idle:
        events.sendall(b"GET /events HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n")
        assert read_head(events).startswith(b"HTTP/1.1 200")
        most = len(list(files.iterdir())) + 21  # an odd number: a client's own file is opened, the engine's is not
        resource.prlimit(relay.pid, resource.RLIMIT_NOFILE, (most, most))
        for _ in range(60):
            idle.enter_context(dial(relay))
        eventually(lambda: len(list(files.iterdir())) >= most)
        go.set()
        assert read_all(events).endswith(b"1\r\nb\r\n0\r\n\r\n")
    eventually(lambda: len(list(files.iterdir())) < most - 15)
    assert relay.alive
