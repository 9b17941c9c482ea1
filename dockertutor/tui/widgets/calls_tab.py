"""API calls, grouped under the command that caused them."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from dockertutor.tui.draw.calls import Bodies, Explained, Kept, Shown, Spot, calls_lines, cut_short, no_words, spots
from dockertutor.tui.draw.ink import Line
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.prose import flow
from dockertutor.tui.widgets.drawn import Acted, Drawn
from dockertutor.tutor.calls import curl_line
from dockertutor.tutor.engine_view import CallGroup

MOST, STEP = 100, 50
"""How many commands are shown, and how many calls of each: the newest, and up to ``STEP`` more. All of them are in
`Session.calls`."""


class CallsTab(Drawn, can_focus=True):
    """The newest command is open until the learner opens another; ↑ ↓ choose, Enter opens and closes; a call that was
    cut short it shows whole before that. ``unwatched``: why no calls are seen, or ""."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "up", id="call-up"),
        Binding("down", "move(1)", "down", id="call-down"),
        Binding("enter", "open", "open, close", id="call-toggle"),
        Binding("m", "picture", "as a picture", id="call-picture"),
        Binding("i", "curl", "the curl line to the prompt", id="call-curl"),
    ]

    def __init__(self, socket: str, explained: Explained = no_words) -> None:
        super().__init__(id="calls")
        self._socket, self._explained = socket, explained
        self.unwatched = ""
        self._groups: tuple[CallGroup, ...] = ()
        self._look = Look()
        self._shown = Shown()
        self._at: Spot = (0, 0)
        self._row = 0
        self._calls_drawn: Kept = {}
        self._bodies: Bodies = {}

    def show(self, groups: tuple[CallGroup, ...], look: Look) -> None:
        """Draw these groups, newest first."""
        newest = groups[0].started if groups else 0.0
        if groups and (not self._groups or self._groups[0].started != newest):
            self._shown = Shown(frozenset({newest}))
            self._at = (0, 0)
        self._groups, self._look = tuple(map(newest_of, groups[:MOST])), look
        self._redraw()

    @property
    def filled(self) -> bool:
        """Whether there is something to choose."""
        return bool(self._groups)

    def open_call(self, number: int) -> None:
        """Open the call with this number."""
        self._shown = self._shown._replace(call=number, whole=False)
        self._redraw()

    def action_move(self, by: int) -> None:
        places = spots(self._groups, self._shown)
        if places:
            at = places.index(self._at) if self._at in places else 0
            self._at = places[max(0, min(len(places) - 1, at + by))]
            self._redraw()
            self._follow()

    def action_open(self) -> None:
        number, index = self._at
        if number >= len(self._groups):
            return
        group, shown = self._groups[number], self._shown
        if index < 0:
            self._shown = shown._replace(groups=shown.groups ^ {group.started}, drawn=shown.drawn - {group.started})
        elif index < len(group.calls):
            call = group.calls[index]
            opened = shown.call == call.number
            whole = opened and not shown.whole and cut_short(call, self.content_size.width, self._bodies)
            self._shown = shown._replace(call=0 if opened and not whole else call.number, whole=whole)
        self._redraw()
        self._follow()

    def action_picture(self) -> None:
        """The chosen command as a picture of client, daemon and registry, and back."""
        if self._at[0] < len(self._groups):
            started = self._groups[self._at[0]].started
            self._shown = self._shown._replace(
                groups=self._shown.groups | {started}, drawn=self._shown.drawn ^ {started}
            )
            self._at = (self._at[0], -1)
            self._redraw()

    def action_curl(self) -> None:
        number, index = self._at
        if number < len(self._groups) and 0 <= index < len(self._groups[number].calls):
            self.post_message(Acted(("type", curl_line(self._groups[number].calls[index], self._socket))))

    def on_acted(self, event: Acted) -> None:
        name, value = event.do
        if name == "spot":
            event.stop()
            number, index = map(int, value.split())
            self._at = (number, index)
            self.action_open()
        elif name == "picture":
            event.stop()
            self._at = (int(value), -1)
            self.action_picture()

    def _redraw(self) -> None:
        if self.unwatched and not self._groups:
            self.paint(lambda cells: flow(self.unwatched, cells, self._look, "$text-muted"))
            return
        groups, look, shown, at, socket = self._groups, self._look, self._shown, self._at, self._socket

        def paint(cells: int) -> list[Line]:
            lines, self._row = calls_lines(
                groups, cells, look, shown=shown, at=at, now=time.time(), socket=socket, explained=self._explained,
                kept=self._calls_drawn, bodies=self._bodies,
            )  # fmt: skip
            return lines

        self.paint(paint)

    def _follow(self) -> None:
        """Keep the chosen row in sight."""
        box = self.parent
        if isinstance(box, VerticalScroll):
            self.lines(self.content_size.width)
            top, rows = box.scroll_offset.y, box.size.height
            if not top <= self._row < top + rows:
                box.scroll_to(y=max(0, self._row - 1), animate=False)


def newest_of(group: CallGroup) -> CallGroup:
    """The group with its newest calls only; the others are counted as folded. They go ``STEP`` at a time: rows that
    stay in their places need not be drawn anew with each call."""
    more = len(group.calls) - MOST
    if more <= 0:
        return group
    steps = (at for at in range(more, max(0, more - STEP), -1) if group.calls[at].number % STEP == 0)
    more = next(steps, more)
    return replace(group, calls=group.calls[more:], folded=group.folded + more)
