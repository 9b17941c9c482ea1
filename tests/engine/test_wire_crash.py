"""The tutor is killed under real clients: what can end by itself does, what cannot ends as if the engine had closed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engine.fake_engine import eventually
from tests.engine.tutor_process import gone, tutor
from tests.engine.wired import LIMIT

pytestmark = pytest.mark.engine
__all__ = ["tutor"]

Start = Callable[..., subprocess.Popen]


class Crash:
    """A tutor with a wire of its own, and clients on it. `go` kills the tutor."""

    def __init__(self, tutor, engine: Path, runtime: Path, cli: str, env: dict[str, str]) -> None:
        self.socket = runtime / "wire.sock"
        self.process, self.relay = tutor(engine, runtime)
        self.cli, self.env = cli, env | {"DOCKER_HOST": f"unix://{self.socket}"}
        self.clients: list[subprocess.Popen] = []

    def client(self, *args: str) -> subprocess.Popen:
        """A command that says ``begun`` once it is under way."""
        pipe = subprocess.PIPE
        made = subprocess.Popen([self.cli, *args], env=self.env, stdin=pipe, stdout=pipe, stderr=pipe)
        self.clients.append(made)
        assert made.stdout.readline() == b"begun\n"
        return made

    def go(self) -> None:
        self.process.kill()
        self.process.wait()

    def nothing_is_left(self) -> None:
        eventually(lambda: gone(self.relay))
        eventually(lambda: not self.socket.parent.exists())


@pytest.fixture
def crash(tutor, engine_url: str, docker_cli: str, docker_env: dict[str, str], tmp_path: Path) -> Iterator[Crash]:
    if not engine_url.startswith("unix://"):
        pytest.skip("not run: needs an engine at a unix socket")
    made = Crash(tutor, Path(engine_url.removeprefix("unix://")), tmp_path / "run", docker_cli, docker_env)
    yield made
    for client in made.clients:
        client.kill()
        client.communicate()


def test_a_run_that_ends_by_itself_ends_with_its_own_status(crash, prefix):
    client = crash.client("run", "-i", "--name", f"{prefix}a", "busybox", "sh", "-c", "echo begun; read word; exit 3")
    crash.go()
    out, err = client.communicate(b"go\n", LIMIT)
    assert (client.returncode, out, err) == (3, b"", b"")
    crash.nothing_is_left()


def test_what_goes_on_for_ever_ends_as_if_the_engine_had_closed(crash, run_docker, prefix):
    run_docker("run", "-d", "--init", "--name", f"{prefix}a", "busybox", "sh", "-c", "echo begun; exec sleep 600")
    client = crash.client("logs", "-f", f"{prefix}a")
    crash.go()
    out, err = client.communicate(timeout=LIMIT)
    assert (client.returncode, out, err) == (1, b"", b"unexpected EOF\n")
    crash.nothing_is_left()
    assert run_docker("inspect", "-f", "{{.State.Running}}", f"{prefix}a").stdout == "true\n"


def test_the_next_command_says_that_nobody_is_there(crash, run_docker, docker_cli):
    crash.go()
    crash.nothing_is_left()
    done = subprocess.run([docker_cli, "ps"], env=crash.env, capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode == 1
    assert "connect to the docker" in done.stderr.lower()
