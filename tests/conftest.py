"""The engine that tests run on, and the guard that they leave it as it was.

Tests take `engine_url`, `engine` and `docker_cli`; which engine that is, they need not know:

- under ``./test`` (or ``tests/private_engine.py -- pytest …``) it is a private one, in namespaces of its own;
- in ``pytest …`` by hand it is the one that answers (DOCKER_HOST, else the usual socket);
- where none answers, root gets a private one: the session starts again inside `private_engine`.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import docker

PRIVATE = "DOCKERTUTOR_PRIVATE_ENGINE"
RUNNER = Path(__file__).with_name("private_engine.py")
USUAL_SOCKET = "/var/run/docker.sock"
MADE_AT_START = ("bridge", "host", "none")
"""Networks that every start of an engine brings; a restart gives `bridge` another Id."""


def _url() -> str:
    return os.environ.get("DOCKER_HOST") or f"unix://{USUAL_SOCKET}"


def _answers(url: str) -> bool:
    """Whether somebody listens at ``url``; a TCP address is taken at its word."""
    if not url.startswith("unix://"):
        return True
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(5)
        return probe.connect_ex(url.removeprefix("unix://")) == 0


def _needs_engine(args: list[str]) -> bool:
    """Tests in unit/ and tui/ alone need none; anything else may."""
    paths = [a for a in args if not a.startswith("-") and ("/" in a or Path(a).exists())]
    return not paths or any("unit" not in p and "tui" not in p for p in paths)


def pytest_configure(config: pytest.Config) -> None:
    """Start the session again in a private engine where no engine answers and root can make one."""
    args = list(config.invocation_params.args)
    if os.environ.get(PRIVATE) or not _needs_engine(list(map(str, args))) or _answers(_url()):
        return
    if os.geteuid() != 0 or not RUNNER.exists() or config.option.collectonly:
        return
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture is not None:
        capture.suspend_global_capture(in_=True)
    command = [sys.executable, str(RUNNER), "--", sys.executable, "-m", "pytest", *map(str, args)]
    os.chdir(config.invocation_params.dir)
    os.execv(sys.executable, command)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that make namespaces need root: say so by name instead of failing."""
    if os.geteuid() == 0:
        return
    for item in items:
        if item.get_closest_marker("root"):
            item.add_marker(pytest.mark.skip(reason="not run: needs root"))


@pytest.fixture(scope="session")
def engine_url() -> str:
    """The engine's address as DOCKER_HOST takes it (``unix:///var/run/docker.sock``)."""
    url = _url()
    if _answers(url):
        return url
    if os.geteuid() != 0:
        pytest.skip("not run: needs root, or an engine that answers")
    pytest.fail(f"no engine answers at {url}")


@pytest.fixture(scope="session")
def engine(engine_url: str) -> Iterator[docker.DockerClient]:
    """A docker-py client of the test engine, for arranging and looking; the code under test makes its own."""
    import docker

    client = docker.DockerClient(base_url=engine_url, timeout=30)
    yield client
    client.close()


@pytest.fixture(scope="session")
def docker_cli() -> str:
    """The path of a docker client. Run it with `docker_env`, so that it speaks to the test engine."""
    path = shutil.which("docker")
    if path is None:
        pytest.fail("no docker client on the PATH: ./test installs one")
    return path


@pytest.fixture(scope="session")
def docker_env(engine_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment for `docker_cli`: the test engine, and a client configuration of its own."""
    home = tmp_path_factory.mktemp("docker-home")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DOCKER_")}
    return kept | {"DOCKER_HOST": engine_url, "DOCKER_CONFIG": str(home / ".docker"), "HOME": str(home)}


@pytest.fixture
def run_docker(docker_cli: str, docker_env: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Call the docker client: ``run_docker("ps", "-a")``; raises with its output where it fails (``check=False``)."""

    def call(*args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run([docker_cli, *args], env=docker_env, capture_output=True, text=True, timeout=120)
        if check and done.returncode:
            raise AssertionError(f"docker {' '.join(args)} → {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    return call


@pytest.fixture
def prefix(engine: docker.DockerClient) -> Iterator[str]:
    """A name prefix of this test's own; containers, networks and volumes that bear it are removed afterwards."""
    mine = f"t{secrets.token_hex(4)}-"
    yield mine
    api = engine.api
    for container in api.containers(all=True, filters={"name": f"^/{mine}"}):
        api.remove_container(container["Id"], force=True, v=True)
    for network in api.networks(filters={"name": mine}):
        if network["Name"].startswith(mine):
            api.remove_network(network["Id"])
    for volume in api.volumes(filters={"name": mine})["Volumes"] or []:
        if volume["Name"].startswith(mine):
            api.remove_volume(volume["Name"])


def _objects(url: str) -> dict[str, str]:
    """Id → what it is, for every container, network, volume and tagged image."""
    import docker

    client = docker.DockerClient(base_url=url, timeout=30)
    api = client.api
    try:
        seen = {c["Id"]: f"container {c['Names'][0].lstrip('/')}" for c in api.containers(all=True)}
        seen |= {n["Id"]: f"network {n['Name']}" for n in api.networks() if n["Name"] not in MADE_AT_START}
        seen |= {v["Name"]: f"volume {v['Name']}" for v in api.volumes()["Volumes"] or []}
        seen |= {t: f"image {t}" for i in api.images() for t in i["RepoTags"] or [] if t != "<none>:<none>"}
    finally:
        client.close()
    return seen


def pytest_sessionstart(session: pytest.Session) -> None:
    """Note what is on the private engine, for the guard. On a shared engine others come and go: no guard there."""
    if os.environ.get(PRIVATE) and not session.config.option.collectonly:
        session.config.stash[_BEFORE] = _objects(_url())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The guard: a run that leaves objects on the engine has failed."""
    before = session.config.stash.get(_BEFORE, None)
    if before is None:
        return
    left = [what for key, what in _objects(_url()).items() if key not in before]
    if left:
        print(f"\ntests left on the engine: {', '.join(sorted(left))}", file=sys.stderr)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


_BEFORE: pytest.StashKey[dict[str, str]] = pytest.StashKey()
