"""Finding a term, or words anywhere in the course."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockertutor.course.glossary import find_term
from dockertutor.course.heads import Course, Term
from dockertutor.course.library import entries, load_entry
from dockertutor.course.prose import unmarked
from dockertutor.errors import ContentError

if TYPE_CHECKING:
    from dockertutor.course.model import Lesson

_MOST = 50
TERM = "term:"
"""Before a term's id where a lesson's may stand as well: both are called `images`."""


def term(course: Course, name: str) -> Term | None:
    """The glossary's entry for a word, in any of its spellings."""
    return find_term(course.glossary, name.removeprefix(TERM))


def explained(course: Course, lesson_id: str, field: str) -> str:
    """What a field of the Engine API says, in one line, where a lesson up to this one (any, where none is named)
    introduces its term; else ""."""
    for entry in entries(course):
        for term_id in entry.introduces:
            found = course.glossary.get(term_id)
            if found is not None and field in found.fields:
                return " ".join(unmarked(found.fields[field]).split())
        if entry.id == lesson_id:
            break
    return ""


class Search:
    """Words anywhere in a course. Lessons are read at the first search, and kept as lines."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._lock = threading.Lock()
        self._kept: tuple[tuple[str, str, str], ...] | None = None

    def find(self, words: str) -> tuple[tuple[str, str, str], ...]:
        """``(lesson id, lesson title, the line that matched)``; for a term of the glossary ``term:ID`` stands first.

        A line matches when it holds all the words, in any order and case. Titles and terms come first, and
        of them those that begin with what was typed.
        """
        wanted = words.lower().split()
        if not wanted:
            return ()
        found = sorted((row for row in self._rows() if _holds(row[2], wanted)), key=lambda row: _rank(row, wanted[0]))
        return tuple(dict.fromkeys(found))[:_MOST]

    def _rows(self) -> tuple[tuple[str, str, str], ...]:
        with self._lock:
            if self._kept is None:
                self._kept = tuple(self._read())
            return self._kept

    def _read(self) -> Iterator[tuple[str, str, str]]:
        known = entries(self._course)
        yield from ((entry.id, entry.title, entry.title) for entry in known)
        for one in self._course.glossary.values():
            yield f"{TERM}{one.id}", one.name, f"{', '.join((one.name, *one.also))}: {_bare(one.text)}"
        for entry in known:
            try:
                lesson = load_entry(self._course, entry.id)
            except ContentError:
                continue
            yield from ((entry.id, entry.title, line) for line in _lines(lesson))


def _holds(line: str, wanted: list[str]) -> bool:
    text = line.lower()
    return all(word in text for word in wanted)


def _rank(row: tuple[str, str, str], first: str) -> int:
    where, title, line = row
    if line != title and not where.startswith(TERM):
        return 3
    starts = [word.startswith(first) for word in title.lower().split()]
    return 0 if starts[:1] == [True] else 1 if any(starts) else 2


def _lines(lesson: Lesson) -> Iterator[str]:
    from dockertutor.course.model import Exercise, Question, Read

    for step in lesson.steps:
        match step:
            case Read(text):
                yield from _prose(text)
            case Question(ask):
                yield from _prose(ask)
            case Exercise():
                for stage in step.stages:
                    yield from _prose(stage.task)


def _bare(text: str) -> str:
    """Text in one line without its marks, those too whose other end stands on another line."""
    text = unmarked(text)
    for mark in ("**", "[[", "]]", "`"):
        text = text.replace(mark, "")
    return " ".join(text.split())


def _prose(text: str) -> Iterator[str]:
    for line in text.splitlines():
        plain = _bare(line).lstrip("# ")
        if plain and "${" not in plain:
            yield plain
