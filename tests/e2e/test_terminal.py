"""The tutor's terminal inside a real one: early keys, a large paste, copying, resizing, and an end without farewell."""

from __future__ import annotations

import hashlib
import re
import time

import docker
import pytest
from newcomer import Newcomer, enter, leader, quit_app, to_exercise
from tmux_pane import Pane

pytestmark = pytest.mark.engine


def begin(pane: Pane) -> None:
    """Past the welcome, and on to the first moment at which an exercise says "type here"."""
    pane.wait_for("Welcome to dockertutor", 60)
    pane.key("Escape")
    for _ in range(30):
        seen = pane.wait_for(lambda s: any(words in s for words in ("type here", "Enter next", "choose")), 60)
        if "type here" in seen:
            return
        pane.key("1" if "Enter next" not in seen else "Enter")
        pane.wait_for(lambda now, before=seen: now != before)  # type: ignore[misc]


def test_what_is_typed_before_the_shell_is_ready_is_kept_in_order_and_run_once(newcomer: Newcomer) -> None:
    (newcomer.home / ".bashrc").write_text("sleep 1.5\n")
    with newcomer.app() as pane:
        begin(pane)
        pane.type("cp note.txt")
        pane.type(" copy.txt")
        pane.key("Enter")
        pane.type("echo se")
        seen = pane.wait_for("✓ Done", 60)
        pane.type("cond")
        pane.key("Enter")
        seen = pane.wait_for(lambda s: re.search(r"(?m)│ +second ", s) is not None)
        assert len(re.findall(r"\$ cp note.txt copy.txt", seen)) == 1
        assert len(re.findall(r"\$ echo second", seen)) == 1
        quit_app(pane)


def test_a_paste_before_the_shell_is_ready_stands_at_the_prompt(newcomer: Newcomer) -> None:
    (newcomer.home / ".bashrc").write_text("sleep 1.5\n")
    with newcomer.app() as pane:
        begin(pane)
        pane.paste("cp note.txt copy.txt\ncp note.txt other.txt\n")
        pane.wait_for("cp note.txt other.txt")
        assert not list((newcomer.home / "data").rglob("copy.txt"))
        pane.key("Enter")
        pane.wait_for("✓ Done", 60)
        quit_app(pane)


def test_a_paste_of_300_kb_arrives_whole(newcomer: Newcomer) -> None:
    text = "".join(f"{number:06d} 0123456789 abcdefghij é\n" for number in range(10_000))
    with newcomer.app() as pane:
        begin(pane)
        to_exercise(pane)
        enter(pane, "stty -echo; cat > pasted; stty echo; sha256sum pasted")
        pane.wait_for("sha256sum pasted")
        time.sleep(0.5)  # `cat` shows nothing when it begins to read
        pane.paste(text)
        pane.key("C-d")
        pane.wait_for(hashlib.sha256(text.encode()).hexdigest(), 60)
        quit_app(pane)


def test_what_is_selected_with_the_mouse_is_on_the_clipboard(newcomer: Newcomer) -> None:
    with newcomer.app() as pane:
        begin(pane)
        to_exercise(pane)
        enter(pane, "printf 'one 日本 two\\nthree\\n'")
        pane.wait_for(lambda s: re.search(r"(?m)│ +three ", s) is not None)
        rows = pane.screen().splitlines()
        y = next(number for number, row in enumerate(rows) if re.search(r"│ +one 日本 two ", row))
        x = rows[y].index("one 日本 two")
        pane.drag((x, y), (x + 4, y + 1))
        pane.wait_for("are on your clipboard")
        assert pane.clipboard() == "one 日本 two\nthree"
        quit_app(pane)


def test_any_size_during_a_flood_and_the_program_knows_the_last(newcomer: Newcomer) -> None:
    with newcomer.app() as pane:
        begin(pane)
        to_exercise(pane)
        enter(pane, "yes")
        pane.wait_for(lambda s: s.count(" y ") > 5)
        for size in ((120, 40), (80, 24), (40, 12), (80, 24)):
            pane.resize(*size)
        pane.key("C-c")
        pane.wait_for("^C")
        enter(pane, "clear; while sleep 0.2; do stty size; done")
        pane.wait_for(lambda s: re.search(r"(?m)^ *\d+ 78 *$", s) is not None)
        pane.resize(160, 48)
        pane.wait_for("30 88")
        pane.key("C-c")
        pane.wait_for("^C")
        quit_app(pane)


def test_after_kill_9_under_a_running_client_nothing_is_left(newcomer: Newcomer, engine: docker.DockerClient) -> None:
    with newcomer.app() as pane:
        begin(pane)
        to_exercise(pane)
        enter(pane, "docker run --rm -it busybox sh")
        pane.wait_for("/ #", 60)
        newcomer.kill()
        pane.wait_for("[ended with 137]")
    with newcomer.app() as pane:
        to_exercise(pane)
        leader(pane, "q")
        pane.wait_for("[ended with 0]")
    end = time.monotonic() + 20
    while newcomer.processes() and time.monotonic() < end:
        time.sleep(0.1)
    assert newcomer.processes() == {}
    assert newcomer.runtime_things() == []
