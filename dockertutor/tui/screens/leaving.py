"""Leaving a lesson: what was made here and still exists, and what of it shall go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from dockertutor.tui.draw.ages import ago
from dockertutor.tui.draw.ink import BLANK, Line, column, line, part
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.prose import flow
from dockertutor.tui.widgets.drawn import Acted, Drawn
from dockertutor.tutor.view import Leftover


@dataclass(frozen=True)
class Leaving:
    """``remove``: what the learner agreed to."""

    remove: tuple[Leftover, ...] = ()


class LeavingScreen(ModalScreen[Leaving | None]):
    """Lists leftovers; those known as ours are chosen, others are not until the learner chooses them. None: stay."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "remove", "remove and go", id="leave-remove"),
        Binding("k", "keep", "keep all and go", id="leave-keep"),
        Binding("escape", "stay", "stay here", id="leave-stay"),
        Binding("up", "move(-1)", "up", id="leave-up"),
        Binding("down", "move(1)", "down", id="leave-down"),
        Binding("space", "change", "take or leave", id="leave-toggle"),
    ]

    def __init__(self, leftovers: tuple[Leftover, ...], look: Look) -> None:
        super().__init__(classes="dialog")
        self._all, self._look = leftovers, look
        self._chosen = {one.id for one in leftovers if one.ours}
        self._at = 0

    def compose(self) -> ComposeResult:
        box = VerticalScroll(Drawn(self._lines), classes="box")
        box.border_title = "Made here"
        yield box

    def _lines(self, cells: int) -> list[Line]:
        look = self._look
        rows = flow("These were made in this lesson and still exist. Shall the chosen ones be removed? Nothing else on "
                    "your computer is touched.", cells, look)  # fmt: skip
        rows.append(BLANK)
        for number, one in enumerate(self._all):
            on, taken = number == self._at, one.id in self._chosen
            do = ("toggle", str(number))
            what = "remove" if taken else "keep"
            rows.append((
                part((look.sign("›") if on else " ") + " ", "$accent bold"),
                part(f"{what:<8}", "$accent bold" if taken else "$text-muted", do),
                part(f"{one.kind:<10}", "$text-muted", do),
                part(column(one.name, 22) + " ", "$strong bold" if on else "$text", do),
                part(column(one.image, 12) + " ", "$text-muted", do),
                part(ago(one.age) if one.age else "", "$text-muted", do),
            ))  # fmt: skip
            if not one.ours:
                rows.append(line(("          It may be yours: it did not pass through this terminal.", "$text-muted")))
        count = len(self._chosen)
        rows += [BLANK, (
            part("Enter", "$accent bold", ("remove", "")), part(f" remove {count} and go   ", "$text", ("remove", "")),
            part("k", "$accent bold", ("keep", "")), part(" keep all and go   ", "$text", ("keep", "")),
            part("Space", "$accent bold"), part(" change   ", "$text-muted"),
            part("Esc", "$accent bold", ("stay", "")), part(" stay", "$text-muted", ("stay", "")),
        )]  # fmt: skip
        return rows

    def action_move(self, by: int) -> None:
        self._at = (self._at + by) % len(self._all)
        self.query_one(Drawn).paint(self._lines)

    def action_change(self) -> None:
        self._chosen ^= {self._all[self._at].id}
        self.query_one(Drawn).paint(self._lines)

    def action_remove(self) -> None:
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
