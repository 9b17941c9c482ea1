"""A course as a folder: ``course.yaml``, ``glossary.yaml`` and lessons ``NN-track/NN-lesson.yaml``.

Only the heads of lessons are read here; a lesson is loaded in full when it is opened.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

import dockertutor
from dockertutor.called import COMMAND
from dockertutor.checks.nodes import Reader, compose, nearest, place
from dockertutor.course.glossary import parse_glossary
from dockertutor.course.grammar import COURSE
from dockertutor.course.loader import load_lesson, read_bytes
from dockertutor.course.model import Course, Lesson, LessonEntry, Track
from dockertutor.errors import ContentError, Place, Problem, UsageError

_TRACK = re.compile(r"\d\d-[a-z0-9-]+")
_LESSON = re.compile(r"\d\d-[a-z0-9.-]+\.yaml")


def find_root(explicit: Path | None = None) -> Path:
    """The folder of the course: ``explicit``, else the one in the wheel, else ``lessons/`` beside the package.

    Raises `UsageError` where there is none.
    """
    package = Path(dockertutor.__file__).resolve().parent
    places = [explicit.expanduser()] if explicit else [package / "_lessons", package.parent / "lessons"]
    for root in places:
        if (root / "course.yaml").is_file():
            return root
    if explicit:
        raise UsageError(f"There is no course in {explicit}.", "Name a folder that holds a `course.yaml`.")
    raise UsageError("The lessons did not come with this installation.", "Install dockertutor again.")


def is_shipped(course: Course) -> bool:
    """Whether this is the course that dockertutor brings, or another edition of it: one with its id."""
    try:
        root = find_root(None)
    except UsageError:
        return False
    if course.root.resolve() == root.resolve():
        return True
    return _text(_pairs(compose(read_bytes(root / "course.yaml"), "course.yaml", [])), "id") == course.id


@dataclass(frozen=True)
class _Head:
    """What is read of a lesson for the overview, with the nodes that problems with it are told at."""

    entry: LessonEntry
    at: Mapping[str, Place]


def load_course(root: Path) -> Course:
    """Read the course's titles, its glossary and the heads of its lessons.

    Raises `ContentError` with the problems of all files: unreadable ones, ids that stand twice, lessons that need
    each other in a circle or need one that is not there.
    """
    problems: list[Problem] = []
    digest = hashlib.sha256()
    file = root / "course.yaml"
    data = read_bytes(file)
    digest.update(data)
    node = compose(data, str(file), problems)
    values = COURSE.read(Reader(str(file), problems), node, "") if node is not None else None
    titles: Mapping[str, str] = values.get("tracks", {}) if values else {}

    heads: list[_Head] = []
    tracks: list[Track] = []
    for folder in _children(root, _TRACK):
        if folder.name not in titles:
            message = f"the folder `{folder.name}` has no title here"
            problems.append(Problem(Place(str(file)), "tracks", message, nearest(folder.name, titles)))
        own: list[LessonEntry] = []
        for path in _children(folder, _LESSON):
            try:
                lesson_data = read_bytes(path)
            except ContentError as error:
                problems.extend(error.problems)
                continue
            digest.update(lesson_data)
            first = heads[0].entry.number if heads else int(path.name[:2])
            head = _head(lesson_data, path, folder.name[3:], first + len(heads), problems)
            if head is not None:
                heads.append(head)
                own.append(head.entry)
        if own:
            tracks.append(Track(folder.name[3:], titles.get(folder.name, folder.name), tuple(own)))

    glossary = {}
    if (root / "glossary.yaml").exists():
        try:
            data = read_bytes(root / "glossary.yaml")
            digest.update(data)
            glossary = parse_glossary(data, str(root / "glossary.yaml"))
        except ContentError as error:
            problems.extend(error.problems)
    _unique(heads, problems)
    _needs(heads, problems)
    if not heads and not problems:
        message = "the course has no lessons: expected files such as `01-first-track/01-first-lesson.yaml` beside it"
        problems.append(Problem(Place(str(file)), "", message))
    if problems or values is None:
        raise ContentError(problems)
    return Course(
        id=values.get("id", ""),
        title=values.get("title", ""),
        root=root,
        tracks=tuple(tracks),
        glossary=glossary,
        digest=digest.hexdigest(),
    )


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
    near = nearest(lesson_id, [entry.id for entry in known])
    raise UsageError(
        f"There is no lesson `{lesson_id[:80]}`.",
        f"Did you mean `{near}`?" if near else f"`{COMMAND} list` shows all lessons.",
    )


def load_entry(course: Course, lesson_id: str) -> Lesson:
    """Load a lesson of the course in full. Raises `UsageError` (no such lesson) or `ContentError`."""
    return load_lesson(find_entry(course, lesson_id).file)


def _children(folder: Path, pattern: re.Pattern[str]) -> list[Path]:
    return sorted(path for path in folder.iterdir() if pattern.fullmatch(path.name)) if folder.is_dir() else []


def _pairs(node: yaml.Node | None) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(name.value): value for name, value in node.value if isinstance(name, yaml.ScalarNode)}


def _text(nodes: Mapping[str, yaml.Node], key: str) -> str:
    node = nodes.get(key)
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _texts(nodes: Mapping[str, yaml.Node], key: str) -> tuple[str, ...]:
    return tuple(str(node.value) for node in _items(nodes.get(key)) if isinstance(node, yaml.ScalarNode))


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _head(data: bytes, path: Path, track: str, number: int, problems: list[Problem]) -> _Head | None:
    file = str(path)
    root = compose(data, file, problems)
    if root is None:
        return None
    nodes = _pairs(root)
    at = {key: place(node, file) for key, node in nodes.items()}
    for key in ("id", "title"):
        if not _text(nodes, key).strip():
            problems.append(
                Problem(at.get(key, place(root, file)), key, "missing: a lesson needs this key, with a text")
            )
    minutes = _text(nodes, "minutes")
    exercises: list[str] = []
    renamed: dict[str, str] = {}
    for step in _items(nodes.get("steps")):
        exercise = _pairs(_pairs(step).get("exercise"))
        if id_ := _text(exercise, "id"):
            exercises.append(id_)
            if was := _text(exercise, "was"):
                renamed[was] = id_
    entry = LessonEntry(
        id=_text(nodes, "id"),
        title=_text(nodes, "title"),
        minutes=int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) < 4 else 0,
        track=track,
        number=number,
        exercises=tuple(exercises),
        file=path,
        was=_text(nodes, "was"),
        needs=_texts(nodes, "needs"),
        introduces=_texts(nodes, "introduces"),
        renamed=renamed,
    )
    return _Head(entry, at)


def _at(head: _Head, key: str) -> Place:
    return head.at.get(key, Place(str(head.entry.file)))


def _unique(heads: Iterable[_Head], problems: list[Problem]) -> None:
    seen: dict[str, _Head] = {}
    for head in heads:
        for key, id_ in (("id", head.entry.id), ("was", head.entry.was)):
            if id_ and id_ in seen:
                message = f"the id `{id_}` belongs to {seen[id_].entry.file.name} already"
                problems.append(Problem(_at(head, key), key, message))
            elif id_:
                seen[id_] = head


def _needs(heads: Sequence[_Head], problems: list[Problem]) -> None:
    by_id: dict[str, _Head] = {}
    for head in heads:
        by_id.setdefault(head.entry.id, head)
    for head in heads:
        for id_ in head.entry.needs:
            if id_ not in by_id:
                problems.append(
                    Problem(_at(head, "needs"), "needs", f"no lesson is called `{id_}`", nearest(id_, by_id))
                )
    done: set[str] = set()
    for start in by_id:
        circle = _circle(start, by_id, [], done)
        if circle:
            message = "lessons need each other in a circle: " + " → ".join(circle)
            problems.append(Problem(_at(by_id[circle[0]], "needs"), "needs", message))
            done.update(circle)


def _circle(id_: str, by_id: Mapping[str, _Head], trail: list[str], done: set[str]) -> list[str]:
    """The first circle that can be reached from a lesson, or nothing."""
    if id_ in trail:
        return [*trail[trail.index(id_) :], id_]
    if id_ in done or id_ not in by_id:
        return []
    for other in by_id[id_].entry.needs:
        if circle := _circle(other, by_id, [*trail, id_], done):
            return circle
    done.add(id_)
    return []
