"""What is loaded when the first screen is painted: Docker's library and what an open lesson needs come later."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from newcomer import Newcomer
from tmux_pane import Pane

pytestmark = pytest.mark.engine

LATER = {
    "docker", "requests", "pyghostty", "tree_sitter",
    "dockertutor.course.model", "dockertutor.shell.screen", "dockertutor.tutor.step_view",
    "dockertutor.tui.screens.lesson",
}  # fmt: skip
PROBE = """
import json, sys
from textual.app import App
seen = []
plain = App._display
def display(self, screen, renderable):
    plain(self, screen, renderable)
    if not seen and renderable is not None:
        seen.append(True)
        from pathlib import Path
        Path(sys.argv[1]).write_text(json.dumps([*sys.modules]))
App._display = display
from dockertutor.cli import main
sys.exit(main(sys.argv[2:]))
"""


def test_the_first_paint_waits_for_no_docker_library(tmp_path: Path, engine_url: str) -> None:
    newcomer = Newcomer(tmp_path, engine_url)
    (tmp_path / "probe.py").write_text(PROBE)
    told = tmp_path / "loaded.json"
    command = [sys.executable, str(tmp_path / "probe.py"), str(told)]
    with Pane(command, environment=newcomer.environment, folder=tmp_path) as pane:
        pane.wait_for("Welcome to dockertutor", 60)
        pane.key("q")
        pane.wait_for("[ended with 0]")
    loaded = set(json.loads(told.read_text()))
    assert "dockertutor.tui.screens.welcome" in loaded
    assert loaded & LATER == set()
