"""What stands over every screen while the window is too small for any layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events
from textual.geometry import Size

from dockertutor.tui.layout import too_small
from dockertutor.tui.widgets.cover import COVERED, Cover

if TYPE_CHECKING:
    from dockertutor.tui.app import TutorApp


class LeastSize:
    """Mixed into `TutorApp`. The cover is a widget and not a screen: the screens under it keep their places, their
    focus and their keys, so everything is as it was once the window has grown."""

    @property
    def _whole(self) -> TutorApp:
        return cast("TutorApp", self)

    def on_mount(self) -> None:
        self._whole.screen_change_signal.subscribe(self._whole, lambda _screen: self._cover_screens(self._whole.size))
        self._cover_screens(self._whole.size)

    def on_resize(self, event: events.Resize) -> None:
        self._cover_screens(event.size)

    def _cover_screens(self, size: Size) -> None:
        """Cover every open screen, or uncover it."""
        for screen in self._whole.screen_stack:
            screen.set_class(too_small(*size), COVERED)
            covers = screen.query_children(Cover)
            if not too_small(*size):
                covers.remove()
            elif covers:
                covers.first().say(size)
            else:
                screen.mount(Cover(self._whole.look, size))
