"""Matchers: whether a value is what a check asks for. Pure; a `from` is resolved by the caller's scope."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from dockertutor.checks.look import CannotSee
from dockertutor.checks.model import Matcher
from dockertutor.checks.values import (
    ANSWER,
    ANY,
    DIGEST,
    ID,
    NUMBER,
    VERSION,
    ImageValue,
    LazyExec,
    LazyNames,
    Type,
    absent,
    to_text,
    version_of,
)

PATTERN_SECONDS = 0.5
"""How long a pattern may look through one text."""
Resolve = Callable[[str, str], Any]
"""Handle and property to a value; raises FromAbsent where it cannot be had."""


class FromAbsent(Exception):
    """A `from` has no value: the check fails, under `not` too."""


def holds(matcher: Matcher, value: Any, type_: Type, resolve: Resolve) -> bool:
    """Whether ``value`` satisfies ``matcher``. An absent one satisfies only ``present: false`` and ``not``."""
    op, arg = matcher.op, matcher.arg
    if op == "not":
        return not _sub(arg, value, type_, resolve)
    if op == "all":
        return all(_sub(part, value, type_, resolve) for part in arg)
    if op == "any":
        return any(_sub(part, value, type_, resolve) for part in arg)
    if op == "present":
        there = isinstance(value, LazyNames | LazyExec) or not absent(value)
        return bool(there == (arg == "true"))
    if op == "each":
        return _each(arg, value, type_, resolve)
    if op == "from":
        wanted = resolve(*arg)
        return not absent(value) and same_value(wanted, value, type_)
    if absent(value):
        _touch(arg, resolve)
        return bool(op == "equal" and value == arg == "")
    return _OPS[op](arg, value, type_, resolve)


def _sub(arg: Any, value: Any, type_: Type, resolve: Resolve) -> bool:
    return holds(arg if isinstance(arg, Matcher) else Matcher("equal", arg), value, type_, resolve)


def _touch(arg: Any, resolve: Resolve) -> None:
    """Resolve a `from` inside an argument that is not needed, so that one without a value fails under `not` too."""
    if isinstance(arg, Matcher):
        if arg.op == "from":
            resolve(*arg.arg)
        else:
            _touch(arg.arg, resolve)
    elif isinstance(arg, tuple):
        for part in arg:
            _touch(part, resolve)


def same_value(wanted: Any, value: Any, type_: Type) -> bool:
    """Whether two values read from the engine are the same; an answer is compared as text."""
    if isinstance(wanted, ImageValue) or isinstance(value, ImageValue):
        ids = [part.id if isinstance(part, ImageValue) else part for part in (wanted, value)]
        return bool(ids[0] == ids[1])
    if type_ is ANSWER:
        return _answers(to_text(wanted), str(value))
    if type_ is DIGEST:  # an image has one in each repository that it was pushed to: `blog@sha256:…`
        return str(value) in {one.rpartition("@")[2] for one in _as_list(wanted)}
    if isinstance(wanted, tuple | list) or isinstance(value, tuple | list):
        return _as_list(wanted) == _as_list(value)
    return bool(wanted == value) or to_text(wanted) == to_text(value)


def _answers(wanted: str, said: str) -> bool:
    wanted, said = wanted.strip(), said.strip()
    if re.fullmatch(r"(sha256:)?[0-9a-f]{64}", wanted):  # the CLI shows the first twelve
        bare = said.removeprefix("sha256:").lower()
        return len(bare) >= 12 and wanted.removeprefix("sha256:").startswith(bare)
    if wanted.isdigit() and said.isdigit():
        return int(wanted) == int(said)
    return wanted == said


def _as_list(value: Any) -> list[str]:
    return [to_text(item) for item in (value if isinstance(value, tuple | list) else (value,))]


def _equal(arg: Any, value: Any, type_: Type, resolve: Resolve) -> bool:
    if isinstance(value, tuple | list):
        return len(value) == 1 and _item(arg, value[0], type_, resolve)
    if isinstance(value, ImageValue):
        return value.same(arg)
    if type_ is ANSWER:
        return _answers(arg, str(value))
    if type_ is ID:
        return bool(str(value).removeprefix("sha256:") == arg.removeprefix("sha256:"))
    if type_ is ANY or isinstance(value, str):
        return bool(to_text(value) == arg)
    try:
        return bool(type_.convert(arg) == value)
    except ValueError:
        return False


def _item(arg: Any, value: Any, type_: Type, resolve: Resolve) -> bool:
    return _sub(arg, value, type_.inner, resolve)


def _list(arg: Any, value: Any, type_: Type, resolve: Resolve) -> bool:
    items = value if isinstance(value, tuple | list) else (value,)
    return len(items) == len(arg) and all(
        _item(part, item, type_, resolve) for part, item in zip(arg, items, strict=True)
    )


def _contains(arg: Any, value: Any, type_: Type, resolve: Resolve) -> bool:
    wanted = _wanted(arg, resolve)
    if isinstance(value, tuple | list):
        if isinstance(wanted, Matcher):
            return any(_item(wanted, item, type_, resolve) for item in value)
        if isinstance(wanted, tuple):
            return set(_as_list(wanted)) <= set(_as_list(value))
        return any(_item(to_text(wanted), item, type_, resolve) for item in value)
    return to_text(wanted) in to_text(value)


def _wanted(arg: Any, resolve: Resolve) -> Any:
    """An argument's value: a `from` is resolved, a list of plain texts becomes a tuple of texts."""
    if isinstance(arg, Matcher):
        if arg.op == "from":
            return resolve(*arg.arg)
        if arg.op == "equal":
            return arg.arg
        if arg.op == "list" and all(isinstance(part, Matcher) and part.op in ("equal", "from") for part in arg.arg):
            return tuple(_wanted(part, resolve) for part in arg.arg)
    return arg


def _starts(arg: Any, value: Any, type_: Type, resolve: Resolve) -> bool:
    wanted = _wanted(arg, resolve)
    if isinstance(value, tuple | list):
        head = _as_list(wanted)
        return _as_list(value)[: len(head)] == head
    return to_text(value).startswith(to_text(wanted))


def _matches(arg: Any, value: Any, type_: Type, resolve: Resolve) -> bool:
    items = value if isinstance(value, tuple | list) else (value,)
    return any(_found(arg, to_text(item)) for item in items)


def _found(pattern: str, text: str) -> bool:
    """Whether a pattern is found in a text. It is bounded in time, and others run meanwhile: the pattern is a
    stranger's, and ``(a+)+$`` on a long log would not end in a lifetime (Python's own `re` cannot be stopped)."""
    import regex  # type: ignore[import-untyped]

    try:
        return regex.search(pattern, text, timeout=PATTERN_SECONDS, concurrent=True) is not None
    except TimeoutError:
        raise CannotSee(f"the pattern `{pattern}` of this check takes too long") from None
    except (regex.error, RecursionError, MemoryError):
        raise CannotSee(f"the pattern `{pattern}` of this check cannot be used") from None


def _compare(arg: Any, value: Any, type_: Type, resolve: Resolve) -> int | None:
    """-1, 0 or 1 as ``value`` is below, equal to or above the argument; None where they cannot be compared."""
    wanted = _wanted(arg, resolve)
    if type_ is VERSION:
        low, high = version_of(to_text(wanted)), version_of(to_text(value))
        width = max(len(low), len(high))
        low, high = low + (0,) * (width - len(low)), high + (0,) * (width - len(high))
        return (high > low) - (high < low)
    number = type_ if type_.convert is not str else NUMBER
    try:
        left = value if isinstance(value, int | float) else number.convert(to_text(value).strip())
        right = wanted if isinstance(wanted, int | float) else number.convert(to_text(wanted).strip())
    except ValueError:
        return None
    return (left > right) - (left < right)


def _at_least(arg: Any, value: Any, type_: Type, resolve: Resolve) -> bool:
    return _compare(arg, value, type_, resolve) in (0, 1)


def _at_most(arg: Any, value: Any, type_: Type, resolve: Resolve) -> bool:
    return _compare(arg, value, type_, resolve) in (0, -1)


def _length(arg: Any, value: Any, type_: Type, resolve: Resolve) -> bool:
    if isinstance(value, LazyNames | LazyExec):
        return False
    count = len(value) if isinstance(value, str | tuple | list | Mapping) else len(to_text(value))
    return _sub(arg, count, NUMBER, resolve)


def _one_of(arg: Any, value: Any, type_: Type, resolve: Resolve) -> bool:
    return any(_sub(part, value, type_, resolve) for part in arg)


def _exactly(arg: Any, value: Any, type_: Type, resolve: Resolve) -> bool:
    if isinstance(arg, Matcher) and arg.op == "each":
        names = {name_of(name, type_) for name in arg.arg}
        return isinstance(value, Mapping) and set(value) == names and _each(arg.arg, value, type_, resolve)
    items = list(value if isinstance(value, tuple | list) else (value,))
    parts = arg.arg if isinstance(arg, Matcher) and arg.op == "list" else (arg,)
    return len(items) == len(parts) and _pair(list(parts), items, type_, resolve)


def _pair(parts: list[Any], items: list[Any], type_: Type, resolve: Resolve) -> bool:
    """Whether each part can have an item of its own that satisfies it (augmenting paths: lists are short)."""
    fits = [[number for number, item in enumerate(items) if _item(part, item, type_, resolve)] for part in parts]
    owner: dict[int, int] = {}

    def place(part: int, tried: set[int]) -> bool:
        for item in fits[part]:
            if item not in tried:
                tried.add(item)
                if item not in owner or place(owner[item], tried):
                    owner[item] = part
                    return True
        return False

    return all(place(part, set()) for part in range(len(parts)))


def name_of(name: str, type_: Type) -> str:
    """A name as the engine writes it: the port ``80`` is ``80/tcp``."""
    return f"{name}/tcp" if type_.by_port and name.isdigit() else name


def _each(arg: Mapping[str, Any], value: Any, type_: Type, resolve: Resolve) -> bool:
    if isinstance(value, LazyExec):
        command = tuple(part.arg for part in arg["command"].arg)
        value, arg = value.run(command) or {}, {name: part for name, part in arg.items() if name != "command"}
    return all(_of_name(part, named(value, name_of(name, type_)), type_.inner, resolve) for name, part in arg.items())


def _of_name(part: Any, value: Any, type_: Type, resolve: Resolve) -> bool:
    """A name that is there is there, even with nothing in it: an empty file, a variable set to ""."""
    if isinstance(part, Matcher) and part.op == "present" and value == "":
        return bool(part.arg == "true")
    return _sub(part, value, type_, resolve)


def named(value: Any, name: str) -> Any:
    """The value of one name of a mapping, None where there is none."""
    if isinstance(value, LazyNames):
        return value.get(name)
    return value.get(name) if isinstance(value, Mapping) else None


_OPS: dict[str, Callable[[Any, Any, Type, Resolve], bool]] = {
    "equal": _equal,
    "list": _list,
    "contains": _contains,
    "starts-with": _starts,
    "matches": _matches,
    "one-of": _one_of,
    "at-least": _at_least,
    "at-most": _at_most,
    "length": _length,
    "exactly": _exactly,
}
