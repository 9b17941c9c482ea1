"""The course as the overview needs it: what is known of each lesson without loading it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Term:
    """A glossary entry. ``text``: one explanation in everyday words, Markdown. ``fields``: Engine API fields that
    belong to it, and what each of them says (shown in the API calls tab)."""

    id: str
    name: str
    text: str
    also: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LessonEntry:
    """A lesson as the overview needs it, read without loading its steps in full. ``number`` counts through the whole
    course, from the first file's number. ``renamed``: old id → id of exercises that were renamed. ``steps``: exercise →
    its step, from 0. ``goals``: exercise → the goal of its task, variables and all."""

    id: str
    title: str
    minutes: int
    track: str
    number: int
    exercises: tuple[str, ...]
    file: Path
    was: str = ""
    needs: tuple[str, ...] = ()
    introduces: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, int] = field(default_factory=dict)
    goals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Track:
    """A folder of lessons (``NN-name``), with the title that ``lessons/course.yaml`` gives it."""

    id: str
    title: str
    lessons: tuple[LessonEntry, ...]


@dataclass(frozen=True)
class Course:
    """All tracks in order, the glossary, and where images are built from. Lessons load one at a time."""

    id: str
    title: str
    root: Path
    tracks: tuple[Track, ...]
    glossary: Mapping[str, Term] = field(default_factory=dict)
    digest: str = ""
