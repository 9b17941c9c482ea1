"""The lesson language's Markdown subset, taken apart into blocks; every front end sets them in its own way.

Subset: paragraphs, ``## headings``, lists (``- `` or ``1. ``), ``> quotes``, indented blocks (to be typed), fenced
blocks (pictures); inline ``**bold**``, ``` `code` ```, ``[[term]]``, ``[[http://…]]``, ``[[key:…]]``, ``[[pane:…]]``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from textwrap import dedent
from typing import Literal, NamedTuple

Kind = Literal["paragraph", "heading", "item", "quote", "typed", "picture"]
INLINE = re.compile(r"(\*\*.+?\*\*|`[^`]+`|\[\[[^\]]+\]\])", re.S)
"""Splits running text into plain runs and marked ones."""
_ITEM = re.compile(r"(?:[-*]|\d+[.)])\s+")


class Block(NamedTuple):
    """One block. ``mark``: what stands before a list item ("-", "2.")."""

    kind: Kind
    text: str
    mark: str = ""


def blocks(source: str) -> list[Block]:
    """Take Markdown apart into blocks; what is not in the subset is a paragraph."""
    out: list[Block] = []
    rows = dedent(source.expandtabs(4)).strip("\n").split("\n")
    at = 0
    while at < len(rows):
        row = rows[at]
        bare = row.strip()
        if not bare:
            at += 1
        elif bare.startswith("```"):
            end = next((n for n in range(at + 1, len(rows)) if rows[n].strip().startswith("```")), len(rows))
            out.append(Block("picture", dedent("\n".join(rows[at + 1 : end])).rstrip()))
            at = end + 1
        elif row.startswith("    ") and not (out and out[-1].kind == "item" and rows[at - 1].strip()):
            end = at
            while end < len(rows) and (rows[end].startswith("    ") or not rows[end].strip()):
                end += 1
            out.append(Block("typed", dedent("\n".join(rows[at:end])).strip("\n")))
            at = end
        elif bare.startswith("#"):
            out.append(Block("heading", bare.lstrip("#").strip()))
            at += 1
        else:
            at = _running(rows, at, out)
    return out


def _running(rows: Sequence[str], at: int, out: list[Block]) -> int:
    """A paragraph, list item or quote: runs until a blank row or the start of another block."""
    bare = rows[at].strip()
    item = _ITEM.match(bare)
    kind: Kind = "item" if item else "quote" if bare.startswith(">") else "paragraph"
    words = [bare[item.end() :] if item else bare]
    at += 1
    while at < len(rows) and rows[at].strip():
        bare = rows[at].strip()
        if _ITEM.match(bare) or bare.startswith(("```", "#")) or (bare.startswith(">") and kind != "quote"):
            break
        words.append(bare)
        at += 1
    if kind == "quote":
        words = [word.lstrip(">").strip() for word in words]
    out.append(Block(kind, " ".join(words), item.group().strip() if item else ""))
    return at


def link_name(inside: str) -> str:
    """What stands in ``[[…]]`` as a reader sees it, where nothing else is known of it."""
    return inside.rpartition(":")[2] if inside.startswith(("key:", "pane:")) else inside


def unmarked(text: str, named: Callable[[str], str] = link_name) -> str:
    """Running text without its marks: bold and code as bare words, links by ``named``."""
    out = []
    for token in INLINE.split(text):
        if token.startswith("**") and len(token) > 4:
            out.append(unmarked(token[2:-2], named))
        elif token.startswith("`") and len(token) > 2:
            out.append(token[1:-1])
        elif token.startswith("[[") and token.endswith("]]"):
            out.append(named(token[2:-2]))
        else:
            out.append(token)
    return "".join(out)
