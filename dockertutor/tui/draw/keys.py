"""The leader's overlay and the whole help, drawn from the table of actions."""

from __future__ import annotations

from collections.abc import Sequence

from dockertutor.tui.actions import ACTIONS, ALL, GROUPS, Action
from dockertutor.tui.draw.ink import BLANK, Line, Part, column, line, part
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


def help_lines(cells: int, look: Look, works: frozenset[str]) -> list[Line]:
    """Every action with its key and a sentence."""
    out: list[Line] = flow(
        f"While the terminal or the editor has the keys, press **{look.leader}** first and then the letter. Elsewhere "
        "the letter is enough. Everything can be clicked, too.",
        cells, look,
    )  # fmt: skip
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
    rest: list[Part] = []
    for key, words, end in (
        ("Enter", "  the obvious next thing    ", None),
        ("1-9", "  choose an answer    ", None),
        ("Esc", "  close; from the editor to its list of files", ("cancel", "")),
    ):
        rest += [part(key, "$accent bold", end), part(words, "$text", end)]
    return [*out, BLANK, tuple(rest)]
