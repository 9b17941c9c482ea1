"""The learner's folder of one exercise: its files are written here, and nowhere else.

A container that has the folder mounted may change it at any moment, as root: plant links, pipes, devices. So a path is
never checked first and opened afterwards; it is opened part by part, and no part may be a link.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
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


def open_in(folder: Path, path: str | PurePosixPath, flags: int, *, make: bool = False) -> int:
    """A descriptor of the ordinary file ``path`` (relative) in ``folder``; ``make``: folders on the way are made.

    No part of the path may be a link, and nothing is waited for (a pipe has no end here). Raises OSError.
    """
    *folders, name = PurePosixPath(path).parts
    if ".." in (*folders, name):
        raise OSError(errno.EINVAL, "it leads out of the folder")
    here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in folders:
            if make:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, 0o755, dir_fd=here)
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = inner
        found = os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o644, dir_fd=here)
    finally:
        os.close(here)
    if not stat.S_ISREG(os.fstat(found).st_mode):
        os.close(found)
        raise OSError(errno.EINVAL, "it is not an ordinary file")
    return found


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Make the folder and write ``files`` (relative path → text) into it; the learner's other files stay.

    Raises `SetupError` where the disk refuses.
    """
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        for path, text in files.items():
            inside(folder, path)  # says in words what is wrong
            with os.fdopen(open_in(folder, path, os.O_WRONLY | os.O_CREAT, make=True), "w", encoding="utf-8") as file:
                file.truncate()
                file.write(text)
    except OSError as error:
        raise SetupError(
            f"The files of this exercise cannot be written to {folder}: {error.strerror}.",
            "See that the disk has room and that the folder is yours.",
        ) from error


def put_aside(folder: Path) -> Path | None:
    """Empty the folder: what is in it goes to ``NAME.before`` beside it (``NAME.before-2`` where that is there
    already, and so on), so that nothing the learner wrote is lost by a slip. The folder itself stays: a shell may
    stand in it.

    What a container wrote as root and this user may not move stays where it is. Returns where the rest is now; None
    where nothing was in it.
    """
    if not folder.is_dir() or not any(folder.iterdir()):
        return None
    try:
        aside = _beside(folder)
    except OSError as error:
        raise SetupError(
            f"The folder {folder} cannot be put aside: {error.strerror}.",
            "See that the disk has room and that the folder is yours.",
        ) from error
    for path in list(folder.iterdir()):
        with contextlib.suppress(OSError):
            path.rename(aside / path.name)
    return aside


def is_aside(folder: Path) -> bool:
    """Whether `put_aside` has made this folder. (No exercise's id has a dot.)"""
    return ".before" in folder.name


def _beside(folder: Path) -> Path:
    """Make the first folder beside it that was not there."""
    aside, number = folder.with_name(f"{folder.name}.before"), 1
    while True:
        try:
            aside.mkdir()
        except FileExistsError:
            number += 1
            aside = folder.with_name(f"{folder.name}.before-{number}")
        else:
            return aside


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
