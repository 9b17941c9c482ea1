"""Lines of styled text in which every part may be clicked: what all drawing functions return."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from textual.content import Content, Span
from textual.style import Style

Do = tuple[str, str]
"""What a click on a part asks for: the name of an action and its argument ("" where it takes none)."""


class Part(NamedTuple):
    """A run of text. ``style`` is a Textual style ("$accent bold"); ``do`` makes it clickable."""

    text: str
    style: str = ""
    do: Do | None = None


Line = tuple[Part, ...]
BLANK: Line = ()
BAR = "▌"


def part(text: str, style: str = "", do: Do | None = None) -> Part:
    """A part whose text holds nothing that could move the cursor: it may come from containers or learners."""
    clean = "".join(" " if char in "\t\n\r" else char for char in text if char in "\t\n\r" or char.isprintable())
    return Part(clean, style, do)


def plain(text: str) -> str:
    """A text of several lines without control characters: Textual hands escape codes on to the terminal."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)


def line(*parts: Part | str | tuple[str, str]) -> Line:
    """A line from parts, plain texts or ``(text, style)`` pairs."""
    made = (p if isinstance(p, Part) else part(p) if isinstance(p, str) else part(*p) for p in parts)
    return tuple(p for p in made if p.text)


def width(parts: Iterable[Part]) -> int:
    """Cells that the parts take."""
    return sum(cell_len(p.text) for p in parts)


def text(parts: Iterable[Part]) -> str:
    """The characters alone."""
    return "".join(p.text for p in parts)


def spread(cells: int, left: Line, right: Line) -> Line:
    """``left`` and ``right`` at the two ends of a line of ``cells``; the left side is cut where both do not fit."""
    room = cells - width(right) - (1 if right else 0)
    left = cut(left, max(0, room))
    return (*left, Part(" " * max(0, cells - width(left) - width(right))), *right)


def cut(parts: Line, cells: int) -> Line:
    """The line cut to ``cells``, with an ellipsis where something was left out."""
    if width(parts) <= cells:
        return parts
    kept: list[Part] = []
    room = max(0, cells - 1)
    for p in parts:
        size = cell_len(p.text)
        if size >= room:
            kept.append(p._replace(text=set_cell_size(p.text, room).rstrip() + "…"))
            break
        kept.append(p)
        room -= size
    return tuple(kept) if cells > 0 else ()


def column(value: str, cells: int, *, right: bool = False) -> str:
    """``value`` in exactly ``cells`` cells, cut with an ellipsis."""
    size = cell_len(value)
    if size > cells:
        return set_cell_size(value, max(0, cells - 1)) + ("…" if cells else "")
    return " " * (cells - size) + value if right else value + " " * (cells - size)


def barred(lines: Sequence[Line], style: str = "", sign: str = BAR) -> list[Line]:
    """The lines behind a bar (or behind the two cells that a bar would take)."""
    head = Part(f"{sign} ", style) if style else Part("  ")
    return [(head, *parts) for parts in lines]


def indented(lines: Sequence[Line], cells: int) -> list[Line]:
    """The lines, ``cells`` further right."""
    return [(Part(" " * cells), *parts) for parts in lines]


def stack(*blocks: Sequence[Line]) -> list[Line]:
    """Blocks under each other with one blank row between; empty ones leave no gap."""
    out: list[Line] = []
    for block in blocks:
        if block:
            out += [*([BLANK] if out else []), *block]
    return out


def content(lines: Sequence[Line]) -> Content:
    """The lines as Textual content. Nothing in them is read as markup."""
    texts: list[str] = []
    spans: list[Span] = []
    at = 0
    for number, parts in enumerate(lines):
        if number:
            texts.append("\n")
            at += 1
        for p in parts:
            end = at + len(p.text)
            if p.style:
                spans.append(Span(at, end, p.style))
            if p.do:
                spans.append(Span(at, end, Style.from_meta({"do": p.do})))
            texts.append(p.text)
            at = end
    return Content("".join(texts), spans)
