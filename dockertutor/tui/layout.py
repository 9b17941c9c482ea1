"""How a screen of a given size is divided: the layout table of the look, as arithmetic."""

from __future__ import annotations

from typing import Literal, NamedTuple

Mode = Literal["beside", "stacked", "single"]
LEAST_WIDTH, LEAST_HEIGHT = 60, 16
"""The smallest window in which every state can be read and acted in: a command of a lesson in two rows at most, the
leader's overlay whole, and six rows of terminal under the highest strip."""
AIRY = 20
"""Rows of a screen from which dialogs have air in them."""


class Layout(NamedTuple):
    """``mode``: ``beside`` (lesson beside terminal), ``stacked`` (strip, terminal, lower pane) or ``single`` (strip and
    one pane). ``lesson``: columns of the lesson with its frame (its text takes five fewer). ``low``/``low_large``:
    rows of the lower pane, without and with the keys. ``bar``: column of the header's step bar."""

    width: int
    height: int
    mode: Mode
    lesson: int
    low: int
    low_large: int

    @property
    def large(self) -> bool:
        """Whether there is room for the header with air around it."""
        return self.mode == "beside"

    @property
    def text(self) -> int:
        """Columns of the lesson's text beside the terminal."""
        return self.lesson - 5

    @property
    def bar(self) -> int:
        """The column where the header's step bar and the terminal's text begin."""
        return self.lesson + 3


def layout(width: int, height: int) -> Layout:
    """The layout for a screen of ``width`` x ``height`` cells."""
    lesson = max(44, min(60, width - 100)) + 5
    if width >= 136 and height >= 32:
        return Layout(width, height, "beside", lesson, 12, max(12, height - 20))
    if height >= 36:
        return Layout(width, height, "stacked", lesson, 12, max(12, height - 20))
    return Layout(width, height, "single", lesson, height, height)


def too_small(width: int, height: int) -> bool:
    """Whether a screen of ``width`` x ``height`` cells has no room for any layout."""
    return width < LEAST_WIDTH or height < LEAST_HEIGHT
