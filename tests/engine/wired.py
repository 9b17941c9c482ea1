"""Real clients through a wire, for tests: a command, a program on a terminal, and the calls that were seen."""

from __future__ import annotations

import fcntl
import os
import pty
import socket
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from dockertutor.engine.wire_handle import Wire
from dockertutor.facts import Call

LIMIT = 60.0
OLD_CLIENT = "/usr/bin/docker"


def eventually(holds: Callable[[], object]) -> object:
    end = time.monotonic() + LIMIT
    while not (found := holds()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
    return found


class Terminal:
    """A program on a pseudo-terminal of its own, as a learner has it."""

    def __init__(self, argv: list[str], env: dict[str, str]) -> None:
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("4H", 33, 101, 0, 0))
        self.process = subprocess.Popen(
            argv,
            env=env,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        self.seen = ""
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        while True:
            try:
                part = os.read(self.ours, 65536)
            except OSError:  # the other end is closed
                return
            if not part:
                return
            self.seen += part.decode(errors="replace")

    def type(self, text: str) -> None:
        os.write(self.ours, text.encode())

    def shows(self, text: str) -> None:
        eventually(lambda: text in self.seen)

    def ends(self) -> int:
        status = self.process.wait(LIMIT)
        self.close()
        return status

    def close(self) -> None:
        self.reader.join(LIMIT)
        if self.ours >= 0:
            os.close(self.ours)
        self.ours = -1


class Wired:
    """The docker client through a wire."""

    def __init__(self, url: str, cli: str, env: dict[str, str], runtime: Path) -> None:
        self.seen: dict[int, Call] = {}
        self.fences: set[str] = set()
        self.cli, self.direct = cli, env
        self.started: list[subprocess.Popen] = []
        self.terminals: list[Terminal] = []
        self.wire = Wire.start(SimpleNamespace(url=url, tls=None), runtime=runtime, on_call=self._take)
        self.env = {**env, "DOCKER_HOST": self.wire.docker_host}

    def _take(self, call: Call) -> None:
        if call.path.startswith("/fence-"):
            self.fences.add(call.path)
        else:
            self.seen[call.number] = call

    def _fence(self) -> None:
        """Wait until everything that went through the wire before now has been reported (reports keep their order)."""
        path = f"/fence-{os.urandom(4).hex()}"
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(str(self.wire.socket))
            sock.sendall(f"GET {path} HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n".encode())
            while sock.recv(65536):
                pass
        eventually(lambda: path in self.fences)

    def __call__(self, *args: str, check: bool = True, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess:
        done = subprocess.run(
            [self.cli, *args], env={**self.env, **env}, input=stdin, capture_output=True, timeout=LIMIT * 2
        )
        assert not check or done.returncode == 0, f"docker {' '.join(args)}: {done.stdout!r} {done.stderr!r}"
        return done

    def without(self, *args: str, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [self.cli, *args], env={**self.direct, **env}, input=stdin, capture_output=True, timeout=LIMIT * 2
        )

    def start(self, *args: str, **more: object) -> subprocess.Popen:
        self.started.append(subprocess.Popen([self.cli, *args], env=self.env, **more))
        return self.started[-1]

    def on_terminal(self, *args: str, env: dict[str, str] | None = None) -> Terminal:
        self.terminals.append(Terminal([self.cli, *args], env or self.env))
        return self.terminals[-1]

    def close(self) -> None:
        """End the wire and, where the test has failed, what it left under way: it would fail others, too."""
        for process in (*self.started, *(terminal.process for terminal in self.terminals)):
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()
        for terminal in self.terminals:
            terminal.close()
        self.wire.close()

    def saw(self, *wanted: str) -> list[Call]:
        """The ended calls in their order, once each wanted "METHOD /path/with/*" is among them."""
        import fnmatch

        self._fence()

        def find() -> list[Call] | None:
            ended = [call for _, call in sorted(self.seen.items()) if call.ended]
            said = [f"{call.method} {call.path}" for call in ended]
            return ended if all(any(fnmatch.fnmatch(it, one) for it in said) for one in wanted) else None

        found = eventually(find)
        assert isinstance(found, list)
        return found


@pytest.fixture
def docker(engine_url: str, docker_cli: str, docker_env: dict[str, str], tmp_path: Path) -> Iterator[Wired]:
    wired = Wired(engine_url, docker_cli, docker_env, tmp_path / "run")
    yield wired
    wired.close()


@pytest.fixture
def old_docker(docker: Wired) -> Wired:
    """The client of Debian's package, which has BuildKit's session built in."""
    said = (
        subprocess.run([OLD_CLIENT, "--version"], capture_output=True, text=True) if Path(OLD_CLIENT).exists() else None
    )
    if said is None or "version 20." not in said.stdout:
        pytest.skip("not run: needs docker's client 20.10 at /usr/bin/docker")
    docker.cli = OLD_CLIENT
    return docker


# ------------------------------------------------------------------ images
@pytest.fixture
def context(tmp_path: Path) -> Path:
    folder = tmp_path / "context"
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY data /data\nLABEL a=b\n")
    (folder / "data").write_bytes(os.urandom(2_000_000))
    return folder


@pytest.fixture
def image(engine, prefix) -> Iterator[str]:
    """A name for an image, removed afterwards with what it means."""
    name = f"{prefix}image:1"
    yield name
    for found in engine.api.images(filters={"reference": f"*{prefix}image"}) + engine.api.images(
        filters={"reference": f"*/{prefix}image"}
    ):
        for tag in found["RepoTags"]:
            engine.api.remove_image(tag)
