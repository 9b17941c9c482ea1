"""What is loaded when the first screen is painted: Docker's library and the lessons come later."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from newcomer import Newcomer
from tmux_pane import Pane

pytestmark = pytest.mark.engine

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
        names = [n for n in ("docker", "requests", "pyghostty", "tree_sitter", "yaml") if n in sys.modules]
        Path(sys.argv[1]).write_text(json.dumps(names))
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
    assert set(json.loads(told.read_text())) & {"docker", "requests", "pyghostty", "tree_sitter"} == set()
