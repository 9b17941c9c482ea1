"""A course as a folder (see `folders`): found, read, and its lessons loaded by name.

Only the heads of lessons are read here; a lesson is loaded in full when it is opened. What reads them is imported late:
of the course that dockertutor brings, an index tells the heads, and the first paint waits for no reader.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import dockertutor
from dockertutor.called import COMMAND
from dockertutor.course import index
from dockertutor.course.heads import Course, LessonEntry
from dockertutor.errors import UsageError

if TYPE_CHECKING:
    from dockertutor.course.model import Lesson


def find_root(explicit: Path | None = None) -> Path:
    """The folder of the course: ``explicit``, else the one in the wheel, else ``lessons/`` beside the package.

    Raises `UsageError` where there is none.
    """
    places = [explicit.expanduser()] if explicit else _own_places()
    for root in places:
        if (root / "course.yaml").is_file():
            return root
    if explicit:
        raise UsageError(f"There is no course in {explicit}.", "Name a folder that holds a `course.yaml`.")
    raise UsageError("The lessons did not come with this installation.", "Install dockertutor again.")


def _own_places() -> list[Path]:
    package = Path(dockertutor.__file__).resolve().parent
    return [package / "_lessons", package.parent / "lessons"]


def is_shipped(course: Course) -> bool:
    """Whether this is the course that dockertutor brings, or another edition of it: one with its id."""
    try:
        root = find_root(None)
    except UsageError:
        return False
    if course.root.resolve() == root.resolve():
        return True
    from dockertutor.course.reading import course_id

    return course_id(root) == course.id


def load_course(root: Path) -> Course:
    """The course's titles, its glossary and the heads of its lessons. Only our own course has an index that is
    believed, and only while it fits its files.

    Raises `ContentError` with the problems of all files: unreadable ones, ids that stand twice, lessons that need
    each other in a circle or need one that is not there.
    """
    known = index.recall(root) if root.resolve() in _own_places() else None
    if known is not None:
        return known
    from dockertutor.course.reading import read_course

    return read_course(root)


def entries(course: Course) -> tuple[LessonEntry, ...]:
    """All lessons of a course, in order."""
    return tuple(entry for track in course.tracks for entry in track.lessons)


def find_entry(course: Course, lesson_id: str) -> LessonEntry:
    """The lesson with this id, or that once had it, or of this number. Raises `UsageError` that names the nearest."""
    known = entries(course)
    for entry in known:
        if entry.id == lesson_id:
            return entry
    for entry in known:
        if lesson_id in (entry.was, str(entry.number)) and lesson_id:
            return entry
    from dockertutor.checks.nodes import nearest

    near = nearest(lesson_id, [entry.id for entry in known])
    raise UsageError(
        f"There is no lesson `{lesson_id[:80]}`.",
        f"Did you mean `{near}`?" if near else f"`{COMMAND} list` shows all lessons.",
    )


def load_entry(course: Course, lesson_id: str) -> Lesson:
    """Load a lesson of the course in full. Raises `UsageError` (no such lesson) or `ContentError`."""
    from dockertutor.course.loader import load_lesson

    return load_lesson(find_entry(course, lesson_id).file)
