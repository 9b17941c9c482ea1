"""Proofs find each way in which a lesson can be wrong, and say which."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import docker
import pytest

from dockertutor.authoring.proof import Totals, world
from dockertutor.engine.engine import Engine

pytestmark = pytest.mark.engine

COURSE = "format: 1\nid: c\ntitle: The course\ntracks: {01-first: First}\n"
RIGHT = """
format: 1
id: LESSON
title: A lesson
minutes: 5
steps:
  - exercise:
      id: one
      kind: faded
      vars: {word: token}
      files: {note.txt: "${word}"}
      task: |
        **Copy the file** note.txt to copy.txt.
      expect: [{file: copy.txt, contains: "${word}"}]
      mistakes:
        - id: other-name
          when: {file: cpoy.txt, present: true}
          say: |
            Its name is `cpoy.txt`.
          by: cp note.txt cpoy.txt
      hints: [Look., Type., All.]
      solution: cp note.txt copy.txt
      also:
        - cat note.txt > copy.txt
"""


def prove(tmp_path: Path, engine_url: str, lesson: str, *options: str) -> tuple[int, list[dict]]:
    """The exit code and the JSON of ``lesson prove``: its cases, then the totals."""
    folder = tmp_path / "course" / "01-first"
    folder.mkdir(parents=True)
    (folder.parent / "course.yaml").write_text(COURSE)
    (folder / "01-lesson.yaml").write_text(lesson.replace("LESSON", "lesson"))
    tutor = [sys.executable, "-m", "dockertutor", "--course", str(folder.parent)]
    done = subprocess.run(
        [*tutor, "lesson", "prove", "--format", "json", *options],
        env={**os.environ, "DOCKER_HOST": engine_url, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def wrong(answer: list[dict]) -> list[tuple[str, str]]:
    return [(case["case"], case["id"]) for case in answer[:-1] if not case["ok"]]


def test_a_right_lesson_holds_and_each_case_is_told(tmp_path: Path, engine_url: str) -> None:
    code, answer = prove(tmp_path, engine_url, RIGHT)
    assert wrong(answer) == []
    assert code == 0
    *cases, totals = answer
    assert [case["case"] for case in cases] == ["untouched", "solution", "also", "mistake", "recovery"]
    for case in cases:
        assert {"lesson", "exercise", "case", "id", "ok", "verdict", "seconds"} <= set(case)
        assert (case["lesson"], case["exercise"]) == ("lesson", "one")
    assert totals["case"] == "totals"
    assert totals["hold"] == totals["cases"] == 5
    assert totals["left"] == totals["touched"] == []


@pytest.mark.parametrize(
    ("old", "new", "caught"),
    [
        ('{file: copy.txt, contains: "${word}"}', '{file: note.txt, contains: "${word}"}', ("untouched", "")),
        ("solution: cp note.txt copy.txt", "solution: cp note.txt other.txt", ("solution", "")),
        ("- cat note.txt > copy.txt", "- cat note.txt > other.txt", ("also", "1")),
        ("by: cp note.txt cpoy.txt", "by: cp note.txt third.txt", ("mistake", "other-name")),
        ("when: {file: cpoy.txt, present: true}", "when: {file: note.txt, present: true}", ("untouched", "")),
    ],
    ids=["untouched passes", "solution fails", "also fails", "mistake is silent", "mistake speaks untouched"],
)
def test_a_wrong_lesson_is_caught(
    tmp_path: Path, engine_url: str, monkeypatch: pytest.MonkeyPatch, old: str, new: str, caught: tuple[str, str]
) -> None:
    assert old in RIGHT
    code, answer = prove(tmp_path, engine_url, RIGHT.replace(old, new))
    assert code == 1
    assert not answer[-1]["ok"]
    assert caught in wrong(answer)
    assert not [case["why"] for case in answer if "[?2004" in case["why"] or "\x1b" in case["why"]]


def test_what_is_left_behind_is_caught_and_named(
    tmp_path: Path, engine_url: str, engine: docker.DockerClient, prefix: str
) -> None:
    """What was made round the wire, nobody can tell whose it is: it is not removed, but told."""
    beside = f"docker -H {engine_url} volume create {prefix}left; cp note.txt copy.txt"
    lesson = RIGHT.replace("solution: cp note.txt copy.txt", f"solution: |\n        {beside}")
    code, answer = prove(tmp_path, engine_url, lesson)
    assert code == 1
    assert any(f"{prefix}left" in one for one in answer[-1]["left"])
    assert engine.volumes.get(f"{prefix}left")


def test_what_the_solution_makes_is_removed_and_what_was_there_stays(
    tmp_path: Path, engine_url: str, engine: docker.DockerClient, prefix: str
) -> None:
    engine.api.create_container("busybox", ["true"], name=f"{prefix}there")
    lesson = RIGHT.replace(
        "solution: cp note.txt copy.txt",
        f"solution: |\n        docker run -d --name {prefix}new busybox sleep 30\n        cp note.txt copy.txt",
    )
    code, answer = prove(tmp_path, engine_url, lesson)
    assert (code, wrong(answer)) == (0, [])
    names = {name.lstrip("/") for one in engine.api.containers(all=True) for name in one["Names"]}
    assert f"{prefix}there" in names
    assert f"{prefix}new" not in names


def test_a_solution_that_stops_a_foreign_container_is_told(
    tmp_path: Path, engine_url: str, engine: docker.DockerClient, prefix: str
) -> None:
    engine.containers.run("busybox", ["sleep", "600"], name=f"{prefix}there", detach=True)
    lesson = RIGHT.replace(
        "solution: cp note.txt copy.txt",
        f"solution: |\n        docker stop -t 0 {prefix}there\n        cp note.txt copy.txt",
    )
    code, answer = prove(tmp_path, engine_url, lesson)
    assert (code, wrong(answer)) == (1, [])
    assert answer[-1]["touched"] == [
        f"lesson/one: container {prefix}there (State.Status was running, is exited)",
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda api, one: api.restart(one, timeout=0), "State.StartedAt"),
        (lambda api, one: api.pause(one), "State.Status was running, is paused"),
        (lambda api, one: api.update_container(one, mem_limit="64m", memswap_limit="64m"), "Memory"),
        (lambda api, one: api.disconnect_container_from_network(one, "bridge"), "Networks was bridge, is empty"),
    ],
    ids=["restarted", "paused", "updated", "disconnected"],
)
def test_a_foreign_container_that_stays_is_looked_at(
    asked: Engine, engine: docker.DockerClient, prefix: str, change: Callable, told: str
) -> None:
    there = engine.containers.run("busybox", ["sleep", "600"], name=f"{prefix}there", detach=True)
    before, totals = world(asked), Totals()
    totals.compare(before, world(asked), "lesson/one")
    assert totals.ok
    change(engine.api, there.id)
    totals.compare(before, world(asked), "lesson/one")
    (line,) = totals.touched
    assert line.startswith(f"lesson/one: container {prefix}there (")
    assert told in line


def test_a_container_that_its_own_restart_policy_starts_again_counts_as_untouched(
    asked: Engine, engine: docker.DockerClient, prefix: str
) -> None:
    again = {"Name": "always"}
    engine.containers.run("busybox", ["sleep", "1"], name=f"{prefix}loop", detach=True, restart_policy=again)
    before, totals = world(asked), Totals()
    for _ in range(200):
        if engine.containers.get(f"{prefix}loop").attrs["RestartCount"]:
            break
        time.sleep(0.1)
    totals.compare(before, world(asked), "lesson/one")
    assert totals.ok
