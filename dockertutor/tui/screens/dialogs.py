"""Small dialogs: a word's meaning, the help, an answer, another leader key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input

from dockertutor.course.heads import Term
from dockertutor.tui.draw.ink import BLANK, Line, content, line, part
from dockertutor.tui.draw.keys import help_lines
from dockertutor.tui.draw.look import Look, key_name
from dockertutor.tui.draw.prose import Shown, prose
from dockertutor.tui.screens.ends import Dialog
from dockertutor.tui.settings import LEADERS
from dockertutor.tui.widgets.drawn import Acted, Drawn


class HelpScreen(Dialog[str | None]):
    """Every key with a sentence; a click on a row that works does it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,question_mark", "close", "close", id="close-help")]

    def __init__(self, look: Look, works: frozenset[str]) -> None:
        super().__init__(classes="dialog")
        self._look, self._works = look, works

    def compose(self) -> ComposeResult:
        from dockertutor.tui.own_keys import own_keys  # what it reads of the screens opens this one

        own = own_keys(self.app.BINDINGS)
        box = VerticalScroll(
            Drawn(lambda cells: [*help_lines(cells, self._look, self._works, own)]), classes="box -help"
        )
        box.border_title = "All keys"
        up, down = self._look.sign("↑"), self._look.sign("↓")
        box.border_subtitle = f"{up} {down} scroll   Esc close"
        yield box

    def action_close(self) -> None:
        self.dismiss(None)

    def on_acted(self, event: Acted) -> None:
        event.stop()
        self.dismiss(None if event.do[0] == "cancel" else event.do[0])


class TermScreen(Dialog[str | None]):
    """What a word means; ends with another word to look up, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,space,q", "close", "close", id="close-term")]

    def __init__(self, term: Term, look: Look, shown: Shown) -> None:
        super().__init__(classes="dialog")
        self._term, self._look, self._shown = term, look, shown

    def compose(self) -> ComposeResult:
        term, look, shown = self._term, self._look, self._shown
        also = [BLANK, line(("Also called: " + ", ".join(term.also), "$text-muted"))] if term.also else []
        box = VerticalScroll(
            Drawn(lambda cells: [*prose(term.text, cells, look, shown=shown), *also, BLANK, _close()]), classes="box"
        )
        box.border_title = content([(part(term.name),)])
        yield box

    def action_close(self) -> None:
        self.dismiss(None)

    def on_acted(self, event: Acted) -> None:
        event.stop()
        self.dismiss(event.do[1] if event.do[0] == "term" else None)


def _close() -> Line:
    return (part("Esc", "$accent bold", ("cancel", "")), part("  close", "$text-muted", ("cancel", "")))


class NoteScreen(Dialog[None]):
    """Something to read, and to keep in sight until it is closed: where a file lies, for example."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,space,q", "close", "close", id="close-note")]

    def __init__(self, title: str, text: str, look: Look) -> None:
        super().__init__(classes="dialog")
        self._title, self._text, self._look = title, text, look

    def compose(self) -> ComposeResult:
        box = VerticalScroll(Drawn(lambda cells: [*prose(self._text, cells, self._look), BLANK, _close()]),
                             classes="box")  # fmt: skip
        box.border_title = content([(part(self._title),)])
        yield box

    def action_close(self) -> None:
        self.dismiss(None)

    def on_acted(self, event: Acted) -> None:
        event.stop()
        self.dismiss(None)


class ChoiceScreen(Dialog[str | None]):
    """Rows to choose from with ↑ ↓ and Enter, a number, or a click; ends with the chosen value, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", id="close-choice"),
        Binding("up", "move(-1)", "up", id="choice-up"),
        Binding("down", "move(1)", "down", id="choice-down"),
        Binding("enter", "take", "choose", id="choice-take"),
    ]

    def __init__(self, title: str, rows: Sequence[tuple[str, str, str]], look: Look, intro: str = "") -> None:
        """``rows``: (value, words, note)."""
        super().__init__(classes="dialog")
        self._title, self._rows, self._look, self._intro = title, tuple(rows), look, intro
        self._at = 0

    def compose(self) -> ComposeResult:
        box = VerticalScroll(Drawn(self._lines), classes="box")
        box.border_title = self._title
        yield box

    def _lines(self, cells: int) -> list[Line]:
        out: list[Line] = [*prose(self._intro, cells, self._look), BLANK] if self._intro else []
        for number, (value, words, note) in enumerate(self._rows):
            on = number == self._at
            do = ("take", value)
            out.append((part((self._look.sign("›") if on else " ") + " ", "$accent bold"),
                        part(words, "$strong bold" if on else "$text", do),
                        part(f"   {note}" if note else "", "$text-muted", do)))  # fmt: skip
        take = ("take", self._rows[self._at][0]) if self._rows else None
        ways = (part("Enter", "$accent bold", take), part("  choose   ", "$text-muted", take), *_close())
        return [*out, BLANK, ways]

    def action_move(self, by: int) -> None:
        if self._rows:
            self._at = (self._at + by) % len(self._rows)
            self.query_one(Drawn).paint(self._lines)

    def action_take(self) -> None:
        self.dismiss(self._rows[self._at][0] if self._rows else None)

    def action_close(self) -> None:
        self.dismiss(None)

    def on_acted(self, event: Acted) -> None:
        event.stop()
        self.dismiss(event.do[1] if event.do[0] == "take" else None)


def leader_choice(look: Look, now: str) -> ChoiceScreen:
    """The dialog for another leader key; Docker's own detach keys are not among them."""
    rows = [(key, key_name(key), "as now" if key == now else "") for key in LEADERS]
    intro = (
        "The key that comes before the letters while you type in the terminal. Pressed twice it reaches the terminal "
        "itself."
    )
    return ChoiceScreen("Another leader key", rows, look, intro)


class FieldScreen(Dialog[str | None]):
    """One line to fill in; ends with its text, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "close", id="close-field")]

    def __init__(self, title: str, ask: str, look: Look, value: str = "") -> None:
        super().__init__(classes="dialog")
        self._title, self._ask, self._look, self._value = title, ask, look, value

    def compose(self) -> ComposeResult:
        field = Input(self._value, id="field")
        box = VerticalScroll(Drawn(lambda cells: [*prose(self._ask, cells, self._look), BLANK]), field,
                             Drawn(lambda cells: [(part("Enter", "$accent bold", ("give", "")),
                                                   part("  give   ", "$text-muted", ("give", "")), *_close())]),
                             classes="box", can_focus=False)  # fmt: skip
        box.border_title = self._title
        yield box

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)

    def action_close(self) -> None:
        self.dismiss(None)

    def on_acted(self, event: Acted) -> None:
        event.stop()
        self.dismiss(self.query_one(Input).value if event.do[0] == "give" else None)
