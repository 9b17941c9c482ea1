"""Ten inspect-type assertions on one container, warm: dockertutor, pytest-testinfra's docker backend, the docker CLI.

``python bench/judge.py [ROUNDS]`` prints medians and 95th percentiles in milliseconds, and ratios. Needs an engine
with busybox; makes one container and removes it.
"""

from __future__ import annotations

import json
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import docker
import testinfra
import yaml

from dockertutor.checks import judge, parse_check
from dockertutor.checks.nodes import compose
from dockertutor.facts import Facts, Inspect, Object

TEXT = """
container: {name}
state: running
command: [sleep, "1000"]
labels: {{course: docker}}
env: {{GREETING: hello}}
hostname: box
tty: false
auto_remove: false
restart_policy: "no"
log_driver: json-file
exit_code: {{present: false}}
"""
FORMATS = (
    "{{.State.Status}}", "{{.Path}} {{.Args}}", "{{.Config.Labels.course}}", "{{.Config.Env}}", "{{.Config.Hostname}}",
    "{{.Config.Tty}}", "{{.HostConfig.AutoRemove}}", "{{.HostConfig.RestartPolicy.Name}}",
    "{{.HostConfig.LogConfig.Type}}", "{{.State.ExitCode}}",
)  # fmt: skip


def ours(client: docker.DockerClient, name: str) -> Callable[[], None]:
    """One inspect, ten properties judged from it."""
    problems: list = []
    node = compose(TEXT.format(name=name), "bench", problems)
    assert isinstance(node, yaml.MappingNode)
    check = parse_check(node, file="bench", problems=problems, use="expect")
    assert check is not None, problems
    assert len(check.properties) == 10

    def once() -> None:
        (need,) = judge([check], Facts()).needs
        assert isinstance(need, Inspect)
        found = client.api.inspect_container(need.ref)
        thing = Object("container", found["Id"], found["Name"].lstrip("/"), found)
        assert judge([check], Facts(seen={need: thing})).status == "pass"

    return once


def infra(name: str) -> Callable[[], None]:
    """testinfra's `docker` module: each `inspect` is a command."""
    host = testinfra.get_host("local://")

    def once() -> None:
        box = host.docker(name)
        assert box.is_running
        assert [box.inspect()["Path"], *box.inspect()["Args"]] == ["sleep", "1000"]
        assert box.inspect()["Config"]["Labels"]["course"] == "docker"
        assert "GREETING=hello" in box.inspect()["Config"]["Env"]
        assert box.inspect()["Config"]["Hostname"] == "box"
        assert box.inspect()["Config"]["Tty"] is False
        assert box.inspect()["HostConfig"]["AutoRemove"] is False
        assert box.inspect()["HostConfig"]["RestartPolicy"]["Name"] in ("", "no")
        assert box.inspect()["HostConfig"]["LogConfig"]["Type"] == "json-file"
        assert box.inspect()["State"]["ExitCode"] == 0

    return once


def cli_ten(name: str) -> Callable[[], None]:
    """Ten calls of `docker inspect -f`."""

    def once() -> None:
        for text in FORMATS:
            subprocess.run(["docker", "inspect", "-f", text, name], check=True, capture_output=True)

    return once


def cli_one(name: str) -> Callable[[], None]:
    """One call of `docker inspect`, ten looks at its JSON."""

    def once() -> None:
        done = subprocess.run(["docker", "inspect", name], check=True, capture_output=True)
        (found,) = json.loads(done.stdout)
        assert found["State"]["Status"] == "running"

    return once


def measure(once: Callable[[], None], rounds: int) -> list[float]:
    once()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        once()
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    client, name = docker.from_env(timeout=30), f"bench-{secrets.token_hex(4)}"
    box = client.containers.run(
        "busybox", ["sleep", "1000"], name=name, detach=True, hostname="box", labels={"course": "docker"},
        environment={"GREETING": "hello"}, log_config=docker.types.LogConfig(type="json-file"),
    )  # fmt: skip
    try:
        rows = {
            "dockertutor: one inspect, ten judged": measure(ours(client, name), rounds),
            "docker CLI: one inspect, its JSON read": measure(cli_one(name), max(3, rounds // 10)),
            "docker CLI: ten inspects": measure(cli_ten(name), max(3, rounds // 20)),
            "pytest-testinfra, docker module": measure(infra(name), max(3, rounds // 20)),
        }
    finally:
        box.remove(force=True)
        client.close()
    base = statistics.median(rows["dockertutor: one inspect, ten judged"])
    print(f"{'ten inspect-type assertions, warm':42} {'median':>9} {'p95':>9} {'ratio':>8}")
    for label, times in rows.items():
        median, late = statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.95))]
        print(f"{label:42} {median:6.2f} ms {late:6.2f} ms {median / base:7.1f}x")


if __name__ == "__main__":
    main()
