"""The index of our own course: it says what the files say, and is believed only while it fits them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dockertutor.course import index
from dockertutor.course.library import find_root, load_course
from dockertutor.course.reading import read_course

ROOT = find_root(None)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT, tmp_path / "lessons"))


def test_it_is_of_today() -> None:
    written = index.written(read_course(ROOT))
    assert (ROOT / index.FILE).read_text() == written, "python -m dockertutor.course.index writes it anew"


def test_it_tells_what_the_files_say() -> None:
    assert index.recall(ROOT) == read_course(ROOT)


@pytest.mark.parametrize("changed", ["glossary.yaml", "course.yaml", "01-what-docker-is/01-boxes-for-programs.yaml"])
def test_it_is_not_believed_once_a_file_has_changed(copy: Path, changed: str) -> None:
    with (copy / changed).open("a") as file:
        file.write("\n")
    assert index.recall(copy) is None


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1}', '{"format": 2, "digest": ""}'])
def test_a_broken_one_is_as_none(copy: Path, text: str) -> None:
    (copy / index.FILE).write_text(text)
    assert index.recall(copy) is None


def test_that_of_another_course_is_not_believed(copy: Path) -> None:
    file = copy / index.FILE
    file.write_text(file.read_text().replace("Boxes for programs", "Another title"))
    titles = [entry.title for track in load_course(copy).tracks for entry in track.lessons]
    assert "Another title" not in titles


def test_an_overview_needs_no_yaml() -> None:
    code = (
        "import sys; import dockertutor.launch, dockertutor.tui.app, dockertutor.tui.screens.overview;"
        "from dockertutor.course import find_root, load_course; load_course(find_root());"
        "sys.exit(bool({'yaml', 'docker', 'dockertutor.checks', 'dockertutor.facts'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
