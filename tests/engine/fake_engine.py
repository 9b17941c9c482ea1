"""An engine that is a plain socket, so that each end and fault can be forced, and wires to it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from dockertutor.engine.wire_handle import Wire
from dockertutor.engine.wire_upstream import CALLER
from dockertutor.facts import Call

LIMIT = 20.0
LOOKOUT = f"{CALLER}lookout-".encode()


def eventually(holds: Callable[[], object]) -> object:
    """What ``holds`` returns as soon as it is true; a failure after a long while."""
    end = time.monotonic() + LIMIT
    while not (found := holds()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)
    return found


class FakeEngine:
    """A listening socket; each connection is handed to ``serve`` in a thread, but for those that only look whether it
    is there."""

    def __init__(self, path: Path, serve: Callable[[socket.socket], None]) -> None:
        self.path = path
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen(200)
        self.serve = serve
        self.threads: list[threading.Thread] = []
        self.open: list[socket.socket] = []
        self.lookouts: list[socket.socket] = []
        self.loop = threading.Thread(target=self._loop)
        self.loop.start()

    def _loop(self) -> None:
        while True:
            try:
                sock, address = self.listener.accept()
            except OSError:
                return
            if os.fsencode(address).startswith(LOOKOUT):
                self.lookouts.append(sock)
                continue
            self.open.append(sock)
            thread = threading.Thread(target=self._one, args=(sock,))
            thread.start()
            self.threads.append(thread)

    def _one(self, sock: socket.socket) -> None:
        with sock:
            sock.settimeout(LIMIT)
            self.serve(sock)

    def close(self, *, tidy: bool = True) -> None:
        """End as an engine does: ``tidy`` as one that is stopped, else as one that was killed."""
        if tidy:
            self.path.unlink()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.loop.join(LIMIT)
        for lookout in self.lookouts:
            lookout.close()
        for sock in self.open:
            with contextlib.suppress(OSError):  # most have ended
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(LIMIT)


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    engines: list[FakeEngine] = []

    def make(serve: Callable[[socket.socket], None]) -> Path:
        engines.append(FakeEngine(tmp_path / f"engine{len(engines)}.sock", serve))
        return engines[-1].path

    make.engines = engines  # type: ignore[attr-defined]
    yield make
    for engine in engines:
        if engine.path.exists():
            engine.close()


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Callable[..., Wire]]:
    wires: list[Wire] = []

    def make(upstream: Path | str, tls: object = None, *, later: bool = False) -> Wire:
        url = upstream if isinstance(upstream, str) else f"unix://{upstream}"
        calls: list[Call] = []
        endpoint, runtime = SimpleNamespace(url=url, tls=tls), tmp_path / f"r{len(wires)}"
        made = Wire.start(endpoint, runtime=runtime, on_call=calls.append, later=later)
        made.calls = calls  # type: ignore[attr-defined]
        wires.append(made)
        return made

    yield make
    for made in wires:
        made.close()


def dial(wire: Wire) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(LIMIT)
    sock.connect(str(wire.socket))
    return sock


def read_all(sock: socket.socket) -> bytes:
    parts = []
    while part := sock.recv(65536):
        parts.append(part)
    return b"".join(parts)


def read_head(sock: socket.socket) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        part = sock.recv(1)
        if not part:
            return head
        head += part
    return head


def echo(sock: socket.socket) -> None:
    while part := sock.recv(65536):
        sock.sendall(part)


def ok(sock: socket.socket) -> None:
    while read_head(sock):
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout key.pem -out cert.pem "
        "-addext subjectAltName=DNS:localhost,IP:127.0.0.1"
    )
    subprocess.run(command.split(" "), cwd=folder, check=True, capture_output=True)
    return SimpleNamespace(ca=folder / "cert.pem", cert=folder / "cert.pem", key=folder / "key.pem", verify=True)
