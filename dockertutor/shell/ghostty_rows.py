"""Rows of libghostty-vt's render state as runs of text: one look at a row's raw cells, few calls for the rest."""

from __future__ import annotations

from typing import Any

from dockertutor.shell.ghostty_library import (
    CELL_CODEPOINT,
    CELL_COLOR_PALETTE,
    CELL_COLOR_RGB,
    CELL_CONTENT_TAG,
    CELL_STYLE_ID,
    CELL_WIDE,
    CELLS_GRAPHEMES,
    CELLS_GRAPHEMES_LEN,
    CELLS_STYLE,
    ROW_CELLS,
    ROW_CELLS_RAW,
)
from dockertutor.shell.screen import PLAIN, Color, Pen, Run


class RowReader:
    """Reads the row that a row iterator stands on. What a raw cell and a style mean is remembered."""

    def __init__(self, ffi: Any, lib: Any) -> None:
        self._ffi, self._lib = ffi, lib
        self._known: dict[int, tuple[int, int, int, int]] = {}
        self._pens: dict[bytes, Pen] = {}
        self._cells_ref = ffi.new("void**")
        if lib.ghostty_render_state_row_cells_new(ffi.NULL, self._cells_ref):
            raise MemoryError("no room for a row of cells")
        self._style = ffi.new("DtStyle*")
        self._style.size = ffi.sizeof("DtStyle")
        self._style_bytes = ffi.buffer(self._style)
        self._view = ffi.new("DtCells*")
        self._number = ffi.new("uint32_t*")

    def close(self) -> None:
        self._lib.ghostty_render_state_row_cells_free(self._cells_ref[0])

    def read(self, rows: Any) -> tuple[Run, ...]:
        ffi, lib = self._ffi, self._lib
        lib.ghostty_render_state_row_get(rows, ROW_CELLS_RAW, self._view)
        raw = ffi.unpack(self._view.ptr, self._view.len) if self._view.len else []
        last = len(raw)
        while last and not raw[last - 1]:
            last -= 1
        if not last:
            return ()
        known, ready = self._known, False
        runs: list[Run] = []
        text: list[str] = []
        pen, pen_key, cells = PLAIN, (0, 0, 0), 0
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
        if len(self._known) > 20_000:
            self._known.clear()
        self._known[value] = cell = (answers[0], answers[1], answers[2], answers[3])
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
