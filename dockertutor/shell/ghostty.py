"""The screen model: libghostty-vt, as shipped by pyghostty (Apache-2.0, the core MIT), behind `screen.Screen`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dockertutor.errors import ShellError
from dockertutor.shell.ghostty_library import (
    CELL_HEIGHT,
    CELL_WIDTH,
    DATA_ACTIVE_SCREEN,
    DATA_MODE,
    DATA_SCROLLBAR,
    DATA_TITLE,
    MOUSE_MODES,
    OPT_CLIPBOARD_WRITE,
    OPT_COLOR_BACKGROUND,
    OPT_COLOR_FOREGROUND,
    OPT_MODE_DEFAULT,
    OPT_SCROLLBACK_MAX_BYTES,
    OPT_SCROLLBACK_MAX_LINES,
    OPT_SIZE,
    OPT_WRITE_PTY,
    RAW_ROW_WRAP,
    RENDER_CURSOR,
    RENDER_DIRTY,
    RENDER_ROW_ITERATOR,
    ROW_DIRTY,
    ROW_RAW,
    SCROLL_BOTTOM,
    SCROLL_DELTA,
    SHAPES,
    binding,
)
from dockertutor.shell.ghostty_rows import RowReader
from dockertutor.shell.screen import SCROLLBACK_BYTES, SCROLLBACK_LINES, Cursor, Modes, Run, ScrollPosition


class GhosttyScreen:
    """`screen.Screen` on libghostty-vt. Raises `ShellError` where the library cannot be used."""

    def __init__(self, columns: int, rows: int) -> None:
        self._ffi, self._lib = ffi, lib = binding()
        self.columns, self.rows = max(1, columns), max(1, rows)
        self._replies: list[bytes] = []
        self._clipboard: str | None = None
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
        state, rows_ = ffi.new("void**"), ffi.new("void**")
        self._check(lib.ghostty_render_state_new(ffi.NULL, state), "a picture")
        self._check(lib.ghostty_render_state_row_iterator_new(ffi.NULL, rows_), "rows")
        self._state, self._rows_ref, self._reader = state[0], rows_, RowReader(ffi, lib)
        self._flag = ffi.new("bool*")
        # Grapheme clusters on, also after a reset: an emoji of several code points is then as wide as Rich draws it.
        clusters = ffi.new("DtMode*", {"mode": 2027, "value": True})
        self._check(lib.ghostty_terminal_set(self._t, OPT_MODE_DEFAULT, clusters), "a mode")
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

    def wraps(self, y: int) -> bool:
        self._look()
        ffi, lib = self._ffi, self._lib
        self._check(lib.ghostty_render_state_get(self._state, RENDER_ROW_ITERATOR, self._rows_ref), "rows")
        raw, at = ffi.new("uint64_t*"), -1
        while at < y:
            if not lib.ghostty_render_state_row_iterator_next(self._rows_ref[0]):
                return False
            at += 1
        lib.ghostty_render_state_row_get(self._rows_ref[0], ROW_RAW, raw)
        lib.ghostty_row_get(raw[0], RAW_ROW_WRAP, self._flag)
        return bool(self._flag[0])

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
        self._reader.close()
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
                runs = self._reader.read(rows)
                if runs != self._lines[y]:
                    self._lines[y] = runs
                    self._pending.add(y)
            y += 1
        lib.ghostty_render_state_clean(self._state)
