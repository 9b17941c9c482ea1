"""A person on a fresh machine: ./run, agrees, does an exercise, quits, comes back, and does two more with Docker."""

from __future__ import annotations

import sys

from tmux_pane import Pane

from cold.root import PROJECT

PROMPT = "fresh#"


def drive(release: str) -> bool:
    """Whether three exercises were ticked off; what was on the screen is printed where not."""
    command = [sys.executable, "-m", "cold.root", release, "--", "env", f"PS1={PROMPT} ", "sh"]
    with Pane(command, folder=PROJECT / "tests") as pane:
        try:
            pane.wait_for(PROMPT, 120)
            _enter(pane, "./run")
            _agree(pane)
            pane.wait_for("Welcome to dockertutor", 240)
            pane.key("Escape")
            _tick(pane, "cp note.txt copy.txt")
            _quit(pane)
            _enter(pane, "clear; ./run open boxes-for-programs")
            _tick(pane, 'docker run busybox echo "Hello from a box"')
            pane.key("C-g")
            pane.wait_for("Press one key")
            pane.key("n")
            _tick(pane, "docker run busybox cat letter.txt")
            _quit(pane)
            _enter(pane, "clear; ./run status")
            pane.wait_for("3 of ", 30)
        except AssertionError as error:
            print(error, file=sys.stderr)
            return False
    return True


def _enter(pane: Pane, line: str) -> None:
    pane.type(line)
    pane.key("Enter")


def _agree(pane: Pane) -> None:
    pane.wait_for("Python 3 with venv will be installed", 30)
    pane.key("Enter")
    pane.wait_for("No Docker Engine answers here", 240)
    pane.wait_for("Go on?", 30)
    pane.key("Enter")


def _tick(pane: Pane, command: str) -> None:
    """Read on until an exercise is open, type the command, and see the tick."""
    for _ in range(30):
        seen = pane.wait_for(lambda s: any(w in s for w in ("Enter next", "choose", "Enter begin", "Your turn")), 60)
        if "Your turn" in seen:
            break
        if "Enter go on" in seen or "Enter next" in seen or "choose" not in seen:
            pane.key("Enter")
        else:
            pane.key("s" if "skip the question" in seen else "1")
        pane.wait_for(lambda s, before=seen: s != before, 30)  # type: ignore[misc]
    pane.wait_for("type here")
    _enter(pane, command)
    pane.wait_for("✓ Done", 60)


def _quit(pane: Pane) -> None:
    pane.key("C-g")
    pane.wait_for("Press one key")
    pane.key("q")
    for _ in range(5):
        seen = pane.wait_for(lambda s: PROMPT in s or "Enter" in s, 30)
        if PROMPT in seen:
            return
        pane.key("Enter")
    pane.wait_for(PROMPT)
