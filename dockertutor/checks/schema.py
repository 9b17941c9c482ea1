"""A JSON Schema of checks for editors, from the same tables that checks are read and judged by.

Each kind is one branch of a plain ``oneOf`` with its key required and no extra keys: editors then mark the right line
and complete only that kind's properties. Any text may also be written as a number or a boolean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dockertutor.checks.kinds import KINDS
from dockertutor.checks.matchers import OPERATORS
from dockertutor.checks.parse import EVENTS, Use
from dockertutor.checks.table import Kind
from dockertutor.checks.values import EXEC, TRUTH, Type

Schema = dict[str, Any]
_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_FROM_AND_GET = {"from": ["get"], "get": ["from"]}
_PORT_NAME = r"^[0-9]+(-[0-9]+)?(/(tcp|udp|sctp))?$|\$\{|^(present|length|exactly)$"


def _one_of(words: Sequence[str | int | bool]) -> Schema:
    """One of these words, or a variable. An editor's YAML parser may take ``no`` for a boolean."""
    said = [*words, False] if "no" in words else [*words]
    return {"anyOf": [{"enum": said}, {"type": "string", "pattern": r"\$\{[a-z]"}]}


_TRUTH: Schema = _one_of([True, False, "true", "false"])
OPERATOR_DOCS = {
    "contains": "Has this part (text) or item (list).",
    "starts-with": "Begins with this text or these items.",
    "matches": "A regular expression is found in it, or in any item.",
    "one-of": "Is one of these.",
    "at-least": "Is this or more.",
    "at-most": "Is this or less.",
    "length": "How many items (or characters) it has.",
    "present": "Whether there is any value.",
    "exactly": "These and no others.",
    "not": "Does not hold.",
    "all": "All of these hold.",
    "any": "One of these holds.",
    "from": "The value that a handle's property has; `get` names the property.",
}


def check_schema(use: Use) -> Schema:
    """The schema of one check. Refers to ``#/$defs/matcher`` and ``#/$defs/value``: see `schema_defs`."""
    kinds = [kind for kind in KINDS.values() if not (kind.name == "typed" and use in ("expect", "given"))]
    return {"oneOf": [_kind(kind, use) for kind in kinds]}


def schema_defs() -> dict[str, Schema]:
    """The definitions that `check_schema` refers to, for the root's ``$defs``."""
    value: Schema = {"anyOf": [_TEXT, {"$ref": "#/$defs/matcher"}]}
    items: Schema = {"type": "array", "items": {"$ref": "#/$defs/value"}}
    some: Schema = {"anyOf": [_TEXT, items, {"$ref": "#/$defs/matcher"}]}
    part: Schema = {"anyOf": [{**_TEXT, "minLength": 1}, {**items, "minItems": 1}, {"$ref": "#/$defs/matcher"}]}
    shapes = {
        "contains": part,
        "starts-with": part,
        "matches": _TEXT,
        "at-least": value,
        "at-most": value,
        "length": value,
        "present": _TRUTH,
        "from": _TEXT,
    }
    shapes |= {name: {"type": "array", "items": some, "minItems": 1} for name in ("one-of", "all", "any")}
    operators = {name: {**shapes.get(name, some), "description": OPERATOR_DOCS[name]} for name in OPERATORS}
    operators["get"] = {"type": "string", "description": "The property of the handle."}
    matcher: Schema = {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": operators}
    return {"value": value, "matcher": {**matcher, "dependentRequired": _FROM_AND_GET}}


def _plain(type_: Type) -> Schema:
    """A plain value of a type, which an editor can complete where there are only a few."""
    if type_ is TRUTH:
        return _TRUTH
    return _one_of([*type_.words, *map(int, filter(str.isdigit, type_.words))]) if type_.words else _TEXT


def _value(type_: Type) -> Schema:
    if type_ is EXEC:
        one: Schema = {
            "type": "object",
            "additionalProperties": False,
            "required": ["command"],
            "minProperties": 2,
            "properties": {
                "command": {"type": "array", "items": _TEXT},
                "exit_code": {"$ref": "#/$defs/value"},
                "output": {"$ref": "#/$defs/value"},
            },
        }
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}
    matcher: Schema = {"$ref": "#/$defs/matcher"}
    if type_.shape == "list":
        return {"anyOf": [_plain(type_.inner), {"type": "array", "items": {"$ref": "#/$defs/value"}}, matcher]}
    if type_.shape == "names":
        # ``exactly`` holds names, every other key is a name or one of two matchers: one level suffices for an editor
        item = {"anyOf": [_plain(type_.inner), {"type": "array"}, matcher]}
        special: dict[str, Schema] = {"present": _TRUTH, "length": {"$ref": "#/$defs/value"}, "exactly": {}}
        found: Schema = {"type": "object", "properties": special, "additionalProperties": item, "minProperties": 1}
        return {**found, "propertyNames": {"pattern": _PORT_NAME}} if type_.by_port else found
    return {"anyOf": [_plain(type_), matcher]}


def _kept(kind: Kind) -> dict[str, Schema]:
    """What keeps an object or a value of it for other places."""
    names = [prop.name for prop in kind.properties if prop.type.shape != "names"]
    return {
        "as": {"type": "string", "description": "A handle for it, for `from` and `given`."},
        "remember": {
            "type": "object",
            "propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"},
            "additionalProperties": {"enum": names},
            "description": "Values to keep for later lessons: a name, and the property to keep.",
        },
    }


def _kind(kind: Kind, use: Use) -> Schema:
    properties: dict[str, Schema] = {}
    for prop in kind.properties:
        if not (kind.name in ("answer", "file", "remaining") or (kind.name == "typed" and prop.name == "text")):
            properties[prop.name] = {**_value(prop.type), "description": f"{prop.doc} ({prop.field})"}
    for name, doc in kind.settings:
        properties[name] = {**(_TRUTH if name == "exists" else _TEXT), "description": doc}
    required = [kind.name]
    properties[kind.name] = {**_head(kind), "description": f"{kind.doc} Takes {kind.takes}."}
    if kind.object and kind.name != "daemon":
        properties |= {
            "exists": {**_TRUTH, "description": "Whether it is there; `false`: it is gone, or never was."},
            "same": {**_TRUTH, "description": "Whether it has the Id that this name had when the stage began."},
            "events": {
                "type": "array",
                "items": _one_of(EVENTS),
                "description": "What happened to it since the stage began, in this order; others may lie between.",
            },
        }
    if kind.object:
        properties |= _kept(kind)
    least = 2 if (kind.object and kind.name != "daemon" and use != "given") or kind.name == "file" else 1
    if kind.name == "file":
        properties |= {name: {"$ref": f"#/$defs/matcher/properties/{name}"} for name in OPERATORS}
        properties |= {"get": {"type": "string"}, "exists": dict(_TRUTH)}
    if kind.name == "registry":
        required, least = [*required, "repository"], 3
    if use == "given":
        for name, doc in kind.maker:
            some: Schema = (
                {"type": "string"} if name == "dockerfile" else {"type": "object", "additionalProperties": _TEXT}
            )
            properties[name] = {**some, "description": doc}
    found: Schema = {
        "type": "object",
        "title": kind.name,
        "description": kind.doc,
        "required": required,
        "additionalProperties": False,
        "properties": properties,
    }
    found |= {"minProperties": least} if least > 1 else {}  # one that only names its object compares nothing
    return {**found, "dependentRequired": _FROM_AND_GET} if kind.name == "file" else found


def _head(kind: Kind) -> Schema:
    """What stands behind the kind's own key."""
    if kind.name == "remaining":
        return {"type": "array", "items": {"type": "string"}}
    if kind.name == "daemon":
        inside = {prop.name: _value(prop.type) for prop in kind.properties} | _kept(kind)
        of_engine: Schema = {"type": "object", "additionalProperties": False, "properties": inside, "minProperties": 1}
        return {"anyOf": [of_engine, _one_of([True, "true"])]}
    if kind.name == "api-call":
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
    if kind.name in ("answer", "typed"):
        return {"$ref": "#/$defs/value"}
    if not kind.object:
        return dict(_TEXT)
    some = {"given": {"type": "string"}, "new": {"enum": [True, "true"]}}
    which: Schema = {
        "type": "object",
        "properties": some,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    return {"anyOf": [_TEXT, which]}
