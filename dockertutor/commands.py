"""`dockertutor list|status|check|reset|glossary|images`: each prints to ``out`` and returns its exit code.

``format_`` is ``text`` or ``json`` (`check`: one of `reports.FORMATS`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from dockertutor.called import COMMAND, SETUP
from dockertutor.errors import EngineFault, UsageError
from dockertutor.exit_codes import NO_ENGINE, NOT_YET, OK
from dockertutor.visible import visible

if TYPE_CHECKING:
    from dockertutor.course.heads import Course
    from dockertutor.engine.connection import Endpoint
    from dockertutor.tutor.progress import Store


def list_course(course: Course, format_: str, out: TextIO) -> int:
    """The course's lessons and exercises."""
    from dockertutor.tutor.standing import list_data

    if format_ == "json":
        return _json(list_data(course), out)
    for track in course.tracks:
        print(track.title, file=out)
        for lesson in track.lessons:
            print(f"  {lesson.number}  {lesson.id}: {lesson.title}, {lesson.minutes} minutes", file=out)
            for exercise in lesson.exercises:
                print(f"       {lesson.id}/{exercise}", file=out)
    return OK


def status(course: Course, store: Store, format_: str, out: TextIO) -> int:
    """Where the learner stands in the course."""
    from dockertutor.tutor.standing import status_data

    data = status_data(course, store.record())
    if format_ == "json":
        return _json(data, out)
    print(f"{data['passed']} of {data['exercises']} exercises passed", file=out)
    for lesson in data["lessons"]:
        done = sum(one["state"] == "passed" for one in lesson["exercises"])
        words = {"new": "not begun", "begun": f"{done} of {len(lesson['exercises'])}", "done": "done"}[lesson["state"]]
        print(f"  {lesson['number']}  {lesson['title']}: {words}", file=out)
    if data["next"]:
        print(f"`{COMMAND}` goes on with {data['next']}.", file=out)
    return OK


def check(
    course: Course,
    store: Store,
    folders: Path,
    which: str,
    endpoint: Callable[[], Endpoint],
    format_: str,
    out: TextIO,
    *,
    complain: Callable[[EngineFault], None],
) -> int:
    """Judge exercises now, against their stored attempts. ``which``: LESSON[/EXERCISE], or "" for the whole course.
    Without an engine the fault goes to ``complain``, and nothing can be judged."""
    from dockertutor.engine.connection import connect
    from dockertutor.reports import render
    from dockertutor.tutor.stored import judge_stored

    engine = None
    try:
        engine = connect(endpoint())
    except EngineFault as fault:
        complain(fault)
    found = judge_stored(course, store, engine, which, folder_root=folders)
    if engine is not None:
        engine.close()
    out.write(render(found, format_))
    counting = [one for one in found if one.counts]
    if all(one.holds for one in counting):
        return OK
    unsure = engine is None or any(one.status == "unknown" for one in counting)
    return NO_ENGINE if unsure else NOT_YET


def begin_again(course: Course, store: Store, folders: Path, which: str, out: TextIO) -> int:
    """Let LESSON[/EXERCISE], or with "" everything, be begun again. Raises `UsageError`."""
    from dockertutor.course import find_entry
    from dockertutor.tutor.reset import reset
    from dockertutor.tutor.stored import parse_which

    lesson, _, exercise = which.partition("/")
    if not which:
        kept = reset(store, folders, "all")
    elif exercise:
        entry = find_entry(course, lesson)
        [(_, exercise)] = parse_which(course, which)
        kept = reset(store, folders, "exercise", entry.id, exercise)
    else:
        kept = reset(store, folders, "lesson", find_entry(course, lesson).id)
    print("It can be begun again.", file=out)
    for folder in kept:
        print(visible(f"What you wrote is kept in {folder}"), file=out)
    return OK


def glossary(course: Course, word: str, out: TextIO) -> int:
    """Explain a word, or with "" all of them. Raises `UsageError` for one that is not there."""
    from dockertutor.checks.nodes import nearest
    from dockertutor.course import find_term
    from dockertutor.course.prose import unmarked

    if not word:
        for one in sorted(course.glossary.values(), key=lambda term: term.name.lower()):
            print(f"{one.name}: {' '.join(unmarked(one.text).split())}", file=out)
        return OK
    found = find_term(course.glossary, word)
    if found is None:
        near = nearest(word, [one.name for one in course.glossary.values()])
        do = f"Did you mean `{near}`?" if near else f"`{COMMAND} glossary` shows all words."
        raise UsageError(f"`{word[:80]}` is not in the glossary.", do)
    print(f"{found.name}: {' '.join(unmarked(found.text).split())}", file=out)
    return OK


def images(endpoint: Endpoint, root: Path, format_: str, out: TextIO) -> int:
    """The images of the lessons in ``root``, and whether the engine has them. Raises an `EngineFault`."""
    from dataclasses import asdict

    from dockertutor.setup.engine_api import EngineApi
    from dockertutor.setup.images import listed

    found = listed(EngineApi(endpoint), root)
    if format_ == "json":
        return _json([asdict(one) for one in found], out)
    for one in found:
        print(visible(f"{one.name}: {'on the engine' if one.id else 'not there'} ({one.comes_from})"), file=out)
    if not all(one.id for one in found):
        print(f"`{SETUP}` gets what is not there.", file=out)
    return OK


def _json(value: object, out: TextIO) -> int:
    print(json.dumps(value, indent=2), file=out)
    return OK
