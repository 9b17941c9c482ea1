"""What stands where the terminal would, when there is none in this window (`--no-terminal`, or no library for it)."""

from __future__ import annotations

from dockertutor.called import COMMAND
from dockertutor.tui.draw.ink import BLANK, Line
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.prose import flow, typed
from dockertutor.tui.widgets.drawn import Drawn

OPENS = f"{COMMAND} shell"


class NoTerminal(Drawn, can_focus=True):
    """Says how to go on in a terminal window of the learner's own. ``why``: a sentence before it, or ""."""

    def __init__(self, look: Look, why: str = "") -> None:
        def paint(cells: int) -> list[Line]:
            head = [*flow(why, cells, look), BLANK] if why else []
            return [
                *head,
                *flow(
                    "Type the commands in a terminal window of your own. Open one, and begin there with:", cells, look
                ),
                BLANK,
                *typed(OPENS, cells, look),
                BLANK,
                *flow("Ticks appear here by themselves.", cells, look, "$text-muted"),
            ]

        super().__init__(paint)
