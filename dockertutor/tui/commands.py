"""The command palette: every action of the table, by name."""

from __future__ import annotations

from collections.abc import Sequence

from dockertutor.tui.actions import ALL
from dockertutor.tui.draw.ink import column
from dockertutor.tui.draw.look import Look
from dockertutor.tui.screens.glossary import FindScreen, Row

EVERYWHERE = frozenset(("glossary", "dark", "signs", "leader_key", "help", "quit", "search"))
"""Actions that work on every screen; the others need an open lesson."""


class ActionsScreen(FindScreen):
    """The actions that work now; ends with the id of the chosen one."""

    HEADING = "All actions"
    EMPTY = "No action has such a name."
    ENTER = "do it"

    def __init__(self, look: Look, works: frozenset[str]) -> None:
        super().__init__(look)
        self._works = works - {"palette"}

    def rows(self, words: str) -> Sequence[Row]:
        asked = words.casefold().split()
        found = [
            (not action.words.startswith(words), not all(word in action.words for word in asked), number, action)
            for number, action in enumerate(ALL)
            if action.id in self._works and all(word in f"{action.words} {action.more}".casefold() for word in asked)
        ]
        return [(action.id, column(f"{action.key}  {action.words}", 32), action.more) for *_, action in sorted(
            found, key=lambda one: one[:3])]  # fmt: skip
