"""What a front end draws of the whole course. See `tutor.view`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dockertutor.tutor.view import EngineStatus


@dataclass(frozen=True)
class LessonCard:
    """A lesson in the overview. ``state``: ``new``, ``begun``, ``done``. ``when``: "today", "3 days ago"."""

    id: str
    title: str
    number: int
    minutes: int
    exercises: int
    passed: int
    state: Literal["new", "begun", "done"]
    when: str = ""


@dataclass(frozen=True)
class TrackCard:
    title: str
    lessons: tuple[LessonCard, ...]


@dataclass(frozen=True)
class Overview:
    """The course as the overview shows it. ``resume``: the lesson to go on with, ``resume_line``: "exercise 2 of 4,
    about 6 minutes left", ``resume_goal``: "Next: …"."""

    title: str
    tracks: tuple[TrackCard, ...]
    resume: LessonCard | None = None
    resume_line: str = ""
    resume_goal: str = ""
    passed: int = 0
    exercises: int = 0
    due: int = 0
    engine: EngineStatus = EngineStatus()
