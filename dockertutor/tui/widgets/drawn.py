"""A widget that shows lines drawn by a function of its width; parts of it can be clicked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from dockertutor.tui.draw.ink import Do, Line, content, cut

Painter = Callable[[int], Sequence[Line]]


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

    def on_click(self, event: events.Click) -> None:
        """A click on a part that does something goes up as `Acted`."""
        do = event.style.meta.get("do")
        if do is not None:
            event.stop()
            self.post_message(Acted(do))
