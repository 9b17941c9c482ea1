"""Forgetting: one exercise, a lesson, or all. The log keeps what was; files are put aside, objects stay."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from dockertutor.called import COMMAND
from dockertutor.errors import UsageError
from dockertutor.tutor.folder import folder_of, is_aside, put_aside
from dockertutor.tutor.progress import Store

Scope = Literal["exercise", "lesson", "all"]


def reset(store: Store, folder_root: Path, scope: Scope, lesson: str = "", exercise: str = "") -> list[Path]:
    """Write the reset to the log and put the learner's files of that scope aside (`folder.put_aside`); returns where
    they are now.

    Raises `UsageError`, `ProgressError`, `SetupError`.
    """
    if scope == "exercise" and not (lesson and exercise):
        raise UsageError("No exercise was named.", f"Say which, as in `{COMMAND} reset LESSON/EXERCISE`.")
    if scope == "lesson" and not lesson:
        raise UsageError("No lesson was named.", f"Say which, as in `{COMMAND} reset LESSON`.")
    store.add("reset", lesson=lesson if scope != "all" else "", exercise=exercise if scope == "exercise" else "")
    if scope == "exercise":
        folders = [folder_of(folder_root, lesson, exercise)]
    else:
        lessons = [folder_root / lesson] if scope == "lesson" else _folders(folder_root)
        folders = [inner for folder in lessons for inner in _folders(folder)]
    return [aside for folder in folders if (aside := put_aside(folder)) is not None]


def _folders(within: Path) -> list[Path]:
    if not within.is_dir():
        return []
    return [path for path in within.iterdir() if path.is_dir() and not is_aside(path)]
