"""From the matchers of a `given` check to plain values that something can be made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dockertutor.checks.kinds import KINDS
from dockertutor.checks.model import Check, Matcher
from dockertutor.checks.values import Type
from dockertutor.errors import TutorError

Resolve = Callable[[str, str], Any]
"""Handle and property to its value."""


class Unmakeable(TutorError):
    """The lesson asks for something that cannot be made, or must not be."""


def wanted(check: Check, resolve: Resolve) -> dict[str, Any]:
    """The values that ``check`` asks for, by property: text, int, bool, list or mapping. What only compares
    (``present: false``, ``not``, ``at-least`` …) makes nothing and is left to the verification."""
    kind = KINDS[check.kind]
    found: dict[str, Any] = {}
    for name, matcher in check.properties:
        prop = kind.find(name)
        if prop is not None and (value := _value(matcher, prop.type, resolve)) is not None:
            found[name] = value
    return found


def _value(matcher: Any, type_: Type, resolve: Resolve) -> Any:
    if not isinstance(matcher, Matcher):
        return _converted(matcher, type_)
    op, arg = matcher.op, matcher.arg
    if op == "equal":
        one = _converted(arg, type_.inner if type_.shape == "list" else type_)
        return [one] if type_.shape == "list" else one
    if op == "from":
        return resolve(*arg)
    if op == "list":
        return [value for part in arg if (value := _value(part, type_.inner, resolve)) is not None]
    if op == "exactly":
        inner = _value(arg, type_, resolve)
        return inner if isinstance(inner, list | dict) or type_.shape != "list" else [inner]
    if op in ("contains", "starts-with") and type_.shape == "list":
        one = _value(arg, type_.inner, resolve)
        return one if isinstance(one, list) else [one]
    if op == "each":
        named = {name: _value(part, type_.inner, resolve) for name, part in arg.items()}
        return {name: value for name, value in named.items() if value is not None}
    if op == "all":
        return _merged([_value(part, type_, resolve) for part in arg])
    if op in ("one-of", "any") and arg:
        return _value(arg[0], type_, resolve)
    return None


def _converted(text: Any, type_: Type) -> Any:
    try:
        return type_.convert(text) if isinstance(text, str) else text
    except ValueError as error:
        raise Unmakeable(
            f"The lesson asks for {error}, and says {text}.", "Report this to the lesson's author."
        ) from None


def _merged(parts: list[Any]) -> Any:
    maps = [part for part in parts if isinstance(part, Mapping)]
    if maps:
        return {name: value for part in maps for name, value in part.items()}
    return next((part for part in parts if part is not None), None)
