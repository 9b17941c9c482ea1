"""Finding a term, or words anywhere in the course."""

from __future__ import annotations

from collections.abc import Iterator

from dockertutor.course.glossary import find_term
from dockertutor.course.library import entries, load_entry
from dockertutor.course.model import Course, Exercise, Lesson, Question, Read, Term
from dockertutor.errors import ContentError

_MOST = 50


def term(course: Course, name: str) -> Term | None:
    """The glossary's entry for a word, in any of its spellings."""
    return find_term(course.glossary, name)


def search(course: Course, words: str) -> tuple[tuple[str, str, str], ...]:
    """``(lesson id, lesson title, the line that matched)``; for a term of the glossary the lesson id is "". A line
    matches when it holds all the words, in any order and case; titles come first."""
    wanted = words.lower().split()
    if not wanted:
        return ()
    titles = [(e.id, e.title, e.title) for e in entries(course) if _holds(e.title, wanted)]
    found = list(titles)
    for one in course.glossary.values():
        if _holds(" ".join((one.name, *one.also)), wanted):
            found.append(("", one.name, " ".join(one.text.split())))
    for entry in entries(course):
        try:
            lesson = load_entry(course, entry.id)
        except ContentError:
            continue
        found += [(entry.id, entry.title, line) for line in _lines(lesson) if _holds(line, wanted)]
        if len(found) >= _MOST:
            break
    return tuple(dict.fromkeys(found))[:_MOST]


def _holds(line: str, wanted: list[str]) -> bool:
    text = line.lower()
    return all(word in text for word in wanted)


def _lines(lesson: Lesson) -> Iterator[str]:
    for step in lesson.steps:
        match step:
            case Read(text):
                yield from _prose(text)
            case Question(ask):
                yield from _prose(ask)
            case Exercise():
                for stage in step.stages:
                    yield from _prose(stage.task)


def _prose(text: str) -> Iterator[str]:
    for line in text.splitlines():
        plain = line.strip().replace("**", "").replace("[[", "").replace("]]", "").lstrip("# ")
        if plain and not plain.startswith("```") and "${" not in plain:
            yield plain
