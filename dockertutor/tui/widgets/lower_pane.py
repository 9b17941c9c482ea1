"""The pane under the terminal: Engine, API calls, Files and Page, of which one is shown."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from dockertutor.tui.draw.ink import Line, Part, content, part
from dockertutor.tui.widgets.drawn import Acted, Drawn

TABS = (("engine", "Engine"), ("calls", "API calls"), ("files", "Files"), ("page", "Page"))


def tab_line(active: str, counts: dict[str, int]) -> Line:
    """The tabs' names, the active one underlined; a click changes to it."""
    out: list[Part] = []
    for name, words in TABS:
        count = counts.get(name, 0)
        style = "bold underline $strong" if name == active else "not bold $text-muted"
        out += [Part("   ")] if out else []
        out.append(part(f"{words} {count}" if count else words, style, (name, "")))
    return tuple(out)


class LowerPane(Vertical):
    """Tabs live in the frame's title where there is a frame, and in a row of their own where there is none."""

    def __init__(self, tabs: dict[str, Widget]) -> None:
        super().__init__(id="low", classes="pane")
        self._tabs = tabs
        self.active = "engine"
        self.counts: dict[str, int] = {}

    def compose(self) -> ComposeResult:
        yield Drawn(lambda cells: [tab_line(self.active, self.counts)], id="tabs")
        with ContentSwitcher(initial="tab-engine"):
            for name, tab in self._tabs.items():
                yield VerticalScroll(tab, id=f"tab-{name}", classes="tab", can_focus=False)

    def on_mount(self) -> None:
        self._title()

    def show(self, name: str) -> Widget:
        """Show the tab ``name``; returns its widget."""
        self.active = name
        self.query_one(ContentSwitcher).current = f"tab-{name}"
        self._title()
        return self._tabs[name]

    def count(self, name: str, number: int) -> None:
        """Write ``number`` behind a tab's name (0: nothing)."""
        if self.counts.get(name, 0) != number:
            self.counts[name] = number
            self._title()

    def following(self) -> str:
        """The tab after the one that is shown."""
        names = [name for name, _ in TABS]
        return names[(names.index(self.active) + 1) % len(names)]

    def _title(self) -> None:
        active, counts = self.active, dict(self.counts)
        self.border_title = content([tab_line(active, counts)])
        self.query_one("#tabs", Drawn).paint(lambda cells: [tab_line(active, counts)])

    def on_click(self, event: events.Click) -> None:
        """A click on a tab's name in the title."""
        do = event.style.meta.get("do")
        if do is not None:
            event.stop()
            self.post_message(Acted(do))
