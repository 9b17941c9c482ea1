"""The learner's folder, where a container may have planted anything as root: nothing leads out, nothing hangs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dockertutor.errors import SetupError, UsageError
from dockertutor.tui import folder as editor
from dockertutor.tutor import folder as disk
from dockertutor.tutor.gather import text_of


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("private")
    made = tmp_path / "home"
    made.mkdir()
    return made


def test_files_are_written_with_their_folders(home: Path) -> None:
    disk.write_files(home, {"a.txt": "long text", "sub/deep/b.txt": "é"})
    disk.write_files(home, {"a.txt": "short"})
    assert (home / "a.txt").read_text() == "short"
    assert (home / "sub/deep/b.txt").read_text(encoding="utf-8") == "é"


@pytest.mark.parametrize("path", ["out/key", "link", "../secret/key", "/etc/x"])
def test_nothing_is_written_through_a_link(home: Path, path: str) -> None:
    (home / "out").symlink_to(home.parent / "secret")
    (home / "link").symlink_to(home.parent / "secret" / "key")
    with pytest.raises(SetupError):
        disk.write_files(home, {path: "evil"})
    assert (home.parent / "secret" / "key").read_text() == "private"


@pytest.mark.parametrize("link", ["sub", "sub/key"])
def test_a_link_planted_after_the_look_is_not_followed(home: Path, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "sub").mkdir()

    def planted(folder: Path, path: str) -> Path:
        if link == "sub":
            (home / "sub").rmdir()
        (home / link).symlink_to(home.parent / "secret" / ("" if link == "sub" else "key"))
        return folder / path

    monkeypatch.setattr(disk, "inside", planted)
    with pytest.raises(SetupError):
        disk.write_files(home, {"sub/key": "evil"})
    assert (home.parent / "secret" / "key").read_text() == "private"


def test_a_pipe_holds_nobody_up(home: Path) -> None:
    os.mkfifo(home / "pipe")
    assert text_of(home, "pipe") is None
    with pytest.raises(SetupError):
        disk.write_files(home, {"pipe": "x"})
    with pytest.raises(UsageError):
        editor.read(home, "pipe")


def test_a_link_is_read_inside_the_folder_only(home: Path) -> None:
    (home / "a").write_text("mine")
    (home / "in").symlink_to("a")
    (home / "out").symlink_to(home.parent / "secret" / "key")
    (home / "loop").symlink_to("loop")
    assert text_of(home, "in") == "mine"
    assert [text_of(home, name) for name in ("out", "loop", "../secret/key", "/etc/passwd", "n" * 5000, "", ".")] == [
        None
    ] * 7


def test_a_huge_file_is_read_in_part(home: Path) -> None:
    with (home / "huge").open("wb") as file:
        file.truncate(1 << 40)  # sparse: a terabyte in no space
    assert len(text_of(home, "huge") or "") == 65536
    with pytest.raises(UsageError, match="too large"):
        editor.read(home, "huge")


def test_what_is_put_aside_stays_when_more_is_put_aside(home: Path) -> None:
    for words in ("first", "second", "third"):
        (home / "mine.txt").write_text(words)
        aside = disk.put_aside(home)
        assert aside is not None
        assert (aside / "mine.txt").read_text() == words
        assert disk.is_aside(aside)
    kept = [path / "mine.txt" for path in sorted(home.parent.glob("home.before*"))]
    assert [path.read_text() for path in kept] == ["first", "second", "third"]
    assert not disk.is_aside(home)
