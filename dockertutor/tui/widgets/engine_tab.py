"""The live engine panel."""

from __future__ import annotations

import time

from dockertutor.tui.draw.engine import engine_lines
from dockertutor.tui.draw.look import Look
from dockertutor.tui.widgets.drawn import Drawn
from dockertutor.tutor.engine_view import Panel
from dockertutor.tutor.view import EngineStatus


class EngineTab(Drawn, can_focus=True):
    """Rows as the session last told them; ages move on with a slow tick that redraws nothing if no word changes."""

    def __init__(self) -> None:
        super().__init__(id="engine")
        self._panel, self._look, self._engine = Panel(), Look(), EngineStatus()

    def on_mount(self) -> None:
        self.set_interval(5, self._redraw)

    def show(self, panel: Panel, look: Look, engine: EngineStatus) -> None:
        """Draw this panel."""
        self._panel, self._look, self._engine = panel, look, engine
        self._redraw()

    def _redraw(self) -> None:
        panel, look, engine = self._panel, self._look, self._engine
        self.paint(lambda cells: engine_lines(panel, cells, look, now=time.time(), engine=engine))
