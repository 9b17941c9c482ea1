"""The eighteen hard exercises on a real engine: untouched fails, solutions pass, mistakes are told apart."""

from __future__ import annotations

import random
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from checks_world import World

from dockertutor.checks import Check, parse_check
from dockertutor.checks.nodes import compose

EXERCISES = Path(__file__).parents[1] / "examples" / "hard-exercises.yaml"
RAW: dict[str, Any] = {
    step["exercise"]["id"]: step["exercise"]
    for step in yaml.load(EXERCISES.read_text(), Loader=yaml.BaseLoader)["steps"]
}


def checks(value: Any, use: Any) -> tuple[Check, ...]:
    problems: list[Any] = []
    node = compose(yaml.safe_dump(value if isinstance(value, list) else [value]), "hard", problems)
    assert node is not None
    found = [parse_check(item, file="hard", problems=problems, use=use) for item in node.value]
    assert not problems, problems
    return tuple(check for check in found if check is not None)


def free_port() -> str:
    for _ in range(50):
        port = random.randint(20000, 32000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return str(port)
    raise AssertionError("no free port")


def bound(exercise: Any, prefix: str) -> Any:
    draw = {"name": lambda: prefix + secrets.token_hex(3), "token": lambda: "k" + secrets.token_hex(4),
            "free-port": free_port}  # fmt: skip
    values = {name: draw[how]() for name, how in exercise.get("vars", {}).items()}

    def put(value: Any) -> Any:
        if isinstance(value, str):
            for name, text in values.items():
                value = value.replace("${" + name + "}", text)
            return value
        if isinstance(value, list):
            return [put(item) for item in value]
        return {put(name): put(item) for name, item in value.items()} if isinstance(value, dict) else value

    return put(exercise)


def script(value: Any) -> tuple[str, dict[str, str]]:
    return (value["run"], value.get("files", {})) if isinstance(value, dict) else (value, {})


@pytest.fixture
def world(engine: Any, docker_cli: str, docker_env: dict[str, str], tmp_path: Path) -> Iterator[World]:
    made = World(engine, f"t{secrets.token_hex(4)}-", tmp_path, {**docker_env, "DOCKER_BUILDKIT": "0"})
    yield made
    made.close()


def begin(world: World, name: str) -> Any:
    exercise = bound(RAW[name], world.prefix)
    for path, text in exercise.get("files", {}).items():
        (world.folder / path).write_text(text)
    world.make(checks(exercise.get("given", []), "given"))
    return exercise


def mistakes(stage: Any) -> list[tuple[str, tuple[Check, ...]]]:
    return [(mistake["id"], checks(mistake["when"], "when")) for mistake in stage.get("mistakes", [])]


@pytest.mark.engine
@pytest.mark.parametrize("name", RAW)
def test_the_solution_passes_and_nothing_done_does_not(world: World, name: str) -> None:
    exercise = begin(world, name)
    for stage in (exercise, *exercise.get("then", [])):
        expect = checks(stage["expect"], "expect")
        if stage is not exercise:
            world.begin()
        untouched = world.judge(expect)
        assert untouched.status == "fail", untouched.verdicts
        assert world.mistake(mistakes(stage)) is None
        world.run(*script(stage["solution"]))
        done = world.judge(expect)
        for _ in range(20 if any(v.status == "waiting" for v in done.verdicts) else 0):
            world.run("")
            done = world.judge(expect)
            if done.status == "pass":
                break
        assert done.status == "pass", done.verdicts


CASES = [
    (name, number, mistake["id"])
    for name, exercise in RAW.items()
    for number, stage in enumerate((exercise, *exercise.get("then", [])))
    for mistake in stage.get("mistakes", [])
]


@pytest.mark.engine
@pytest.mark.parametrize(("name", "number", "wrong"), CASES)
def test_the_mistake_is_recognised(world: World, name: str, number: int, wrong: str) -> None:
    exercise = begin(world, name)
    stages = (exercise, *exercise.get("then", []))
    for before in stages[:number]:
        world.run(*script(before["solution"]))
        world.begin()
    stage = stages[number]
    world.run(*script(next(mistake["by"] for mistake in stage["mistakes"] if mistake["id"] == wrong)))
    judged = world.judge(checks(stage["expect"], "expect"))
    assert judged.status == "fail", judged.verdicts
    assert any(v.status == "fail" and (v.expected or v.found) for v in judged.verdicts)
    assert world.mistake(mistakes(stage)) == wrong
