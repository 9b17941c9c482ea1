"""How figures are printed: the machine at the top; medians, 95th percentiles, ratios and what was promised in rows."""

from __future__ import annotations

import os
import statistics
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dockertutor.errors import EngineFault


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    """The value below which ``share`` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def machine() -> str:
    """Processors, load and the engine's version, in one line."""
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{os.cpu_count()} cores, load {load}, {engine_label()}"


def engine_label() -> str:
    """The engine that the figures are taken with."""
    from dockertutor.engine.connection import candidates, connect, first_listening
    from dockertutor.errors import EngineFault

    try:
        with closing(connect(first_listening(candidates()))) as engine:
            return f"{engine.label} {engine.where}"
    except EngineFault as fault:
        return fault.what


def engine_fault() -> EngineFault | None:
    """Why no engine answers; None where one does."""
    from dockertutor.engine.connection import candidates, connect, first_listening
    from dockertutor.errors import EngineFault

    try:
        connect(first_listening(candidates())).close()
    except EngineFault as fault:
        return fault
    return None


def print_machine() -> None:
    """Print the machine, unless the run of all benches has done so."""
    if "BENCH_ALL" not in os.environ:
        print(machine(), flush=True)


class Figures:
    """One table. Values are in seconds; ``unit`` is how they are shown ("ms" or "s")."""

    def __init__(self, title: str, unit: str = "ms") -> None:
        self._times = 1000 if unit == "ms" else 1
        self._unit = unit
        self.missed: list[str] = []
        load = os.getloadavg()[0]
        print(f"\n{title} (load {load:.1f})")
        print(f"  {'':<40}{'n':>6}{'median':>12}{'p95':>12}{'ratio':>9}   promised")

    def row(
        self,
        name: str,
        seconds: Sequence[float],
        *,
        ratio: float | None = None,
        promised: str = "",
        held: bool = True,
    ) -> None:
        """One row; ``held``: whether the promise is kept."""
        middle, high = (f"{value * self._times:8.1f} {self._unit}" for value in
                        (statistics.median(seconds), percentile(seconds)))  # fmt: skip
        beside = f"{ratio:.2f}x" if ratio is not None else ""
        self.say(f"  {name:<40}{len(seconds):>6}{middle:>12}{high:>12}{beside:>9}   {promised}", name, held)

    def line(self, name: str, value: str, *, promised: str = "", held: bool = True) -> None:
        """A row with one value in words."""
        self.say(f"  {name:<40}{value:>39}   {promised}", name, held)

    def say(self, text: str, name: str, held: bool) -> None:
        print(text + ("" if held else "  MISSED"), flush=True)
        if not held:
            self.missed.append(name)

    def end(self) -> int:
        """The exit status: 1 where a promise is missed."""
        return 1 if self.missed else 0
