"""Judging: checks and facts in, verdicts out. Pure; facts that are missing are asked for as needs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from dockertutor.checks.choose import Choice, newest
from dockertutor.checks.kinds import KINDS
from dockertutor.checks.look import CannotSee, Look, NotYet
from dockertutor.checks.model import Check, Judgement, Verdict
from dockertutor.checks.outside import outside_rows
from dockertutor.checks.rows import NOT_YET, Row, gravest, object_rows, title
from dockertutor.checks.scope import Scope, handles_of
from dockertutor.checks.values import to_text
from dockertutor.facts import Facts, Names, Need

_AFTER_OBJECTS = ("http", "registry")
"""Kinds that only answer when the containers before them are right."""


def judge(checks: Sequence[Check], facts: Facts) -> Judgement:
    """What holds of ``checks``, by ``facts``. Missing facts come back as ``needs``: fetch them and judge again (three
    rounds suffice). A fail while things still move (``facts.quiet`` is false) is "waiting"."""
    look = Look(facts)
    scope = Scope(tuple(checks), look)
    scope.first_needs()
    if look.missing:
        return Judgement(needs=frozenset(look.missing))
    _Faults(scope).place()
    Choice(scope, lambda position: _rows(scope, position)).choose()
    if look.missing:
        return Judgement(needs=frozenset(look.missing))
    groups = [_rows(scope, position) for position in range(len(scope.checks))]
    groups = _in_order(scope, groups)
    groups = [[_near(scope, position, row) for row in rows] for position, rows in enumerate(groups)]
    remembered = _remembered(scope) if all(r.verdict.status == "pass" for rows in groups for r in rows) else {}
    if look.missing:
        return Judgement(needs=frozenset(look.missing))
    verdicts = tuple(_settled(row.verdict, facts) for rows in groups for row in rows)
    things = [thing for thing in scope.objects.values() if thing is not None]
    return Judgement(
        status=gravest([verdict.status for verdict in verdicts]),
        verdicts=verdicts,
        handles={
            check.handle: thing
            for position, check in enumerate(scope.checks)
            if check.handle and (thing := scope.objects.get(position)) is not None
        },
        remembered=remembered,
        objects=frozenset(thing.id for thing in things if thing.kind != "daemon"),
    )


def first_mistake(
    mistakes: Sequence[tuple[str, tuple[Check, ...]]], facts: Facts
) -> tuple[str | None, frozenset[Need]]:
    """The id of the first mistake whose checks all hold, or None; and the facts that are missing to tell."""
    needs: set[Need] = set()
    for name, when in mistakes:
        look = Look(facts)
        if _holds(when, look) and not look.missing and not needs:
            return name, frozenset()
        needs |= look.missing
    return None, frozenset(needs)


def _holds(when: tuple[Check, ...], look: Look) -> bool:
    scope = Scope(when, look)
    scope.first_needs()
    if look.missing:
        return False
    _Faults(scope).place()
    newest(scope)
    # every check is judged to its first row that does not hold: what is missing is then asked for at once
    verdicts = [row.verdict for position in range(len(when)) for row in _rows(scope, position)]
    if any(verdict.status in ("fail", "skipped", "waiting") for verdict in verdicts):
        look.missing.clear()
    return all(verdict.status == "pass" for verdict in verdicts)


class _Faults:
    """Places the objects that checks name."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def place(self) -> None:
        """Fill in the objects of named and given checks; one that cannot be seen stays open."""
        for position, check in enumerate(self.scope.checks):
            if KINDS[check.kind].object and not check.subject.new:
                try:
                    self.scope.objects[position] = self.scope.named_object(check)
                except (NotYet, CannotSee):
                    continue


def _rows(scope: Scope, position: int) -> list[Row]:
    check = scope.checks[position]
    if not KINDS[check.kind].object:
        return outside_rows(check, scope)
    if position not in scope.objects:
        return [Row(Verdict("unknown", title(check, None), why=_fault(scope, check)), f"the {check.kind}")]
    return object_rows(check, scope.objects[position], scope)


def _fault(scope: Scope, check: Check) -> str:
    need = scope.subject_need(check)
    try:
        if need is not None:
            scope.look(need)
    except CannotSee as fault:
        return str(fault)
    except NotYet:
        pass
    return NOT_YET


def _in_order(scope: Scope, groups: list[list[Row]]) -> list[list[Row]]:
    """A page or repository that fails after a container failed, and a comparison with an object that is not right
    yet, are told as coming later: one thing at a time."""
    done: list[list[Row]] = []
    first: Row | None = None
    for check, rows in zip(scope.checks, groups, strict=True):
        failed = next((row for row in rows if row.verdict.status == "fail"), None)
        if failed is not None and first is not None and _rests(scope, check, done):
            rows = [
                Row(replace(row.verdict, status="skipped", expected="", found="", near="", why=f"after {first.after}"),
                    row.after)
                if row.verdict.status in ("fail", "skipped") else row
                for row in rows
            ]  # fmt: skip
        elif failed is not None and first is None and KINDS[check.kind].object:
            first = failed
        done.append(rows)
    return done


def _rests(scope: Scope, check: Check, done: list[list[Row]]) -> bool:
    if check.kind in _AFTER_OBJECTS:
        return True
    used = handles_of(check)
    earlier: Iterable[tuple[Check, list[Row]]] = zip(scope.checks, done, strict=False)
    return any(other.handle in used and any(row.verdict.status == "fail" for row in rows) for other, rows in earlier)


def _near(scope: Scope, position: int, row: Row) -> Row:
    """A named object that is not there: the name that looks most like it."""
    check, verdict = scope.checks[position], row.verdict
    missing = position in scope.objects and scope.objects[position] is None
    if not missing or verdict.status != "fail" or check.exists is False or check.subject.name is None or verdict.near:
        return row
    try:
        names = scope.look(Names(check.kind))
    except (NotYet, CannotSee):
        return row
    close = difflib.get_close_matches(check.subject.name, sorted(names), n=1, cutoff=0.6)
    return Row(replace(verdict, near=close[0]), row.after) if close else row


def _remembered(scope: Scope) -> dict[str, str]:
    kept = {}
    for position, check in enumerate(scope.checks):
        thing = scope.objects.get(position)
        for name, key in check.remember.items():
            prop = KINDS[check.kind].find(key)
            if prop is not None and thing is not None:
                try:
                    kept[name] = to_text(prop.read(thing, scope.look))
                except (NotYet, CannotSee):
                    continue
    return kept


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _settled(verdict: Verdict, facts: Facts) -> Verdict:
    """As it is shown: a fail is not final while things move, and no escape code of a container gets through."""
    texts = ("title", "object", "expected", "found", "near", "why")
    dirty: dict[str, Any] = {
        name: _CONTROL.sub("�", text) for name in texts if _CONTROL.search(text := getattr(verdict, name))
    }
    verdict = replace(verdict, **dirty) if dirty else verdict
    if verdict.status == "fail" and not facts.quiet:
        return replace(verdict, status="waiting", why="not settled yet")
    return verdict
