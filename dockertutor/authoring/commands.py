"""`dockertutor lesson new|lint|preview|schema`: each prints to ``out`` and returns its exit code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TextIO

from dockertutor.authoring.lint import Advice, lint
from dockertutor.authoring.preview import preview
from dockertutor.authoring.schema import schema_text
from dockertutor.called import COMMAND
from dockertutor.course import find_root, load_course, load_entry, load_lesson
from dockertutor.course.grammar import ID
from dockertutor.course.model import Lesson
from dockertutor.errors import UsageError
from dockertutor.exit_codes import BROKEN, OK
from dockertutor.visible import visible


def cli_lint(paths: Sequence[Path], out: TextIO, *, root: Path | None = None) -> int:
    """Lint lessons, folders or (without paths) the whole course. 0: no errors, though there may be advice; 3: errors.

    Raises `UsageError` for a path that does not exist.
    """
    for path in paths:
        if not path.exists():
            raise UsageError(f"There is no file or folder {path}.", "Name lessons, or folders with lessons.")
        if path.is_dir() and not any(path.rglob("*.yaml")):
            raise UsageError(f"There are no lessons in {path}.", "Name lessons, or folders with lessons.")
    found = lint(list(paths) or [root or find_root(None)])
    for problem in found:
        out.write(f"{visible(str(problem))}\n")
    advice = sum(isinstance(problem, Advice) for problem in found)
    errors = len(found) - advice
    if found:
        out.write("\n")
    out.write(f"{_counted(errors, 'error', 'errors')}, {_counted(advice, 'piece', 'pieces')} of advice\n")
    return BROKEN if errors else OK


def cli_preview(target: str, out: TextIO, *, root: Path | None = None, seed: int | None = None) -> int:
    """Print a lesson (a file, or an id of the course) as plain text with names drawn.

    Raises `UsageError` (no such lesson) or `ContentError`.
    """
    out.write(visible(preview(_lesson(target, root), seed=seed)))
    return OK


def cli_schema(out: TextIO) -> int:
    """Print the JSON Schema of a lesson."""
    out.write(schema_text())
    return OK


def cli_new(path: Path, out: TextIO) -> int:
    """Write a lesson to begin with; its id is the file's name without number and ending.

    Raises `UsageError` where a file is already, or where its name makes no id.
    """
    id_ = path.stem.lstrip("0123456789").lstrip("-") or path.stem
    if path.suffix != ".yaml" or not _is_id(id_):
        raise UsageError(f"{path.name} is no name for a lesson.", "Name it NN-what-it-is-about.yaml, in small letters.")
    template = resources.files(__package__).joinpath("new-lesson.yaml").read_text("utf-8")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(template.replace("LESSON-ID", id_))
    except FileExistsError:
        raise UsageError(f"{path} exists already.", "Choose another name.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.", "Choose another folder.") from None
    out.write(f"{visible(str(path))} is written. `{COMMAND} lesson lint {path}` says what it still needs.\n")
    return OK


def _is_id(text: str) -> bool:
    return bool(re.fullmatch(ID.pattern, text))


def _lesson(target: str, root: Path | None) -> Lesson:
    path = Path(target)
    if path.suffix == ".yaml" or path.is_file():
        return load_lesson(path)
    return load_entry(load_course(root or find_root(None)), target)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
