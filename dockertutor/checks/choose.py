"""Which new objects the checks mean: in ``expect`` each a different one, chosen so that all hold."""

from __future__ import annotations

from collections.abc import Callable

from dockertutor.checks.kinds import KINDS
from dockertutor.checks.look import CannotSee, NotYet
from dockertutor.checks.model import Check
from dockertutor.checks.rows import Row, may_hold, object_rows
from dockertutor.checks.scope import Scope, handles_of
from dockertutor.facts import New, Object

MOST = 30
"""How many new objects of a kind are looked at, newest first."""
STEPS = 600
"""How many choices are tried before the best so far is taken."""

Rows = Callable[[int], list[Row]]


def new_positions(checks: tuple[Check, ...]) -> list[int]:
    """Positions of the checks that mean a new object."""
    return [number for number, check in enumerate(checks) if check.subject.new and KINDS[check.kind].object]


def pools(scope: Scope) -> dict[str, tuple[Object, ...]]:
    """The new objects of each kind that is asked for, newest first. Kinds that cannot be seen are left out."""
    found = {}
    for position in new_positions(scope.checks):
        kind = scope.checks[position].kind
        try:
            found[kind] = tuple(scope.look(New(kind)))[:MOST]
        except (NotYet, CannotSee):
            continue
    return found


def newest(scope: Scope) -> None:
    """As in a mistake: the first check means the newest, the second the next newest."""
    taken: dict[str, int] = {}
    found = pools(scope)
    for position in new_positions(scope.checks):
        kind = scope.checks[position].kind
        if kind in found:
            number = taken.get(kind, 0)
            taken[kind] = number + 1
            scope.objects[position] = found[kind][number] if number < len(found[kind]) else None


class Choice:
    """Chooses for ``expect``. ``rows`` judges the check at a position with the objects chosen so far."""

    def __init__(self, scope: Scope, rows: Rows) -> None:
        self.scope = scope
        self.rows = rows
        self.found = pools(scope)
        self.positions = [p for p in new_positions(scope.checks) if scope.checks[p].kind in self.found]
        handles = {scope.checks[position].handle for position in self.positions} - {""}
        # what does not rest on a new object says nothing about the choice
        self.resting = [
            position
            for position, check in enumerate(scope.checks)
            if position in self.positions or handles & handles_of(check)
        ]
        self.steps = 0

    def choose(self) -> None:
        """Fill ``scope.objects``; needs that came up are noted in the scope's look, then nothing is chosen."""
        if not self.positions:
            return
        scores = {position: self._alone(position) for position in self.positions}
        if self.scope.look.missing:
            return
        if self._all_hold(0, scores):
            return
        best = self._best(scores)
        for position, thing in zip(self.positions, best, strict=True):
            self.scope.objects[position] = thing

    def _alone(self, position: int) -> list[tuple[float, bool, Object]]:
        """Each object with its score and whether it may hold, judged without the others."""
        check, scored = self.scope.checks[position], []
        for thing in self.found[check.kind]:
            self.scope.objects[position] = thing
            verdicts = [row.verdict for row in object_rows(check, thing, self.scope)]
            may = all(map(may_hold, verdicts))
            points = {"pass": 1.0, "waiting": 0.5, "unknown": 0.5}
            score = sum(points.get(v.status, 0.0) for v in verdicts) + (2 if verdicts[0].status == "pass" else 0)
            scored.append((score + (100 if may else 0), may, thing))
        self.scope.objects.pop(position, None)
        return scored

    def _free(self, number: int, thing: Object) -> bool:
        return all(
            (taken := self.scope.objects.get(p)) is None or taken.id != thing.id or taken.kind != thing.kind
            for p in self.positions[:number]
        )

    def _all_hold(self, number: int, scores: dict[int, list[tuple[float, bool, Object]]]) -> bool:
        if number == len(self.positions):
            chosen = [self.rows(position) for position in self.resting]
            return all(row.verdict.status == "pass" for rows in chosen for row in rows)
        position = self.positions[number]
        for _, may, thing in scores[position]:
            self.steps += 1
            if not may or self.steps > STEPS or not self._free(number, thing):
                continue
            self.scope.objects[position] = thing
            if self._compared(position) and self._all_hold(number + 1, scores):
                return True
        self.scope.objects.pop(position, None)
        return False

    def _compared(self, position: int) -> bool:
        """Whether the check may hold beside those chosen before it, as far as it is compared with them."""
        check = self.scope.checks[position]
        if not handles_of(check):
            return True
        thing = self.scope.objects[position]
        return all(may_hold(row.verdict) for row in object_rows(check, thing, self.scope))

    def _best(self, scores: dict[int, list[tuple[float, bool, Object]]]) -> list[Object | None]:
        """The choice with most rows that hold; newer objects where two are equal."""
        best: tuple[float, list[Object | None]] = (-1.0, [None] * len(self.positions))
        tops = [sorted(scores[p], key=lambda one: -one[0])[: len(self.positions) + 1] for p in self.positions]

        def descend(number: int, total: float, chosen: list[Object | None]) -> None:
            nonlocal best
            self.steps += 1
            if number == len(self.positions):
                if total > best[0]:
                    best = (total, list(chosen))
                return
            for score, _, thing in tops[number]:
                if self.steps < STEPS and all(
                    other is None or (other.kind, other.id) != (thing.kind, thing.id) for other in chosen
                ):
                    descend(number + 1, total + score, [*chosen, thing])
            descend(number + 1, total, [*chosen, None])

        self.steps = 0
        descend(0, 0.0, [])
        return best[1]
