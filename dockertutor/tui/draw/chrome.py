"""Header and footer: where the learner is, how the engine is, and the keys that work now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from dockertutor.tui.draw.ink import Do, Line, Part, cut, line, part, width
from dockertutor.tui.draw.look import Look
from dockertutor.tui.layout import Layout
from dockertutor.tutor.view import EngineStatus


class Head(NamedTuple):
    """What a header says. ``step``: (done, all) for the bar; ``words``: what stands behind the bar instead of "9 of
    12"; ``right``: replaces the engine's word."""

    track: str = ""
    title: str = "dockertutor"
    step: tuple[int, int] | None = None
    words: str = ""
    engine: EngineStatus | None = None
    right: str = ""
    busy: str = ""


def bar(done: int, total: int, cells: int, look: Look) -> tuple[Part, ...]:
    """A progress bar of ``cells``; never empty once something is done, never full before the end."""
    full = round(cells * done / total) if total else 0
    if total and 0 < done < total:
        full = min(max(full, 1), cells - 1)
    return Part(look.sign("━") * full, "$text-muted"), Part(look.sign("─") * (cells - full), "$border-blurred")


def engine_word(engine: EngineStatus | None, look: Look, *, short: bool) -> Line:
    """How the engine is: a sign and a word."""
    if engine is None:
        return ()
    if engine.state == "fault":
        return line((look.sign("✗") + " ", "$error"), ("no engine", "$error"))
    if engine.state == "connecting":
        return line((look.sign("◐") + " ", "$warning"), ("looking for the engine", "$text-muted"))
    where = f" {engine.where}" if engine.where and not short else ""
    return line((look.sign("●") + " ", "$success"), (engine.label + where, "$text-muted"))


def header_line(head: Head, lay: Layout, look: Look) -> Line:
    """The header's row, without its margins (3 columns at each side when large, else 2)."""
    large = lay.large
    cells = lay.width - (6 if large else 4)
    right = line((head.right, "$text-muted")) if head.right else engine_word(head.engine, look, short=not large)
    if head.busy:
        right = line((look.sign("◐") + " ", "$warning"), (head.busy, "$text"))
    if head.track and large:
        left = line((head.track, "$text-muted"), (f" {look.sign('›')} ", "$text-muted"), (head.title, "$text"))
    elif head.track:
        left = line((head.title, "$text-muted"))
    else:
        left = line((head.title, "$strong bold"))
    middle: Line = ()
    if head.step:
        done, total = head.step
        unit = total if head.words else min(2 * total, 24)
        size = min(unit, 24) if large else min(total, 12)
        words = head.words or f"{done} of {total}"
        middle = (*bar(done, total, size, look), Part(f"  {words}", "$text-muted"))
    if not large:
        gap = Part("   " if middle and right else "")
        tail = (*middle, gap, *right)
        left = cut(left, max(8, cells - width(tail) - 1))
        tail = cut(tail, max(0, cells - width(left) - 1))
        return (*left, Part(" " * max(1, cells - width(left) - width(tail))), *tail)
    left = cut(left, lay.bar - 6) if middle else left
    first = Part(" " * (lay.bar - 3 - width(left))) if middle else Part("")
    rest = cells - width(left) - width((first,)) - width(middle)
    right = cut(right, max(0, rest - 2))
    return (*left, first, *middle, Part(" " * max(2, rest - width(right))), *right)


class Key(NamedTuple):
    """A key in the footer. ``hot``: the obvious next thing, drawn brighter."""

    key: str
    words: str
    do: Do
    hot: bool = False


QUIT = Key("q", "quit", ("quit", ""))


def footer_line(keys: Sequence[Key], cells: int, look: Look, *, leader: Literal["", "idle", "on"] = "",
                right: Key | None = None) -> Line:  # fmt: skip
    """The footer's row: ``leader`` "idle" while the terminal has the keys, "on" after the leader key."""
    out: list[Part] = []
    if leader == "idle":
        out += [
            part(f" {look.leader} ", "$strong bold on $border-blurred", ("leader", "")),
            Part("  then   ", "$text-muted"),
        ]
    elif leader == "on":
        out += [part(f" {look.leader} ", "$background bold on $accent", ("cancel", "")),
                part("  now press one key, or Esc", "$text", ("cancel", ""))]  # fmt: skip
    tail: Line = ()
    if right is not None:
        tail = (part(f"{right.key} {right.words}", "$text-muted", right.do),)
    room = cells - (width(tail) + 2 if tail else 0)
    offered: list[Line] = []
    for key in keys:
        colour = "$strong" if leader == "idle" and not key.hot else "$accent"
        shown = " ".join(look.sign(sign) for sign in key.key.split(" "))
        offered.append((part(shown, colour + " bold", key.do),
                        part(f" {key.words}", "$strong bold" if key.hot else "$text-muted", key.do)))  # fmt: skip
    while len(offered) > 1 and width(out) + sum(map(width, offered)) + 3 * (len(offered) - 1) > room:
        del offered[-2 if keys[-1].key == "?" else -1]  # that one leads to all the others
    for number, one in enumerate(offered):
        out += [*([Part("   ")] if number else []), *one]
    return (*out, Part(" " * max(1, cells - width(out) - width(tail))), *tail)
