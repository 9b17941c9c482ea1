"""What proofs come to: one record a case, what all of them left behind, and what they touched that was not theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from dockertutor.facts import Baseline

Kind = Literal["untouched", "solution", "also", "mistake", "recovery"]


@dataclass(frozen=True)
class Case:
    """One proof. ``id``: the mistake's id, the number of the ``also``, or "", with ``stage N: `` before it where an
    exercise has several. ``verdict``: what was seen; ``seconds``: how long it took. ``why``: what is wrong, when not
    ``ok``."""

    lesson: str
    exercise: str
    case: Kind
    id: str
    ok: bool
    verdict: str
    seconds: float
    why: str = ""


@dataclass
class Totals:
    """What all cases came to. ``left``/``touched``: objects of ours that are still there, foreign ones that are not.
    ``skipped``: exercises that cannot be proved on this engine."""

    cases: list[Case] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return all(case.ok for case in self.cases) and not self.left and not self.touched

    def compare(self, before: Baseline, after: Baseline, where: str) -> None:
        """Note what is there now and was not, and what was there and is not, tags of images included."""
        for kind in ("container", "network", "volume", "image"):
            then, now = before.ids.get(kind, frozenset()), after.ids.get(kind, frozenset())
            self.left += [f"{where}: {kind} {_name(after, kind, one)}" for one in sorted(now - then)]
            self.touched += [f"{where}: {kind} {_name(before, kind, one)}" for one in sorted(then - now)]
            names, still = before.names.get(kind, {}), after.names.get(kind, {})
            self.touched += [f"{where}: {kind} {n}" for n, one in names.items() if one in now and still.get(n) != one]


def _name(baseline: Baseline, kind: str, id_: str) -> str:
    names = baseline.names.get(kind, {})
    return next((name for name, one in names.items() if one == id_), id_)
