"""A tutor's wire and its other windows: found, shared, logged, and swept when the tutor was killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from dockertutor.engine.wire_shell import publish, run_wired, running, runtime_folder, sweep, wired
from dockertutor.errors import UsageError
from tests.engine.fake_engine import LIMIT, eventually, ok, read_head
from tests.engine.tutor_process import gone, tutor

__all__ = ["tutor"]


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
