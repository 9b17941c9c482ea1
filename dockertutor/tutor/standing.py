"""Where the learner stands in the course: cards of lessons, where to go on, and the same as plain data for scripts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Literal

from dockertutor.course.heads import Course, LessonEntry
from dockertutor.course.library import entries
from dockertutor.tutor.course_view import LessonCard, Overview, TrackCard
from dockertutor.tutor.record import LessonRecord, Record
from dockertutor.tutor.view import EngineStatus


def passed_in(record: Record, lesson: str, exercises: Sequence[str]) -> int:
    """How many of the exercises are passed."""
    return sum(record.exercise(lesson, one).passed is not None for one in exercises)


def after(course: Course, lesson: str) -> LessonEntry | None:
    """The lesson that follows in the course's order."""
    known = entries(course)
    for one, following in pairwise(known):
        if one.id == lesson:
            return following
    return None


def is_done(record: Record, entry: LessonEntry) -> bool:
    """A lesson is done when an exercise completed it, or when all that can be done on this engine is passed; one
    in which nothing can be done (without exercises, or none of them on this engine) when its last page was reached."""
    kept = record.lessons.get(entry.id)
    if kept is None:
        return False
    if kept.completed is not None:
        return True
    states = [record.exercise(entry.id, one) for one in entry.exercises]
    if any(state.passed is None and not state.not_here for state in states):
        return False
    return kept.ended is not None or any(state.passed is not None for state in states)


def card(record: Record, entry: LessonEntry, now: float) -> LessonCard:
    """A lesson as the overview shows it."""
    kept = record.lessons.get(entry.id)
    state: Literal["new", "begun", "done"] = "new" if kept is None else "done" if is_done(record, entry) else "begun"
    return LessonCard(
        id=entry.id,
        title=entry.title,
        number=entry.number,
        minutes=entry.minutes,
        exercises=len(entry.exercises),
        passed=passed_in(record, entry.id, entry.exercises),
        state=state,
        when=when(kept.last, now) if kept is not None else "",
    )


def when(then: float, now: float) -> str:
    """A day in words, by the local calendar: "today", "yesterday", "3 days ago"."""
    days = (datetime.fromtimestamp(now).date() - datetime.fromtimestamp(then).date()).days
    if days <= 0:
        return "today"
    return "yesterday" if days == 1 else f"{days} days ago"


def overview(course: Course, record: Record, engine: EngineStatus, *, now: float | None = None) -> Overview:
    """The course as the overview shows it. ``resume_goal`` is left out: see `next_goal`."""
    moment = time.time() if now is None else now
    tracks = tuple(TrackCard(t.title, tuple(card(record, e, moment) for e in t.lessons)) for t in course.tracks)
    cards = [one for track in tracks for one in track.lessons]
    entry = going_on(course, record)
    resume = next((one for one in cards if entry is not None and one.id == entry.id), None)
    return Overview(
        title=course.title,
        tracks=tracks,
        resume=resume,
        resume_line=_line(record, entry) if entry is not None else "",
        passed=sum(one.passed for one in cards),
        exercises=sum(one.exercises for one in cards),
        engine=engine,
    )


def going_on(course: Course, record: Record) -> LessonEntry | None:
    """The lesson to go on with: the last one if it is not done, else the next that is not; None when all are done."""
    known = entries(course)
    at = next((n for n, one in enumerate(known) if one.id == record.last), 0)
    return next((one for one in (*known[at:], *known[:at]) if not is_done(record, one)), None)


def _line(record: Record, entry: LessonEntry) -> str:
    kept = record.lessons.get(entry.id) or LessonRecord()
    total = len(entry.exercises)
    if not total:
        return f"about {entry.minutes} minutes"
    passed = passed_in(record, entry.id, entry.exercises)
    first = entry.exercises.index(kept.at) if kept.at in entry.exercises else 0
    order = [*range(first, total), *range(first)]
    number = next((n for n in order if record.exercise(entry.id, entry.exercises[n]).passed is None), total - 1)
    left = max(1, round(entry.minutes * (total - passed) / total))
    return f"exercise {number + 1} of {total}, about {left} minute{'' if left == 1 else 's'} left"


def next_goal(entry: LessonEntry, record: Record) -> str:
    """What the learner would do next in a lesson: "Next: serve the folder as a web page."."""
    kept = record.lessons.get(entry.id) or LessonRecord()
    for id_ in entry.exercises:
        if entry.steps.get(id_, 0) >= kept.step and record.exercise(entry.id, id_).passed is None:
            words = entry.goals.get(id_, "")
            return f"Next: {words[:1].lower()}{words[1:]}" if words and "${" not in words else ""
    return ""


# ------------------------------------------------------------------ for scripts
def list_data(course: Course) -> dict[str, Any]:
    """The course's lessons and exercises as JSON values (``dockertutor list``)."""
    return {
        "course": course.id,
        "title": course.title,
        "tracks": [
            {
                "id": track.id,
                "title": track.title,
                "lessons": [
                    {
                        "id": one.id,
                        "number": one.number,
                        "title": one.title,
                        "minutes": one.minutes,
                        "exercises": list(one.exercises),
                    }
                    for one in track.lessons
                ],
            }
            for track in course.tracks
        ],
    }


def status_data(course: Course, record: Record) -> dict[str, Any]:
    """Where the learner stands as JSON values (``dockertutor status``). Times are seconds since the epoch or null."""
    lessons: list[dict[str, Any]] = []
    for entry in entries(course):
        kept = record.lessons.get(entry.id)
        exercises = []
        for one in entry.exercises:
            state = record.exercise(entry.id, one)
            exercises.append(
                {
                    "id": one,
                    "state": state.state,
                    "passed": state.passed,
                    "attempts": state.attempts,
                    "hints": state.hints,
                    "fails": state.fails,
                    "seconds": round(state.seconds, 1),
                    "not_here": state.not_here,
                }
            )
        lessons.append(
            {
                "id": entry.id,
                "number": entry.number,
                "title": entry.title,
                "state": "new" if kept is None else "done" if is_done(record, entry) else "begun",
                "last": kept.last if kept is not None else None,
                "exercises": exercises,
            }
        )
    following = going_on(course, record)
    total = [one for lesson in lessons for one in lesson["exercises"]]
    return {
        "course": course.id,
        "passed": sum(one["state"] == "passed" for one in total),
        "exercises": len(total),
        "next": following.id if following is not None else None,
        "lessons": lessons,
    }
