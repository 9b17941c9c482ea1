"""A JSON Schema of checks for editors, from the same tables that checks are read and judged by.

Each kind is one branch of a plain ``oneOf`` with its key required and no extra keys: editors then mark the right line
and complete only that kind's properties. Any text may also be written as a number or a boolean.
"""

from __future__ import annotations

from typing import Any

from dockertutor.checks.kinds import KINDS
from dockertutor.checks.matchers import OF_NAMES, OPERATORS
from dockertutor.checks.parse import EVENTS, Use
from dockertutor.checks.table import Kind
from dockertutor.checks.values import EXEC, TRUTH, Type

Schema = dict[str, Any]
_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_TRUTH: Schema = {"enum": [True, False, "true", "false"]}
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
    some: Schema = {
        "anyOf": [_TEXT, {"type": "array", "items": {"$ref": "#/$defs/value"}}, {"$ref": "#/$defs/matcher"}]
    }
    operators: dict[str, Schema] = {name: {**some, "description": OPERATOR_DOCS[name]} for name in OPERATORS}
    operators["present"] = {**_TRUTH, "description": OPERATOR_DOCS["present"]}
    operators["matches"] = {"type": "string", "description": OPERATOR_DOCS["matches"]}
    operators["get"] = {"type": "string", "description": "The property of the handle."}
    return {
        "value": value,
        "matcher": {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": operators},
    }


def _value(type_: Type) -> Schema:
    if type_ is EXEC:
        one: Schema = {
            "type": "object",
            "additionalProperties": False,
            "required": ["command"],
            "properties": {
                "command": {"type": "array", "items": _TEXT},
                "exit_code": {"$ref": "#/$defs/value"},
                "output": {"$ref": "#/$defs/value"},
            },
        }
        return {"anyOf": [one, {"type": "array", "items": one}]}
    plain = _TRUTH if type_ is TRUTH else _TEXT
    matcher: Schema = {"$ref": "#/$defs/matcher"}
    if type_.shape == "list":
        return {"anyOf": [plain, {"type": "array", "items": {"$ref": "#/$defs/value"}}, matcher]}
    if type_.shape == "names":
        # ``exactly`` holds names, every other key is a name or one of two matchers: one level suffices for an editor
        item = {"anyOf": [_TEXT, {"type": "array"}, matcher]}
        special: dict[str, Schema] = {name: {} for name in OF_NAMES}
        return {"type": "object", "properties": special, "additionalProperties": item, "minProperties": 1}
    return {"anyOf": [plain, matcher]}


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
                "items": {"enum": list(EVENTS)},
                "description": "What happened to it since the stage began, in this order; others may lie between.",
            },
        }
    if kind.object:
        properties["as"] = {"type": "string", "description": "A handle for it, for `from` and `given`."}
        properties["remember"] = {"type": "object", "additionalProperties": {"enum": [p.name for p in kind.properties]}}
    if kind.name == "file":
        properties |= {name: {"$ref": f"#/$defs/matcher/properties/{name}"} for name in OPERATORS}
        properties |= {"get": {"type": "string"}, "exists": dict(_TRUTH)}
    if kind.name == "registry":
        required += ["repository", "tags"]
    if use == "given":
        for name, doc in kind.maker:
            some: Schema = (
                {"type": "string"} if name == "dockerfile" else {"type": "object", "additionalProperties": _TEXT}
            )
            properties[name] = {**some, "description": doc}
    return {
        "type": "object",
        "title": kind.name,
        "description": kind.doc,
        "required": required,
        "additionalProperties": False,
        "properties": properties,
    }


def _head(kind: Kind) -> Schema:
    """What stands behind the kind's own key."""
    if kind.name == "remaining":
        return {"type": "array", "items": {"type": "string"}}
    if kind.name == "daemon":
        return {"anyOf": [{"type": "object"}, _TRUTH]}
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
