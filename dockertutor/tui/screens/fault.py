"""The engine cannot be asked, and nothing is being done that could wait beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from dockertutor.tui.draw.chrome import QUIT, Head, Key, footer_line, header_line
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.reading import fault_lines
from dockertutor.tui.layout import layout
from dockertutor.tui.screens.ends import EndsOnce
from dockertutor.tui.widgets.drawn import Acted, Drawn
from dockertutor.tutor.view import EngineStatus

TEXT = 66


class FaultScreen(EndsOnce[str | None]):
    """Ends with "read" (go on without an engine), "quit", or None when the engine is back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "look_again", "look again", id="fault-again"),
        Binding("r", "read", "read without an engine", id="fault-read"),
        Binding("d", "details", "details for a helper", id="fault-details"),
        Binding("q", "leave", "quit", id="fault-quit"),
    ]

    def __init__(self, engine: EngineStatus, look: Callable[[], Look], again: Callable[[], None]) -> None:
        super().__init__()
        self._engine, self._look, self._again = engine, look, again
        self._details = False

    def compose(self) -> ComposeResult:
        yield Drawn(id="head")
        with VerticalScroll(id="reading", can_focus=False):
            yield Drawn(id="page", classes="-fault")
        yield Drawn(id="foot")

    def on_mount(self) -> None:
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        self._draw()

    def show(self, engine: EngineStatus) -> None:
        """The engine's state is another now."""
        self._engine = engine
        if self.is_mounted:
            self._draw()

    def _draw(self) -> None:
        if not self.query_children("#foot"):
            return  # not yet, or no longer: the app is ending
        lay, look, engine, details = layout(*self.app.size), self._look(), self._engine, self._details
        self.set_class(not lay.large, "-small")
        self.query_one("#head", Drawn).paint(lambda cells: [header_line(Head(engine=engine), lay, look)])
        rows = len(fault_lines(engine, TEXT, look, details=details))
        room = lay.height - (4 if lay.large else 2) - rows
        self.query_one("#reading").styles.padding = (max(0, min(9 if lay.large else 2, room // 2)), 0, 0, 0)
        self.query_one("#page", Drawn).paint(lambda cells: fault_lines(engine, min(cells, TEXT), look, details=details))
        keys = [Key("Enter", "look again", ("look_again", ""), True), Key("r", "read without an engine", ("read", "")),
                Key("d", "details for a helper", ("details", ""))]  # fmt: skip
        self.query_one("#foot", Drawn).paint(lambda cells: [footer_line(keys, cells, look, right=QUIT)])

    def action_look_again(self) -> None:
        self._again()

    def action_read(self) -> None:
        self.dismiss("read")

    def action_details(self) -> None:
        self._details = not self._details
        self._draw()

    def action_leave(self) -> None:
        self.dismiss("quit")

    def on_acted(self, event: Acted) -> None:
        event.stop()
        {"look_again": self.action_look_again, "read": self.action_read, "details": self.action_details,
         "quit": self.action_leave}[event.do[0]]()  # fmt: skip
