"""What stands where the terminal would, when there is none in this window (`--no-terminal`, or no library for it)."""

from __future__ import annotations

import shlex
from pathlib import Path

from dockertutor.called import COMMAND
from dockertutor.tui.draw.ink import BLANK, Line
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.prose import flow, typed
from dockertutor.tui.widgets.drawn import Drawn

OPENS = f"{COMMAND} shell"


class NoTerminal(Drawn, can_focus=True):
    """Says how to go on in a terminal window of the learner's own. ``why``: a sentence before it, or "".
    ``folder``: the exercise's, which that window does not go to by itself."""

    def __init__(self, look: Look, why: str = "", folder: Path | None = None) -> None:
        self._folder = folder

        def paint(cells: int) -> list[Line]:
            there = self._folder
            go = [*flow("Then go to this exercise's folder:", cells, look), BLANK,
                  *typed(f"cd {shlex.quote(str(there))}", cells, look), BLANK] if there else []  # fmt: skip
            head = [*flow(why, cells, look), BLANK] if why else []
            return [
                *head,
                *flow(
                    "Type the commands in a terminal window of your own. Open one, and begin there with:", cells, look
                ),
                BLANK,
                *typed(OPENS, cells, look),
                BLANK,
                *go,
                *flow("Ticks appear here by themselves.", cells, look, "$text-muted"),
            ]

        self._paint_all = paint
        super().__init__(paint)

    def go(self, folder: Path) -> bool:
        """Another exercise has another folder: say so."""
        self._folder = folder
        self.paint(self._paint_all)
        return True
