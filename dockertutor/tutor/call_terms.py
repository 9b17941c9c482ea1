"""The fields of a call, for the glossary to explain (its ``fields``).

The tab shows those whose term a lesson up to the open one has introduced.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dockertutor.facts import Call
from dockertutor.tutor.call_shown import readable


def fields_of(call: Call) -> tuple[str, ...]:
    """The fields that the opened call shows, in the order of their first appearance."""
    fields = [*call.query, *_fields(readable(call.request, asked=True)), *_fields(readable(call.response))]
    return tuple(dict.fromkeys(fields))


def _fields(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield str(name)
            yield from _fields(part)
    elif isinstance(value, list):
        for part in value[:5]:
            yield from _fields(part)
