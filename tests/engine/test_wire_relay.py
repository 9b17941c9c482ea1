"""The relay as a relay: bytes, ends, pressure, faults. The engine is a plain socket here: each can be forced."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from dockertutor.engine.wire_handle import Wire, WireError
from dockertutor.engine.wire_shell import publish, run_wired, running, runtime_folder, sweep, wired
from dockertutor.engine.wire_upstream import CALLER
from dockertutor.errors import EngineTls, UsageError
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


TUTOR = """
import sys, time, pathlib
from types import SimpleNamespace
from dockertutor.engine.wire_handle import Wire
from dockertutor.engine.wire_shell import publish
wire = Wire.start(SimpleNamespace(url=sys.argv[1], tls=None), runtime=pathlib.Path(sys.argv[2]), on_call=lambda c: None)
publish(wire, sys.argv[1])
print(wire.pid, flush=True)
time.sleep(100)
"""


@pytest.fixture
def tutor(tmp_path: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[str], int]]]:
    """A tutor process of its own with a wire, and the wire's process id."""
    made: list[subprocess.Popen[str]] = []

    def start(engine: Path, runtime: Path) -> tuple[subprocess.Popen[str], int]:
        process = subprocess.Popen(
            [sys.executable, "-c", TUTOR, f"unix://{engine}", str(runtime)], stdout=subprocess.PIPE, text=True
        )
        made.append(process)
        assert process.stdout is not None
        return process, int(process.stdout.readline())

    yield start
    for process in made:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def test_when_the_tutor_is_killed_nothing_stays_behind(fake, tutor, tmp_path):
    process, relay = tutor(fake(ok), tmp_path / "run" / "1-a")
    process.kill()
    process.wait()
    eventually(lambda: gone(relay))
    eventually(lambda: not (tmp_path / "run" / "1-a").exists())


def test_when_the_tutor_is_killed_a_command_under_way_may_end_by_itself(fake, tutor, tmp_path):
    killed = threading.Event()

    def serve(sock: socket.socket) -> None:
        read_head(sock)
        killed.wait(LIMIT)
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")

    process, _ = tutor(fake(serve), tmp_path / "run")
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(LIMIT)
        sock.connect(str(tmp_path / "run" / "wire.sock"))
        sock.sendall(b"GET / HTTP/1.1\r\nHost: d\r\n\r\n")
        process.kill()
        process.wait()
        killed.set()
        assert read_head(sock).startswith(b"HTTP/1.1 200")


def test_when_the_tutor_is_killed_an_endless_command_fails_as_if_the_engine_closed(fake, tutor, tmp_path):
    process, relay = tutor(fake(lambda sock: read_head(sock) and sock.recv(1)), tmp_path / "run")
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(LIMIT)
        sock.connect(str(tmp_path / "run" / "wire.sock"))
        sock.sendall(b"GET /events HTTP/1.1\r\nHost: d\r\n\r\n")
        process.kill()
        process.wait()
        assert sock.recv(1) == b""
    eventually(lambda: gone(relay))


def test_what_tutor_and_relay_left_when_both_were_killed_is_swept_next_time(fake, tutor, tmp_path):
    base = tmp_path / "base"
    base.mkdir(mode=0o700)
    process, relay = tutor(fake(ok), base / "99999999-abc")
    alive, _ = tutor(fake(ok), base / f"{os.getpid()}-def")
    for pid in (process.pid, relay):
        os.kill(pid, signal.SIGSTOP)
    os.kill(process.pid, signal.SIGKILL)
    os.kill(relay, signal.SIGKILL)
    process.wait()
    eventually(lambda: gone(relay))
    assert (base / "99999999-abc" / "wire.sock").exists()
    (base / "99999999-abc" / "shell-1").mkdir()
    (base / "99999999-abc" / "shell-1" / "rc").touch()
    sweep(base)
    assert [path.name for path in base.iterdir()] == [f"{os.getpid()}-def"]
    assert alive.poll() is None


def test_a_folder_without_a_socket_is_swept_only_when_it_is_old(tmp_path):
    for name in ("99999998-old", "99999998-new"):
        (tmp_path / name).mkdir()
    os.utime(tmp_path / "99999998-old", (1, 1))
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["99999998-new"]


def test_another_window_finds_the_running_tutor(fake, tutor, tmp_path):
    base = tmp_path / "base"
    base.mkdir(mode=0o700)
    assert running(base) == ()
    engine = fake(ok)
    process, _ = tutor(engine, base / "1-a")
    found = eventually(lambda: running(base))
    assert (found[0].pid, found[0].engine) == (process.pid, f"unix://{engine}")
    with wired(None, base=base) as docker_host:
        assert docker_host == found[0].docker_host


def test_another_windows_log_lies_between_and_both_know_the_client(fake, wire, tmp_path):
    relay = wire(fake(ok))
    publish(relay, "x")
    log = tmp_path / "calls.jsonl"
    with wired(None, log, base=tmp_path) as docker_host, socket.socket(socket.AF_UNIX) as sock:
        assert docker_host != relay.docker_host
        sock.connect(docker_host.removeprefix("unix://"))
        sock.sendall(b"GET /version HTTP/1.1\r\nHost: d\r\n\r\n")
        read_head(sock)
        ended = eventually(lambda: [c for c in relay.calls if c.ended])
        eventually(log.read_text)
    assert ended[0].pid == os.getpid()
    assert json.loads(log.read_text())["path"] == "/version"
    assert log.stat().st_mode & 0o777 == 0o600


def test_without_a_tutor_a_window_gets_a_wire_of_its_own(fake, tmp_path):
    endpoint = SimpleNamespace(url=f"unix://{fake(ok)}", tls=None)
    log = tmp_path / "calls.jsonl"
    with wired(endpoint, log, base=tmp_path) as docker_host, socket.socket(socket.AF_UNIX) as sock:
        sock.connect(docker_host.removeprefix("unix://"))
        sock.sendall(b"GET /version HTTP/1.1\r\nHost: d\r\n\r\n")
        read_head(sock)
        eventually(log.read_text)
    assert json.loads(log.read_text())["status"] == 200
    assert not Path(docker_host.removeprefix("unix://")).parent.exists()


def test_without_a_tutor_and_without_an_engine_there_is_nothing_to_wire(tmp_path):
    with pytest.raises(UsageError), wired(None, base=tmp_path):
        pass


@pytest.mark.parametrize(("script", "status"), [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)])
def test_a_wired_command_returns_its_exit_status(script, status):
    assert run_wired(["sh", "-c", script], "unix:///x") == status


def test_a_wired_command_talks_to_the_wire_whatever_was_set_before(tmp_path, monkeypatch):
    for name in ("DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_HOST"):
        monkeypatch.setenv(name, "before")
    run_wired(["sh", "-c", f"env | grep ^DOCKER_ > {tmp_path}/env"], "unix:///x/wire.sock")
    assert (tmp_path / "env").read_text() == "DOCKER_HOST=unix:///x/wire.sock\n"


def test_a_command_that_is_not_there_is_named():
    with pytest.raises(UsageError, match="no-such-command"):
        run_wired(["no-such-command"], "unix:///x")


def test_runtime_folders_are_private_and_distinct(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    one, two = runtime_folder(), runtime_folder()
    assert one.parent == two.parent == tmp_path / "dockertutor"
    assert one != two
    assert {path.stat().st_mode & 0o777 for path in (one, two, one.parent)} == {0o700}


@pytest.mark.parametrize("url", ["ssh://me@host", "npipe:////./pipe/docker_engine", "ftp://x"])
def test_addresses_that_cannot_be_relayed_are_refused_in_one_sentence(url, tmp_path):
    with pytest.raises(WireError) as refused:
        Wire.start(SimpleNamespace(url=url, tls=None), runtime=tmp_path / "r", on_call=print)
    assert refused.value.what.count(".") == 1
    assert not (tmp_path / "r").exists()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout key.pem -out cert.pem "
        "-addext subjectAltName=DNS:localhost,IP:127.0.0.1"
    )
    subprocess.run(command.split(" "), cwd=folder, check=True, capture_output=True)
    return SimpleNamespace(ca=folder / "cert.pem", cert=folder / "cert.pem", key=folder / "key.pem", verify=True)


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
