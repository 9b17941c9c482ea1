"""What ``[[…]]`` in a lesson is called on this screen, and what a click on it does."""

from __future__ import annotations

from dockertutor.tui.actions import BY_ID
from dockertutor.tui.draw.ink import Do
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.prose import Shown

PANES = {"terminal": ("Terminal", "terminal"), "engine": ("Engine", "engine"), "api": ("API calls", "calls"),
         "calls": ("API calls", "calls"), "files": ("Files", "files"), "page": ("Page", "page"),
         "lesson": ("Lesson", "lesson")}  # fmt: skip
"""Panes by the lesson language's word: the name on the screen, and the action that goes there."""


def shown_as(look: Look) -> Shown:
    """The names and clicks of this screen; ``[[term|words]]`` shows other words for a term."""

    def shown(inside: str) -> tuple[str, Do | None]:
        kind, _, name = inside.partition(":")
        if kind == "key" and name:
            action = BY_ID.get(name)
            return (look.key(action.key), (action.id, "")) if action else (name, None)
        if kind == "pane" and name:
            words, action_id = PANES.get(name, (name.capitalize(), ""))
            return words, (action_id, "") if action_id else None
        if kind in ("http", "https"):
            return inside, ("browse", inside)
        term, _, words = inside.partition("|")
        return words or term, ("term", term)

    return shown
