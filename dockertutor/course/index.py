"""The index of our own course, ``lessons/index.json``: what the overview needs of it, told without reading YAML.

``python -m dockertutor.course.index`` writes it anew. It names the hash of the files that it was made from, and is
believed only while it fits them: who changes a lesson without it waits a little longer for the first paint.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from dockertutor.course.folders import lessons_in, tracks_in
from dockertutor.course.heads import Course, LessonEntry, Term, Track

FILE = "index.json"
FORMAT = 1


def recall(root: Path) -> Course | None:
    """The course as the index tells it, or None where there is no index, or one of other files."""
    try:
        told = json.loads((root / FILE).read_bytes())
        if told["format"] != FORMAT or told["digest"] != _digest(root):
            return None
        return Course(
            id=told["id"],
            title=told["title"],
            root=root,
            tracks=tuple(_track(track, root) for track in told["tracks"]),
            glossary={name: Term(**(term | {"also": tuple(term["also"])})) for name, term in told["glossary"].items()},
            digest=told["digest"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def written(course: Course) -> str:
    """The index of a course, as JSON."""
    told = {
        "format": FORMAT,
        "digest": course.digest,
        "id": course.id,
        "title": course.title,
        "tracks": [
            {"id": track.id, "title": track.title, "lessons": [_told(entry, course.root) for entry in track.lessons]}
            for track in course.tracks
        ],
        "glossary": {name: _values(term) for name, term in course.glossary.items()},
    }
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def _digest(root: Path) -> str:
    """As `reading.read_course` makes it."""
    digest = hashlib.sha256((root / "course.yaml").read_bytes())
    for track in tracks_in(root):
        for lesson in lessons_in(track):
            digest.update(lesson.read_bytes())
    if (root / "glossary.yaml").exists():
        digest.update((root / "glossary.yaml").read_bytes())
    return digest.hexdigest()


def _track(told: dict[str, Any], root: Path) -> Track:
    lessons = [
        LessonEntry(**{key: tuple(value) if isinstance(value, list) else value for key, value in one.items()}
                    | {"file": root / one["file"]})
        for one in told["lessons"]
    ]  # fmt: skip
    return Track(told["id"], told["title"], tuple(lessons))


def _told(entry: LessonEntry, root: Path) -> dict[str, Any]:
    return _values(entry) | {"file": entry.file.relative_to(root).as_posix()}


def _values(one: LessonEntry | Term) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in fields(one)}


def main() -> int:
    """Write the index of our own course."""
    from dockertutor.course.library import find_root
    from dockertutor.course.reading import read_course

    root = find_root(None)
    (root / FILE).write_text(written(read_course(root)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
