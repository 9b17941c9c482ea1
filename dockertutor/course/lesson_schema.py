"""The JSON Schema of a lesson file, for editors: made from the same grammar that the loader reads by."""

from __future__ import annotations

from typing import Any

from dockertutor.course.grammar import LESSON


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a lesson. Kinds are told apart by their required key, in a plain ``oneOf``,
    and no shape allows a key that the loader would refuse."""
    defs: dict[str, Any] = {}
    root = LESSON.schema(defs)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A lesson of dockertutor",
        **root,
        "$defs": defs,
    }
