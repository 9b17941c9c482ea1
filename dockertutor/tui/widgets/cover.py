"""The one sentence that is shown where no layout fits."""

from __future__ import annotations

from collections.abc import Callable

from textual.geometry import Size

from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.prose import flow
from dockertutor.tui.layout import LEAST_HEIGHT, LEAST_WIDTH
from dockertutor.tui.widgets.drawn import Drawn

COVERED = "-covered"
"""A screen that is covered has this class."""


class Cover(Drawn):
    """Hides the whole screen, and takes no keys."""

    DEFAULT_CSS = """
    Cover { layer: cover; dock: top; width: 100%; height: 100%; padding: 0 2; background: $background; }
    """

    def __init__(self, look: Callable[[], Look], size: Size) -> None:
        super().__init__()
        self._look = look
        self.say(size)

    def say(self, size: Size) -> None:
        """The window has this size now."""
        words = (
            f"Make this window at least **{LEAST_WIDTH} columns** wide and **{LEAST_HEIGHT} rows** high; now it has "
            f"{size.width} columns and {size.height} rows."
        )
        self.paint(lambda cells: flow(words, max(1, cells), self._look()))
