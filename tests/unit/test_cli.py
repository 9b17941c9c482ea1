"""The command line without an engine: exit codes, sentences in place of tracebacks, formats that others read."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import string
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dockertutor import cli
from dockertutor.cli import main
from dockertutor.course import find_root
from dockertutor.exit_codes import BROKEN, NO_ENGINE, NOT_YET, OK, USAGE

NOWHERE = ("--host", "unix:///nowhere/docker.sock")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, and no engine by default."""
    for name, value in {"HOME": "home", "XDG_DATA_HOME": "data", "XDG_RUNTIME_DIR": "run"}.items():
        folder = tmp_path / value
        folder.mkdir(mode=0o700)
        monkeypatch.setenv(name, str(folder))
    for name in ("DOCKER_CONTEXT", "DOCKER_TLS_VERIFY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DOCKER_HOST", NOWHERE[1])
    return tmp_path


def run(*arguments: str) -> int:
    """The exit code, argparse's own included."""
    try:
        return main(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0


@pytest.fixture
def broken(tmp_path: Path) -> str:
    """A course with a lesson that is no YAML."""
    folder = tmp_path / "broken"
    (folder / "01-first").mkdir(parents=True)
    (folder / "course.yaml").write_text("format: 1\nid: c\ntitle: Course\ntracks: {01-first: First}\n")
    (folder / "01-first" / "01-one.yaml").write_text("format: 1\nid: [one\n")
    return str(folder)


# ------------------------------------------------------------------ exit codes
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("list",), OK),
        (("status",), OK),
        (("glossary",), OK),
        (("glossary", "container"), OK),
        (("lesson", "schema"), OK),
        (("lesson", "preview", "first-steps"), OK),
        (("reset", "--all"), OK),
        (("reset", "first-steps/copy"), OK),
        (("nosuch",), USAGE),
        (("lesson",), USAGE),
        (("reset",), USAGE),
        (("reset", "--all", "first-steps"), USAGE),
        (("reset", "nosuch"), USAGE),
        (("check", "nosuch"), USAGE),
        (("check", "first-steps/nosuch"), USAGE),
        (("check", "--all", "first-steps"), USAGE),
        (("open", "nosuch"), USAGE),
        (("open", "first-steps/nosuch"), USAGE),
        (("glossary", "nosuch"), USAGE),
        (("--course", "/nowhere", "list"), USAGE),
        (("lesson", "preview", "nosuch"), USAGE),
        (("lesson", "lint", "/nowhere"), USAGE),
        (("lesson", "new", "/proc/01-new.yaml"), USAGE),
        (("check", "--all"), NO_ENGINE),
        (("images", "list"), NO_ENGINE),
        (("doctor",), NO_ENGINE),
        (("lesson", "prove"), NO_ENGINE),
        ((), USAGE),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_the_exit_code_says_what_came_of_it(
    arguments: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == code
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    if code not in (OK, NOT_YET):
        assert said.err or "!!" in said.out


@pytest.mark.parametrize(
    "arguments",
    ["list", "status", "check", "open one", "glossary", "lesson lint", "lesson preview one"],
)
def test_a_broken_lesson_is_3_and_is_named_by_line(
    arguments: str, broken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--course", broken, *arguments.split()) == BROKEN
    said = capsys.readouterr()
    assert "01-one.yaml:3:1" in said.err + said.out


def test_a_course_of_another_kind_of_file_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "course.yaml").write_bytes(b"\xff\xfe\x00garbage")
    assert run("--course", str(tmp_path), "list") == BROKEN
    assert "course.yaml" in capsys.readouterr().err


@pytest.mark.parametrize(
    "host",
    ["bogus", "tcp://", "tcp://:99999", "http://[", "unix://", "ssh://x y", "fd://1", "\x1b[31m", "tcp://127.0.0.1:1"],
)
def test_a_nonsense_address_is_4_and_a_sentence(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--host", host, "doctor") == NO_ENGINE
    said = capsys.readouterr()
    assert "engine" in said.out
    assert "\x1b" not in said.out + said.err


def test_a_context_that_is_not_known_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--context", "nosuch", "doctor") == NO_ENGINE
    assert "nosuch" in capsys.readouterr().out


# ------------------------------------------------------------------ progress that cannot be kept
def test_progress_of_a_newer_version_is_refused_in_words(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("reset", "--all") == OK
    database = sqlite3.connect(home / "data/dockertutor/progress.db")
    database.execute("PRAGMA user_version = 999")
    database.commit()
    database.close()
    capsys.readouterr()
    assert run("status") == NO_ENGINE
    said = capsys.readouterr().err
    assert "newer" in said
    assert "Traceback" not in said


def test_a_damaged_progress_file_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = home / "data/dockertutor"
    folder.mkdir()
    (folder / "progress.db").write_bytes(random.Random(1).randbytes(5000))
    assert run("status") == NO_ENGINE
    assert "progress.db" in capsys.readouterr().err


def test_a_data_folder_that_cannot_be_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/dev/null/x")
    assert run("status") == NO_ENGINE
    assert "/dev/null/x" in capsys.readouterr().err
    run("doctor")
    assert "!!  progress: nothing can be written" in capsys.readouterr().out


# ------------------------------------------------------------------ never a traceback
def test_a_fault_of_our_own_is_a_sentence_and_kept_in_a_file(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: object) -> int:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(cli, "_list", broken)
    assert run("list") == NO_ENGINE
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert "Traceback" not in said
    assert "secret detail" in (home / "data/dockertutor/broken.log").read_text()


@pytest.mark.parametrize("words", ["list", "glossary image", "check first-steps/copy", "--version", "--help"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_pipe_that_was_closed_is_no_success(words: str, unbuffered: str) -> None:
    closed, end = os.pipe()
    os.close(closed)
    done = subprocess.run(
        [sys.executable, "-m", "dockertutor", *words.split()],
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        stdout=end,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(end)
    assert done.returncode == 141 or words.startswith("--")  # newer argparse does not mind
    assert "Error" not in done.stderr


def test_words_thrown_at_random_end_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(20)
    known = [
        *("list", "status", "check", "reset", "glossary", "doctor", "lesson", "lint", "preview", "schema", "open"),
        *("--format", "json", "junit", "--all", "--course", "--host", "--context", "--plain", "--seed", "-h", "--", ""),
        *("first-steps", "first-steps/copy", "/", "a/b/c", "-1", "é", "\u202e", "..", "/dev/null", "x" * 5000),
    ]
    for _ in range(150):
        words = [rng.choice(known) for _ in range(rng.randint(1, 5))]
        if rng.random() < 0.3:
            words.append("".join(rng.choices(string.printable, k=12)))
        code = run(*words)
        said = capsys.readouterr()
        assert code in (OK, NOT_YET, USAGE, BROKEN, NO_ENGINE), words
        assert "Traceback" not in said.err, words
        assert "broken.log" not in said.err, (words, said.err)


# ------------------------------------------------------------------ formats
def test_the_list_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    run("list", "--format", "json")
    data = json.loads(capsys.readouterr().out)
    assert data["tracks"][0]["lessons"][0]["id"] == "first-steps"


def test_the_status_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    run("status", "--format", "json")
    data = json.loads(capsys.readouterr().out)
    assert data["passed"] == 0
    assert data["next"] == "first-steps"


def test_checks_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    run("check", "first-steps", "--format", "json")
    assert json.loads(capsys.readouterr().out)


def test_checks_are_junit(capsys: pytest.CaptureFixture[str]) -> None:
    run("check", "--all", "--format", "junit")
    suites = ElementTree.fromstring(capsys.readouterr().out)
    assert suites.tag == "testsuites"
    for suite in suites:
        cases = suite.findall("testcase")
        assert int(suite.get("tests", "")) == len(cases)
        assert int(suite.get("failures", "")) == sum(case.find("failure") is not None for case in cases)
        assert {name for case in cases for name in case.attrib} == {"classname", "name"}


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    run("lesson", "schema")
    assert "lesson" in json.loads(capsys.readouterr().out)["$defs"]


def test_a_new_lesson_is_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "01-my-own.yaml"
    assert run("lesson", "new", str(path)) == OK
    assert "id: my-own" in path.read_text()
    assert run("lesson", "new", str(path)) == USAGE


def test_a_misspelt_name_is_all_that_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "first-step") == USAGE
    assert capsys.readouterr().err == "There is no lesson `first-step`.\nDid you mean `first-steps`?\n"


def test_a_misspelt_word_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("glossary", "contaner") == USAGE
    assert capsys.readouterr().err == "`contaner` is not in the glossary.\nDid you mean `container`?\n"


def test_a_lesson_without_exercises_can_be_reset(tmp_path: Path) -> None:
    (tmp_path / "01-first").mkdir()
    (tmp_path / "course.yaml").write_text("format: 1\nid: c\ntitle: Course\ntracks: {01-first: First}\n")
    words = "format: 1\nid: words\ntitle: T\nminutes: 1\nsteps:\n  - read: Hello\n"
    (tmp_path / "01-first" / "01-words.yaml").write_text(words)
    assert run("--course", str(tmp_path), "reset", "words") == OK
    assert run("reset", "first-steps/") == OK


def test_another_course_keeps_its_progress_apart(home: Path, tmp_path: Path) -> None:
    (tmp_path / "01-first").mkdir()
    (tmp_path / "course.yaml").write_text("format: 1\nid: another\ntitle: Course\ntracks: {01-first: First}\n")
    words = "format: 1\nid: first-steps\ntitle: T\nminutes: 1\nsteps:\n  - read: Hello\n"
    (tmp_path / "01-first" / "01-words.yaml").write_text(words)
    assert run("--course", str(tmp_path), "status") == OK
    assert run("--course", str(tmp_path), "reset", "first-steps") == OK
    data = home / "data" / "dockertutor"
    assert (data / "courses" / "another" / "progress.db").exists()
    assert not (data / "progress.db").exists()


def test_the_courses_own_folder_by_name_is_the_course_itself(home: Path, tmp_path: Path) -> None:
    edition = tmp_path / "edition"
    shutil.copytree(Path(__file__).parents[2] / "lessons", edition)
    for root in (Path(__file__).parents[2] / "lessons", edition):
        assert run("--course", str(root), "status") == OK
    assert [path.name for path in (home / "data" / "dockertutor").iterdir() if path.is_dir()] == []


def test_a_reset_says_where_what_was_written_is_now(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = home / "data" / "dockertutor" / "folders" / "first-steps" / "copy"
    assert run("reset", "first-steps") == OK
    assert capsys.readouterr().out == "It can be begun again.\n"
    folder.mkdir(parents=True)
    (folder / "mine.txt").write_text("my own words")
    assert run("reset", "first-steps") == OK
    aside = folder.with_name("copy.before")
    assert f"What you wrote is kept in {aside}\n" in capsys.readouterr().out
    assert (aside / "mine.txt").read_text() == "my own words"


# ------------------------------------------------------------------ set-up before a command
@pytest.mark.parametrize(
    ("words", "set_up"),
    [
        ("", True),
        ("open first-steps", True),
        ("--plain", True),
        ("check --all", True),
        ("shell -- docker ps", True),
        ("lesson prove", True),
        ("images list", False),
        ("doctor", False),
        ("--host unix:///x doctor", False),
        ("list", False),
        ("status --format json", False),
        ("reset --all", False),
        ("glossary box", False),
        ("lesson lint x.yaml", False),
        ("lesson", False),
        ("--help", False),
        ("nosuch", False),
    ],
)
def test_set_up_waits_for_a_command_that_needs_an_engine(
    words: str, set_up: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[object] = []
    monkeypatch.setattr("dockertutor.setup.command.run", lambda *given: done.append(given) or 0)
    assert run("setup", "--", *words.split()) == OK
    assert bool(done) is set_up


def test_set_up_brings_the_images_of_the_course_that_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "course.yaml").write_text("format: 1\nid: c\ntitle: Course\ntracks: {}\n")
    roots: list[Path] = []
    monkeypatch.setattr("dockertutor.setup.command.run", lambda _, root: roots.append(root) or 0)
    assert run("setup", "--", "--course", str(tmp_path), "check") == OK
    assert run("setup", "--yes", "--", "--course", str(tmp_path), "list") == OK
    assert roots == [tmp_path, tmp_path]


@pytest.mark.parametrize(
    ("words", "handed"),
    [
        ("--plain --host tcp://x:1 open first-steps", ["--host", "tcp://x:1"]),
        ("--course {root} --context there check", ["--context", "there"]),
        ("--host=tcp://x:1 --theme dark", ["--host", "tcp://x:1"]),
        ("--plain", []),
    ],
)
def test_set_up_looks_for_the_engine_that_the_command_names(
    words: str, handed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[list[str]] = []
    monkeypatch.setattr("dockertutor.setup.command.run", lambda arguments, _: done.append(arguments) or 0)
    assert run("setup", "--", *words.format(root=find_root(None)).split()) == OK
    assert done == [handed]


def test_set_up_that_was_agreed_to_is_done_before_any_command(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []
    monkeypatch.setattr("dockertutor.setup.command.run", lambda *given: done.append(given) or 0)
    assert run("setup", "--yes", "--", "list") == OK
    assert run("setup") == OK
    assert len(done) == 2


# ------------------------------------------------------------------ what it is called by
@pytest.mark.parametrize(
    ("called", "words", "said"),
    [
        ("", ["open", "nosuch"], "`dockertutor list` shows all lessons."),
        ("./run", ["open", "nosuch"], "`./run list` shows all lessons."),
        ("", ["--host", NOWHERE[1], "check", "first-steps"], "or run `dockertutor setup`, which can install"),
        ("../tutor/run", ["--host", NOWHERE[1], "check", "first-steps"], "or run `../tutor/run`, which can install"),
        ("./run", [], "Use `./run --plain` here."),
        ("./run", ["--help"], "usage: ./run [-h]"),
        ("./run", ["--version"], "dockertutor 0."),
    ],
)
def test_what_to_type_is_what_was_typed(called: str, words: list[str], said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dockertutor", *words],
        env={**os.environ, "DOCKERTUTOR_CALLED": called},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert said in done.stdout + done.stderr


def test_what_a_dockerfile_says_steers_no_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("dockertutor.setup.ensure", lambda *_, say, **__: say("Step 1/2 : RUN \x1b[31mred\x9b0m"))
    assert run("setup") == OK
    assert capsys.readouterr().err == "Step 1/2 : RUN \ufffd[31mred\ufffd0m\n"
