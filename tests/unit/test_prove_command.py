"""Which lessons ``lesson prove`` takes, before any engine is asked."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest

from dockertutor.authoring.prove_command import cli_prove
from dockertutor.engine.connection import Endpoint
from dockertutor.errors import TutorError, UsageError

NOWHERE = Endpoint("unix:///nowhere/docker.sock")
LESSON = """\
format: 1
id: {id}
title: T
minutes: 5
steps:
  - exercise:
      id: {id}-one
      kind: worked
      task: Do it.
      expect: [{{container: c, exists: true}}]
      solution: docker run --name c busybox
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course in a git repository: two lessons, committed."""
    (tmp_path / "01-first").mkdir()
    (tmp_path / "course.yaml").write_text("format: 1\nid: c\ntitle: C\ntracks: {01-first: First, 02-new: New}\n")
    for number, id_ in enumerate(("a", "b")):
        (tmp_path / "01-first" / f"0{number}-{id_}.yaml").write_text(LESSON.format(id=id_))
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "-c", "user.name=n", "-c", "user.email=e@localhost", "commit", "-q", "-m", "first")
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def taken(root: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch, **options: object) -> list[str]:
    """The ids of the exercises that would be proved."""
    found: list[str] = []

    class Noting:
        def __init__(self, *_: object, **__: object) -> None:
            pass

        def __enter__(self) -> Noting:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def prove(self, lesson: object, exercise: object, *_: object) -> None:
            found.append(exercise.id)  # type: ignore[attr-defined]

    monkeypatch.setattr("dockertutor.authoring.prove_command.Prover", Noting)
    assert cli_prove(paths, NOWHERE, io.StringIO(), io.StringIO(), root=root, **options) == 0  # type: ignore[arg-type]
    return found


def test_what_differs_from_the_last_commit_is_taken(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert taken(root, [], monkeypatch, changed=True) == []
    lesson = root / "01-first" / "01-b.yaml"
    lesson.write_text(lesson.read_text().replace("title: T", "title: Another"))
    assert taken(root, [], monkeypatch, changed=True) == ["b-one"]


def test_a_new_lesson_in_a_new_folder_differs_from_the_last_commit(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "02-new").mkdir()
    (root / "02-new" / "02-c.yaml").write_text(LESSON.format(id="c"))
    assert taken(root, [], monkeypatch, changed=True) == ["c-one"]


def test_a_change_of_an_image_takes_the_lessons_that_list_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = root / "01-first" / "01-b.yaml"
    lesson.write_text(lesson.read_text().replace("minutes: 5", "minutes: 5\nimages: [busybox, tutor-blog]"))
    for name in ("tutor-blog", "tutor-other"):
        (root / "images" / name / "files").mkdir(parents=True)
        (root / "images" / name / "files" / "page").write_text("hello")
    git(root, "add", ".")
    git(root, "-c", "user.name=n", "-c", "user.email=e@localhost", "commit", "-q", "-m", "second")
    (root / "images" / "tutor-other" / "files" / "page").write_text("good morning")
    assert taken(root, [], monkeypatch, changed=True) == []
    (root / "images" / "tutor-blog" / "files" / "page").unlink()
    assert taken(root, [], monkeypatch, changed=True) == ["b-one"]


def test_only_the_exercises_that_were_named_are_taken(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert taken(root, [], monkeypatch, only=["b-one"]) == ["b-one"]
    assert taken(root, [root / "01-first" / "00-a.yaml"], monkeypatch) == ["a-one"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"only": ["b-onne"]}, "Did you mean `b-one`"),
        ({"paths": ["nowhere"]}, "There is no file or folder"),
        ({"paths": ["empty"]}, "There are no lessons in"),
    ],
)
def test_what_proves_nothing_is_no_success(root: Path, options: dict[str, list[str]], said: str) -> None:
    (root / "empty").mkdir()
    paths = [root / one for one in options.get("paths", ())]
    with pytest.raises(UsageError, match=said):
        cli_prove(paths, NOWHERE, io.StringIO(), io.StringIO(), root=root, only=options.get("only", ()))


def test_changed_needs_a_repository(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    course = tmp_path_factory.mktemp("loose")
    (course / "01-first").mkdir()
    for name in ("course.yaml", "01-first/00-a.yaml"):
        (course / name).write_text((root / name).read_text())
    with pytest.raises(TutorError, match="no git repository"):
        cli_prove([], NOWHERE, io.StringIO(), io.StringIO(), root=course, changed=True)
