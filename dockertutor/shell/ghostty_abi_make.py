"""Writes `_ghostty_abi.py`: the part of libghostty-vt's C interface that `ghostty.py` calls, ready for cffi.

Importing pyghostty parses 3,487 lines of C declarations at every start (350 ms); the module written here holds the few
that are needed, already parsed (1 ms). Run ``python -m dockertutor.shell.ghostty_abi_make`` after a change; a test
compares every size, offset and number with pyghostty's own declarations.
"""

from __future__ import annotations

from pathlib import Path

DECLARATIONS = """
typedef struct { const uint8_t* ptr; size_t len; } DtString;
typedef struct { uint8_t r, g, b; } DtRgb;
typedef struct { uint16_t mode; bool value; } DtMode;
typedef struct { int tag; uint64_t value[2]; } DtScroll;
typedef struct { uint64_t total, offset, len; } DtScrollbar;
typedef struct { const uint64_t* ptr; size_t len; } DtCells;
typedef struct { int tag; union { uint8_t palette; DtRgb rgb; uint64_t _padding; } value; } DtColor;
typedef struct {
  size_t size; DtColor fg_color, bg_color, underline_color;
  bool bold, italic, faint, blink, inverse, invisible, strikethrough, overline; int underline;
} DtStyle;
typedef struct {
  size_t size; bool viewport_has_value; uint16_t viewport_x, viewport_y;
  bool wide_tail, visible, blinking, password_input; int visual_style;
} DtCursor;
typedef struct {
  size_t size; bool cursor, style, hyperlink, protection, kitty_keyboard, charsets;
} DtScreenExtra;
typedef struct {
  size_t size; bool palette, modes, scrolling_region, tabstops, pwd, keyboard; DtScreenExtra screen;
} DtTerminalExtra;
typedef struct {
  size_t size; int emit; bool unwrap, trim; DtTerminalExtra extra; const void* selection;
} DtFormat;
typedef struct { DtString mime; DtString data; } DtClip;
typedef struct { size_t size; int location; const DtClip* contents; size_t contents_len; } DtClipWrite;
typedef struct { uint16_t rows, columns; uint32_t cell_width, cell_height; } DtSize;
typedef void (*DtReplyFn)(void*, void*, const uint8_t*, size_t);
typedef void (*DtClipFn)(void*, void*, const DtClipWrite*);
typedef bool (*DtSizeFn)(void*, void*, DtSize*);
int ghostty_terminal_new(const void*, void**, uint16_t, uint16_t);
void ghostty_terminal_free(void*);
int ghostty_terminal_resize(void*, uint16_t, uint16_t, uint32_t, uint32_t);
int ghostty_terminal_set(void*, int, const void*);
int ghostty_terminal_get(void*, int, void*);
void ghostty_terminal_vt_write(void*, const uint8_t*, size_t);
void ghostty_terminal_scroll_viewport(void*, DtScroll);
int ghostty_formatter_terminal_new(const void*, void**, void*, DtFormat);
int ghostty_formatter_format_buf(void*, uint8_t*, size_t, size_t*);
void ghostty_formatter_free(void*);
int ghostty_render_state_new(const void*, void**);
void ghostty_render_state_free(void*);
int ghostty_render_state_update(void*, void*);
int ghostty_render_state_clean(void*);
int ghostty_render_state_get(void*, int, void*);
int ghostty_render_state_row_iterator_new(const void*, void**);
void ghostty_render_state_row_iterator_free(void*);
bool ghostty_render_state_row_iterator_next(void*);
int ghostty_render_state_row_get(void*, int, void*);
int ghostty_render_state_row_cells_new(const void*, void**);
void ghostty_render_state_row_cells_free(void*);
int ghostty_render_state_row_cells_select(void*, uint16_t);
int ghostty_render_state_row_cells_get(void*, int, void*);
int ghostty_cell_get(uint64_t, int, void*);
int ghostty_row_get(uint64_t, int, void*);
"""

HEADER = "# Written by ghostty_abi_make.py.\n# ruff: noqa\n# fmt: off\n# mypy: ignore-errors\n"
TARGET = Path(__file__).with_name("_ghostty_abi.py")


def write() -> None:
    """Write the module beside this one."""
    import cffi  # type: ignore[import-untyped]

    maker = cffi.FFI()
    maker.cdef(DECLARATIONS)
    maker.set_source("dockertutor.shell._ghostty_abi", None)
    maker.emit_python_code(str(TARGET))
    made = TARGET.read_text(encoding="utf-8").replace("# auto-generated file", "", 1).lstrip()
    TARGET.write_text(HEADER + made, encoding="utf-8")


if __name__ == "__main__":
    write()
