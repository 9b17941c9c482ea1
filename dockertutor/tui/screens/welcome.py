"""The first run: three short pages."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from dockertutor.tui.draw.chrome import QUIT, Head, Key, footer_line, header_line
from dockertutor.tui.draw.ink import Line, stack
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.prose import prose
from dockertutor.tui.layout import layout
from dockertutor.tui.screens.ends import EndsOnce
from dockertutor.tui.widgets.drawn import Acted, Drawn

PAGES = 3
NARROW = 58
"""Cells in which the text is set."""


class WelcomeScreen(EndsOnce[bool]):
    """Ends with True when it was read or skipped, and False when the learner quits."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space,right,n", "onward", "continue", id="welcome-next"),
        Binding("b,left", "backward", "back", id="welcome-back"),
        Binding("escape", "skip", "skip to the first lesson", id="welcome-skip"),
        Binding("q", "leave", "quit", id="welcome-quit"),
    ]

    def __init__(self, look: Callable[[], Look]) -> None:
        super().__init__()
        self._look = look
        self._page = 1

    def compose(self) -> ComposeResult:
        yield Drawn(id="head")
        with VerticalScroll(id="reading", can_focus=False):
            yield Drawn(id="page", classes="-narrow")
        yield Drawn(id="foot")

    def on_mount(self) -> None:
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        self._draw()

    def _draw(self) -> None:
        if not self.query_children("#foot"):
            return  # not yet, or no longer: the app is ending
        lay, look, page = layout(*self.app.size), self._look(), self._page
        self.set_class(not lay.large, "-small")
        head = Head(right=f"{page} of {PAGES}")
        self.query_one("#head", Drawn).paint(lambda cells: [header_line(head, lay, look)])
        high = lay.height - (4 if lay.large else 2)
        room = high - len(_text(page, min(NARROW, lay.width - 4), look, high))
        self.query_one("#reading").styles.padding = (max(0, min(9 if lay.large else 2, room // 2)), 0, 0, 0)
        self.query_one("#page", Drawn).paint(lambda cells: _text(page, min(cells, NARROW), look, high))
        keys = [Key("Enter", "continue" if page < PAGES else "begin", ("onward", ""), True)]
        if page < PAGES:
            keys.append(Key("Esc", "skip to the first lesson", ("skip", "")))
        self.query_one("#foot", Drawn).paint(lambda cells: [footer_line(keys, cells, look, right=QUIT)])

    def action_onward(self) -> None:
        if self._page == PAGES:
            self.dismiss(True)
        else:
            self._page += 1
            self._draw()

    def action_backward(self) -> None:
        self._page = max(1, self._page - 1)
        self._draw()

    def action_skip(self) -> None:
        self.dismiss(True)

    def action_leave(self) -> None:
        self.dismiss(False)

    def on_acted(self, event: Acted) -> None:
        event.stop()
        {"onward": self.action_onward, "skip": self.action_skip, "quit": self.action_leave}[event.do[0]]()


def _text(page: int, cells: int, look: Look, high: int) -> list[Line]:
    """The page's text; where that is more than ``high`` rows, without the picture at its top."""
    source = files("dockertutor.tui").joinpath("texts", f"welcome-{page}.md").read_text("utf-8")
    whole = stack(prose(source.replace("LEADER", look.leader), cells, look))
    if len(whole) <= high or not source.startswith("```"):
        return whole
    return stack(prose(source.partition("\n```\n")[2], cells, look))
