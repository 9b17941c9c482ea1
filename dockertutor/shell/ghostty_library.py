"""libghostty-vt, loaded: the shared library inside pyghostty, and the numbers of its C interface that we use.

pyghostty's Python modules are left alone, because importing them costs 350 ms at every start.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Any

from dockertutor.errors import ShellError

# Numbers of libghostty-vt's C interface: GHOSTTY_TERMINAL_OPT_…, GHOSTTY_TERMINAL_DATA_… and so on. A test compares
# each with pyghostty's own declarations.
OPT_WRITE_PTY = 1
OPT_SIZE = 6
OPT_COLOR_FOREGROUND = 11
OPT_COLOR_BACKGROUND = 12
OPT_CLIPBOARD_WRITE = 26
OPT_SCROLLBACK_MAX_BYTES = 27
OPT_SCROLLBACK_MAX_LINES = 28
OPT_MODE_DEFAULT = 33
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
ROW_RAW = 2
ROW_CELLS = 3
ROW_CELLS_RAW = 5
RAW_ROW_WRAP = 1
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
def binding() -> tuple[Any, Any]:
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
        binding()
    except ShellError:
        return False
    return True
