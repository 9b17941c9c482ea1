"""The lesson language: model, loader, variables, glossary. Knows checks; knows no engine and no screen.

Import from here, and from `course.heads`, `course.model` and `course.variables`. What is named here is imported when it
is asked for: a start that only shows the overview reads no lesson.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dockertutor.course.glossary import find_term, load_glossary, parse_glossary
    from dockertutor.course.lesson_schema import schema
    from dockertutor.course.library import entries, find_entry, find_root, is_shipped, load_course, load_entry
    from dockertutor.course.loader import load_lesson, load_text

__all__ = [
    "entries",
    "find_entry",
    "find_root",
    "find_term",
    "is_shipped",
    "load_course",
    "load_entry",
    "load_glossary",
    "load_lesson",
    "load_text",
    "parse_glossary",
    "schema",
]
_HOMES = {
    "glossary": ("find_term", "load_glossary", "parse_glossary"),
    "lesson_schema": ("schema",),
    "library": ("entries", "find_entry", "find_root", "is_shipped", "load_course", "load_entry"),
    "loader": ("load_lesson", "load_text"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
