"""The lesson language's Markdown subset (see `course.prose`), set in lines without ragged ends."""

from __future__ import annotations

import re
from collections.abc import Callable

from rich.cells import cell_len

from dockertutor.course.prose import INLINE, Kind, blocks, link_name
from dockertutor.tui.draw.ink import BLANK, Do, Line, Part, barred, column, part
from dockertutor.tui.draw.look import Look

SHORT_CODE = 26
"""Code of at most so many cells is never broken across lines."""
_ADDRESS = re.compile(r"(https?://[^\s<>\"'`]*[^\s<>\"'`.,:;!?()\[\]])")
"""A web address that stands bare in running text, without the full stop or bracket after it."""
_DRAWN = re.compile(r"[─-╿<>]+|[^─-╿<>]+")


Shown = Callable[[str], tuple[str, Do | None]]
"""Turns what stands in ``[[…]]`` into what is shown for it and what a click on it does."""


def no_links(inside: str) -> tuple[str, Do | None]:
    """Show the name alone."""
    return link_name(inside), None


def inline(source: str, look: Look, base: str = "", shown: Shown = no_links) -> list[list[Part]]:
    """Inline Markdown as words: each a list of parts that must stay together."""
    out: list[list[Part]] = []
    glued = False

    def add(words: str, style: str, do: Do | None = None, *, whole: bool = False) -> None:
        nonlocal glued
        for piece in [words] if whole else re.split(r"(\s+)", words):
            if not piece:
                continue
            if piece.isspace() and not whole:
                glued = False
                continue
            if glued and out:
                out[-1].append(part(piece, style, do))
            else:
                out.append([part(piece, style, do)])
            glued = True

    for token in INLINE.split(source):
        if token.startswith("**") and len(token) > 4:
            for inner in re.split(r"(`[^`]+`)", token[2:-2]):
                code = inner.startswith("`")
                add(inner.strip("`"), look.code + " bold" if code else "$strong bold", whole=code)
        elif token.startswith("`"):
            add(token[1:-1], look.code, whole=cell_len(token) - 2 <= SHORT_CODE)
        elif token.startswith("[["):
            inside = token[2:-2]
            name, do = shown(inside)
            if inside.startswith(("http://", "https://")):
                add(name, "$accent underline", do)
            elif inside.startswith(("key:", "pane:")):
                add(name, "$strong bold", do, whole=True)
            else:
                add(name, f"{base} underline".strip(), do)
        else:
            for run in _ADDRESS.split(token):
                if _ADDRESS.fullmatch(run):
                    name, do = shown(run)
                    add(name, "$accent underline", do)
                else:
                    add(run, base)
    return out


def flow(source: str, cells: int, look: Look, base: str = "", shown: Shown = no_links) -> list[Line]:
    """Set inline Markdown in lines of at most ``cells``: least ragged, and no last line of one word."""
    words = [piece for word in inline(source, look, base, shown) for piece in _fitting(word, cells)]
    sizes = [sum(cell_len(p.text) for p in word) for word in words]
    count = len(words)
    best: list[float] = [float("inf")] * count + [0.0]
    following = [count] * count
    for first in range(count - 1, -1, -1):
        size = -1
        for last in range(first, count):
            size += sizes[last] + 1
            if size > cells and last > first:
                break
            alone = last == first > 0
            cost = float((cells - size) ** 2) if last < count - 1 else 400.0 * alone
            if cost + best[last + 1] < best[first]:
                best[first], following[first] = cost + best[last + 1], last + 1
    out: list[Line] = []
    at = 0
    while at < count:
        parts: list[Part] = []
        for word in words[at : following[at]]:
            if parts:
                same = parts[-1].style == word[0].style and parts[-1].do == word[0].do
                parts.append(Part(" ", word[0].style, word[0].do) if same else Part(" ", base))
            parts += word
        out.append(tuple(parts))
        at = following[at]
    return out


def _fitting(word: list[Part], cells: int) -> list[list[Part]]:
    """A word that is longer than a whole line, broken; any other as it is."""
    if sum(cell_len(p.text) for p in word) <= cells:
        return [word]
    chars = [(char, p) for p in word for char in p.text]
    step = max(1, cells // 2 if any(cell_len(c) > 1 for c, _ in chars) else cells)
    return [[Part(char, p.style, p.do) for char, p in chars[n : n + step]] for n in range(0, len(chars), step)]


def typed(source: str, cells: int, look: Look, do: Do | None = None) -> list[Line]:
    """Something to be typed: tinted over the whole width, or indented where tints cannot be seen. ``____`` marks a gap
    to fill. A row that is too long goes on, two cells further in."""
    out: list[Line] = []
    longest = max(map(cell_len, source.split("\n")))
    indent = 0 if look.tints else 1 if longest == cells - 1 else 2  # one less rather than break a command
    room = cells - indent
    style, gap = ("$strong on $panel", "$accent bold on $panel") if look.tints else ("$strong bold", "$accent bold")
    for row in source.split("\n"):
        for piece in _rows(row, room):
            filled = column(piece, room) if look.tints else piece
            parts = [part(p, gap if p == "____" else style, do) for p in re.split(r"(____)", filled) if p]
            out.append(tuple(parts) if look.tints else (Part(" " * indent), *parts))
    return out


def _rows(row: str, cells: int) -> list[str]:
    out: list[str] = []
    while cell_len(row) > cells and cells > 4:
        at = row.rfind(" ", 3, cells)
        at = at if at > 0 else cells
        out.append(row[:at])
        row = "  " + row[at:].lstrip()
    return [*out, row]


_ASCII_LINES = str.maketrans("─━│┃┌┐└┘├┤┬┴┼╭╮╰╯╴╵╶╷", "--||+++++++++++++-|-|")


def picture(source: str, look: Look) -> list[Line]:
    """A picture: quiet lines in the accent, words in ink, never tinted."""
    return [
        tuple(part(run.translate(_ASCII_LINES) if look.ascii else run,
                   "$accent" if (_DRAWN.match(run) and run[0] in "<>") or "─" <= run[0] <= "╿" else "$text")
              for run in _DRAWN.findall(row))
        for row in source.split("\n")
    ]  # fmt: skip


def prose(source: str, cells: int, look: Look, *, shown: Shown = no_links, base: str = "",
          type_do: Do | None = None) -> list[Line]:  # fmt: skip
    """Markdown as lines of at most ``cells``, one blank row between blocks and none inside a list."""
    out: list[Line] = []
    before: Kind | None = None
    for block in blocks(source):
        if before and not (before == block.kind == "item"):
            out.append(BLANK)
        before = block.kind
        if block.kind == "typed":
            out += typed(block.text, cells, look, type_do)
        elif block.kind == "picture":
            out += picture(block.text, look)
        elif block.kind == "heading":
            out += flow(f"**{block.text}**", cells, look, "$strong bold", shown)
        elif block.kind == "quote":
            out += barred(flow(block.text, cells - 4, look, "$strong", shown), "$accent", look.sign("▌"))
        elif block.kind == "item":
            head = f"{block.mark} "
            rows = flow(block.text, cells - len(head), look, base, shown)
            out += [(Part(head if n == 0 else " " * len(head), "$text-muted"), *row) for n, row in enumerate(rows)]
        else:
            out += flow(block.text, cells, look, base, shown)
    return out
