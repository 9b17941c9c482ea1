"""``dockertutor lesson prove``: which lessons, and how the outcome is told."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from dockertutor.authoring.proof import Case, Totals
from dockertutor.authoring.prove import Prover
from dockertutor.called import COMMAND
from dockertutor.checks.nodes import nearest
from dockertutor.course import load_course, load_lesson
from dockertutor.course.heads import Course
from dockertutor.course.library import entries
from dockertutor.course.model import Lesson
from dockertutor.engine.connection import Endpoint
from dockertutor.errors import ContentError, UsageError
from dockertutor.visible import visible


def cli_prove(
    paths: Sequence[Path],
    endpoint: Endpoint,
    out: TextIO,
    progress: TextIO,
    *,
    root: Path,
    changed: bool = False,
    format_: str = "text",
    shell: str = "bash",
    only: Sequence[str] = (),
) -> int:
    """Prove lessons (files or folders; without ``paths`` the whole course). 0 only if all holds, else 1.

    ``changed``: only lessons that differ from the last commit, or that list an image whose folder does. ``only``:
    exercise ids. JSON goes to ``out`` as a list of cases, with the totals as its last item; lines for a person go to
    ``out`` (text) or ``progress`` (json).
    Raises `UsageError` for a path, an exercise or a repository that does not exist.
    """
    course = load_course(root)
    lessons = [load_lesson(path) for path in _files(course, paths, root, changed)]
    _known(only, lessons, changed)
    totals = Totals()
    told = out if format_ == "text" else progress
    with Prover(course, endpoint, shell=shell) as prover:
        for lesson in lessons:
            for exercise in lesson.exercises:
                if not only or exercise.id in only:
                    prover.prove(lesson, exercise, totals, lambda case: _tell(case, told))
    if format_ == "json":
        json.dump(_json(totals), out, indent=2)
        out.write("\n")
    _sum(totals, told)
    return 0 if totals.ok else 1


def _files(course: Course, paths: Sequence[Path], root: Path, changed: bool) -> list[Path]:
    if not paths:
        found = [entry.file for entry in entries(course)]
    else:
        found = []
        for path in paths:
            if not path.exists():
                raise UsageError(f"There is no file or folder {path}.", "Name lessons, or folders with lessons.")
            inside = sorted(path.rglob("[0-9]*-*.yaml")) if path.is_dir() else [path]
            if not inside:
                raise UsageError(f"There are no lessons in {path}.", "Name lessons, or folders with lessons.")
            found += inside
    if not changed:
        return found
    try:
        answer = subprocess.run(
            ["git", "-C", str(root), "status", "--porcelain", "-uall", "--no-renames", "-z", "--", "."],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        top = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "--show-toplevel"], capture_output=True, text=True, check=True
        ).stdout.strip()
    except OSError:
        raise UsageError("There is no command `git` here.", "Install git, or leave out --changed.") from None
    except subprocess.CalledProcessError as error:
        said = next(iter(str(error.stderr).splitlines()), "").removeprefix("fatal: ")
        what = f"{root} is in no git repository." if "not a git rep" in said else f"Git says: {said}."
        raise UsageError(what, "Leave out --changed.") from None
    touched = {(Path(top) / line[3:]).resolve() for line in answer.split("\0") if line}
    images = set(_below((root / "images").resolve(), touched))
    return [path for path in found if path.resolve() in touched or (images and _uses(path, images))]


def _below(folder: Path, files: Iterable[Path]) -> Iterator[str]:
    """Names of the folders in ``folder`` that hold some of these files."""
    for file in files:
        if file.is_relative_to(folder) and file.parent != folder:
            yield file.relative_to(folder).parts[0]


def _uses(path: Path, images: Container[str]) -> bool:
    """Whether a lesson lists one of these images. One that cannot be loaded is told when it is proved, if it is."""
    try:
        return any(image.partition(":")[0] in images for image in load_lesson(path).images)
    except ContentError:
        return False


def _known(only: Sequence[str], lessons: Sequence[Lesson], changed: bool) -> None:
    """A misspelt exercise proves nothing, and must not look like a success."""
    exercises = [exercise.id for lesson in lessons for exercise in lesson.exercises]
    for one in only:
        if one not in exercises and not (changed and not lessons):
            near = nearest(one, exercises)
            raise UsageError(
                f"No exercise here is called `{one[:80]}`.",
                f"Did you mean `{near}`?" if near else f"`{COMMAND} list` shows all exercises.",
            )


def _tell(case: Case, out: TextIO) -> None:
    name = f" {case.id}" if case.id else ""
    sign = "✓" if case.ok else "✗"
    out.write(f"{sign} {case.lesson}/{case.exercise} {case.case}{name}: {case.verdict} ({case.seconds:.1f} s)\n")
    if case.why:
        out.write(f"    {visible(case.why)}\n")
    out.flush()


def _sum(totals: Totals, out: TextIO) -> None:
    for one in totals.skipped:
        out.write(f"not on this engine: {visible(one)}\n")
    for one in totals.left:
        out.write(f"left behind: {visible(one)}\n")
    for one in totals.touched:
        out.write(f"not ours, and changed: {visible(one)}\n")
    good = sum(case.ok for case in totals.cases)
    if not totals.cases and not totals.skipped:
        out.write("Nothing was to be proved.\n")
        return
    out.write(f"{good} of {len(totals.cases)} cases hold\n")


def _json(totals: Totals) -> list[dict[str, object]]:
    """The cases, and as the last item, with the keys of a case, their totals."""
    whole = {
        "lesson": "",
        "exercise": "",
        "case": "totals",
        "id": "",
        "ok": totals.ok,
        "verdict": "pass" if totals.ok else "fail",
        "seconds": round(sum(case.seconds for case in totals.cases), 1),
        "why": "",
        "cases": len(totals.cases),
        "hold": sum(case.ok for case in totals.cases),
        "left": totals.left,
        "touched": totals.touched,
        "not_on_this_engine": totals.skipped,
    }
    return [*map(asdict, totals.cases), whole]
