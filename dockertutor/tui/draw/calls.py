"""The API calls tab: a command's calls as rows, one of them opened."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from dockertutor.facts import Call
from dockertutor.tui.draw.ages import JUST_NOW, ago
from dockertutor.tui.draw.ink import BLANK, Do, Line, Part, column, cut, indented, line, part, spread, width
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.prose import flow, picture, typed
from dockertutor.tutor.call_shown import hides, not_shown
from dockertutor.tutor.call_terms import fields_of
from dockertutor.tutor.calls import curl_line, readable, sentence, short_path, words
from dockertutor.tutor.engine_view import CallGroup

Spot = tuple[int, int]
"""A place for the cursor: number of the group, and of the call in it (-1: the group's own row)."""
ROWS = 14
"""Rows of a body that are shown at first."""
NARROW = 46
"""Cells that are too few for a value that does not fit into them: it begins on a row of its own."""
WIDE = 88
"""Cells from which on there is room for the sizes of the answers."""


class Shown(NamedTuple):
    """What is open: ``groups`` by their start, the ``call`` by its number, ``drawn``: groups shown as a picture.
    ``whole``: all rows of the opened call's bodies."""

    groups: frozenset[float] = frozenset()
    call: int = 0
    drawn: frozenset[float] = frozenset()
    whole: bool = False


def spots(groups: Sequence[CallGroup], shown: Shown) -> list[Spot]:
    """Every place that the cursor can stand at, from the top."""
    out: list[Spot] = []
    for number, group in enumerate(groups):
        out.append((number, -1))
        if group.started in shown.groups and group.started not in shown.drawn:
            out += [(number, at) for at in range(len(group.calls))]
    return out


Explained = Callable[[str], str]
Kept = dict[tuple[object, ...], Line]
"""Rows as they were drawn, by all that they are drawn from: of a hundred, one is new with each call."""
MOST_KEPT = 500
Bodies = dict[str, tuple[tuple[object, ...], list[Line]]]
"""The rows of the opened call's bodies by their labels, and what each was drawn from."""


def no_words(_field: str) -> str:
    """Explain nothing."""
    return ""


def calls_lines(groups: Sequence[CallGroup], cells: int, look: Look, *, shown: Shown, at: Spot, now: float,
                socket: str, explained: Explained = no_words,
                kept: Kept | None = None, bodies: Bodies | None = None) -> tuple[list[Line], int]:  # fmt: skip
    """The tab's lines, and the row of the cursor. ``explained``: what a field says, "" where no lesson up to here has
    introduced its term. ``kept``, ``bodies``: rows of earlier, to be used again."""
    kept = {} if kept is None else kept
    bodies = {} if bodies is None else bodies
    if len(kept) > MOST_KEPT:
        kept.clear()
    if not groups:
        return [line(("What the docker client asks the engine appears here.", "$text-muted"))], 0
    out: list[Line] = []
    cursor = 0
    for number, group in enumerate(groups):
        is_open = group.started in shown.groups
        if (is_open and out) or (out and groups[number - 1].started in shown.groups):
            out.append(BLANK)
        if at == (number, -1):
            cursor = len(out)
        out.append(_group_row(number, group, cells, look, now, is_open, on=at == (number, -1),
                              drawn=group.started in shown.drawn))  # fmt: skip
        if not is_open:
            continue
        if group.started in shown.drawn:
            from dockertutor.tutor.call_picture import picture as sequence

            out += [BLANK, *picture(sequence(group), look)]
            continue
        for index, call in enumerate(group.calls):
            if at == (number, index):
                cursor = len(out)
            opened = call.number == shown.call
            on = at == (number, index)
            drawn_from = (number, index, call.number, call.status, call.ended, call.received, cells, look, opened, on)
            if drawn_from not in kept:
                kept[drawn_from] = _call_row((number, index), call, cells, look, opened, on=on)
            out.append(kept[drawn_from])
            if opened:
                do = ("spot", f"{number} {index}")
                rows = {label: shown_rows(call, label, cells, bodies) for label in ("sent", "answered")}
                out += _opened(call, cells, look, socket, explained, rows, None if shown.whole else do)
        if group.folded:
            more = f"        and {group.folded} more: is the engine there, or the same question again"
            out.append(cut(line((more, "$text-muted")), cells))
    return out, cursor


def _group_row(number: int, group: CallGroup, cells: int, look: Look, now: float, is_open: bool, *, on: bool,
               drawn: bool) -> Line:  # fmt: skip
    age = ago(max(0.0, now - group.started))
    fresh = now - group.started < JUST_NOW
    do = ("spot", f"{number} -1")
    if is_open:
        right: Line
        more = part(f"   {age}", "$accent" if fresh else "$text-muted")
        left = (part(group.command, "$strong bold", do), more)
        see = ("picture", str(number))
        right = (part("m", "$accent bold", see), part(f" {'rows' if drawn else 'picture'}", "$text-muted", see))
        if width(left) + width(right) >= cells:
            right = ()
        return spread(cells, left, right)
    count = len(group.calls)
    note = f"{count} call{'s' if count != 1 else ''}{age:>18}"
    command = part(group.command, "$strong bold" if on else "$text", do)
    return spread(cells, (command,), line((f"   {note}", "$text-muted")))


def duration(call: Call) -> str:
    """ "6 ms", "2.4 s", or "open" while the call goes on."""
    if call.ended is None:
        return "open"
    took = call.ended - call.started
    return f"{took * 1000:.0f} ms" if took < 9.9995 else f"{took:.1f} s"


def size(count: int) -> str:
    """ "88 B", "1.8 kB", "12 MB": as docker counts, 1000 B in a kB."""
    if count < 1000:
        return f"{count} B"
    value, units = count / 1000, ["kB", "MB", "GB"]
    while value >= 999.5 and len(units) > 1:
        value /= 1000
        del units[0]
    return f"{value:.1f} {units[0]}" if value < 9.95 else f"{value:.0f} {units[0]}"


def _sizes(call: Call) -> str:
    """How much went each way: "sent 1.8 kB, answered 88 B", or "" for none."""
    ways = (("sent", call.sent), ("answered", call.received))
    return ", ".join(f"{way} {size(count)}" for way, count in ways if count)


def _call_row(spot: Spot, call: Call, cells: int, look: Look, opened: bool, *, on: bool) -> Line:
    do = ("spot", f"{spot[0]} {spot[1]}")
    path = short_path(call)
    verb = f"{call.method:<5} "  # DELETE is one longer than its column
    room = 26
    bytes_column = 9 if cells >= WIDE else 0
    if width((Part(path),)) >= room and cells >= 80:
        room = max(room, min(width((Part(path),)) + 2, cells - 2 - 6 - 16 - 22 - bytes_column))
    left = (
        part(look.sign("−" if opened else "+") + " ", "$accent bold", do),
        part(verb, "$text-muted", do),
        part(column(path, room - 1 - (len(verb) - 6)) + " ", "$strong bold" if on or opened else "$text", do),
        part(words(call), "$text-muted", do),
    )
    status = str(call.status) if call.status else "…"
    style = "$error" if call.status >= 400 else "$text"
    answered = f"{size(call.received) if call.received else '':>{bytes_column}}" if bytes_column else ""
    return spread(cells, left, line((f"{status:>5}", style), (f"{duration(call):>9}{answered}", "$text-muted")))


def _opened(call: Call, cells: int, look: Look, socket: str, explained: Explained, rows: dict[str, list[Line]],
            more: Do | None) -> list[Line]:  # fmt: skip
    """``rows``: of the bodies. ``more``: what a click on the count of those that are left out does; None: show all."""
    out = indented(flow(sentence(call).replace("`", ""), cells - 8, look), 8)
    if sizes := _sizes(call):
        out.append(line("        ", (sizes, "$text-muted")))
    bodies = [row for label, body in rows.items() for row in _body(label, body, more)]
    if call.query:
        query = ", ".join(f"{name}={value}" for name, value in call.query.items())
        bodies = [line(("        with      ", "$text-muted"), (query, "$strong")), *bodies]
    if bodies:
        out += [BLANK, *bodies]
    known = [(field, text) for field in fields_of(call) if (text := explained(field))]
    if known:
        out.append(BLANK)
    for field, text in known:
        out += indented(flow(f"**{field}**: {text}", cells - 8, look, "$text-muted"), 8)
    curl = curl_line(call, socket)
    do = ("type", curl)
    out += [BLANK, *indented(typed(curl, cells - 8, look, do), 8)]
    puts = "  puts this at the prompt" + ("; type each (hidden) value again" if hides(call) else "")
    out += [(part("        "), part("i", "$accent bold", do), part(puts, "$text-muted", do)), BLANK]
    return out


def shown_rows(call: Call, label: str, cells: int, bodies: Bodies) -> list[Line]:
    """All rows of what the call "sent" or "answered": its body, or why that is not here."""
    asked = label == "sent"
    body = call.request if asked else call.response
    drawn_from = (call.number, call.status, call.ended, body is None, cells)
    if label not in bodies or bodies[label][0] != drawn_from:
        if body is not None:
            rows = json_lines(readable(body, asked=asked), cells - 18)
        else:
            why = not_shown(call, asked=asked)
            rows = [line((f"{why}, {size(call.sent if asked else call.received)}", "$text-muted"))] if why else []
        bodies[label] = (drawn_from, rows)
    return bodies[label][1]


def cut_short(call: Call, cells: int, bodies: Bodies) -> bool:
    """Whether rows of the opened call are left out at first."""
    return any(len(shown_rows(call, label, cells, bodies)) > ROWS for label in ("sent", "answered"))


def _body(label: str, rows: list[Line], more: Do | None) -> list[Line]:
    if len(rows) > ROWS and more is not None:
        count = f"… {len(rows) - ROWS + 1} more rows"
        keys = (part("Enter", "$accent bold", more), part(" shows them", "$text-muted", more))
        rows = [*rows[: ROWS - 1], (part(f"{count}   ", "$text-muted", more), *keys)]
    head = [Part(f"        {label:<10}", "$text-muted"), *[Part(" " * 18)] * (len(rows) - 1)]
    return [(first, *row) for first, row in zip(head, rows, strict=False)]


def json_lines(value: Any, cells: int) -> list[Line]:
    """JSON in which only the values are bright; short objects stay on one line."""
    if _fits(value, cells):
        return [_compact(value)]
    if isinstance(value, dict) and value:
        return _nested("{", "}", [((_key(name), item)) for name, item in value.items()], cells)
    if isinstance(value, list) and value:
        return _nested("[", "]", [((), item) for item in value], cells)
    return [tuple(Part(p.text[n : n + cells], p.style) for p in (piece,))
            for piece in _compact(value) for n in range(0, len(piece.text), max(1, cells))]  # fmt: skip


def _key(name: str) -> Line:
    return (part(json.dumps(name, ensure_ascii=False) + ": ", "$text-muted"),)


def _nested(left: str, right: str, items: Sequence[tuple[Line, Any]], cells: int) -> list[Line]:
    out: list[Line] = []
    for number, (head, item) in enumerate(items):
        first = Part(left if number == 0 else " ", "$text-muted")
        last = Part("," if number + 1 < len(items) else right, "$text-muted")
        inside = width(head)
        room = cells - 2 - inside
        if inside and not _fits(item, room) and (room < NARROW or _fits(item, cells - 4)):
            out.append((first, *head))
            out += [(Part("   "), *row) for row in json_lines(item, cells - 4)]
        else:
            rows = json_lines(item, room)
            out.append((first, *head, *rows[0]))
            out += [(Part(" " * (1 + inside)), *row) for row in rows[1:]]
        out[-1] = (*out[-1], last)
    return out


def _fits(value: Any, cells: int) -> bool:
    """Whether the value stands on one line of ``cells``. A long one is not read to its end for this."""
    return _least(value, cells) <= cells and width(_compact(value)) <= cells


def _least(value: Any, enough: int) -> int:
    """Cells that the value takes at the least; counted up to ``enough``."""
    if isinstance(value, dict):
        parts = [part for pair in list(value.items())[: enough + 1] for part in pair]
    elif isinstance(value, list):
        parts = value[: enough + 1]
    else:
        return min(len(value), 13) if isinstance(value, str) else 1
    count = 2
    for one in parts:
        if count > enough:
            break
        count += _least(one, enough - count)
    return count


def _compact(value: Any) -> Line:
    if isinstance(value, dict):
        parts: list[Part] = [Part("{", "$text-muted")]
        for number, (name, item) in enumerate(value.items()):
            parts += [*([Part(", ", "$text-muted")] if number else []), *_key(str(name)), *_compact(item)]
        return (*parts, Part("}", "$text-muted"))
    if isinstance(value, list):
        if value and all(not isinstance(item, (dict, list)) for item in value):
            return (part(json.dumps(value, ensure_ascii=False), "$strong"),)
        parts = [Part("[", "$text-muted")]
        for number, item in enumerate(value):
            parts += [*([Part(", ", "$text-muted")] if number else []), *_compact(item)]
        return (*parts, Part("]", "$text-muted"))
    text = value[:12] + "…" if isinstance(value, str) and _is_id(value) else value
    return (part(json.dumps(text, ensure_ascii=False), "$strong"),)


def _is_id(value: str) -> bool:
    return len(value) == 64 and all(char in "0123456789abcdef" for char in value)
