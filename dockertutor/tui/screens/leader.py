"""After the leader key: one letter does one thing."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Size

from dockertutor.tui.actions import ALL
from dockertutor.tui.draw.chrome import footer_line
from dockertutor.tui.draw.keys import LEADER_AGAIN, overlay_lines
from dockertutor.tui.draw.look import Look
from dockertutor.tui.layout import AIRY, layout
from dockertutor.tui.screens.ends import Dialog
from dockertutor.tui.widgets.drawn import Acted, Drawn


class LeaderScreen(Dialog[str | None]):
    """Ends with an action's id, `LEADER_AGAIN`, or None."""

    def __init__(self, look: Look, leader: str, works: frozenset[str]) -> None:
        super().__init__()
        self._look, self._leader, self._works = look, leader, works

    def compose(self) -> ComposeResult:
        look = self._look
        over = Vertical(Drawn(id="keys"), id="over")
        over.border_title = "Press one key"
        yield over
        yield Drawn(lambda cells: [footer_line([], cells, look, leader="on")], id="foot", classes="-cap")

    def on_mount(self) -> None:
        self._fit(self.app.size)

    def on_resize(self, event: events.Resize) -> None:
        self._fit(event.size)

    def _fit(self, size: Size) -> None:
        look, works, tight = self._look, self._works, size.height < AIRY
        self.set_class(not layout(*size).large, "-small")
        self.query_one("#keys", Drawn).paint(lambda cells: overlay_lines(cells, look, works, tight=tight))

    def on_key(self, event: events.Key) -> None:
        """Every key ends it: a known letter with its action, the leader again, anything else with nothing."""
        event.stop()
        event.prevent_default()
        if self.ended:  # it came in one burst with the key that ended this: it is for what has the keys now
            self.app.post_message(events.Key(event.key, event.character))
            return
        if event.key == self._leader:
            self.dismiss(LEADER_AGAIN)
            return
        action = next((action for action in ALL if event.character == action.key), None)
        self.dismiss(action.id if action is not None and self._offered(action.id) else None)

    def _offered(self, action_id: str) -> bool:
        return action_id in self._works

    def on_acted(self, event: Acted) -> None:
        event.stop()
        self.dismiss(None if event.do[0] == "cancel" else event.do[0])
