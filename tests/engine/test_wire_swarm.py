"""A stack in a real swarm, and a project of Compose: the same through the wire as without it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest

from tests.engine.restarting import needs_own_engine
from tests.engine.wired import LIMIT, Wired, eventually

pytestmark = [pytest.mark.engine, needs_own_engine]

STACK = """
version: "3.8"
services:
  web:
    image: busybox
    command: sh -c "echo here I am; exec sleep 600"
    init: true
    stop_grace_period: 1s
    deploy: {replicas: 2}
    configs: [greeting]
configs:
  greeting: {file: ./greeting}
"""
COMPOSE = """
services:
  one: {image: busybox, command: "echo hello"}
  two:
    image: busybox
    command: sleep 600
    init: true
    environment: {COLOUR: blue}
    volumes: ["data:/data"]
    depends_on: [one]
volumes: {data: {}}
"""


@pytest.fixture
def swarm(docker: Wired) -> Iterator[Wired]:
    """The private engine as a swarm of one."""
    docker("swarm", "init", "--advertise-addr", "127.0.0.1")
    yield docker
    docker("swarm", "leave", "--force")
    eventually(lambda: docker("network", "rm", "docker_gwbridge", check=False).returncode == 0)
    eventually(lambda: not docker("ps", "-aq", "--filter", "label=com.docker.stack.namespace").stdout.strip())


def test_a_stack_is_deployed_scaled_and_removed(swarm, prefix, tmp_path):
    (tmp_path / "stack.yml").write_text(STACK)
    (tmp_path / "greeting").write_text("good morning\n")
    name = prefix.rstrip("-")
    swarm("stack", "deploy", "-c", str(tmp_path / "stack.yml"), name)
    eventually(lambda: swarm("service", "ls", "--format", "{{.Replicas}}").stdout == b"2/2\n")
    eventually(lambda: swarm("service", "logs", "--raw", f"{name}_web").stdout.count(b"here I am") == 2)
    for args in (
        ("stack", "services", name),
        ("stack", "ps", "--no-trunc", "--format", "{{.ID}} {{.Name}} {{.Image}} {{.DesiredState}}", name),
        ("config", "inspect", f"{name}_greeting"),
        ("service", "inspect", f"{name}_web"),
        ("node", "ls"),
    ):
        assert swarm(*args).stdout == swarm.without(*args).stdout, args
    swarm("service", "scale", "--detach", f"{name}_web=1")
    eventually(lambda: swarm("service", "ls", "--format", "{{.Replicas}}").stdout == b"1/1\n")
    swarm("stack", "rm", name)
    made = [call for call in swarm.saw("POST /services/create", "DELETE /services/*") if call.created]
    assert [kind for call in made for kind, _ in call.created].count("service") == 1
    assert "good morning" not in repr(swarm.seen)


@pytest.fixture
def compose(docker: Wired) -> Wired:
    if docker("compose", "version", check=False).returncode:
        pytest.skip("not run: needs a client with Compose v2 (./test matrix has them)")
    return docker


def _containers(docker: Wired, project: str) -> dict[str, object]:
    """What Compose made: service → the parts that a second run makes again."""
    ids = docker.without("ps", "-aq", "--filter", f"label=com.docker.compose.project={project}").stdout.decode().split()
    found = json.loads(docker.without("inspect", *ids).stdout)
    return {
        made["Config"]["Labels"]["com.docker.compose.service"]: (
            made["Path"],
            made["Args"],
            made["Config"]["Env"],
            made["HostConfig"].get("Init"),
            [mount["Destination"] for mount in made["Mounts"]],
            made["State"]["Status"],
            made["State"]["ExitCode"],
        )
        for made in found
    }


def test_compose_makes_the_same_through_the_wire(compose, prefix, tmp_path):
    (tmp_path / "compose.yml").write_text(COMPOSE)
    project, made = prefix.rstrip("-"), []
    for env in (compose.env, compose.direct):

        def run(*args: str, env: dict[str, str] = env) -> subprocess.CompletedProcess[bytes]:
            base = [compose.cli, "compose", "-p", project, "-f", str(tmp_path / "compose.yml")]
            return subprocess.run([*base, *args], env=env, capture_output=True, timeout=LIMIT, check=True)

        run("up", "-d")
        eventually(lambda: b"hello" in run("logs", "one").stdout)
        compose.without("wait", f"{project}-one-1")
        eventually(lambda: run("ps", "--services", "--status", "running").stdout == b"two\n")
        made.append((_containers(compose, project), run("exec", "-T", "two", "sh", "-c", "echo $COLOUR").stdout))
        run("down", "-v", "-t", "1")
    assert made[0] == made[1]
    created = {kind for call in compose.saw("DELETE /volumes/*") for kind, _ in call.created}
    assert created == {"container", "network", "volume"}


def test_compose_builds_through_the_wire_and_what_it_built_is_known(compose, prefix, tmp_path):
    (tmp_path / "compose.yml").write_text(f"services: {{a: {{build: ., image: '{prefix}image:1'}}}}\n")
    (tmp_path / "Dockerfile").write_text(f"FROM busybox\nRUN echo {prefix} > /made\nCMD cat /made\n")
    compose("compose", "-p", prefix.rstrip("-"), "-f", str(tmp_path / "compose.yml"), "build")
    identity = compose("inspect", "-f", "{{.Id}}", f"{prefix}image:1").stdout.decode().strip()
    eventually(lambda: any(("image", identity) in call.created for call in list(compose.seen.values())))
    compose("rmi", f"{prefix}image:1")
