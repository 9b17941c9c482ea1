"""The screen model: libghostty-vt, as shipped by pyghostty (Apache-2.0, the core MIT), behind `screen.Screen`.

Only the shared library is used; its Python modules are left alone because importing them costs 350 ms.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from dockertutor.errors import ShellError
from dockertutor.shell.screen import (
    PLAIN,
    SCROLLBACK_BYTES,
    SCROLLBACK_LINES,
    Color,
    Cursor,
    Modes,
    Pen,
    Run,
    ScrollPosition,
)

# Numbers of libghostty-vt's C interface: GHOSTTY_TERMINAL_OPT_…, GHOSTTY_TERMINAL_DATA_… and so on. A test compares
# each with pyghostty's own declarations.
OPT_WRITE_PTY = 1
OPT_SIZE = 6
OPT_COLOR_FOREGROUND = 11
OPT_COLOR_BACKGROUND = 12
OPT_CLIPBOARD_WRITE = 26
OPT_SCROLLBACK_MAX_BYTES = 27
OPT_SCROLLBACK_MAX_LINES = 28
DATA_ACTIVE_SCREEN = 6
DATA_SCROLLBAR = 9
DATA_TITLE = 12
DATA_MODE = 37
SCROLL_BOTTOM = 1
SCROLL_DELTA = 2
RENDER_DIRTY = 3
RENDER_ROW_ITERATOR = 4
RENDER_CURSOR = 18
ROW_DIRTY = 1
ROW_CELLS = 3
ROW_CELLS_RAW = 5
CELLS_STYLE = 2
CELLS_GRAPHEMES_LEN = 3
CELLS_GRAPHEMES = 4
CELL_CODEPOINT = 1
CELL_CONTENT_TAG = 2
CELL_WIDE = 3
CELL_STYLE_ID = 6
CELL_COLOR_PALETTE = 10
CELL_COLOR_RGB = 11

MOUSE_MODES = (1003, 1002, 1000, 9)
SHAPES = {0: "bar", 1: "block", 2: "underline", 3: "block"}
CELL_WIDTH, CELL_HEIGHT = 8, 16


def library_path() -> Path | None:
    """The shared library inside the installed pyghostty, or None."""
    spec = importlib.util.find_spec("pyghostty")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "_lib"
    return next((p for p in (folder / "libghostty-vt.so", folder / "libghostty-vt.dylib") if p.exists()), None)


@lru_cache(maxsize=1)
def _binding() -> tuple[Any, Any]:
    """``(ffi, lib)``. Raises `ShellError` when there is no library, or it does not load here."""
    path = library_path()
    try:
        if path is None:
            raise OSError("pyghostty is not installed")
        from dockertutor.shell import _ghostty_abi

        ffi: Any = _ghostty_abi.ffi
        return ffi, ffi.dlopen(str(path))
    except (OSError, ImportError) as error:
        raise ShellError(
            "This machine has no terminal pane.",
            "Use a terminal window of your own beside the tutor.",
            detail=str(error),
        ) from error


def loads() -> bool:
    """Whether the library is there and can be loaded."""
    try:
        _binding()
    except ShellError:
        return False
    return True


class GhosttyScreen:
    """`screen.Screen` on libghostty-vt. Raises `ShellError` where the library cannot be used."""

    def __init__(self, columns: int, rows: int) -> None:
        self._ffi, self._lib = ffi, lib = _binding()
        self.columns, self.rows = max(1, columns), max(1, rows)
        self._replies: list[bytes] = []
        self._clipboard: str | None = None
        self._cells: dict[int, tuple[int, int, int, int]] = {}
        self._pens: dict[bytes, Pen] = {}
        self._lines: list[tuple[Run, ...]] = [()] * self.rows
        self._stale = True
        self._pending: set[int] = set()
        handle = ffi.new("void**")
        self._check(lib.ghostty_terminal_new(ffi.NULL, handle, self.columns, self.rows), "a screen")
        self._t = handle[0]
        self._set_number(OPT_SCROLLBACK_MAX_BYTES, SCROLLBACK_BYTES)
        self._set_number(OPT_SCROLLBACK_MAX_LINES, SCROLLBACK_LINES)
        self._on_reply = ffi.callback("DtReplyFn", self._replied)
        self._on_clip = ffi.callback("DtClipFn", self._copied)
        self._on_size = ffi.callback("DtSizeFn", self._size_asked)
        for option, callback in (
            (OPT_WRITE_PTY, self._on_reply),
            (OPT_CLIPBOARD_WRITE, self._on_clip),
            (OPT_SIZE, self._on_size),
        ):
            self._check(lib.ghostty_terminal_set(self._t, option, callback), "a callback")
        state, rows_, cells = ffi.new("void**"), ffi.new("void**"), ffi.new("void**")
        self._check(lib.ghostty_render_state_new(ffi.NULL, state), "a picture")
        self._check(lib.ghostty_render_state_row_iterator_new(ffi.NULL, rows_), "rows")
        self._check(lib.ghostty_render_state_row_cells_new(ffi.NULL, cells), "cells")
        self._state, self._rows_ref, self._cells_ref = state[0], rows_, cells
        self._style = ffi.new("DtStyle*")
        self._style.size = ffi.sizeof("DtStyle")
        self._style_bytes = ffi.buffer(self._style)
        self._view = ffi.new("DtCells*")
        self._flag = ffi.new("bool*")
        self._number = ffi.new("uint32_t*")
        # Grapheme clusters on: an emoji made of several code points is as wide here as Rich draws it.
        self.feed(b"\x1b[?2027h")

    # --- what the program writes

    def feed(self, data: bytes) -> None:
        self._lib.ghostty_terminal_vt_write(self._t, data, len(data))
        self._stale = True

    def take_reply(self) -> bytes:
        reply = b"".join(self._replies)
        self._replies.clear()
        return reply

    def take_clipboard(self) -> str | None:
        text, self._clipboard = self._clipboard, None
        return text

    def _replied(self, _terminal: Any, _user: Any, data: Any, size: int) -> None:
        self._replies.append(bytes(self._ffi.buffer(data, size)))

    def _copied(self, _terminal: Any, _user: Any, write: Any) -> None:
        for index in range(write.contents_len):
            data = write.contents[index].data
            raw = bytes(self._ffi.buffer(data.ptr, data.len)) if data.len else b""
            self._clipboard = raw.decode("utf-8", "replace")
            return

    def _size_asked(self, _terminal: Any, _user: Any, out: Any) -> bool:
        out.rows, out.columns, out.cell_width, out.cell_height = self.rows, self.columns, CELL_WIDTH, CELL_HEIGHT
        return True

    # --- what is to be seen

    def row(self, y: int) -> tuple[Run, ...]:
        self._look()
        return self._lines[y] if 0 <= y < len(self._lines) else ()

    def changed(self) -> Sequence[int]:
        self._look()
        rows = sorted(self._pending)
        self._pending.clear()
        return rows

    def text(self) -> str:
        self._look()
        lines = ("".join(run.text for run in runs).rstrip() for runs in self._lines)
        return "\n".join(lines).rstrip("\n")

    def scrollback_text(self) -> str:
        ffi, lib = self._ffi, self._lib
        options = ffi.new("DtFormat*")
        options.size = ffi.sizeof("DtFormat")
        options.extra.size = ffi.sizeof("DtTerminalExtra")
        options.extra.screen.size = ffi.sizeof("DtScreenExtra")
        options.unwrap = options.trim = True
        formatter = ffi.new("void**")
        self._check(lib.ghostty_formatter_terminal_new(ffi.NULL, formatter, self._t, options[0]), "the text")
        try:
            needed = ffi.new("size_t*")
            lib.ghostty_formatter_format_buf(formatter[0], ffi.NULL, 0, needed)
            buffer = ffi.new("uint8_t[]", max(1, needed[0]))
            self._check(lib.ghostty_formatter_format_buf(formatter[0], buffer, len(buffer), needed), "the text")
            return bytes(ffi.buffer(buffer, needed[0])).decode("utf-8", "replace")
        finally:
            lib.ghostty_formatter_free(formatter[0])

    @property
    def cursor(self) -> Cursor:
        self._look()
        out = self._ffi.new("DtCursor*")
        out.size = self._ffi.sizeof("DtCursor")
        self._check(self._lib.ghostty_render_state_get(self._state, RENDER_CURSOR, out), "the cursor")
        seen = bool(out.visible and out.viewport_has_value)
        return Cursor(out.viewport_x, out.viewport_y, seen, SHAPES.get(out.visual_style, "block"))

    @property
    def modes(self) -> Modes:
        return Modes(
            alternate=bool(self._get_int(DATA_ACTIVE_SCREEN)),
            app_cursor=self._mode(1),
            app_keypad=self._mode(66),
            bracketed_paste=self._mode(2004),
            focus_reports=self._mode(1004),
            mouse=next((mode for mode in MOUSE_MODES if self._mode(mode)), 0),
            mouse_sgr=self._mode(1006),
            alternate_scroll=self._mode(1007),
        )

    @property
    def title(self) -> str:
        out = self._ffi.new("DtString*")
        if self._lib.ghostty_terminal_get(self._t, DATA_TITLE, out) or not out.len:
            return ""
        return bytes(self._ffi.buffer(out.ptr, out.len)).decode("utf-8", "replace")

    @property
    def position(self) -> ScrollPosition:
        out = self._ffi.new("DtScrollbar*")
        self._check(self._lib.ghostty_terminal_get(self._t, DATA_SCROLLBAR, out), "the scroll position")
        return ScrollPosition(out.total, out.offset, out.len)

    # --- what the learner does

    def resize(self, columns: int, rows: int) -> None:
        if columns < 1 or rows < 1 or (columns, rows) == (self.columns, self.rows):
            return  # a hidden pane has no size; the library refuses zero
        self._check(self._lib.ghostty_terminal_resize(self._t, columns, rows, CELL_WIDTH, CELL_HEIGHT), "another size")
        self.columns, self.rows = columns, rows
        self._lines = [()] * rows
        self._pending = set(range(rows))
        self._stale = True

    def set_colors(self, foreground: tuple[int, int, int], background: tuple[int, int, int]) -> None:
        for option, (r, g, b) in ((OPT_COLOR_FOREGROUND, foreground), (OPT_COLOR_BACKGROUND, background)):
            value = self._ffi.new("DtRgb*", {"r": r, "g": g, "b": b})
            self._check(self._lib.ghostty_terminal_set(self._t, option, value), "colours")
        self._stale = True

    def scroll(self, rows: int) -> None:
        self._scroll(SCROLL_DELTA, rows)

    def scroll_to_end(self) -> None:
        self._scroll(SCROLL_BOTTOM, 0)

    def close(self) -> None:
        """Free the library's memory; the screen is not to be used afterwards. Twice is harmless."""
        if self._t is None:
            return
        self._lib.ghostty_render_state_row_cells_free(self._cells_ref[0])
        self._lib.ghostty_render_state_row_iterator_free(self._rows_ref[0])
        self._lib.ghostty_render_state_free(self._state)
        self._lib.ghostty_terminal_free(self._t)
        self._t = None

    # --- inside

    def _scroll(self, tag: int, rows: int) -> None:
        behaviour = self._ffi.new("DtScroll*")
        behaviour.tag = tag
        behaviour.value[0] = rows & 0xFFFFFFFFFFFFFFFF
        self._lib.ghostty_terminal_scroll_viewport(self._t, behaviour[0])
        self._stale = True

    def _check(self, result: int, what: str) -> None:
        if result:
            raise ShellError(
                "The terminal pane failed.",
                "Open the lesson again for a new one.",
                detail=f"{what}: libghostty {result}",
            )

    def _set_number(self, option: int, value: int) -> None:
        self._check(self._lib.ghostty_terminal_set(self._t, option, self._ffi.new("size_t*", value)), "a setting")

    def _get_int(self, key: int) -> int:
        out = self._ffi.new("int*")
        self._check(self._lib.ghostty_terminal_get(self._t, key, out), "a setting")
        return int(out[0])

    def _mode(self, number: int) -> bool:
        out = self._ffi.new("DtMode*")
        out.mode = number
        self._lib.ghostty_terminal_get(self._t, DATA_MODE, out)
        return bool(out.value)

    def _look(self) -> None:
        """Bring ``_lines`` up to date: only rows that the library calls dirty are read again."""
        if not self._stale:
            return
        self._stale = False
        ffi, lib = self._ffi, self._lib
        self._check(lib.ghostty_render_state_update(self._state, self._t), "the picture")
        dirty = ffi.new("int*")
        self._check(lib.ghostty_render_state_get(self._state, RENDER_DIRTY, dirty), "the picture")
        if not dirty[0]:
            return
        self._check(lib.ghostty_render_state_get(self._state, RENDER_ROW_ITERATOR, self._rows_ref), "rows")
        rows = self._rows_ref[0]
        everything, y = dirty[0] == 2, 0
        while lib.ghostty_render_state_row_iterator_next(rows) and y < self.rows:
            lib.ghostty_render_state_row_get(rows, ROW_DIRTY, self._flag)
            if everything or self._flag[0]:
                runs = self._read_row(rows)
                if runs != self._lines[y]:
                    self._lines[y] = runs
                    self._pending.add(y)
            y += 1
        lib.ghostty_render_state_clean(self._state)

    def _read_row(self, rows: Any) -> tuple[Run, ...]:
        ffi, lib = self._ffi, self._lib
        lib.ghostty_render_state_row_get(rows, ROW_CELLS_RAW, self._view)
        raw = ffi.unpack(self._view.ptr, self._view.len) if self._view.len else []
        last = len(raw)
        while last and not raw[last - 1]:
            last -= 1
        if not last:
            return ()
        known, ready = self._cells, False
        runs: list[Run] = []
        text: list[str] = []
        pen, pen_key, cells = PLAIN, (0, 0), 0
        for x in range(last):
            value = raw[x]
            cell = known.get(value) or self._learn(value)
            code, tag, wide, style_id = cell
            key = (style_id, tag if tag >= 2 else 0, code if tag >= 2 else 0)
            if key != pen_key:
                if text:
                    runs.append(Run("".join(text), pen, cells))
                text, cells, pen_key = [], 0, key
                if tag >= 2:
                    pen = Pen(bg=_unpack_color(code, tag))
                elif style_id:
                    ready = ready or self._point_cells(rows)
                    lib.ghostty_render_state_row_cells_select(self._cells_ref[0], x)
                    lib.ghostty_render_state_row_cells_get(self._cells_ref[0], CELLS_STYLE, self._style)
                    pen = self._pen()
                else:
                    pen = PLAIN
            if wide == 2:  # the tail of a wide character: its text stands in the cell before
                cells += 1
                continue
            cells += 1
            if tag == 1:
                ready = ready or self._point_cells(rows)
                text.append(self._cluster(x))
            else:
                text.append(chr(code) if code and tag == 0 else " ")
        if text or cells:
            runs.append(Run("".join(text), pen, cells))
        return tuple(runs)

    def _point_cells(self, rows: Any) -> bool:
        self._lib.ghostty_render_state_row_get(rows, ROW_CELLS, self._cells_ref)
        return True

    def _learn(self, value: int) -> tuple[int, int, int, int]:
        """What a raw cell holds: code point (or packed colour), content tag, width class, style Id."""
        lib, number = self._lib, self._number
        answers = []
        for key in (CELL_CODEPOINT, CELL_CONTENT_TAG, CELL_WIDE, CELL_STYLE_ID):
            number[0] = 0
            lib.ghostty_cell_get(value, key, number)
            answers.append(int(number[0]))
        if answers[1] >= 2:
            number[0] = 0
            lib.ghostty_cell_get(value, CELL_COLOR_PALETTE if answers[1] == 2 else CELL_COLOR_RGB, number)
            answers[0] = int(number[0])
        if len(self._cells) > 20_000:
            self._cells.clear()
        self._cells[value] = cell = (answers[0], answers[1], answers[2], answers[3])
        return cell

    def _cluster(self, x: int) -> str:
        cells, lib = self._cells_ref[0], self._lib
        lib.ghostty_render_state_row_cells_select(cells, x)
        self._number[0] = 0
        lib.ghostty_render_state_row_cells_get(cells, CELLS_GRAPHEMES_LEN, self._number)
        size = self._number[0]
        if not size:
            return " "
        points = self._ffi.new("uint32_t[]", size)
        lib.ghostty_render_state_row_cells_get(cells, CELLS_GRAPHEMES, points)
        return "".join(map(chr, points))

    def _pen(self) -> Pen:
        key = bytes(self._style_bytes)
        pen = self._pens.get(key)
        if pen is None:
            s = self._style
            if len(self._pens) > 5_000:
                self._pens.clear()
            pen = self._pens[key] = Pen(
                fg=_color(s.fg_color),
                bg=_color(s.bg_color),
                bold=s.bold,
                dim=s.faint,
                italic=s.italic,
                underline=bool(s.underline),
                blink=s.blink,
                reverse=s.inverse,
                hidden=s.invisible,
                strike=s.strikethrough,
                overline=s.overline,
            )
        return pen


def _color(color: Any) -> Color:
    if color.tag == 1:
        return int(color.value.palette)
    if color.tag == 2:
        return int(color.value.rgb.r), int(color.value.rgb.g), int(color.value.rgb.b)
    return None


def _unpack_color(packed: int, tag: int) -> Color:
    """A cell that holds only a background: a palette index (tag 2), or r, g, b in memory order (tag 3)."""
    if tag == 2:
        return packed & 0xFF
    return packed & 0xFF, packed >> 8 & 0xFF, packed >> 16 & 0xFF
