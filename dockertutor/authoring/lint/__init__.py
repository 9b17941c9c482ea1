"""Lint: what the language allows and good lessons do not do. `lint` says all of it; errors are `Problem`s, what may be
right as it is are `Advice`s. A lesson that cannot be loaded is told with the loader's problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from dockertutor.authoring.lint.drawn import drawn
from dockertutor.authoring.lint.finding import Advice
from dockertutor.authoring.lint.prose import cut_off, layout, proses
from dockertutor.authoring.lint.structure import structure
from dockertutor.authoring.lint.terms import Terms
from dockertutor.checks.nodes import compose, decode, place
from dockertutor.course import entries, load_course, load_lesson, load_text
from dockertutor.course.heads import Course, LessonEntry
from dockertutor.course.loader import read_bytes
from dockertutor.course.model import Lesson, Variable
from dockertutor.errors import ContentError, Place, Problem

__all__ = ["Advice", "lint", "lint_text"]


def lint(target: Sequence[Path] | Course) -> list[Problem]:
    """Lint a whole course, or files and folders of lessons, in the order of their places.

    Terms are followed through the course that a lesson belongs to; a file outside a course is checked without them.
    Nothing is raised for broken content.
    """
    found: list[Problem] = []
    if isinstance(target, Course):
        found += _course(target, None)
    else:
        loose: list[Path] = []
        courses: dict[Path, set[Path] | None] = {}
        for path in target:
            root = _root(path)
            if root is None:
                loose += sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
            elif path.resolve() == root.resolve():
                courses[root] = None
            elif courses.get(root, set()) is not None:
                files = path.rglob("*.yaml") if path.is_dir() else [path]
                chosen = courses.setdefault(root, set())
                assert chosen is not None
                chosen.update(file.resolve() for file in files)
        for root, wanted in courses.items():
            try:
                found += _course(load_course(root), wanted)
            except ContentError as error:
                found += error.problems
        for path in loose:
            try:
                found += lint_text(read_bytes(path), str(path), None)
            except ContentError as error:
                found += error.problems
    return sorted(dict.fromkeys(found), key=lambda problem: (problem.place, problem.key, problem.message))


def lint_text(data: bytes | str, file: str, terms: Terms | None) -> list[Problem]:
    """Lint one lesson's text. ``terms``: what was introduced before it, or None to leave terms out."""
    try:
        lesson = load_text(data, file)
    except ContentError as error:
        return list(error.problems)
    root = compose(data, file, [])
    assert root is not None
    lines = (decode(data, file, []) or "").splitlines()
    return list(_lesson(lesson, root, lines, terms))


def _lesson(lesson: Lesson, root: yaml.Node, lines: Sequence[str], terms: Terms | None) -> Iterator[Problem]:
    file = str(lesson.file)
    texts = list(proses(root, file, lines))
    variables: dict[str, Variable] = {}
    for exercise in lesson.exercises:
        variables |= exercise.vars
    variables |= lesson.vars
    yield from cut_off(root, file, lines)
    for prose in texts:
        yield from layout(prose, variables)
    yield from structure(lesson, _steps(root, file))
    yield from drawn(lesson)
    if terms is not None:
        head = next((value for name, value in root.value if name.value == "introduces"), root)
        yield from terms.lesson(lesson, texts, place(head, file))


def _steps(root: yaml.Node, file: str) -> list[dict[str, Any]]:
    steps = next(value for name, value in root.value if name.value == "steps")
    return [{"node": step.value[0][1], "place": place(step, file)} for step in steps.value]


def _course(course: Course, wanted: set[Path] | None) -> list[Problem]:
    terms = Terms(course.glossary)
    found: list[Problem] = []
    for entry in entries(course):
        problems = lint_text(read_bytes(entry.file), str(entry.file), terms)
        if wanted is None or entry.file.resolve() in wanted:
            found += problems
            found += _built(course, entry)
    if wanted is None:
        found += _glossary(course, terms)
    return found + list(_strays(course, wanted))


def _strays(course: Course, wanted: set[Path] | None) -> Iterator[Problem]:
    """Files that look like lessons and that the course leaves out, for the names they have."""
    lessons = {entry.file.resolve() for entry in entries(course)}
    beside = {path.resolve() for path in course.root.glob("*/*.y*ml") if path.parent.name != "images"}
    root = course.root.resolve()
    own = {root / "course.yaml", root / "glossary.yaml"}
    for file in sorted((beside if wanted is None else wanted) - lessons - own):
        shown = str(course.root / file.relative_to(root)) if file.is_relative_to(root) else str(file)
        if wanted is not None:
            yield from lint_text(read_bytes(file), shown, None)
        yield Advice(Place(shown), "", "not a part of the course: expected a name as `01-track/01-lesson.yaml`")


def _built(course: Course, entry: LessonEntry) -> Iterator[Problem]:
    """Images that the course builds (`tutor-…`) need a folder to build them from."""
    with suppress(ContentError):
        for image in load_lesson(entry.file).images:
            name = image.partition(":")[0]
            if name.startswith("tutor-") and not (course.root / "images" / name / "Dockerfile").is_file():
                message = f"`{name}` has no Dockerfile in {course.root / 'images' / name}"
                yield Problem(Place(str(entry.file)), "images", message)


def _glossary(course: Course, terms: Terms) -> Iterator[Problem]:
    path = course.root / "glossary.yaml"
    root = compose(read_bytes(path), str(path), []) if path.is_file() else None
    if root is not None:
        yield from terms.entries(root, str(path))


def _root(path: Path) -> Path | None:
    """The course that a path belongs to: the nearest folder above it with a `course.yaml`."""
    folders = [path, *path.absolute().relative_to(Path.cwd()).parents] if _below_here(path) else []
    full = path.resolve()
    return next((folder for folder in (*folders, full, *full.parents) if (folder / "course.yaml").is_file()), None)


def _below_here(path: Path) -> bool:
    return path.absolute().is_relative_to(Path.cwd()) and ".." not in path.parts
