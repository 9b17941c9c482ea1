"""Set-up's own way of asking an engine, against what breaks off or is none."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from dockertutor.engine.connection import Endpoint
from dockertutor.errors import EngineFault, EngineUnreachable, NotAnEngine
from dockertutor.setup.engine_api import EngineApi

HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
LINE = b'{"status":"Pulling"}\n'
CHUNK = b"%x\r\n%s\r\n" % (len(LINE), LINE)


@pytest.fixture
def answering(tmp_path: Path):
    """Makes an engine that answers one request with these bytes and hangs up."""
    made: list[tuple[socket.socket, threading.Thread]] = []

    def make(answer: bytes) -> EngineApi:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(tmp_path / "engine.sock"))
        listener.listen()

        def serve() -> None:
            with listener.accept()[0] as caller:
                caller.recv(65536)
                caller.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        made.append((listener, thread))
        return EngineApi(Endpoint(f"unix://{tmp_path / 'engine.sock'}"))

    yield make
    for listener, thread in made:
        thread.join()
        listener.close()


def test_a_pull_is_told_message_by_message(answering) -> None:
    assert list(answering(HEAD + 2 * CHUNK + b"0\r\n\r\n").pull("busybox")) == [{"status": "Pulling"}] * 2


@pytest.mark.parametrize("rest", [b"", b'40\r\n{"st'], ids=["between chunks", "in a chunk"])
def test_a_pull_that_is_cut_off_is_no_pull(answering, rest: bytes) -> None:
    with pytest.raises(EngineUnreachable):
        list(answering(HEAD + CHUNK + rest).pull("busybox"))


def test_what_is_not_json_is_no_engine(answering) -> None:
    page: EngineApi = answering(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\n<html")
    with pytest.raises(NotAnEngine):
        list(page.pull("busybox"))


def test_an_error_in_the_stream_is_the_engines_own(answering) -> None:
    line = b'{"error":"no space left"}\n'
    with pytest.raises(EngineFault, match="no space left"):
        list(answering(HEAD + b"%x\r\n%s\r\n0\r\n\r\n" % (len(line), line)).pull("busybox"))
