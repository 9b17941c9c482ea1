"""What a terminal shows: the small interface behind which a library keeps cells, cursor and modes.

A `Screen` is fed the bytes that a program writes to its terminal and answers what is to be seen now. Positions count
cells from 0, row 0 is the top row of what is visible (which may be scrolled back). Nothing here is thread-safe: one
thread owns a screen.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

Color = int | tuple[int, int, int] | None
"""A palette index (0..255), red/green/blue (each 0..255), or None for the terminal's own colour."""

SCROLLBACK_LINES = 10_000
SCROLLBACK_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Pen:
    """How a run of cells is drawn. ``reverse`` swaps the colours, ``hidden`` keeps the room and shows nothing."""

    fg: Color = None
    bg: Color = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    blink: bool = False
    reverse: bool = False
    hidden: bool = False
    strike: bool = False
    overline: bool = False


PLAIN = Pen()


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one pen. ``cells``: how many cells it fills (wide characters fill two)."""

    text: str
    pen: Pen
    cells: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """``x``/``y`` in the visible rows; ``visible`` is False when hidden or scrolled out. ``shape``: block, bar,
    underline."""

    x: int
    y: int
    visible: bool
    shape: str = "block"


@dataclass(frozen=True, slots=True)
class Modes:
    """What the program asked of its terminal. ``mouse``: 0 none, else the DEC mode number that reports (9, 1000,
    1002, 1003); ``mouse_sgr``: reports in the SGR form (1006)."""

    alternate: bool = False
    app_cursor: bool = False
    bracketed_paste: bool = False
    focus_reports: bool = False
    mouse: int = 0
    mouse_sgr: bool = False
    alternate_scroll: bool = True


@dataclass(frozen=True, slots=True)
class ScrollPosition:
    """Rows kept in all, the first visible one, and how many are visible."""

    total: int
    first: int
    visible: int

    @property
    def at_end(self) -> bool:
        return self.first + self.visible >= self.total


class Screen(Protocol):
    """A terminal without a window."""

    columns: int
    rows: int

    def feed(self, data: bytes) -> None:
        """Take in what the program wrote."""
        ...

    def row(self, y: int) -> tuple[Run, ...]:
        """Visible row ``y`` as runs; trailing blank cells without colour are left out."""
        ...

    def wraps(self, y: int) -> bool:
        """Whether visible row ``y`` goes on in the next one, because its line was too long."""
        ...

    def text(self) -> str:
        """The visible rows as plain text, without trailing blanks."""
        ...

    def scrollback_text(self) -> str:
        """All kept rows as plain text, wrapped lines joined."""
        ...

    def changed(self) -> Sequence[int]:
        """The visible rows that changed since the last call."""
        ...

    @property
    def cursor(self) -> Cursor: ...
    @property
    def modes(self) -> Modes: ...
    @property
    def title(self) -> str: ...
    @property
    def position(self) -> ScrollPosition: ...

    def resize(self, columns: int, rows: int) -> None:
        """Change the size; lines that were wrapped are wrapped anew. A size with a zero in it is ignored."""
        ...

    def set_colors(self, foreground: tuple[int, int, int], background: tuple[int, int, int]) -> None:
        """The colours that programs are told when they ask (OSC 10 and 11)."""
        ...

    def take_reply(self) -> bytes:
        """What the terminal answers the program (cursor reports and the like); empties the queue."""
        ...

    def take_clipboard(self) -> str | None:
        """The last text that the program put on the clipboard (OSC 52), once."""
        ...

    def scroll(self, rows: int) -> None:
        """Move the visible part: negative is back in time."""
        ...

    def scroll_to_end(self) -> None: ...
    def close(self) -> None: ...


def available() -> bool:
    """Whether this machine has a screen model (there are wheels for Linux with glibc and for macOS)."""
    if importlib.util.find_spec("pyghostty") is None:
        return False
    from dockertutor.shell import ghostty_library

    return ghostty_library.loads()


def open_screen(columns: int, rows: int) -> Screen:
    """A new screen of this size. Raises `dockertutor.errors.ShellError` where `available` is False."""
    from dockertutor.shell.ghostty import GhosttyScreen

    return GhosttyScreen(columns, rows)
