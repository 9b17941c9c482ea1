"""Reading a course: its titles, its glossary and the heads of its lessons, with every problem of all files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from dockertutor.checks.nodes import Reader, compose, nearest, place
from dockertutor.course.folders import lessons_in, tracks_in
from dockertutor.course.glossary import parse_glossary
from dockertutor.course.goals import goal
from dockertutor.course.grammar import COURSE
from dockertutor.course.heads import Course, LessonEntry, Track
from dockertutor.course.loader import read_bytes
from dockertutor.errors import ContentError, Place, Problem


def course_id(root: Path) -> str:
    """The id that the course in a folder has. Raises `ContentError`."""
    return _text(_pairs(compose(read_bytes(root / "course.yaml"), "course.yaml", [])), "id")


@dataclass(frozen=True)
class _Head:
    """What is read of a lesson for the overview, with the nodes that problems with it are told at."""

    entry: LessonEntry
    at: Mapping[str, Place]


def read_course(root: Path) -> Course:
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
    for folder in tracks_in(root):
        if folder.name not in titles:
            message = f"the folder `{folder.name}` has no title here"
            problems.append(Problem(Place(str(file)), "tracks", message, nearest(folder.name, titles)))
        own: list[LessonEntry] = []
        for path in lessons_in(folder):
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
    steps: dict[str, int] = {}
    goals: dict[str, str] = {}
    for at_step, step in enumerate(_items(nodes.get("steps"))):
        exercise = _pairs(_pairs(step).get("exercise"))
        if id_ := _text(exercise, "id"):
            exercises.append(id_)
            steps[id_], goals[id_] = at_step, goal(_text(exercise, "task"))
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
        steps=steps,
        goals=goals,
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
