"""Forgetting: one exercise, a lesson, or all. The log keeps what was; folders are put aside, objects stay."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Literal

from dockertutor.errors import SetupError, UsageError
from dockertutor.tutor.folder import folder_of
from dockertutor.tutor.progress import Store

Scope = Literal["exercise", "lesson", "all"]


def reset(store: Store, folder_root: Path, scope: Scope, lesson: str = "", exercise: str = "") -> None:
    """Write the reset to the log and move the learner's folder of that scope to ``NAME.before-reset`` (an older one
    is replaced), so that nothing they wrote is lost by a slip. Raises `UsageError`, `ProgressError`, `SetupError`."""
    if scope == "exercise" and not (lesson and exercise):
        raise UsageError("No exercise was named.", "Say which, as in `dockertutor reset LESSON/EXERCISE`.")
    if scope == "lesson" and not lesson:
        raise UsageError("No lesson was named.", "Say which, as in `dockertutor reset LESSON`.")
    store.add("reset", lesson=lesson if scope != "all" else "", exercise=exercise if scope == "exercise" else "")
    folders = {
        "exercise": lambda: folder_of(folder_root, lesson, exercise),
        "lesson": lambda: folder_root / lesson,
        "all": lambda: folder_root,
    }
    _put_aside(folders[scope]())


def _put_aside(folder: Path) -> None:
    if not folder.is_dir():
        return
    aside = folder.with_name(f"{folder.name}.before-reset")
    try:
        if aside.exists():
            shutil.rmtree(aside)
        folder.rename(aside)
    except OSError as error:
        raise SetupError(
            f"The folder {folder} cannot be put aside: {error.strerror}.",
            "A container may have written into it as root; remove it by hand. Your progress was reset.",
        ) from error
