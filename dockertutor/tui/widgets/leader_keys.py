"""After the leader key: one letter does one thing."""

from __future__ import annotations

from textual.containers import Vertical

from dockertutor.tui.draw.keys import overlay_lines
from dockertutor.tui.draw.look import Look
from dockertutor.tui.widgets.drawn import Drawn

LEADING = "-leading"
"""A screen over which the leader's keys stand has this class."""


class LeaderKeys(Vertical):
    """The keys, over the lower part of a screen. A widget and not a screen: what lies under it is not drawn anew, so it
    stands there at once while calls pour in. It takes no keys itself: the app hands them on."""

    def __init__(self) -> None:
        super().__init__(Drawn(id="keys"), id="over")
        self.border_title = "Press one key"

    def show(self, look: Look, works: frozenset[str], *, tight: bool) -> None:
        """Light the keys that work now."""
        self.query_one("#keys", Drawn).paint(lambda cells: overlay_lines(cells, look, works, tight=tight))
