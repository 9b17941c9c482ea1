"""What was expected and what was found, in words that a beginner reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from dockertutor.checks.match import FromAbsent, Resolve, name_of, named
from dockertutor.checks.model import Matcher
from dockertutor.checks.values import (
    ANY,
    CHANGES,
    EXEC,
    FILES,
    NUMBER,
    PORTS,
    TEXT,
    ImageValue,
    LazyExec,
    LazyNames,
    Type,
    absent,
    quoted,
    to_text,
)

_BY_PATH = (FILES, CHANGES)
"""Of these a name is a path, which may have a ``=`` in it."""
_PRESENT = {"true": "there", "false": "none"}


def expected(matcher: Matcher, type_: Type, resolve: Resolve) -> str:
    """What the matcher asks for: ``8317 → 80``, ``running``, ``at least 2``."""
    op, arg = matcher.op, matcher.arg
    if op == "each":
        return ", ".join(_name(name, part, type_, resolve) for name, part in arg.items() if _spoken(name, type_))
    if op == "equal":
        return _plain(arg, type_)
    if op == "present":
        return _PRESENT[arg]
    if op == "list":
        return _items(tuple(_of(part, type_.inner, resolve) for part in arg))
    if op == "from":
        return _from(arg, type_, resolve)
    if op == "not":
        said = _of(arg, type_, resolve)
        return next((f"{no}{said.removeprefix(yes)}" for yes, no in _NEGATED if said.startswith(yes)), f"not {said}")
    if op in ("all", "any", "one-of"):
        joint = " and " if op == "all" else " or "
        return joint.join(_of(part, type_, resolve) for part in arg)
    if op == "length":
        count = _of(arg, NUMBER, resolve)
        unit = "character" if type_.shape == "one" else type_.unit
        return f"{count} {unit}{'' if count == '1' else 's'}"
    if op == "matches":
        return _pattern(arg)
    if op == "exactly":
        return f"exactly {_of(arg, type_, resolve)}"
    wanted = arg if isinstance(arg, Matcher) else Matcher("equal", arg)
    said = expected(wanted, type_.inner if wanted.op not in ("list", "from") else type_, resolve)
    return f"{_OP_WORDS[op]} {said}"


_OP_WORDS = {
    "contains": "has",
    "starts-with": "begins with",
    "at-least": "at least",
    "at-most": "at most",
}


_NEGATED = (
    ("has ", "without "),
    ("begins with ", "not beginning with "),
    ("at least ", "below "),
    ("at most ", "above "),
)


def _pattern(pattern: str) -> str:
    """A regular expression as plain text with dots where more may stand, as far as it is that simple.

    A whole word (``\\becho\\b``) stands without dots: a learner types words.
    """
    parts = []
    for part in pattern.split("|"):
        if word := re.fullmatch(r"\\b([\w-]+)\\b", part):
            parts.append(word[1])
            continue
        start, end = part.startswith("^"), part.endswith("$") and not part.endswith("\\$")
        inner = part[start : len(part) - end]
        if re.search(r"(?<!\\)[\[\](){}*+?.^$]|\\[A-Za-z0-9]", inner):
            return f"like {pattern}"
        plain = re.sub(r"\\(.)", r"\1", inner)
        parts.append(f"{'' if start else '…'}{plain}{'' if end else '…'}")
    return " or ".join(parts)


def _of(arg: Any, type_: Type, resolve: Resolve) -> str:
    return expected(arg if isinstance(arg, Matcher) else Matcher("equal", arg), type_, resolve)


def _plain(text: str, type_: Type) -> str:
    if type_ in (TEXT, ANY):
        return quoted(text)
    if type_.shape == "list":
        return quoted(text)
    try:
        return type_.show(type_.convert(text))
    except ValueError:
        return text


def _items(items: tuple[str, ...]) -> str:
    return " ".join(items) if items else "none"


def _from(arg: tuple[str, str], type_: Type, resolve: Resolve) -> str:
    try:
        return found(resolve(*arg), type_)
    except FromAbsent:
        return f"as {arg[0]} ({arg[1]})"


def _spoken(name: str, type_: Type) -> bool:
    return not (type_ is EXEC and name == "command")


def _port(name: str) -> str:
    return name.removesuffix("/tcp")


def _name(name: str, part: Any, type_: Type, resolve: Resolve) -> str:
    matcher = part if isinstance(part, Matcher) else Matcher("equal", part)
    if type_ is PORTS:
        wanted = {"true": "a port", "false": "no port"}.get(matcher.arg, "") if matcher.op == "present" else ""
        return f"{wanted or expected(matcher, type_.inner, resolve)} → {_port(name)}"
    if matcher.op == "present":
        return name if matcher.arg == "true" else f"no {name}"
    sign = ": " if type_ in _BY_PATH else "="
    said = expected(matcher, type_.inner, resolve)
    return f"{name}{sign}{said}" if matcher.op in ("equal", "list") else f"{name}: {said}"


def found(value: Any, type_: Type) -> str:
    """A value as it is shown: ``80 → 8317``, ``running``, ``none``."""
    if absent(value):
        return "none"
    if isinstance(value, ImageValue):
        return value.text
    if isinstance(value, LazyNames | LazyExec):
        return ""
    if isinstance(value, Mapping):
        if type_ is PORTS:
            return ", ".join(f"{host} → {_port(port)}" for port, hosts in value.items() for host in hosts)
        return ", ".join(f"{name}={found(part, type_.inner)}" for name, part in list(value.items())[:12])
    if isinstance(value, tuple | list):
        show = type_.inner.show if type_.inner.show is not to_text else TEXT.show
        return " ".join(show(item) for item in value[:24])
    return quoted(to_text(value)) if type_ in (TEXT, ANY) else type_.show(value)


def found_for(matcher: Matcher, value: Any, type_: Type, see: Callable[[Callable[[], Any]], Any]) -> str:
    """What was found where the matcher looked: of names only those asked for, unless the type shows all (ports).

    ``see`` calls a reader and gives None where a fact is missing."""
    names = _asked(matcher)
    if type_ is EXEC:
        return "; ".join(_exec_found(value, each, see) for each in _eaches(matcher)) or "none"
    if type_.shape != "names" or type_ is PORTS or not names:
        return found(value, type_)
    said = []
    for name in names:
        one = see(lambda name=name: named(value, name_of(name, type_)))  # type: ignore[misc]
        sign = ": " if type_ in _BY_PATH else "="
        words = "empty" if type_ is FILES and one == "" else found(one, type_.inner)
        said.append(f"no {name}" if one is None else f"{name}{sign}{words}")
    return ", ".join(said)


def _exec_found(value: Any, each: Mapping[str, Any], see: Callable[[Callable[[], Any]], Any]) -> str:
    command = tuple(part.arg for part in each["command"].arg)
    answer = see(lambda: value.run(command) if isinstance(value, LazyExec) else None)
    if answer is None:
        return "it could not run"
    return f"exit code {answer['exit_code']}, {found(answer['output'], TEXT)}"


def _eaches(matcher: Matcher) -> list[Mapping[str, Any]]:
    if matcher.op == "each":
        return [matcher.arg]
    if matcher.op in ("all", "any"):
        return [each for part in matcher.arg if isinstance(part, Matcher) for each in _eaches(part)]
    return _eaches(matcher.arg) if matcher.op == "not" and isinstance(matcher.arg, Matcher) else []


def _asked(matcher: Matcher) -> list[str]:
    return [name for each in _eaches(matcher) for name in each]
