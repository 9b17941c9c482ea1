"""Leaving a lesson: what was made here and still exists, and what of it shall go."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll

from dockertutor.tui.draw.ages import ago
from dockertutor.tui.draw.ink import BLANK, Line, column, indented, part, width
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.prose import flow
from dockertutor.tui.screens.ends import Dialog
from dockertutor.tui.widgets.drawn import Acted, Drawn
from dockertutor.tutor.step_view import Leftover

AROUND = 6
"""Rows of the dialog beside the list: frame, padding, and the ways on."""


@dataclass(frozen=True)
class Leaving:
    """``remove``: what the learner agreed to."""

    remove: tuple[Leftover, ...] = ()


class LeavingScreen(Dialog[Leaving | None]):
    """Lists leftovers; those known as ours are chosen, except what the learner chose to keep before (``kept``: their
    Ids); others are not until the learner chooses them. Ends with None: stay."""

    DEFAULT_CSS = "LeavingScreen .list { height: auto; scrollbar-size: 0 0; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "remove", "remove and go", id="leave-remove"),
        Binding("k", "keep", "keep all and go", id="leave-keep"),
        Binding("escape", "stay", "stay here", id="leave-stay"),
        Binding("up", "move(-1)", "up", id="leave-up"),
        Binding("down", "move(1)", "down", id="leave-down"),
        Binding("space", "change", "take or leave", id="leave-toggle"),
    ]

    def __init__(self, leftovers: tuple[Leftover, ...], look: Look, kept: Collection[str] = ()) -> None:
        super().__init__(classes="dialog")
        self._all, self._look = leftovers, look
        self._chosen = {one.id for one in leftovers if one.ours and one.id not in kept}
        self._at = 0
        self._row_of: list[int] = []
        self._drawn = False

    def on_mount(self) -> None:
        self.call_after_refresh(self._seen)

    def _seen(self) -> None:
        """The question stands on the screen: from now on Enter answers it, and not the page before."""
        self._drawn = True

    def compose(self) -> ComposeResult:
        found = VerticalScroll(Drawn(self._lines, id="found"), classes="list", can_focus=False)
        box = Vertical(found, Drawn(self._keys, id="ways"), classes="box")
        box.border_title = "Made here"
        yield box

    def on_resize(self, event: events.Resize) -> None:
        self.query_one(".list").styles.max_height = max(1, event.size.height * 9 // 10 - AROUND)
        self.call_after_refresh(self._follow)

    def _lines(self, cells: int) -> list[Line]:
        look, now = self._look, time.time()
        rows = flow("These were made in your lessons and still exist. Shall the chosen ones be removed? Nothing else "
                    "on your computer is touched.", cells, look)  # fmt: skip
        rows.append(BLANK)
        self._row_of = []
        for number, one in enumerate(self._all):
            self._row_of.append(len(rows))
            on, taken = number == self._at, one.id in self._chosen
            do = ("toggle", str(number))
            what = "remove" if taken else "keep"
            rows.append((
                part((look.sign("›") if on else " ") + " ", "$accent bold"),
                part(f"{what:<8}", "$accent bold" if taken else "$text-muted", do),
                part(f"{one.kind:<10}", "$text-muted", do),
                part(column(one.name, 22) + " ", "$strong bold" if on else "$text", do),
                part(column(one.image, 12) + " ", "$text-muted", do),
                part(ago(max(0.0, now - one.made)) if one.made else "", "$text-muted", do),
            ))  # fmt: skip
            if not one.ours:
                said = "Nobody saw who made it, so it stays unless you choose it."
                rows += indented(flow(said, cells - 10, look, "$text-muted"), 10)
        return rows

    def _keys(self, cells: int) -> list[Line]:
        """The ways on; they stay in sight however long the list is."""
        count = len(self._chosen)
        remove = f" remove {count} and go   " if count else " keep all and go   "
        keep = (part("k", "$accent bold", ("keep", "")), part(" keep all and go   ", "$text", ("keep", "")))
        go: Line = (part("Enter", "$accent bold", ("remove", "")), part(remove, "$text", ("remove", "")),
                    *(keep if count else ()))  # fmt: skip
        wait: Line = (
            part("Space", "$accent bold"), part(" change   ", "$text-muted"),
            part("Esc", "$accent bold", ("stay", "")), part(" stay", "$text-muted", ("stay", "")),
        )  # fmt: skip
        return [BLANK, (*go, *wait)] if width(go) + width(wait) <= cells else [go, wait]

    def _draw(self) -> None:
        self.query_one("#found", Drawn).paint(self._lines)
        self.query_one("#ways", Drawn).paint(self._keys)
        self._follow()

    def _follow(self) -> None:
        """Keep the row that Space would change in sight."""
        box = self.query_one(".list", VerticalScroll)
        if self._row_of:
            top, height, row = box.scroll_offset.y, box.size.height, self._row_of[self._at]
            if not top <= row < top + height:
                box.scroll_to(y=0 if self._at == 0 else max(0, row - height // 2), animate=False)

    def action_move(self, by: int) -> None:
        self._at = (self._at + by) % len(self._all)
        self._draw()

    def action_change(self) -> None:
        self._chosen ^= {self._all[self._at].id}
        self._draw()

    def action_remove(self) -> None:
        if self._drawn:
            self.dismiss(Leaving(tuple(one for one in self._all if one.id in self._chosen)))

    def action_keep(self) -> None:
        self.dismiss(Leaving())

    def action_stay(self) -> None:
        self.dismiss(None)

    def on_acted(self, event: Acted) -> None:
        event.stop()
        name, value = event.do
        if name == "toggle":
            self._at = int(value)
            self.action_change()
        else:
            {"remove": self.action_remove, "keep": self.action_keep, "stay": self.action_stay}[name]()
