"""The relay before an engine behind TLS."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from dockertutor.engine.wire_handle import Wire
from dockertutor.errors import EngineTls
from tests.engine.fake_engine import LIMIT, dial, read_all


@pytest.fixture
def tls_engine(certificates: SimpleNamespace) -> Iterator[Callable[..., str]]:
    """An engine behind TLS that asks for the client's certificate."""
    closers: list[Callable[[], None]] = []

    def make(serve: Callable[[ssl.SSLSocket], None]) -> str:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=certificates.ca)
        context.load_cert_chain(certificates.cert, certificates.key)
        context.verify_mode = ssl.CERT_REQUIRED
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(0.2)
        stop = threading.Event()

        def loop() -> None:
            while not stop.is_set():
                try:
                    plain, _ = listener.accept()
                except TimeoutError:
                    continue
                plain.settimeout(LIMIT)
                try:
                    with context.wrap_socket(plain, server_side=True) as sock:
                        serve(sock)
                except OSError:
                    continue

        thread = threading.Thread(target=loop)
        thread.start()
        closers.append(lambda: (stop.set(), thread.join(LIMIT), listener.close()))
        return f"tcp://127.0.0.1:{listener.getsockname()[1]}"

    yield make
    for close in closers:
        close()


def test_an_engine_behind_tls_is_relayed_in_the_clear(tls_engine, certificates, wire):
    data = os.urandom(2_000_000)

    def serve(sock: ssl.SSLSocket) -> None:
        assert sock.getpeercert()
        got = b""
        while len(got) < len(data):
            got += sock.recv(65536)
        sock.sendall(got)

    with dial(wire(tls_engine(serve), certificates)) as sock:
        writer = threading.Thread(target=sock.sendall, args=(data,))
        writer.start()
        got = b""
        while len(got) < len(data):
            part = sock.recv(65536)
            assert part, "the connection ended early"
            got += part
        writer.join()
    assert got == data


def test_half_close_passes_through_tls(tls_engine, certificates, wire):
    def serve(sock: ssl.SSLSocket) -> None:
        got = b""
        while part := sock.recv(65536):
            got += part
        sock.sendall(b"you said " + got)

    with dial(wire(tls_engine(serve), certificates)) as sock:
        sock.sendall(b"hello")
        sock.shutdown(socket.SHUT_WR)
        assert read_all(sock) == b"you said hello"


def test_half_close_through_tls_loses_nothing_that_is_on_its_way(tls_engine, certificates, wire):
    data = os.urandom(4_000_000)

    def serve(sock: ssl.SSLSocket) -> None:
        while part := sock.recv(65536):
            sock.sendall(part)

    with dial(wire(tls_engine(serve), certificates)) as sock:
        writer = threading.Thread(target=lambda: (sock.sendall(data), sock.shutdown(socket.SHUT_WR)))
        writer.start()
        got = read_all(sock)
        writer.join()
    assert got == data


def test_a_certificate_of_another_is_refused_with_the_reason(tls_engine, certificates, wire):
    stranger = SimpleNamespace(ca=None, cert=certificates.cert, key=certificates.key, verify=True)
    with dial(wire(tls_engine(lambda sock: None), stranger)) as sock:
        sock.sendall(b"GET /version HTTP/1.1\r\nHost: d\r\n\r\n")
        assert b"certificate" in read_all(sock)


def test_missing_certificates_are_a_fault_of_their_own(tmp_path):
    tls = SimpleNamespace(ca=tmp_path / "no.pem", cert=None, key=None, verify=True)
    with pytest.raises(EngineTls):
        Wire.start(SimpleNamespace(url="tcp://localhost:1", tls=tls), runtime=tmp_path / "r", on_call=print)
