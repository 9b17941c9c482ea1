"""Every example of the reference page holds on a real engine, on objects made for it."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from checks_world import World

from dockertutor.checks import Check, parse_check
from dockertutor.checks.kinds import KINDS
from dockertutor.checks.nodes import compose
from dockertutor.checks.reference import example_line

pytestmark = pytest.mark.engine


DOCKERFILE = b"""FROM busybox
ENV GREETING=hello
LABEL course=docker
WORKDIR /www
EXPOSE 80
VOLUME /data
STOPSIGNAL SIGINT
HEALTHCHECK CMD test -f /page
USER www
CMD ["cat", "/page"]
"""


@pytest.fixture(scope="module")
def world(
    engine: Any, docker_cli: str, docker_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    made = World(engine, f"t{secrets.token_hex(4)}-", tmp_path_factory.mktemp("folder"), docker_env)
    api, name = engine.api, made.prefix + "sample"
    api.create_network(name, labels={"course": "docker"})
    api.create_volume(name, labels={"course": "docker"})
    list(api.build(fileobj=io.BytesIO(DOCKERFILE), tag=f"{name}:1", rm=True, decode=True))
    box = api.create_container(
        "busybox",
        ["sh", "-c", "echo hello | tee /tmp/note; exec sleep 1000"],
        name=name,
        labels={"course": "docker"},
        environment={"GREETING": "hello"},
        hostname="box",
        working_dir="/tmp",
        user="root",
        stop_signal="SIGINT",
        detach=True,
        ports=[80],
        host_config=api.create_host_config(
            port_bindings={80: ("127.0.0.1", None)},
            binds=[f"{name}:/data"],
            mem_limit="64m",
            nano_cpus=500_000_000,
            init=True,
            cap_add=["NET_ADMIN"],
            cap_drop=["MKNOD"],
            restart_policy={"Name": "on-failure", "MaximumRetryCount": 3},
        ),
    )["Id"]
    api.start(box)
    sleeper = api.create_container("busybox", ["sleep", "1000"], name=f"{name}-2")["Id"]
    api.start(sleeper)
    yield made
    made.close()
    api.remove_network(name)


def _check(text: str) -> Check:
    problems: list[Any] = []
    node = compose(text, "example", problems)
    assert node is not None
    check = parse_check(node, file="example", problems=problems, use="expect")
    assert check is not None, problems
    return check


EXAMPLES = [
    (kind.name, prop.name, example_line(prop)) for kind in KINDS.values() if kind.object for prop in kind.properties
]


@pytest.mark.parametrize(("kind", "name", "line"), EXAMPLES, ids=[f"{case[0]}: {case[2]}" for case in EXAMPLES])
def test_example_holds(world: World, kind: str, name: str, line: str) -> None:
    sample = world.prefix + "sample"
    # the examples of a command and its arguments are those of a container that only sleeps
    sleeper = kind == "container" and name in ("command", "args")
    subject = f"{sample}-2" if sleeper else f"{sample}:1" if kind == "image" else sample
    text = f"{{daemon: {{{line}}}}}" if kind == "daemon" else f"{{{kind}: {subject}, {line}}}"
    judged = world.judge([_check(text)])
    assert judged.status == "pass", judged.verdicts
