"""A container that was gone before anybody looked: its create call and its events are enough to judge it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dockertutor.facts import Event, Object
from dockertutor.tutor.context import AttemptContext
from tests.engine.wired import Wired, eventually

pytestmark = pytest.mark.engine


def gone(docker: Wired, asked, tmp_path: Path, prefix: str, *run: str) -> Object:
    """As the tutor knows a ``docker run --rm`` of which it saw calls and events, and never an inspect."""
    docker("run", "--rm", "--name", f"{prefix}a", *run, check=False)
    create = next(c for c in docker.saw("POST /containers/create") if c.created)
    ((_, identity),) = create.created
    context = AttemptContext(folder=tmp_path, wire=True)
    context.begin_stage(asked.baseline(), {})
    for number, action in enumerate(("create", "start", "die", "destroy")):
        exit_code = {"exitCode": "3"} if action == "die" else {}
        context.note_event(Event("container", action, identity, f"{prefix}a", context.opened + number, exit_code))
    for call in docker.saw():
        context.note_call(call)
    eventually(lambda: asked.inspect("container", identity, by_id=True) is None)
    found = context.gone(asked, "container", identity, by_id=True)
    assert found is not None
    return found


def test_image_and_command_are_what_the_engine_would_have_said(docker, asked, tmp_path, prefix):
    found = gone(docker, asked, tmp_path, prefix, "-e", "COLOUR=blue", "-l", "a=b", "busybox", "sh", "-c", "exit 3")

    assert found.inspect["Image"] == asked.inspect("image", "busybox").id
    assert (found.inspect["Path"], found.inspect["Args"]) == ("sh", ["-c", "exit 3"])
    assert found.inspect["HostConfig"]["AutoRemove"] is True
    assert "COLOUR=blue" in found.inspect["Config"]["Env"]
    assert found.inspect["Config"]["Labels"]["a"] == "b"
    assert found.inspect["State"]["ExitCode"] == 3
    assert found.removed


@pytest.mark.parametrize(
    "run",
    [("hello-world",), ("busybox",), ("--entrypoint", "echo", "busybox"), ("--entrypoint", "", "busybox", "true")],
)
def test_its_program_is_joined_as_the_daemon_joins_it(docker, asked, tmp_path, prefix, run, run_docker):
    found = gone(docker, asked, tmp_path, prefix, *run)
    run_docker("create", "--name", f"{prefix}b", *run)
    real = asked.inspect("container", f"{prefix}b").inspect

    assert (found.inspect["Path"], found.inspect["Args"]) == (real["Path"], list(real["Args"]))
