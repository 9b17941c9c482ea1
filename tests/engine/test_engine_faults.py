"""Every fault says what happened and what to do; provoked for real where that can be done."""

from __future__ import annotations

import contextlib
import gc
import json
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dockertutor import errors
from dockertutor.engine.connection import Endpoint, Tls, candidates, connect
from dockertutor.engine.faults import fault, refusal


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Callable[[Callable[[socket.socket], None]], str]]:
    """Serves a socket with a function for each connection; gives its address."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "s.sock"))
    server.listen(8)
    open_: list[socket.socket] = []

    def serve(answer: Callable[[socket.socket], None]) -> str:
        def run() -> None:
            while True:
                try:
                    link, _ = server.accept()
                except OSError:
                    return
                open_.append(link)
                threading.Thread(target=guarded, args=(link,), daemon=True).start()

        def guarded(link: socket.socket) -> None:
            with contextlib.suppress(OSError):  # the client may have gone
                answer(link)

        threading.Thread(target=run, daemon=True).start()
        return f"unix://{tmp_path / 's.sock'}"

    yield serve
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    for link in open_:
        link.close()


def says(body: bytes, status: str = "200 OK") -> Callable[[socket.socket], None]:
    def answer(link: socket.socket) -> None:
        while link.recv(65536):
            link.sendall(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), len(body), body))

    return answer


def caught(endpoint: Endpoint, kind: type[errors.EngineFault], timeout: float = 5.0) -> errors.EngineFault:
    with pytest.raises(kind) as found:
        connect(endpoint, timeout=timeout)
    assert found.value.what.endswith(".")
    assert found.value.do
    assert len(found.value.what) < 200
    return found.value


def test_no_socket_means_not_running(tmp_path):
    found = caught(Endpoint(f"unix://{tmp_path}/none.sock"), errors.EngineNotRunning)
    assert "none.sock" in found.what
    assert "Start" in found.do


def test_nobody_listens_at_a_stale_socket(tmp_path):
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(tmp_path / "stale.sock"))
    caught(Endpoint(f"unix://{tmp_path}/stale.sock"), errors.EngineNotRunning)


@pytest.mark.root
def test_a_socket_of_root_alone_says_which_group():
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as server:
        Path(folder).chmod(0o755)
        path = Path(folder) / "docker.sock"
        server.bind(str(path))
        path.chmod(0o600)
        server.listen()
        code = (
            "import os, sys\n"
            "from dockertutor.engine.connection import Endpoint, connect\n"
            "import docker, dockertutor.engine.engine, dockertutor.engine.faults\n"
            "os.setgid(65534); os.setuid(65534); os.environ['HOME'] = '/nonexistent'\n"
            "try: connect(Endpoint('unix://' + sys.argv[1]))\n"
            "except Exception as fault: print(type(fault).__name__, fault.do)\n"
        )
        done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("EngineNoPermission"), done.stderr
    assert "docker group" in done.stdout or "Docker Desktop" in done.stdout


def test_tcp_refused_names_host_and_source():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    found = caught(Endpoint(f"tcp://127.0.0.1:{port}", "DOCKER_HOST"), errors.EngineUnreachable)
    assert found.what == f"The engine at tcp://127.0.0.1:{port} cannot be reached."
    assert str(port) in found.what
    assert "DOCKER_HOST" in found.do


def test_a_name_that_does_not_resolve_is_unreachable():
    found = caught(Endpoint("tcp://no-such-engine.invalid:2375", "DOCKER_HOST"), errors.EngineUnreachable)
    assert "no-such-engine.invalid" in found.what


@pytest.mark.parametrize(
    ("url", "shows"),
    [
        ("localhost:2375", "tcp://localhost:2375"),
        ("/var/run/docker.sock", "unix:///var/run/docker.sock"),
        ("unix://var/run/docker.sock", "unix:///var/run/docker.sock"),
        ("tcp://host:port", "tcp://HOST:2375"),
        ("banana://x", "unix://"),
        ("tcp://", "tcp://"),
    ],
)
def test_a_malformed_docker_host_shows_a_right_one(tmp_path, url, shows):
    with pytest.raises(errors.EngineBadAddress) as found:
        candidates({"DOCKER_HOST": url}, tmp_path)
    assert shows in found.value.do
    assert "DOCKER_HOST" in found.value.what


def test_an_unknown_context_is_refused_and_the_known_ones_are_named(tmp_path):
    store = tmp_path / ".docker/contexts/meta/abc"
    store.mkdir(parents=True)
    (store / "meta.json").write_text(json.dumps({"Name": "colima"}))
    with pytest.raises(errors.EngineBadAddress) as found:
        candidates({"DOCKER_CONTEXT": "nope"}, tmp_path)
    assert "`nope`" in found.value.what
    assert "colima" in found.value.what


def test_tls_without_certificates_names_the_folder(tmp_path):
    with pytest.raises(errors.EngineTls) as found:
        candidates({"DOCKER_HOST": "tcp://h:2376", "DOCKER_TLS_VERIFY": "1"}, tmp_path)
    assert "DOCKER_CERT_PATH" in found.value.do
    with pytest.raises(errors.EngineTls):
        connect(Endpoint("tcp://127.0.0.1:1", tls=Tls(ca=tmp_path / "ca.pem")))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # urllib3 leaves the socket to the GC
def test_tls_spoken_to_a_plain_port_is_a_tls_fault():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def answer() -> None:
            link, _ = server.accept()
            link.recv(100)
            link.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")
            link.close()

        threading.Thread(target=answer, daemon=True).start()
        port = server.getsockname()[1]
        caught(Endpoint(f"tcp://127.0.0.1:{port}", tls=Tls(verify=False)), errors.EngineTls)
    gc.collect()


def test_an_engine_that_wants_tls_says_so(listener):
    url = listener(says(b"Client sent an HTTP request to an HTTPS server.\n", "400 Bad Request"))
    caught(Endpoint(url), errors.EngineTls)


def test_an_engine_that_hangs_is_a_timeout_and_nothing_is_lost(listener):
    found = caught(Endpoint(listener(lambda link: None)), errors.EngineTimeout, timeout=0.3)
    assert "lost" in found.do


@pytest.mark.parametrize(
    "answer",
    [
        says(b"<html>hello</html>"),
        says(b"{}"),
        says(b"[]"),
        says(b"null"),
        says(b"no such page", "404 Not Found"),
        says(b"<html>wrong</html>", "502 Bad Gateway"),
        lambda link: link.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"),
        lambda link: (link.recv(65536), link.shutdown(socket.SHUT_RDWR)),
    ],
    ids=["html", "empty", "list", "null", "404", "502", "ssh", "closes"],
)
def test_a_server_that_is_not_docker_is_told_as_such(listener, answer):
    url = listener(answer)
    found = caught(Endpoint(url, "DOCKER_HOST"), errors.NotAnEngine)
    assert "DOCKER_HOST" in found.do


def test_an_engine_that_is_too_old(listener):
    old = json.dumps({"Version": "1.9.1", "ApiVersion": "1.21"}).encode()
    assert "20.10" in caught(Endpoint(listener(says(old))), errors.EngineVersion).do


def test_an_engine_that_is_too_new(listener):
    body = json.dumps({"message": "client version 1.24 is too old. Minimum supported API version is 1.44"}).encode()
    assert "pgrade" in caught(Endpoint(listener(says(body, "400 Bad Request"))), errors.EngineVersion).do


def test_ssh_says_what_to_install():
    pytest.importorskip("docker")
    try:
        import paramiko  # noqa: F401
    except ImportError:
        assert "docker[ssh]" in caught(Endpoint("ssh://me@host"), errors.EngineBadAddress).do


def test_a_path_too_long_for_a_socket_is_a_bad_address(tmp_path):
    caught(Endpoint(f"unix://{tmp_path}/{'x' * 150}"), errors.EngineBadAddress)


def test_a_proxy_that_refuses_is_named():
    import requests

    found = fault(requests.exceptions.ProxyError("no"), Endpoint("tcp://far:2375"))
    assert isinstance(found, errors.EngineUnreachable)
    assert "NO_PROXY" in found.do
    assert "far" in found.do
    here = fault(requests.exceptions.ProxyError("no"), Endpoint("tcp://127.0.0.1:2375"))
    assert here is not None
    assert here.do.startswith("Add 127.0.0.1 to NO_PROXY")


def test_a_missing_password_helper_names_the_entry_to_remove():
    from docker.credentials.errors import StoreError

    found = fault(StoreError("docker-credential-desktop not installed or not available in PATH"), Endpoint("unix:///x"))
    assert "docker-credential-desktop" in found.what
    assert "credsStore" in found.do


def test_the_registrys_limit_says_what_helps():
    found = refusal("toomanyrequests: You have reached your pull rate limit.")
    assert found.status == 429
    assert "docker login" in found.do


def test_what_the_engine_refuses_keeps_status_and_message(asked):
    with pytest.raises(errors.EngineRefused) as found, asked.asking("start a container") as api:
        api.start("no-such-container-here")
    assert found.value.status == 404
    assert "No such container" in found.value.detail


def test_of_several_places_the_first_that_answers_is_taken(engine_url, tmp_path, monkeypatch):
    from dockertutor.engine import connection

    places = [Endpoint(f"unix://{tmp_path}/none.sock"), Endpoint(engine_url, "the tests")]
    monkeypatch.setattr(connection, "candidates", lambda: places)
    engine = connect()
    assert engine.endpoint is places[1]
    engine.close()


def test_of_several_places_the_most_telling_fault_is_raised(listener, tmp_path, monkeypatch):
    from dockertutor.engine import connection

    places = [
        Endpoint(f"unix://{tmp_path}/none.sock"),
        Endpoint(f"unix://{tmp_path}/none-either.sock", "Colima's socket"),
    ]
    monkeypatch.setattr(connection, "candidates", lambda: places)
    with pytest.raises(errors.EngineNotRunning, match=r"none\.sock"):
        connect()
