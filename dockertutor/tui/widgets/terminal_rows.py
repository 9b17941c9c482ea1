"""A terminal's row as a strip of the theme's colours, with what is selected in it and the cursor."""

from __future__ import annotations

from rich.cells import get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from dockertutor.shell.screen import Cursor, Screen
from dockertutor.tui.widgets.terminal_colors import Palette


def row_strip(
    term: Screen,
    y: int,
    width: int,
    palette: Palette,
    *,
    focused: bool,
    span: tuple[int, int] | None = None,
    chosen: Style | None = None,
) -> Strip:
    """Row ``y``, ``width`` cells wide. ``span``: the selected characters (end -1: to the end), drawn in ``chosen``."""
    segments = [Segment(run.text, palette.style(run.pen)) for run in term.row(y)]
    strip = Strip(segments).adjust_cell_length(width, palette.blank)
    if span and chosen:
        strip = _restyle_characters(strip, span, chosen)
    cursor = term.cursor
    if cursor.visible and cursor.y == y:
        strip = _with_cursor(strip, cursor, palette.cursor(focused=focused))
    return strip


def _with_cursor(strip: Strip, cursor: Cursor, style: Style) -> Strip:
    width = strip.cell_length
    x = min(cursor.x, width - 1)
    if x < 0:
        return strip
    before, rest = strip.crop(0, x), strip.crop(x, width)
    wide = next(iter(rest), Segment(" ")).text[:1]
    size = min(2 if get_character_cell_size(wide or " ") == 2 else 1, width - x)
    under, after = rest.crop(0, size), rest.crop(size, width - x)
    return Strip.join([before, Strip([Segment(s.text, style) for s in under], size), after])


def _restyle_characters(strip: Strip, span: tuple[int, int], style: Style) -> Strip:
    """``strip`` with ``style`` over the characters from ``span[0]`` to ``span[1]`` (-1: to the end)."""
    start, end = span
    out: list[Segment] = []
    at = 0
    for segment in strip:
        text, old = segment.text, segment.style or Style.null()
        size = len(text)
        a = min(max(start - at, 0), size)
        b = size if end == -1 else min(max(end - at, 0), size)
        b = max(a, b)
        for part, look in ((text[:a], old), (text[a:b], old + style), (text[b:], old)):
            if part:
                out.append(Segment(part, look))
        at += size
    return Strip(out, strip.cell_length)
