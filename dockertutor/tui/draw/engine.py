"""The engine tab: containers, images, networks and volumes as rows that appear and change."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from dockertutor.tui.draw.ages import JUST_NOW, ago
from dockertutor.tui.draw.ink import Line, column, line, stack
from dockertutor.tui.draw.look import Look
from dockertutor.tutor.engine_view import EngineRow, Panel
from dockertutor.tutor.view import EngineStatus

STATES = {"running": ("●", "$success", "running"), "exited": ("○", "$text-muted", "stopped"),
          "created": ("○", "$text-muted", "created"), "paused": ("‖", "$warning", "paused"),
          "restarting": ("◐", "$warning", "restarting"), "dead": ("✗", "$error", "dead"),
          "removing": ("◐", "$warning", "removing")}  # fmt: skip
"""Sign, colour and word for each state that the API names."""
KINDS = ("container", "image", "network", "volume")


def engine_lines(panel: Panel, cells: int, look: Look, *, now: float, engine: EngineStatus | None = None) -> list[Line]:
    """The whole tab. ``now``: seconds since the epoch."""
    if engine is not None and engine.state == "fault":
        return [line((look.sign("✗") + " ", "$error bold"), (engine.what or "The engine does not answer.", "$text"))]
    ordered = sorted(panel.rows, key=lambda row: KINDS.index(row.kind) if row.kind in KINDS else len(KINDS))
    found = {kind: list(rows) for kind, rows in groupby(ordered, key=lambda row: row.kind)}
    tables = [_table(kind, rows, cells, look, now) for kind, rows in found.items()]
    if not tables:
        tables = [[_head("container", cells)], [line(("Nothing here yet. What you make appears by itself.",
                                                      "$text-muted"))]]  # fmt: skip
        tables = [[*tables[0], *tables[1]]]
    others = [f"{count} {kind}{'s' if count != 1 else ''}" for kind, count in panel.others.items() if count]
    rest = [line(("Also on this engine, not made here: " + ", ".join(others), "$text-muted"))] if others else []
    return stack(*tables, rest)


def _widths(kind: str, cells: int) -> tuple[int, int, int, int]:
    """Columns of name, image, state and ports. Most of the names that Docker gives are whole in 24."""
    if kind != "container":
        return cells - 2 - 16, 0, 0, 0
    if cells >= 88:
        return 24 + min(cells - 88, 16), 16, 12, 16
    image = 12 if cells >= 66 else 0  # ports are looked for more often
    name = 16 + max(0, min(cells - 2 - 16 - image - 9 - 13 - 15, 8))
    return name, image, 9, min(13, max(0, cells - 2 - name - image - 9 - 14))


def _head(kind: str, cells: int) -> Line:
    sizes = _widths(kind, cells)
    words = (kind, *(("image", "state", "ports") if kind == "container" else ("", "", "")))
    left = "  " + "".join(column(word, size) for word, size in zip(words, sizes, strict=True))
    return line((left + column("changed", max(0, cells - len(left)), right=True), "$text-muted"))


def _table(kind: str, rows: Sequence[EngineRow], cells: int, look: Look, now: float) -> list[Line]:
    return [_head(kind, cells), *(_row(row, cells, look, now) for row in rows)]


def _row(row: EngineRow, cells: int, look: Look, now: float) -> Line:
    name, image, state, ports = _widths(row.kind, cells)
    age = max(0.0, now - row.changed)
    hot = row.fresh and age < JUST_NOW
    ink = "$strong bold" if hot else "$text"
    sign, colour, word = STATES.get(row.state, ("○", "$text-muted", row.state)) if row.kind == "container" else (
        " ", "", "")  # fmt: skip
    arrows = look.value(row.ports)
    gap = " "
    return line(
        (look.sign(sign) + " ", colour),
        (column(row.name, name - 1) + gap, ink),
        (column(row.image, image - 1) + gap if image else "", "$text-muted"),
        (column(word, state - 1) + gap if state else "", ink),
        (column(arrows, ports - 1) + gap if ports else "", ink),
        (column(ago(age), max(0, cells - 2 - name - image - state - ports), right=True),
         "$accent" if hot else "$text-muted"),
    )  # fmt: skip
