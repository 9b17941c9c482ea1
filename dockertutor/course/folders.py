"""How a course lies in its folder: ``course.yaml``, ``glossary.yaml`` and lessons ``NN-track/NN-lesson.yaml``."""

from __future__ import annotations

import re
from pathlib import Path

_TRACK = re.compile(r"\d\d-[a-z0-9-]+")
_LESSON = re.compile(r"\d\d-[a-z0-9.-]+\.yaml")


def tracks_in(root: Path) -> list[Path]:
    """The folders of a course's tracks, in order."""
    return _children(root, _TRACK)


def lessons_in(track: Path) -> list[Path]:
    """The files of a track's lessons, in order."""
    return _children(track, _LESSON)


def _children(folder: Path, pattern: re.Pattern[str]) -> list[Path]:
    return sorted(path for path in folder.iterdir() if pattern.fullmatch(path.name)) if folder.is_dir() else []
