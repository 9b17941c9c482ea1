"""The learner's folder of one exercise: which files are in it, and how one is read and written."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from dockertutor.errors import UsageError
from dockertutor.tutor.folder import open_in

LIMIT = 200 * 1024
"""Bytes of the largest file that the editor opens."""


def listing(folder: Path, most: int = 200) -> list[str]:
    """Paths of the regular files below ``folder``, hidden ones left out, in order; links are not followed."""
    found: list[str] = []
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(here, name)
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                found.append(str(path.relative_to(folder)))
            if len(found) >= most:
                return found
    return found


def inside(folder: Path, name: str) -> Path:
    """The path of ``name`` in ``folder``. Raises `UsageError` where it would lie outside, or is no name for a file."""
    clean = name.strip()
    if not clean or clean.endswith("/") or "\0" in clean or any(not char.isprintable() for char in clean):
        raise UsageError("This is not a name for a file.", "Use letters, digits, points and dashes.")
    path = (folder / clean).resolve()
    if not path.is_relative_to(folder.resolve()) or path == folder.resolve():
        raise UsageError(
            f"{clean} lies outside this exercise's folder.", "Give a name without leading points or slashes."
        )
    return path


def read(folder: Path, name: str) -> str:
    """The file's text. Raises `UsageError` where it is too large, not text, or gone."""
    try:
        home = folder.resolve()
        path = inside(folder, name).relative_to(home).as_posix()
        with os.fdopen(open_in(home, path, os.O_RDONLY), "rb") as file:
            raw = file.read(LIMIT + 1)
        if len(raw) > LIMIT:
            raise UsageError(f"{name} is too large for this editor.", "Look at it in the terminal.")
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not a text file.", "Look at it in the terminal.") from error
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}.", "Look at it in the terminal.") from error


def write(folder: Path, name: str, text: str) -> None:
    """Write the file in one move, so that nobody ever reads half of it; its mode is kept. Raises `UsageError`."""
    path = inside(folder, name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        handle, new = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            Path(new).chmod(mode)
            Path(new).replace(path)
        except BaseException:
            Path(new).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(f"{name} cannot be written: {error.strerror}.", "See whether the disk is full.") from error
