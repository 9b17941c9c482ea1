"""The learner's folder of one exercise: its files are written here, and nowhere else."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from dockertutor.errors import SetupError


def folder_of(root: Path, lesson: str, exercise: str) -> Path:
    """The folder of an exercise below ``root``; ids are single path parts."""
    for part in (lesson, exercise):
        if part in ("", ".", "..") or "/" in part or "\0" in part:
            raise SetupError(f"`{part}` cannot be the name of a folder.", "Mend the id in the lesson.")
    return root / lesson / exercise


def inside(folder: Path, path: str) -> Path:
    """Where ``path`` (relative, as a lesson writes it) lies in ``folder``.

    Raises `SetupError` where it would lead out of it, through a link too.
    """
    pure = PurePosixPath(path)
    found = folder / pure
    if pure.is_absolute() or ".." in pure.parts or not found.resolve().is_relative_to(folder.resolve()):
        raise SetupError(f"`{path}` leads out of the exercise's folder.", "Remove the link that leads out of it.")
    return found


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Make the folder and write ``files`` (relative path → text) into it; the learner's other files stay.

    Raises `SetupError` where the disk refuses.
    """
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        for path, text in files.items():
            target = inside(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
    except OSError as error:
        raise SetupError(
            f"The files of this exercise cannot be written to {folder}: {error.strerror}.",
            "See that the disk has room and that the folder is yours.",
        ) from error


def put_aside(folder: Path) -> None:
    """Empty the folder: what is in it goes to ``NAME.before`` beside it (an older one is replaced), so that nothing
    the learner wrote is lost by a slip. The folder itself stays: a shell may stand in it.

    What a container wrote as root and this user may not move stays where it is.
    """
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    aside = folder.with_name(f"{folder.name}.before")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        aside.mkdir(exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"The folder {folder} cannot be put aside: {error.strerror}.",
            "See that the disk has room and that the folder is yours.",
        ) from error
    for path in list(folder.iterdir()):
        with contextlib.suppress(OSError):
            path.rename(aside / path.name)


def listed(folder: Path, most: int = 200) -> tuple[str, ...]:
    """The files in the folder, relative, sorted; hidden ones left out."""
    found: list[str] = []
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        inner = Path(place).relative_to(folder)
        found += [str(inner / name) for name in files if not name.startswith(".")]
        if len(found) >= most:
            break
    return tuple(sorted(found)[:most])
