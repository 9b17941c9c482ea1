"""A newcomer at the real app in a terminal: three ticks, an end, a new start, an end without a farewell."""

from __future__ import annotations

import contextlib
import re
import time
from pathlib import Path

import docker
import pytest
from newcomer import Newcomer, enter, leader, quit_app, to_exercise
from tmux_pane import Pane

pytestmark = pytest.mark.engine

SIZES = pytest.mark.parametrize("size", [(160, 48), (80, 24)], ids=["large", "small"])

COURSE = "format: 1\nid: c\ntitle: The course\ntracks: {01-first: First}\n"
LESSON = """
format: 1
id: two-boxes
title: Two boxes
minutes: 5
steps:
  - exercise:
      id: pair
      kind: faded
      vars: {name: name}
      task: |
        **Make two boxes.** The names are ${name} and ${name}-two:

            docker create --name ${name} busybox true
      expect:
        - {container: "${name}", image: busybox}
        - {container: "${name}-two", image: busybox}
      hints: [Look., Type., All.]
      solution: |
        docker create --name ${name} busybox true
        docker create --name ${name}-two busybox true
      why: |
        Both are there now.
"""


def past_the_welcome(pane: Pane) -> None:
    pane.wait_for("Welcome to dockertutor", 60)
    pane.key("Escape")


def tick(pane: Pane, command: str) -> str:
    enter(pane, command)
    return pane.wait_for("✓ Done", 60)


def nothing_is_left(newcomer: Newcomer) -> None:
    nobody_lives(newcomer)
    assert newcomer.runtime_things() == []


def nobody_lives(newcomer: Newcomer) -> None:
    end = time.monotonic() + 10
    while newcomer.processes() and time.monotonic() < end:
        time.sleep(0.1)
    assert newcomer.processes() == {}


@SIZES
def test_three_ticks_with_an_end_between(newcomer: Newcomer, size: tuple[int, int]) -> None:
    with newcomer.app(size=size) as pane:
        past_the_welcome(pane)
        to_exercise(pane)
        tick(pane, "cp note.txt copy.txt")
        quit_app(pane)
    nothing_is_left(newcomer)

    with newcomer.app(size=size) as pane:
        pane.wait_for(lambda s: "First steps in a terminal" in s or "Go on" in s, 60)
        assert "Welcome to dockertutor" not in pane.screen()
        quit_app_from_reading(pane)

    with newcomer.app("open", "boxes-for-programs", size=size) as pane:
        pane.wait_for("Boxes for programs ", 60)
        pane.wait_for(lambda s: "Go on where you were" not in s)
        to_exercise(pane)
        tick(pane, 'docker run busybox echo "Hello from a box"')
        leader(pane, "n")
        pane.wait_for(lambda s: "✓ Done" not in s)
        to_exercise(pane, skip=True)
        tick(pane, "docker run busybox cat letter.txt")
        quit_app(pane)
    nothing_is_left(newcomer)


def quit_app_from_reading(pane: Pane) -> None:
    """Where no terminal has the keys, q alone quits; where it has, the leader comes first."""
    pane.key("C-g")
    pane.key("q")
    for _ in range(5):
        if "[ended with" in pane.wait_for(lambda s: "[ended with" in s or "Enter" in s):
            break
        pane.key("Enter")
    pane.wait_for("[ended with 0]")


def test_the_next_start_goes_on_at_the_same_exercise_with_the_same_words(newcomer: Newcomer) -> None:
    with newcomer.app() as pane:
        past_the_welcome(pane)
        to_exercise(pane)
        first = drawn(pane.wait_for("The file copy.txt"))
        leader(pane, "h")
        pane.wait_for("Hint 1 of 3")
        quit_app(pane)
    with newcomer.app() as pane:
        to_exercise(pane)
        again = pane.wait_for("The file copy.txt")
        assert drawn(again) == first
        assert "Hint 1 of 3" in again
        quit_app(pane)


def drawn(screen: str) -> str:
    """The word that lesson 0 drew for its first exercise."""
    found = re.search(r"The file copy.txt +has (\w+)", screen)
    assert found, screen
    return found[1]


def test_kill_9_in_the_middle_loses_nothing(newcomer: Newcomer, engine: docker.DockerClient, tmp_path: Path) -> None:
    folder = tmp_path / "course"
    (folder / "01-first").mkdir(parents=True)
    (folder / "course.yaml").write_text(COURSE)
    (folder / "01-first" / "01-two-boxes.yaml").write_text(LESSON)
    course = ("--course", str(folder), "open", "two-boxes")
    made: list[str] = []
    try:
        with newcomer.app(*course) as pane:
            if "Welcome" in pane.wait_for(lambda s: "Welcome" in s or "type here" in s, 60):
                pane.key("Escape")
            name = box(to_exercise(pane))
            made.append(name)
            enter(pane, f"docker create --name {name} busybox true")
            pane.wait_for(lambda s: re.search(rf"✓ .*{name}\b", s) is not None)
            newcomer.kill()
            pane.wait_for("[ended with 137]")
            nobody_lives(newcomer)

        with newcomer.app(*course) as pane:
            again = to_exercise(pane)
            assert box(again) == name
            pane.wait_for(lambda s: re.search(rf"✓ .*{name}\b", s) is not None)
            made.append(f"{name}-two")
            tick(pane, f"docker create --name {name}-two busybox true")
            pane.wait_for("Both are there now.")
            quit_app(pane)
        nothing_is_left(newcomer)
    finally:
        for one in made:
            with contextlib.suppress(docker.errors.NotFound):
                engine.api.remove_container(one, force=True)


def box(screen: str) -> str:
    """The name that was drawn."""
    found = re.search(r"--name ([\w-]+)", screen)
    assert found, screen
    return found[1]


@SIZES
def test_a_wrong_line_is_told_what_was_expected_found_and_why(newcomer: Newcomer, size: tuple[int, int]) -> None:
    with newcomer.app(size=size) as pane:
        past_the_welcome(pane)
        to_exercise(pane)
        enter(pane, "cp note.txt cpoy.txt")
        pane.wait_for("its name is")
        seen = pane.screen()
        if size == (160, 48):
            assert re.search(r"expected +in your folder", seen)
            assert re.search(r"found +no such file", seen)
        assert "✗" in seen
        tick(pane, "cp note.txt copy.txt")
        quit_app(pane)


def test_the_leader_puts_the_worked_command_at_the_prompt_and_does_not_run_it(newcomer: Newcomer) -> None:
    with newcomer.app() as pane:
        past_the_welcome(pane)
        to_exercise(pane)
        pane.wait_for(lambda s: "$" in s)
        leader(pane, "i")
        pane.wait_for("$ cp note.txt copy.txt")
        assert not list((newcomer.home / "data").rglob("copy.txt"))
        pane.key("Enter")
        pane.wait_for("✓ Done")
        quit_app(pane)
