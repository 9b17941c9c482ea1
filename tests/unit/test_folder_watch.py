"""Who is told that a file has changed, and of what."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dockertutor.tutor.folder_watch import FolderWatch

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody tells of changed files")


@pytest.fixture
def told() -> threading.Event:
    return threading.Event()


@pytest.fixture
def watch(told: threading.Event, tmp_path: Path) -> Iterator[FolderWatch]:
    (tmp_path / "there.txt").write_text("old")
    one = FolderWatch(told.set)
    one.begin(tmp_path)
    yield one
    one.end()


def made_below(folder: Path) -> None:
    (folder / "below").mkdir()


CHANGES: dict[str, Callable[[Path], object]] = {
    "made": lambda folder: (folder / "new.txt").touch(),
    "written": lambda folder: (folder / "there.txt").write_text("new"),
    "moved": lambda folder: (folder / "there.txt").rename(folder / "elsewhere.txt"),
    "removed": lambda folder: (folder / "there.txt").unlink(),
    "a folder": made_below,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_told(watch: FolderWatch, told: threading.Event, tmp_path: Path, change: str) -> None:
    assert watch.works
    CHANGES[change](tmp_path)
    assert told.wait(10)


def test_who_reads_changes_nothing(watch: FolderWatch, told: threading.Event, tmp_path: Path) -> None:
    assert (tmp_path / "there.txt").read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["there.txt"]
    assert not told.wait(0.5)


def test_after_its_end_nothing_is_told(watch: FolderWatch, told: threading.Event, tmp_path: Path) -> None:
    watch.end()
    (tmp_path / "there.txt").write_text("new")
    assert not told.wait(0.5)
    assert not watch.works


def test_a_folder_that_is_not_there_is_not_watched(tmp_path: Path) -> None:
    one = FolderWatch(lambda: None)
    one.begin(tmp_path / "none")
    assert not one.works


SPEAKS = """
import logging, sys
from pathlib import Path
from dockertutor.tutor.folder_watch import FolderWatch
one = FolderWatch(lambda: None)
one.begin(Path(sys.argv[1]))
assert one.works
logging.getLogger("watchdog.observers.inotify").error("something of its own")
one.end()
"""


def test_the_library_says_nothing_on_the_screen(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SPEAKS, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
