"""The JSON Schema of the lesson language as a file for editors."""

from __future__ import annotations

import json

from dockertutor.course import schema


def schema_text() -> str:
    """The schema as JSON. An editor uses it when a lesson begins with ``# yaml-language-server: $schema=FILE``."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
