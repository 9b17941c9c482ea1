"""Shapes of content files, said once: each reads a node into plain values and describes itself as JSON Schema.

Reading never raises for bad content; it adds problems to the reader and returns something of the right type, so that
all errors of a file are found in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import yaml

from dockertutor.checks.model import Check
from dockertutor.checks.nodes import Reader, kind_of

Use = Literal["expect", "given", "when", "requires"]
Schema = dict[str, Any]

ANY_TEXT: Schema = {"type": ["string", "number", "boolean"]}
"""Every scalar is text to us; an editor's YAML parser may take it for a number or a boolean."""


class Shape(Protocol):
    """What may stand at a place in a file."""

    def read(self, reader: Reader, node: yaml.Node, key: str) -> Any: ...

    def schema(self, defs: dict[str, Schema]) -> Schema:
        """This shape as JSON Schema; named parts go into ``defs``."""
        ...


@dataclass(frozen=True)
class Text:
    """Text. ``empty``: it may be empty. ``pattern``/``what``: what it must look like, and how to say so."""

    empty: bool = False
    pattern: str = ""
    what: str = ""

    def read(self, reader: Reader, node: yaml.Node, key: str) -> str:
        value = reader.text(node, key, empty=self.empty)
        if value and self.pattern and not re.fullmatch(self.pattern, value):
            reader.fail(node, key, f"expected {self.what}, found {kind_of(node)}")
        return value

    def schema(self, defs: dict[str, Schema]) -> Schema:
        found = ANY_TEXT if self.empty else ANY_TEXT | {"minLength": 1}
        return found | ({"pattern": f"^({self.pattern})$"} if self.pattern else {})


@dataclass(frozen=True)
class Whole:
    """A whole number within bounds."""

    low: int
    high: int

    def read(self, reader: Reader, node: yaml.Node, key: str) -> int:
        return reader.number(node, key, self.low, self.high)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"type": ["integer", "string"], "minimum": self.low, "maximum": self.high, "pattern": "^[0-9]+$"}


@dataclass(frozen=True)
class Flag:
    """``true`` or ``false``."""

    def read(self, reader: Reader, node: yaml.Node, key: str) -> bool:
        return reader.flag(node, key)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"enum": [True, False, "true", "false"]}


@dataclass(frozen=True)
class Word:
    """One of these words."""

    words: tuple[str, ...]

    def read(self, reader: Reader, node: yaml.Node, key: str) -> str:
        return reader.one_of(node, key, self.words)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"enum": [*map(int, filter(str.isdigit, self.words)), *self.words]}


@dataclass(frozen=True)
class Items:
    """A list. ``least``: how many it must have."""

    of: Shape
    least: int = 0

    def read(self, reader: Reader, node: yaml.Node, key: str) -> tuple[Any, ...]:
        nodes = reader.items(node, key)
        if isinstance(node, yaml.SequenceNode) and len(nodes) < self.least:
            reader.fail(node, key, f"expected at least {self.least}, found {len(nodes)}")
        return tuple(self.of.read(reader, item, key) for item in nodes)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"type": "array", "items": self.of.schema(defs)} | ({"minItems": self.least} if self.least else {})


@dataclass(frozen=True)
class Names:
    """A mapping whose keys are the author's own names. ``pattern``/``what``: what a name must look like."""

    of: Shape
    pattern: str = ""
    what: str = ""

    def read(self, reader: Reader, node: yaml.Node, key: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, name_node, value in reader.pairs(node, key):
            if self.pattern and not re.fullmatch(self.pattern, name):
                reader.fail(name_node, name, f"expected {self.what} as a name")
            found[name] = self.of.read(reader, value, name)
        return found

    def schema(self, defs: dict[str, Schema]) -> Schema:
        found: Schema = {"type": "object", "additionalProperties": self.of.schema(defs)}
        return found | ({"propertyNames": {"pattern": f"^({self.pattern})$"}} if self.pattern else {})


@dataclass(frozen=True)
class Field:
    """A key of a `Record`: what may stand there, what it is for, whether it must be there."""

    shape: Shape
    doc: str
    required: bool = False


@dataclass
class Values:
    """What a `Record` was read into: values by key, and the nodes they came from."""

    node: yaml.Node
    nodes: Mapping[str, yaml.Node] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)

    def get(self, key: str, default: Any) -> Any:
        return self.values.get(key, default)


@dataclass(frozen=True)
class Record:
    """A mapping with exactly these keys."""

    name: str
    fields: Mapping[str, Field]

    def read(self, reader: Reader, node: yaml.Node, key: str) -> Values:
        required = [name for name, of in self.fields.items() if of.required]
        nodes = reader.mapping(node, key, tuple(self.fields), required)
        values = {name: self.fields[name].shape.read(reader, value, name) for name, value in nodes.items()}
        return Values(node, nodes, values)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        if self.name not in defs:
            defs[self.name] = {}
            defs[self.name] = {
                "type": "object",
                "additionalProperties": False,
                "required": [name for name, of in self.fields.items() if of.required],
                "properties": {
                    name: {"description": of.doc} | of.shape.schema(defs) for name, of in self.fields.items()
                },
            }
        return {"$ref": f"#/$defs/{self.name}"}


@dataclass(frozen=True)
class OneKey:
    """A mapping with exactly one key, which says what the value is. Reads as ``(key, value, value node)`` or None."""

    name: str
    of: Mapping[str, Field]

    def read(self, reader: Reader, node: yaml.Node, key: str) -> tuple[str, Any, yaml.Node] | None:
        before = len(reader.problems)
        found = reader.mapping(node, key, tuple(self.of))
        if len(found) == 1:
            ((name, value),) = found.items()
            return name, self.of[name].shape.read(reader, value, name), value
        if len(reader.problems) == before:
            reader.fail(node, key, f"expected exactly one of {', '.join(self.of)}, found {len(found)}")
        return None

    def schema(self, defs: dict[str, Schema]) -> Schema:
        if self.name not in defs:
            defs[self.name] = {}
            defs[self.name] = {
                "oneOf": [
                    {
                        "type": "object",
                        "additionalProperties": False,
                        "required": [name],
                        "properties": {name: {"description": of.doc} | of.shape.schema(defs)},
                    }
                    for name, of in self.of.items()
                ]
            }
        return {"$ref": f"#/$defs/{self.name}"}


@dataclass(frozen=True)
class TextOr:
    """A text, or what ``other`` (a mapping) says. Reads as text or as what ``other`` reads."""

    text: Shape
    other: Shape

    def read(self, reader: Reader, node: yaml.Node, key: str) -> Any:
        chosen = self.text if isinstance(node, yaml.ScalarNode) else self.other
        return chosen.read(reader, node, key)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"oneOf": [self.text.schema(defs), self.other.schema(defs)]}


@dataclass(frozen=True)
class Checks:
    """Checks of the lesson language: a list, or (where ``single``) one alone. `checks` reads each of them."""

    use: Use
    single: bool = False
    least: int = 0

    def read(self, reader: Reader, node: yaml.Node, key: str) -> tuple[Check, ...]:
        from dockertutor.checks import parse_check

        nodes = reader.one_or_more(node, key) if self.single else reader.items(node, key)
        if isinstance(node, yaml.SequenceNode) and len(nodes) < self.least:
            reader.fail(node, key, f"expected at least {self.least} check, found {len(nodes)}")
        found = [parse_check(item, file=reader.file, problems=reader.problems, use=self.use) for item in nodes]
        return tuple(check for check in found if check is not None)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        name = f"check-{self.use}"
        if name not in defs:
            from dockertutor.checks import check_schema, schema_defs

            defs |= schema_defs()
            defs[name] = check_schema(self.use)
        one = {"$ref": f"#/$defs/{name}"}
        many: Schema = {"type": "array", "items": one} | ({"minItems": self.least} if self.least else {})
        return {"oneOf": [many, one]} if self.single else many


def said(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``, each in backquotes."""
    quoted = [f"`{word}`" for word in words]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
