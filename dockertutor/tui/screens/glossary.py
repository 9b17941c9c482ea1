"""Looking up words: the glossary, and the search over the whole course."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input

from dockertutor.tui.draw.ink import BLANK, Line, cut, part
from dockertutor.tui.draw.look import Look
from dockertutor.tui.screens.ends import Dialog
from dockertutor.tui.widgets.drawn import Acted, Drawn
from dockertutor.tutor.step_view import ExerciseView, QuestionView, ReadView
from dockertutor.tutor.view import View

if TYPE_CHECKING:
    from dockertutor.tutor.session import Session

Row = tuple[str, str, str]
"""(value, words, note)."""


def terms_of(view: View | None) -> list[str]:
    """The terms that the present step names, in order."""
    step = view.step if view else None
    texts: list[str] = []
    if isinstance(step, ReadView):
        texts = [step.text]
    elif isinstance(step, QuestionView):
        texts = [step.ask, *(option.say for option in step.options)]
    elif isinstance(step, ExerciseView):
        texts = [step.task, step.why, *(hint.text for hint in step.hints), step.predict.ask if step.predict else ""]
    found = re.findall(r"\[\[([^\]:|]+)(?:\|[^\]]*)?\]\]", "\n".join(texts))
    return list(dict.fromkeys(found))


class FindScreen(Dialog[str | None]):
    """A field, and rows that change with what is typed in it; ends with the chosen row's value, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", id="find-close"),
        Binding("up", "move(-1)", "up", id="find-up", priority=True),
        Binding("down", "move(1)", "down", id="find-down", priority=True),
    ]
    HEADING = "Find"
    EMPTY = "Nothing was found."
    ENTER = "open"
    MOST = 12
    """Rows at a time; the others come as one goes on."""

    def __init__(self, look: Look) -> None:
        super().__init__(classes="dialog")
        self.look = look
        self._rows: Sequence[Row] = ()
        self._at = 0

    def compose(self) -> ComposeResult:
        box = VerticalScroll(Input(id="field"), Drawn(self._lines), classes="box", can_focus=False)
        box.border_title = self.HEADING
        yield box

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._find("")

    def rows(self, words: str) -> Sequence[Row]:
        """What is found for ``words``."""
        raise NotImplementedError

    def _find(self, words: str) -> None:
        self._rows, self._at = self.rows(words), 0
        self.query_one(Drawn).paint(self._lines)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._find(event.value.strip())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(self._rows[self._at][0] if self._rows else None)

    def _lines(self, cells: int) -> list[Line]:
        out: list[Line] = []
        most = max(3, min(self.MOST, self.app.size.height - 8))
        first = max(0, min(self._at - most // 2, len(self._rows) - most))
        for number, (value, words, note) in [*enumerate(self._rows)][first : first + most]:
            on, do = number == self._at, ("take", value)
            out.append(cut((part((self.look.sign("›") if on else " ") + " ", "$accent bold"),
                            part(words, "$strong bold" if on else "$text", do),
                            part(f"   {note}" if note else "", "$text-muted", do)), cells))  # fmt: skip
        if not out:
            typed = self.query_one(Input).value.strip()
            out = [(part(self.EMPTY if len(typed) > 1 else "Type a word.", "$text-muted"),)]
        take = ("take", self._rows[self._at][0]) if self._rows else None
        keys = (
            part("Enter", "$accent bold" if take else "$text-muted", take),
            part(f"  {self.ENTER}   ", "$text-muted", take),
            part("Esc", "$accent bold", ("cancel", "")),
            part("  close", "$text-muted", ("cancel", "")),
            part(f"   {self._at + 1} of {len(self._rows)}" if len(self._rows) > most else "", "$text-muted"),
        )
        return [*out, BLANK, keys]

    def action_move(self, by: int) -> None:
        if self._rows:
            self._at = (self._at + by) % len(self._rows)
            self.query_one(Drawn).paint(self._lines)

    def action_close(self) -> None:
        self.dismiss(None)

    def on_acted(self, event: Acted) -> None:
        event.stop()
        self.dismiss(event.do[1] if event.do[0] == "take" else None)


class GlossaryScreen(FindScreen):
    """The words of this step; typing looks in the whole glossary."""

    HEADING = "Glossary"
    EMPTY = "No such word in the glossary."

    def __init__(self, session: Session, look: Look, view: View | None) -> None:
        super().__init__(look)
        self.session, self._terms = session, terms_of(view)

    def rows(self, words: str) -> Sequence[Row]:
        if not words:
            found = [(name, self.session.term(name)) for name in self._terms]
            return [(name, term.name, _first(term.text)) for name, term in found if term]
        term = self.session.term(words)
        exact = [(words, term.name, _first(term.text))] if term else []
        return [*exact, *((where, words_, "") for where, words_, _ in self.session.search(words)
                          if where.startswith("term:") and words_ not in {row[1] for row in exact})]  # fmt: skip


class SearchScreen(FindScreen):
    """Lessons, exercises and words."""

    HEADING = "Search the course"

    def __init__(self, session: Session, look: Look) -> None:
        super().__init__(look)
        self.session = session

    def rows(self, words: str) -> Sequence[Row]:
        return [(where, title, row) for where, title, row in self.session.search(words)] if len(words) > 1 else []


def _first(text: str) -> str:
    """The first sentence, without its marks."""
    plain = re.sub(r"[*`]|\[\[|\]\]", "", " ".join(text.split()))
    return plain.split(". ")[0].rstrip(".")
