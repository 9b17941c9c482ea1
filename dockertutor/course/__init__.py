"""The lesson language: model, loader, variables, glossary. Knows checks; knows no engine and no screen.

Import from here and from `course.model` and `course.variables`; the other modules are private.
"""

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
