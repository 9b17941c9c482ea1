"""Facts as JSON and back: the evidence of a verdict, so that it can be judged again, anywhere and later."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from dockertutor import facts as facts_module
from dockertutor.checks.judge import judge
from dockertutor.checks.left_out import LeftOut
from dockertutor.checks.model import Check, Verdict
from dockertutor.errors import ProgressError
from dockertutor.facts import Facts

FORMAT = 1
_RECORDS: dict[str, type] = {
    name: record
    for name, record in vars(facts_module).items()
    if isinstance(record, type) and dataclasses.is_dataclass(record)
}


def facts_to_json(facts: Facts, checks: Sequence[Check] | None = None) -> dict[str, Any]:
    """Facts as a value that ``json.dumps`` takes. Needs and what was found stand side by side under ``seen``.

    With ``checks`` (those that were judged) the values of environment variables and labels are left out, but for those
    that one of them names, and so are credentials in a command line: see `left_out`."""
    if checks is not None:
        facts = LeftOut(checks).facts(facts)
    fields = {
        field.name: _out(getattr(facts, field.name)) for field in dataclasses.fields(Facts) if field.name != "seen"
    }
    seen = [{"need": _out(need), "found": _out(found)} for need, found in facts.seen.items()]
    return {"format": FORMAT, **fields, "seen": seen}


def facts_from_json(value: Mapping[str, Any]) -> Facts:
    """Facts again. Raises ProgressError where the value is of another format or damaged."""
    try:
        if value["format"] != FORMAT:
            raise ValueError(f"format {value['format']}")
        names = {field.name for field in dataclasses.fields(Facts)} - {"seen"}
        fields = {name: _in(value[name]) for name in names if name in value}
        return Facts(**fields, seen={_in(row["need"]): _in(row["found"]) for row in value["seen"]})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ProgressError(
            "This evidence cannot be read.",
            "It may be damaged, or of a newer dockertutor: judge the exercise again.",
            detail=str(error),
        ) from error


_SHOWING = frozenset(("env", "labels", "inspect", "history"))
"""Properties whose rows may show values that are left out of the evidence."""


def verdicts_to_keep(
    verdicts: Sequence[Verdict], expect: Sequence[Check], facts: Facts, checks: Sequence[Check]
) -> tuple[Verdict, ...]:
    """The verdicts of ``expect`` by ``facts``, with texts as they are told by the evidence: see `facts_to_json`."""
    if not any(verdict.key in _SHOWING for verdict in verdicts):
        return tuple(verdicts)
    told = judge(expect, LeftOut(checks).facts(facts)).verdicts
    same = [(one.key, one.title) for one in told] == [(one.key, one.title) for one in verdicts]
    return tuple(
        dataclasses.replace(one, expected=other.expected if same else "", found=other.found if same else "")
        if one.key in _SHOWING
        else one
        for one, other in zip(verdicts, told if same else verdicts, strict=True)
    )


def _out(value: Any) -> Any:
    """A record as ``{"$": name, …}``, a tuple as ``{"$": "tuple", "of": […]}``; JSON values as they are."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: _out(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"$": type(value).__name__, **fields}
    if isinstance(value, tuple):
        return {"$": "tuple", "of": [_out(item) for item in value]}
    if isinstance(value, frozenset):
        return {"$": "set", "of": sorted(map(_out, value))}
    if isinstance(value, Mapping):
        plain = {str(name): _out(item) for name, item in value.items()}
        return {"$": "map", "of": plain} if "$" in plain else plain
    return [_out(item) for item in value] if isinstance(value, list) else value


def _in(value: Any) -> Any:
    if isinstance(value, list):
        return [_in(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$" not in value:
        return {name: _in(item) for name, item in value.items()}
    kind = value["$"]
    if kind == "map":
        return {name: _in(item) for name, item in value["of"].items()}
    if kind in ("tuple", "set"):
        return (tuple if kind == "tuple" else frozenset)(_in(item) for item in value["of"])
    return _RECORDS[kind](**{name: _in(item) for name, item in value.items() if name != "$"})
