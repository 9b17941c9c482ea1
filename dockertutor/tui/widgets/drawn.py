"""A widget that shows lines drawn by a function of its width; parts of it can be clicked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.content import Content
from textual.geometry import Offset, Size
from textual.message import Message
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from dockertutor.tui.draw.ink import Do, Line, content, cut

Painter = Callable[[int], Sequence[Line]]
MOST_STRIPS = 500
"""Rows whose drawing is kept."""


class Acted(Message):
    """A part was clicked. ``do``: an action's name and its argument."""

    def __init__(self, do: Do) -> None:
        super().__init__()
        self.do = do


class Drawn(Widget):
    """Shows what its painter returns for the width it has; as high as that is."""

    DEFAULT_CSS = "Drawn { height: auto; width: 1fr; text-wrap: nowrap; }"

    def __init__(self, painter: Painter | None = None, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._painter: Painter = painter or (lambda cells: ())
        self._kept: tuple[int, Sequence[Line]] | None = None
        self._drawn_for: tuple[object, ...] = ()
        self._strips: dict[Line, Strip] = {}
        self._pressed: tuple[Offset | None, Do | None] = (None, None)

    def paint(self, painter: Painter) -> None:
        """Show what ``painter`` returns from now on; where the same lines come out nothing is redrawn."""
        before = self._kept
        self._painter, self._kept = painter, None
        if before is not None and self.lines(before[0]) == before[1]:
            return
        self.refresh(layout=before is None or self._kept is None or len(self._kept[1]) != len(before[1]))

    def lines(self, cells: int) -> Sequence[Line]:
        """The lines for a width of ``cells``."""
        if self._kept is None or self._kept[0] != cells:
            self._kept = (cells, tuple(cut(row, cells) for row in self._painter(cells)))
        return self._kept[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One row a line."""
        return len(self.lines(width))

    def render(self) -> Content:
        """The lines at the present width."""
        return content(self.lines(self.content_size.width))

    def render_line(self, y: int) -> Strip:
        """One row. Rows that stay what they were are not made anew, and those out of sight not at all: a list of a
        hundred calls may change twenty times a second. While text is selected Textual draws all rows itself."""
        if self.text_selection is not None:
            return super().render_line(y)
        style, width = self.visual_style, self.size.width
        drawn_for = (style, width, self.app.theme)
        if self._drawn_for != drawn_for:
            self._drawn_for, self._strips = drawn_for, {}
        rows = self.lines(self.content_size.width)
        if not width or y >= len(rows):
            return Strip.blank(width, style.rich_style)
        row = rows[y]
        strip = self._strips.get(row)
        if strip is None:
            if len(self._strips) >= MOST_STRIPS:
                self._strips.clear()
            strip = self._strips[row] = Visual.to_strips(self, content([row]), width, 1, style)[0]
        return strip

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Remember what was under the button: the keys come here with it, and the words may be drawn anew before it is
        let go (a letter that needed the leader key stands alone now)."""
        self._pressed = (event.screen_offset, event.style.meta.get("do"))

    def on_click(self, event: events.Click) -> None:
        """A click on a part that does something goes up as `Acted`."""
        place, pressed = self._pressed
        do = pressed if place == event.screen_offset else event.style.meta.get("do")
        if do is not None and do == pressed:
            event.stop()
            self.post_message(Acted(do))
