"""A person on a fresh machine: types ``./run``, agrees, reads, and does the first three exercises in the tutor."""

from __future__ import annotations

import sys

from tmux_pane import Pane

from cold.root import PROJECT


def drive(release: str) -> bool:
    """Whether three exercises were ticked off; what was on the screen is printed where not."""
    command = [sys.executable, "-m", "cold.root", release, "--", "./run"]
    with Pane(command, folder=PROJECT / "tests") as pane:
        try:
            _agree(pane)
            _three_ticks(pane)
        except AssertionError as error:
            print(error, file=sys.stderr)
            return False
    return True


def _agree(pane: Pane) -> None:
    pane.wait_for("Python 3 with venv will be installed", 60)
    pane.key("Enter")
    pane.wait_for("No Docker Engine answers here", 180)
    pane.wait_for("Go on?", 30)
    pane.key("Enter")


def _three_ticks(pane: Pane) -> None:
    pane.wait_for("tutor", 120)
