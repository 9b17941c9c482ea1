"""A stranger's lesson: what its checks and given objects may never reach, on a real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from dockertutor.checks import parse_check
from dockertutor.checks.model import Check
from dockertutor.checks.nodes import compose
from dockertutor.engine.engine import Engine
from dockertutor.facts import Call
from dockertutor.tutor.context import AttemptContext
from dockertutor.tutor.gather import Gatherer


def checks(text: str, use: str = "expect") -> tuple[Check, ...]:
    problems: list = []
    node = compose(text, "test.yaml", problems)
    found = [parse_check(item, file="test.yaml", problems=problems, use=use) for item in node.value]
    assert not problems, problems
    return tuple(found)


def stages(asked: Engine, folder: Path, *, wire: bool = False) -> AttemptContext:
    context = AttemptContext(folder, wire=wire)
    context.begin_stage(asked.baseline(), {}, since=asked.now())
    return context


@pytest.mark.parametrize("use", ["requires", "begun"])
def test_no_command_runs_in_a_container_that_was_there_before(asked, tmp_path, run_docker, prefix, use):
    run_docker("run", "-d", "--init", "--name", f"{prefix}theirs", "busybox", "sleep", "60")
    context = stages(asked, tmp_path) if use == "begun" else AttemptContext(tmp_path)
    wanted = checks(f'[{{container: "{prefix}theirs", exec: {{command: [touch, /gone], exit_code: "0"}}}}]')
    judgement = Gatherer(asked).judge(wanted, (), context)[0]
    assert judgement.status == "unknown"
    assert "was not made in this exercise" in judgement.verdicts[-1].why
    assert "gone" not in run_docker("exec", f"{prefix}theirs", "ls", "/").stdout


def test_no_command_runs_in_a_container_that_did_not_pass_the_wire(asked, tmp_path, run_docker, prefix):
    context = stages(asked, tmp_path, wire=True)
    made = run_docker("run", "-d", "--init", "--name", f"{prefix}a", "busybox", "sleep", "60").stdout.strip()
    wanted = checks(f'[{{container: "{prefix}a", exec: {{command: ["true"], exit_code: "0"}}}}]')
    assert Gatherer(asked).judge(wanted, (), context)[0].status == "unknown"
    context.note_call(Call(1, "POST", "/containers/create", ended=asked.now(), created=(("container", made),)))
    assert Gatherer(asked).judge(wanted, (), context)[0].status == "pass"


def test_commands_run_in_what_the_learner_made_in_an_earlier_stage(asked, tmp_path, run_docker, prefix):
    context = stages(asked, tmp_path)
    run_docker("run", "-d", "--init", "--name", f"{prefix}a", "busybox", "sleep", "60")
    context.begin_stage(asked.baseline(), {}, since=asked.now())
    wanted = checks(f'[{{container: "{prefix}a", exec: {{command: ["true"], exit_code: "0"}}}}]')
    assert Gatherer(asked).judge(wanted, (), context)[0].status == "pass"


def test_files_of_a_foreign_container_are_not_read(asked, tmp_path, run_docker, prefix):
    run_docker("create", "--name", f"{prefix}theirs", "busybox")
    wanted = checks(f'[{{container: "{prefix}theirs", files: {{/etc/passwd: {{contains: root}}}}}}]')
    assert Gatherer(asked).judge(wanted, (), stages(asked, tmp_path))[0].status == "unknown"
