"""Where a shell of the learner's own begins."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from dockertutor.launch import _exercise_folder
from dockertutor.tutor.progress import Store


def at(progress: Path, folder: Path, time: float) -> None:
    """A progress file whose learner is at an exercise, since ``time``."""
    folder.mkdir(parents=True)
    with closing(Store(progress, clock=lambda: time)) as store:
        store.add("moved", lesson="one", exercise="first", body={"step": 1})
        begun = {"values": {}, "digest": "", "folder": str(folder)}
        store.add("begun", lesson="one", exercise="first", attempt="a", body=begun)


def test_it_begins_in_the_folder_of_the_course_that_was_last_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    home = tmp_path / "dockertutor"
    assert _exercise_folder() is None
    at(home / "courses" / "another" / "progress.db", tmp_path / "another", 2000.0)
    at(home / "progress.db", tmp_path / "ours", 1000.0)  # written later, though the learner was there before
    assert _exercise_folder() == tmp_path / "another"
