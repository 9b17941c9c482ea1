"""From verdicts to the rows under "Done when", as the screen draws them: quiet until something is final."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from dockertutor.checks.kinds import KINDS
from dockertutor.checks.match import FromAbsent
from dockertutor.checks.model import Check, Matcher, Verdict
from dockertutor.checks.outside import NO_ANSWER
from dockertutor.checks.words import expected
from dockertutor.tutor.step_view import CheckRow

UNSETTLED = "not settled yet"
"""``Verdict.why`` of a fail while things still move (`checks.judge`)."""

_FOLDED = ("command", "args", "entrypoint")
"""Properties that would repeat the task at length: they get a row only while they do not hold."""
_LONGEST_NOTE = 24


def check_rows(
    checks: Sequence[Check],
    verdicts: Sequence[Verdict],
    *,
    touched: bool,
    before: Sequence[CheckRow] = (),
    explanation: str = "",
    ages: Mapping[str, str] = MappingProxyType({}),
) -> tuple[CheckRow, ...]:
    """The rows. ``touched``: the learner has done something; until then every row is open. ``before``: the rows as
    they were, so that a fail that is not final yet looks as it did. ``explanation``: the mistake's text, which hangs
    on the first failed row. ``ages``: by name, when objects were made ("made just now")."""
    old = {(row.title, place): row for place, row in _counted(before)}
    rows: list[CheckRow] = []
    seen: dict[str, int] = {}
    for verdict, wanted, folded in zip(verdicts, _open_notes(checks, verdicts), _folded(checks, verdicts), strict=True):
        if folded and verdict.status in ("pass", "skipped"):
            continue
        if folded and (not touched or verdict.why == UNSETTLED) and verdict.title not in {title for title, _ in old}:
            continue
        place = seen.get(verdict.title, 0)
        seen[verdict.title] = place + 1
        row = _row(verdict, wanted, touched, old.get((verdict.title, place)))
        if row.status == "fail" and row.closest in ages:
            row = replace(row, closest=f"{row.closest}, {ages[row.closest]}")
        if row.status == "fail" and explanation and verdict.status == "fail":
            row = replace(row, explanation=explanation)
            explanation = ""
        elif row.status == "fail" and verdict.found == NO_ANSWER:  # the learner is on the way: nothing is wrong yet
            row = CheckRow("open", row.title)
        rows.append(row)
    return tuple(rows)


def _row(verdict: Verdict, wanted: str, touched: bool, before: CheckRow | None) -> CheckRow:
    title = verdict.title
    if not touched:
        return CheckRow("open", title, wanted)
    match verdict.status:
        case "pass":
            note = verdict.object if not verdict.key else verdict.found
            return CheckRow("pass", title, note or verdict.found)
        case "waiting" if verdict.why == UNSETTLED:
            kept = before is not None and before.status == "fail" and before.found == verdict.found
            return before if kept and before is not None else CheckRow("open", title, wanted)
        case "waiting":
            return CheckRow("waiting", title, verdict.why or "asking", verdict.expected, verdict.found)
        case "skipped":
            return CheckRow("open", title, verdict.why or wanted)
        case "unknown":
            return CheckRow("unknown", title, verdict.why)
        case _:
            return CheckRow("fail", title, "not yet", verdict.expected, verdict.found, verdict.near)


def _counted(rows: Sequence[CheckRow]) -> Iterator[tuple[int, CheckRow]]:
    seen: dict[str, int] = {}
    for row in rows:
        place = seen.get(row.title, 0)
        seen[row.title] = place + 1
        yield place, row


def _properties(checks: Sequence[Check], verdicts: Sequence[Verdict]) -> Iterator[tuple[Check, Matcher] | None]:
    """The property that each verdict is about, None for an object's own row. Both stand in the checks' order."""
    flat = [(check, name, matcher) for check in checks for name, matcher in check.properties]
    at = 0
    for verdict in verdicts:
        found = None
        if verdict.key:
            for place in range(at, len(flat)):
                if flat[place][1] == verdict.key:
                    found = (flat[place][0], flat[place][2])
                    at = place + 1
                    break
        yield found


def _open_notes(checks: Sequence[Check], verdicts: Sequence[Verdict]) -> Iterator[str]:
    """What an open row says at its right: what is asked for, where that is short."""
    for verdict, found in zip(verdicts, _properties(checks, verdicts), strict=True):
        if found is None or found[0].kind in ("answer", "typed") or _compares(found[1]):
            yield ""
            continue
        text = _expected(found[0], verdict.key, found[1])
        yield text if len(text) <= _LONGEST_NOTE else ""


def _compares(matcher: object) -> bool:
    """Whether it asks for what another object has: the name of that one in the lesson is its author's alone."""
    if isinstance(matcher, Mapping):
        return any(map(_compares, matcher.values()))
    if isinstance(matcher, tuple):
        return any(map(_compares, matcher))
    return isinstance(matcher, Matcher) and (matcher.op == "from" or _compares(matcher.arg))


def _folded(checks: Sequence[Check], verdicts: Sequence[Verdict]) -> Iterator[bool]:
    for verdict in verdicts:
        yield verdict.key in _FOLDED


def _expected(check: Check, key: str, matcher: Matcher) -> str:
    prop = KINDS[check.kind].find(key)
    return expected(matcher, prop.type, _nothing_yet) if prop is not None else ""


def _nothing_yet(handle: str, name: str) -> object:
    raise FromAbsent(handle, name)
