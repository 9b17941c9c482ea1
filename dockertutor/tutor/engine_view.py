"""What a front end draws of the engine: the live panel's rows, and the API calls. See `tutor.view`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dockertutor.facts import Call


@dataclass(frozen=True)
class EngineRow:
    """One row of the live engine panel. ``kind``: container, image, network, volume. ``state``: as Docker says
    (running, exited, paused …). ``ports``: "8317 → 80". ``changed``: seconds since the epoch. ``fresh``: changed
    since the last command began. ``ours``: known by the ledger."""

    kind: str
    id: str
    name: str
    image: str = ""
    state: str = ""
    ports: str = ""
    changed: float = 0.0
    fresh: bool = False
    ours: bool = False


@dataclass(frozen=True)
class Panel:
    """The live engine panel: rows that belong to this attempt first, newest first; the rest counted."""

    rows: tuple[EngineRow, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class CallGroup:
    """API calls that one command caused. ``command``: as typed, or the client's command line."""

    command: str
    started: float
    calls: tuple[Call, ...]
    folded: int = 0
