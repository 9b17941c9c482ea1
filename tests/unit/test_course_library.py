"""A course as a folder: heads, tracks, glossary, and what is wrong between lessons."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dockertutor import course as courses
from dockertutor.errors import ContentError, UsageError

COURSE = "format: 1\nid: c\ntitle: C\ntracks: {01-first: First steps, 02-more: More}\n"
GLOSSARY = "format: 1\nterms:\n  box: {text: A box., also: [boxes, Kiste]}\n  image: {name: Image, text: A stamp.}\n"


def lesson(id_: str, extra: str = "", exercises: tuple[str, ...] = ("one",)) -> str:
    steps = "".join(
        f"  - exercise: {{id: {e}, kind: worked, task: x, expect: [{{container: w, exists: true}}]}}\n"
        for e in exercises
    )
    return f"format: 1\nid: {id_}\ntitle: The lesson {id_}\nminutes: 5\n{extra}steps:\n  - read: Hello\n{steps}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "course.yaml").write_text(COURSE)
    (tmp_path / "glossary.yaml").write_text(GLOSSARY)
    for name, text in {
        "01-first/00-a.yaml": lesson("a"),
        "01-first/01-b.yaml": lesson("b", "needs: [a]\nwas: old-b\n", ("one", "two")),
        "02-more/01-c.yaml": lesson("c", "needs: [a, b]\n"),
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def said(root: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        courses.load_course(root)
    return [str(problem).replace(f"{root}/", "") for problem in caught.value.problems]


def test_a_course_has_its_tracks_and_lessons_in_order(root: Path) -> None:
    course = courses.load_course(root)
    assert [(track.id, track.title) for track in course.tracks] == [("first", "First steps"), ("more", "More")]
    heads = courses.entries(course)
    assert [(head.number, head.id, head.track, head.exercises) for head in heads] == [
        (0, "a", "first", ("one",)),
        (1, "b", "first", ("one", "two")),
        (2, "c", "more", ("one",)),
    ]
    assert heads[1].minutes == 5
    assert heads[1].needs == ("a",)


def test_a_lesson_is_found_by_its_id_and_by_the_id_it_had(root: Path) -> None:
    course = courses.load_course(root)
    assert courses.load_entry(course, "b").id == "b"
    assert courses.load_entry(course, "old-b").id == "b"


def test_a_lesson_is_found_by_its_number(root: Path) -> None:
    course = courses.load_course(root)
    assert courses.find_entry(course, "0").id == "a"
    assert courses.find_entry(course, "2").id == "c"
    for nothing in ("3", "", "-1"):
        with pytest.raises(UsageError):
            courses.find_entry(course, nothing)


def test_an_unknown_lesson_is_a_usage_error_that_names_the_nearest(root: Path) -> None:
    (root / "02-more/02-d.yaml").write_text(lesson("publish-a-port"))
    with pytest.raises(UsageError, match="Did you mean `publish-a-port`"):
        courses.load_entry(courses.load_course(root), "publish-port")


def test_the_digest_changes_with_any_lesson(root: Path) -> None:
    before = courses.load_course(root).digest
    (root / "02-more/01-c.yaml").write_text(lesson("c", exercises=("other",)))
    assert courses.load_course(root).digest != before


def test_lessons_that_need_each_other_in_a_circle_are_named(root: Path) -> None:
    (root / "01-first/00-a.yaml").write_text(lesson("a", "needs: [c]\n"))
    circles = said(root)
    assert len(circles) == 1
    assert "in a circle: a → c → a" in circles[0]
    assert circles[0].startswith("01-first/00-a.yaml:5:8: needs:")


def test_a_need_that_is_not_there_is_named_with_the_nearest(root: Path) -> None:
    (root / "02-more/01-c.yaml").write_text(lesson("c", "needs: [bb]\n"))
    assert said(root) == ["02-more/01-c.yaml:5:8: needs: no lesson is called `bb` (did you mean `b`?)"]


@pytest.mark.parametrize("again", [lesson("a"), lesson("d", "was: a\n"), lesson("old-b")])
def test_an_id_that_stands_twice_is_named(root: Path, again: str) -> None:
    (root / "02-more/02-d.yaml").write_text(again)
    (problem,) = said(root)
    assert "belongs to" in problem


def test_problems_of_all_files_are_told_at_once(root: Path) -> None:
    (root / "01-first/00-a.yaml").write_text("format: 1\ntitle: x\n")
    (root / "02-more/01-c.yaml").write_bytes(b"\xff\xfe")
    (root / "glossary.yaml").write_text("format: 1\nterms: {box: {txt: a}}\n")
    files = {problem.split(":")[0] for problem in said(root)}
    assert {"01-first/00-a.yaml", "02-more/01-c.yaml", "glossary.yaml"} <= files


def test_a_file_that_cannot_be_read_hides_no_other_problem(root: Path) -> None:
    (root / "01-first" / "02-gone.yaml").symlink_to("/nowhere")
    (root / "02-more" / "02-d.yaml").write_text(lesson("a", "needs: [bb]\n"))
    assert said(root) == [
        "01-first/02-gone.yaml:1:1: there is no such file",
        "02-more/02-d.yaml:2:5: id: the id `a` belongs to 00-a.yaml already",
        "02-more/02-d.yaml:5:8: needs: no lesson is called `bb` (did you mean `b`?)",
    ]


def test_a_course_without_lessons_is_told_what_they_are_called(tmp_path: Path) -> None:
    (tmp_path / "course.yaml").write_text(COURSE)
    [problem] = said(tmp_path)
    assert problem.startswith("course.yaml:1:1: the course has no lessons: expected files such as")


def test_a_folder_without_a_title_is_named(root: Path) -> None:
    (root / "03-last").mkdir()
    assert said(root) == ["course.yaml:1:1: tracks: the folder `03-last` has no title here"]


def test_a_word_finds_its_term_in_any_spelling(root: Path) -> None:
    glossary = courses.load_course(root).glossary
    for word in ("box", "Box", "BOXES", "kiste"):
        term = courses.find_term(glossary, word)
        assert term is not None
        assert term.id == "box"
    assert courses.find_term(glossary, "volume") is None


def test_two_terms_may_not_claim_one_word() -> None:
    with pytest.raises(ContentError, match="belongs to the term `a` already"):
        courses.parse_glossary("format: 1\nterms: {a: {text: x}, b: {text: y, also: [A]}}", "glossary.yaml")


def test_the_root_is_where_it_was_said_to_be(root: Path) -> None:
    assert courses.find_root(root) == root
    with pytest.raises(UsageError, match=r"course\.yaml"):
        courses.find_root(root / "01-first")


def test_an_installed_wheel_brings_its_lessons_and_a_checkout_has_them_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "dockertutor"
    for folder in (package / "_lessons", tmp_path / "site" / "lessons"):
        folder.mkdir(parents=True)
        (folder / "course.yaml").write_text(COURSE)
    monkeypatch.setattr("dockertutor.__file__", str(package / "__init__.py"))
    assert courses.find_root() == package / "_lessons"
    (package / "_lessons" / "course.yaml").unlink()
    assert courses.find_root() == tmp_path / "site" / "lessons"
    (tmp_path / "site" / "lessons" / "course.yaml").unlink()
    with pytest.raises(UsageError, match="Install dockertutor again"):
        courses.find_root()


def test_the_courses_own_lessons_are_found_and_load() -> None:
    course = courses.load_course(courses.find_root())
    for head in courses.entries(course):
        loaded = courses.load_entry(course, head.id)
        assert tuple(exercise.id for exercise in loaded.exercises) == head.exercises


def test_a_course_loads_without_engine_or_screen() -> None:
    code = (
        "import sys; from dockertutor import course; course.load_course(course.find_root());"
        "print([m for m in ('docker', 'textual', 'rich', 'jsonschema') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_heads_tell_what_each_lesson_introduces() -> None:
    from dockertutor.tutor.glossary_search import explained

    course = courses.load_course(courses.find_root(None))
    second = course.tracks[0].lessons[1]
    assert "port" in second.introduces
    assert explained(course, second.id, "ExposedPorts").startswith("Doors of the box")
    assert explained(course, course.tracks[0].lessons[0].id, "ExposedPorts") == ""
    assert "stays" in explained(course, "", "AttachStdout")
    assert explained(course, "", "Cmd") == "The program that the box runs, and the words after it."


def test_a_search_begins_with_what_is_called_so() -> None:
    from dockertutor.tutor.glossary_search import TERM, Search

    course = courses.load_course(courses.find_root(None))
    found = Search(course).find("cont")
    assert found[0][0] == f"{TERM}container"
    assert len(found) > 1
    titles = [one for one in Search(course).find("box") if one[1] == one[2]]
    assert titles[0][1] == "Boxes for programs"
    assert not any("`" in line for _, _, line in Search(course).find("docker"))
