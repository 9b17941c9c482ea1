"""From a YAML node to a `Matcher`, by the type of the property that it stands for."""

from __future__ import annotations

import re
import warnings
from typing import Any

import yaml

from dockertutor.checks.kinds import KINDS
from dockertutor.checks.model import Matcher
from dockertutor.checks.nodes import Reader, kind_of
from dockertutor.checks.pattern_size import pattern_size
from dockertutor.checks.values import ANY, EXEC, NUMBER, TEXT, Type, port_name

OPERATORS = (
    "contains", "starts-with", "matches", "one-of", "at-least", "at-most", "length", "present", "exactly", "not", "all",
    "any", "from",
)  # fmt: skip
OF_NAMES = ("present", "length", "exactly")
"""The only matchers where names stand; every other key there is a name."""

LONGEST_PATTERN = 4000
LARGEST_PATTERN = 50_000
"""How many parts a pattern may come to when it is compiled, see `pattern_size`."""
Pair = tuple[str, yaml.Node, yaml.Node]


class MatcherParser:
    """Reads matchers; what is wrong goes to the reader's problems."""

    def __init__(self, read: Reader) -> None:
        self.read = read

    def parse(self, node: yaml.Node, type_: Type, key: str) -> Matcher | None:
        """The matcher, or None after a problem was added."""
        if type_ is EXEC:
            return self.exec(node, key)
        if isinstance(node, yaml.ScalarNode):
            if type_.shape == "names":
                self.read.fail(node, key, f"expected {type_.word} (`{{name: value}}`), found {kind_of(node)}")
                return None
            return Matcher("equal", self.scalar(node, type_.inner if type_.shape == "list" else type_, key))
        if isinstance(node, yaml.SequenceNode):
            if type_.shape != "list" and type_ is not ANY:
                self.read.fail(node, key, f"expected {type_.word}, found a list")
                return None
            return self.listed(node, type_, key)
        pairs: list[Pair] = list(self.read.pairs(node, key))
        if not pairs:
            self.read.fail(node, key, "this compares nothing: expected a value or a matcher")
            return None
        return (
            self.names(node, type_, key, pairs) if type_.shape == "names" else self.operators(node, type_, key, pairs)
        )

    def scalar(self, node: yaml.Node, type_: Type, key: str) -> str:
        empty = isinstance(node, yaml.ScalarNode) and node.style in ("'", '"')
        text = self.read.text(node, key, empty=empty)
        if text and "${" not in text:
            if type_.words and text not in type_.words:
                words = f"expected one of {', '.join(type_.words)}, found `{text[:40]}`"
                self.read.fail(node, key, words, type_.words, wrote=text)
            try:
                type_.convert(text)
            except ValueError as wanted:
                self.read.fail(node, key, f"expected {wanted}, found `{text[:40]}`")
        return text

    def listed(self, node: yaml.SequenceNode, type_: Type, key: str) -> Matcher:
        parts = (self.parse(item, type_.inner, key) for item in node.value)
        return Matcher("list", tuple(part for part in parts if part is not None))

    def names(self, node: yaml.Node, type_: Type, key: str, pairs: list[Pair]) -> Matcher:
        found: list[Matcher] = []
        each: dict[str, Matcher] = {}
        for name, name_node, value in pairs:
            if name in OF_NAMES:
                found.append(Matcher(name, self.argument(name, value, type_, key)))
                continue
            if type_.by_port:
                self.port(name_node, name)
            if (matcher := self.parse(value, type_.inner, name)) is not None:
                each[name] = matcher
        if each:
            found.append(Matcher("each", each))
        return found[0] if len(found) == 1 else Matcher("all", tuple(found))

    def port(self, node: yaml.Node, name: str) -> None:
        """A name that stands for a port of a container; only `OF_NAMES` are matchers there."""
        if "${" in name:
            return
        try:
            port_name(name)
        except ValueError as wanted:
            number = name.partition("/")[0]
            right = re.fullmatch("[1-9][0-9]{0,3}|[1-5][0-9]{4}", number)
            known = [f"{number}/{protocol}" for protocol in ("tcp", "udp", "sctp")] if right else OF_NAMES
            self.read.fail(node, name, f"expected {wanted}, or one of {', '.join(OF_NAMES)}", known)

    def operators(self, node: yaml.Node, type_: Type, key: str, pairs: list[Pair]) -> Matcher | None:
        """Several matchers in one mapping must all hold. None where there is none."""
        known = {name for name, _, _ in pairs}
        if "from" in known:
            values = {name: value for name, _, value in pairs}
            for name, name_node, _ in pairs:
                if name not in ("from", "get"):
                    self.read.fail(name_node, name, "beside `from` only `get` may stand", ("get",))
            return self.other(node, values)
        found: list[Matcher] = []
        for name, name_node, value in pairs:
            if name in OPERATORS:
                found.append(Matcher(name, self.argument(name, value, type_, key)))
            else:
                message = f"not a matcher; known: {', '.join(OPERATORS)}"
                self.read.fail(name_node, name, message, OPERATORS)
        if not found:
            return None
        return found[0] if len(found) == 1 else Matcher("all", tuple(found))

    def other(self, node: yaml.Node, values: dict[str, yaml.Node]) -> Matcher | None:
        if "get" not in values:
            self.read.fail(node, "get", "missing: which property of the handle?")
            return None
        handle = self.read.text(values["from"], "from")
        known = sorted({p.name for kind in KINDS.values() if kind.object for p in kind.properties if p.name != "exec"})
        got = self.read.text(values["get"], "get")
        if got and got not in known and "${" not in got:
            self.read.fail(values["get"], "get", "no object has such a property", known, wrote=got)
        return Matcher("from", (handle, got))

    def argument(self, name: str, node: yaml.Node, type_: Type, key: str) -> Any:
        if name == "present":
            return self.read.one_of(node, name, ("true", "false"))
        if name == "length":
            return self.plain(self.parse(node, NUMBER, name))
        if name == "not":
            return self.parse(node, type_, key)
        if name in ("all", "any", "one-of"):
            parts = tuple(self.parse(item, type_, key) for item in self.read.items(node, name))
            if isinstance(node, yaml.SequenceNode) and not parts:
                self.read.fail(node, name, "this compares nothing: expected at least one item")
            return tuple(part for part in parts if part is not None)
        if name == "matches":
            return self.pattern(node)
        if name in ("at-least", "at-most"):
            return self.plain(self.parse(node, NUMBER if type_.convert is str else type_, name))
        if name == "exactly":
            return self.plain(self.parse(node, type_, name))
        item = type_.inner if name == "contains" and isinstance(node, yaml.MappingNode) else type_
        part = bool(item.words) and type_.shape == "one"  # a part of a word is no word
        free = part or (item.convert is not str and name != "contains")
        before = len(self.read.problems)
        wanted = self.plain(self.parse(node, TEXT if free else item, name))
        if wanted in ("", Matcher("list", ())) and len(self.read.problems) == before:
            self.read.fail(node, name, "this compares nothing: say `present: true`")
        return wanted

    @staticmethod
    def plain(matcher: Matcher | None) -> Any:
        """A plain value as text, anything else as the matcher it is."""
        return matcher.arg if matcher is not None and matcher.op == "equal" else matcher

    def pattern(self, node: yaml.Node) -> str:
        text = self.read.text(node, "matches")
        if len(text) > LONGEST_PATTERN:
            self.read.fail(node, "matches", f"this pattern is too long: expected at most {LONGEST_PATTERN} characters")
            return text
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                tried = re.sub(r"\$\{[^}]*\}", "x", text)
                re.compile(tried)
                if pattern_size(tried) > LARGEST_PATTERN:
                    self.read.fail(node, "matches", "too many repeats in each other: expected a smaller pattern")
        except (re.error, Warning, OverflowError, RecursionError) as error:
            self.read.fail(node, "matches", f"not a regular expression: {error}")
        return text

    def exec(self, node: yaml.Node, key: str) -> Matcher | None:
        if isinstance(node, yaml.SequenceNode):
            if not node.value:
                self.read.fail(node, key, "this compares nothing: expected at least one command")
                return None
            parts = [self.exec(item, key) for item in node.value]
            return Matcher("all", tuple(part for part in parts if part is not None))
        found = self.read.mapping(node, key, ("command", "exit_code", "output"), ("command",))
        each: dict[str, Matcher] = {}
        if "command" in found:
            words = self.read.texts(found["command"], "command")
            each["command"] = Matcher("list", tuple(Matcher("equal", word) for word in words))
        for name, type_ in (("exit_code", NUMBER), ("output", TEXT)):
            if name in found and (matcher := self.parse(found[name], type_, name)) is not None:
                each[name] = matcher
        if "command" in found and len(found) == 1:
            self.read.fail(node, key, "this compares nothing: say `exit_code` or `output`")
        return Matcher("each", each) if "command" in each else None
