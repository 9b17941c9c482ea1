"""The mouse in the terminal: the program's if it asked for it (Shift keeps it ours), else it selects and scrolls."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.geometry import Offset
from textual.selection import Selection
from textual.widget import Widget

from dockertutor.shell.pty import Shell
from dockertutor.shell.screen import Modes, Screen
from dockertutor.tui.widgets.terminal_keys import encode_key, encode_mouse

WHEEL_ROWS = 3
BETWEEN_WORDS = " \t\"'`│"


def word_at(text: str, cell: int) -> tuple[int, int]:
    """The characters from and to which the word at ``cell`` goes: all up to a blank or a quotation mark. The same twice
    where there is none."""
    at = cells = 0
    while at < len(text) and cells + max(1, cell_len(text[at])) <= cell:
        cells += cell_len(text[at])
        at += 1
    start = end = at
    while end < len(text) and text[end] not in BETWEEN_WORDS:
        end += 1
    while end > at and start and text[start - 1] not in BETWEEN_WORDS:
        start -= 1
    return start, end


class TerminalMouse(Widget):
    """The half of `TerminalPane` that the mouse reaches; the other half has the shell and its screen."""

    shell: Shell | None
    _term: Screen | None
    _pressed = Offset(-1, -1)

    @property
    def modes(self) -> Modes:
        """What the program in the terminal asked for."""
        return self._term.modes if self._term else Modes()

    def send(self, data: bytes) -> None:
        """Type bytes, as if from the keyboard."""
        raise NotImplementedError

    def look_back(self, rows: int) -> None:
        """Scroll the view: negative is back in time."""
        raise NotImplementedError

    def copied(self, text: str) -> None:
        """Put ``text`` on the clipboard and tell."""
        raise NotImplementedError

    @property
    def allow_select(self) -> bool:
        return not self.modes.mouse

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text, line by line, without the blanks at their ends. A line that was too long for its row is
        one line."""
        if self._term is None:
            return None
        out = ""
        for y in range(self._term.rows):
            if (span := selection.get_span(y)) is not None:
                text = "".join(run.text for run in self._term.row(y))
                start, end = span
                part = text[start : None if end == -1 else end]
                out += part if end == -1 and self._term.wraps(y) else part.rstrip() + "\n"
        return out.rstrip("\n"), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()

    def copy_selection(self) -> None:
        """Put the selected text on the clipboard (through OSC 52, so also over ssh)."""
        selection = self.text_selection
        chosen = self.get_selection(selection) if selection else None
        if chosen and chosen[0]:
            self.copied(chosen[0])

    def on_click(self, event: events.Click) -> None:
        """Twice selects and copies a word, three times a row."""
        place = event.get_content_offset(self)
        if event.chain < 2 or place is None or self._term is None:
            return
        event.prevent_default()
        if self.modes.mouse and not event.shift:
            return
        text = "".join(run.text for run in self._term.row(place.y))
        start, end = word_at(text, place.x) if event.chain == 2 else (0, len(text))
        if start < end:
            self.screen.selections = {self: Selection(Offset(start, place.y), Offset(end, place.y))}
            self.copy_selection()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._report_mouse(event, pressed=True)
        self._pressed = event.screen_offset
        self.capture_mouse()  # a drag may end outside

    def on_mouse_up(self, event: events.MouseUp) -> None:
        self.release_mouse()
        dragged = event.screen_offset != self._pressed
        if not self._report_mouse(event, pressed=False) and dragged:
            self.call_after_refresh(self.copy_selection)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._report_mouse(event, pressed=event.button != 0, moving=True)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, "up", -WHEEL_ROWS)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, "down", WHEEL_ROWS)

    def _wheel(self, event: events.MouseEvent, direction: str, rows: int) -> None:
        event.stop()
        modes = self.modes
        if self._report_mouse(event, pressed=True, button=direction):
            return
        if modes.alternate and modes.alternate_scroll:
            arrow = encode_key(direction, None, modes) or b""
            self.send(arrow * WHEEL_ROWS)
        else:
            self.look_back(rows)

    def _report_mouse(self, event: events.MouseEvent, *, pressed: bool, moving: bool = False, button: str = "") -> bool:
        """Send the event to the program; False when it did not ask for the mouse."""
        modes = self.modes
        if not modes.mouse or event.shift or self.shell is None:
            return False
        event.stop()
        place = event.get_content_offset(self)
        if place is not None:
            held = 8 * event.meta + 16 * event.ctrl
            name = button or {1: "left", 2: "middle", 3: "right"}.get(event.button, "none")
            data = encode_mouse(name, place.x, place.y, modes, pressed=pressed, moving=moving, held=held)
            if data is not None:
                self.shell.write(data)
        return True
