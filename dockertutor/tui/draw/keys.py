"""The leader's overlay and the whole help, drawn from the table of actions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from textual.binding import Binding, BindingType

from dockertutor.tui.actions import ACTIONS, ALL, GROUPS, Action
from dockertutor.tui.draw.ink import BLANK, Line, Part, column, line, part, width
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.prose import flow

LEADER_AGAIN = "leader-again"
"""What the leader key does after itself: it reaches the terminal."""
WIDE = 130
"""Cells from which the four groups stand side by side."""


def overlay_lines(cells: int, look: Look, works: frozenset[str], *, tight: bool = False) -> list[Line]:
    """One key each, in groups. ``works``: ids of the actions that work now; the others are quiet. ``tight``: without
    blank rows."""
    gap = [] if tight else [BLANK]
    groups = [[action for action in ACTIONS if action.group == group] for group in GROUPS]
    once = f"{look.leader}"
    if cells >= WIDE:
        rows = _grid(GROUPS, groups, 34, works)
        tail = "  once more types a " + once + " into the terminal"
        back = "  back to where you were"
    else:
        size = min(36, max(20, cells // 2))
        rows = [*_grid(GROUPS[:2], groups[:2], size, works), *gap, *_grid(GROUPS[2:], groups[2:], size, works)]
        tail, back = "  once more types it into the terminal", "  back"
        if cells < 60:
            tail = "  once more types it there"
    again, cancel = (LEADER_AGAIN, ""), ("cancel", "")
    keys = (part(once, "$accent bold", again), part(tail, "$text-muted", again),
            part("   Esc", "$accent bold", cancel), part(back, "$text-muted", cancel))  # fmt: skip
    return [*rows, *gap, keys]


def _grid(names: Sequence[str], groups: Sequence[Sequence[Action]], size: int, works: frozenset[str]) -> list[Line]:
    out: list[Line] = [tuple(Part(column(name, size), "$strong bold") for name in names)]
    for at in range(max(map(len, groups))):
        row: list[Part] = []
        for group in groups:
            if at >= len(group):
                row.append(Part(" " * size))
                continue
            action = group[at]
            lit = action.id in works
            do = (action.id, "") if lit else None
            row += [
                part(action.key, "$accent bold" if lit else "$text-muted", do),
                Part("  "),
                part(column(action.words, size - 3), "$text" if lit else "$text-muted", do),
            ]
        out.append(tuple(row))
    return out


class KeysOf(NamedTuple):
    """``heading``: where these keys work. ``places``: names of widgets or screens there, with their bindings."""

    heading: str
    places: Sequence[tuple[str, Sequence[BindingType]]]


def help_lines(cells: int, look: Look, works: frozenset[str], own: Sequence[KeysOf] = ()) -> list[Line]:
    """Every action with its key and a sentence, then the keys that only one place has (``own``)."""
    out: list[Line] = flow(
        f"While the terminal or the editor has the keys, press **{look.leader}** first and then the letter. Elsewhere "
        "the letter is enough. Everything can be clicked, too.",
        cells, look,
    )  # fmt: skip
    close = ("cancel", "")
    esc = "  close; from the editor to its list of files"
    out.append((part("Esc", "$accent bold", close), part(esc, "$text", close)))
    for group in GROUPS:
        out += [BLANK, line((group, "$strong bold"))]
        for action in ALL:
            if action.group == group:
                lit = action.id in works
                do = (action.id, "") if lit else None
                words = column(action.words, 30) if cells >= 72 else action.words
                more = f" {action.more}" if cells >= 72 else ""
                out.append((part(f"{action.key}  ", "$accent bold" if lit else "$text-muted", do),
                            part(words, "$text", do), part(more, "$text-muted")))  # fmt: skip
    for heading, places in own:
        out += [BLANK, line((heading, "$strong bold"))]
        for name, bindings in places:
            out += _place(name, bindings, cells, look)
    return out


NAMES = 12
"""Cells for the name of a place."""


def _place(name: str, bindings: Sequence[BindingType], cells: int, look: Look) -> list[Line]:
    """The keys of one place, as many to a row as there is room for. Bindings that follow each other and say the same
    are one: 1-9."""
    said = [one for one in bindings if isinstance(one, Binding) and one.description]
    rows: list[list[Part]] = [[part(column(name, NAMES), "$text-muted")]]
    for words, group in groupby(said, key=lambda one: one.description):
        first, *others = [_key(one.key, look) for one in group]
        keys = f"{first}-{others[-1]}" if others else first
        parts = (part(keys, "$accent bold"), part(f" {words}", "$text"))
        gap = 3 if len(rows[-1]) > 1 else 0
        if gap and width(rows[-1]) + gap + width(parts) > cells:
            rows.append([Part(" " * NAMES)])
            gap = 0
        rows[-1] += [*([Part(" " * gap)] if gap else []), *parts]
    return [tuple(row) for row in rows]


_SIGNS = {"up": "↑", "down": "↓", "left": "←", "right": "→"}
_CALLED = {"escape": "Esc", "pageup": "PageUp", "pagedown": "PageDown", "plus": "+", "slash": "/", "colon": ":",
           "question_mark": "?"}  # fmt: skip


def _key(key: str, look: Look) -> str:
    """A binding's key as people read it: ``shift+pageup`` → ``Shift-PageUp``, ``up,k`` → ``↑ k``."""
    ways: list[str] = []
    for way in key.split(","):
        *held, last = way.split("+")
        name = look.sign(_SIGNS[last]) if last in _SIGNS else _CALLED.get(last, last)
        if len(last) > 1 and name == last:
            name = last.capitalize()
        ways.append("-".join([*(one.capitalize() for one in held), name.upper() if held and len(name) == 1 else name]))
    return " ".join(ways)
