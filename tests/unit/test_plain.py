"""Plain mode's parts that need no engine: what commands write, what is news, which words are understood."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from dockertutor.plain import words
from dockertutor.plain.app import Plain
from dockertutor.plain.news import news
from dockertutor.plain.output import Cleaner
from dockertutor.plain.runner import Runner
from dockertutor.tutor.course_view import LessonCard, Overview, TrackCard
from dockertutor.tutor.step_view import (
    CheckRow,
    ExerciseView,
    FinishedView,
    Leftover,
    OptionView,
    QuestionView,
    ReadView,
)
from dockertutor.tutor.view import LessonHead, View

HEAD = LessonHead("boxes", "Boxes", "First", 1, 2, 5)


# ------------------------------------------------------------------ what commands write
@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]52;c;aGk=\x1b\\text", "text"),
        ("\x1bPsecret\x1b\\text", "text"),
        ("one\r\ntwo", "one\ntwo"),
        ("1 %\r2 %\r", "1 %\n2 %\n"),
        ("a\x9bb", "a\ufffdb"),
        ("a\u202eb", "a\ufffdb"),
        ("\x1b(Btext\x1b=", "text"),
    ],
)
def test_no_escape_code_reaches_the_reader(raw: str, clean: str) -> None:
    cleaner = Cleaner()
    assert cleaner.feed(raw) + cleaner.feed("", last=True) == clean


@pytest.mark.parametrize("at", range(1, 12))
def test_an_escape_code_in_two_pieces_is_still_one(at: int) -> None:
    raw, cleaner = "x\x1b[1;31mred\x1b[0m", Cleaner()
    assert cleaner.feed(raw[:at]) + cleaner.feed(raw[at:]) + cleaner.feed("", last=True) == "xred"


@pytest.fixture(params=["/bin/sh", "bash"])
def runner(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Runner, list[str]]:
    said: list[str] = []
    return Runner(request.param, {"PATH": "/usr/bin:/bin"}, terminal=False, write=said.append), said


def test_a_line_begins_where_the_last_one_went(runner: tuple[Runner, list[str]], tmp_path: Path) -> None:
    run, said = runner
    (tmp_path / "inner").mkdir()
    run.run("cd inner", tmp_path)
    run.run("pwd", tmp_path)
    assert "".join(said) == f"{tmp_path.resolve()}/inner\n"


def test_another_exercise_begins_in_its_own_folder(runner: tuple[Runner, list[str]], tmp_path: Path) -> None:
    run, said = runner
    (tmp_path / "next").mkdir()
    run.run("cd /", tmp_path)
    run.run("pwd", tmp_path / "next")
    assert "".join(said) == f"{tmp_path.resolve()}/next\n"


@pytest.mark.parametrize(("line", "status"), [("true", 0), ("exit 3", 3), ("kill -9 $$", 137), ("(", 2)])
def test_a_line_tells_its_status(tmp_path: Path, line: str, status: int) -> None:
    assert Runner("bash", {}, terminal=False, write=lambda _: None).run(line, tmp_path) in (status, status and 1)


def test_a_job_in_the_background_holds_nobody_up(runner: tuple[Runner, list[str]], tmp_path: Path) -> None:
    run, said = runner
    assert run.run("sleep 1 & echo done", tmp_path) == 0
    assert "".join(said) == "done\n"


def test_what_is_said_next_begins_a_line(runner: tuple[Runner, list[str]], tmp_path: Path) -> None:
    run, said = runner
    run.run("printf abc", tmp_path)
    assert "".join(said) == "abc\n"


# ------------------------------------------------------------------ news
def exercise(**more: object) -> View:
    plain = ExerciseView("one", "worked", "doing", "Make a box.", "**Make a box.**", takes_answer=False)
    return View(lesson=HEAD, step=replace(plain, **more))  # type: ignore[arg-type]


def told(old: View, new: View) -> str:
    return "\n".join(news(old, new, 70))


def test_a_new_step_is_told_whole() -> None:
    assert "Make a box." in told(View(lesson=HEAD, step=ReadView("Text")), exercise())


def test_only_the_row_that_changed_is_told() -> None:
    first, second = CheckRow("open", "A container"), CheckRow("open", "Exit code")
    said = told(exercise(rows=(first, second)), exercise(rows=(first, replace(second, status="pass", note="0"))))
    assert said == "- Exit code: holds (0)"


def test_a_row_that_only_moved_is_no_news() -> None:
    row, other = CheckRow("pass", "Exit code", "0"), CheckRow("open", "Command")
    assert told(exercise(rows=(row,)), exercise(rows=(other, row))) == ""


def test_a_fail_says_expected_found_and_why() -> None:
    row = CheckRow("fail", "Port", "not yet", "80", "8080", "a container `web`", "The numbers are the wrong way round.")
    said = told(exercise(), exercise(rows=(row,)))
    for part in ("not yet", "expected: 80", "found: 8080", "closest: a container", "wrong way round"):
        assert part in said


def test_a_name_from_elsewhere_is_no_escape_code() -> None:
    said = told(exercise(), exercise(rows=(CheckRow("fail", "Name", "", "a", "b\x1b[31mc"),)))
    assert "\x1b" not in said


def test_a_choice_is_answered_without_the_whole_question() -> None:
    ask = QuestionView("Which?", (OptionView("This"), OptionView("That")))
    after = replace(ask, state="wrong", options=(OptionView("This", True, False, "It is not."), OptionView("That")))
    said = told(View(lesson=HEAD, step=ask), View(lesson=HEAD, step=after))
    assert "1 is not right." in said
    assert "It is not." in said
    assert "Which?" not in said


def test_leftovers_that_come_late_are_told_once() -> None:
    end = FinishedView("Boxes", 1, 1, 5)
    late = replace(end, leftovers=(Leftover("container", "1" * 64, "web"),))
    said = told(View(lesson=HEAD, step=end), View(lesson=HEAD, step=late))
    assert said.count("container web") == 1
    assert "exercises done" not in said


def test_one_minute_is_one_and_long_ids_are_short() -> None:
    end = FinishedView("Boxes", 1, 1, 1, "next", "Next one", 12)
    said = told(View(lesson=HEAD, step=ReadView("Text")), View(lesson=HEAD, step=end))
    assert "1 of 1 exercises done, 1 minute." in said
    assert "Next one, 12 minutes." in said
    assert words.short(f"/containers/{'0123456789ab' + 'c' * 52}/start") == "/containers/0123456789ab/start"


def test_trouble_outside_the_exercise_is_told() -> None:
    assert "The disk is full." in told(exercise(), replace(exercise(), trouble="The disk is full."))


# ------------------------------------------------------------------ the words that are understood
class Still:
    """A session at which nothing happens; what was asked of it is kept."""

    def __init__(self, view: View, left: tuple[Leftover, ...] = ()) -> None:
        self.view, self.asked = view, list[tuple[object, ...]]()
        self._left = left

    def overview(self) -> Overview:
        return Overview("Course", (TrackCard("First", (LessonCard("boxes", "Boxes", 3, 5, 2, 0, "new"),)),))

    def search(self, typed: str) -> tuple[tuple[str, str, str], ...]:
        rows = (("boxes", "Boxes", "Boxes"), ("term:image", "image", f"image: {'What a box is made from. ' * 9}"),
                ("boxes", "Boxes", "A box has a\x1b[2J wall."))  # fmt: skip
        return tuple(row for row in rows if typed.lower() in row[2].lower())

    def subscribe(self, _topic: str, _listener: object) -> Callable[[], None]:
        return lambda: None

    def settle(self, _timeout: float = 0) -> View:
        return self.view

    def leftovers(self) -> tuple[Leftover, ...]:
        return self._left

    def term(self, _name: str) -> None:
        return None

    def leave(self, remove: Sequence[Leftover] = ()) -> None:
        self.asked.append(("leave", *remove))

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *more: self.asked.append((name, *more))


def talk(view: View, typed: str, left: tuple[Leftover, ...] = ()) -> tuple[Still, str]:
    session, out = Still(view, left), io.StringIO()
    Plain(session, read=io.StringIO(typed), write=out, environment={}, shell="/bin/sh").run()  # type: ignore[arg-type]
    return session, out.getvalue()


def test_where_there_are_no_calls_it_is_said_why() -> None:
    session = Still(exercise())
    session.calls = ()  # type: ignore[assignment]
    said = []
    for unwatched in ("", "API calls over ssh:// cannot be shown yet."):
        out = io.StringIO()
        Plain(
            session,  # type: ignore[arg-type]
            read=io.StringIO("calls\n"),
            write=out,
            environment={},
            shell="/bin/sh",
            unwatched=unwatched,
        ).run()
        said.append(out.getvalue())
    assert "So far, nothing." in said[0]
    assert "API calls over ssh:// cannot be shown yet." in said[1]
    assert "So far" not in said[1]


def test_an_empty_line_does_not_skip_an_exercise() -> None:
    session, out = talk(exercise(), "\n")
    assert session.asked == []
    assert "Make a box." in out


def test_of_a_command_that_began_is_told_in_which_terminals_session() -> None:
    session, _ = talk(exercise(), "$ true\n")
    assert session.asked[0] == ("command_began", "true", os.getsid(0))


def test_an_empty_line_goes_on_after_reading() -> None:
    assert talk(View(lesson=HEAD, step=ReadView("Text")), "\n")[0].asked == [("next",)]


def test_a_number_without_a_question_opens_no_lesson() -> None:
    session, out = talk(exercise(), "3\n")
    assert session.asked == []
    assert "open 3" in out


def test_a_question_takes_numbers_from_one() -> None:
    asked = QuestionView("Which?", (OptionView("This"), OptionView("That")))
    view = View(lesson=HEAD, step=asked, can=frozenset({"choose"}))
    assert talk(view, "2\n")[0].asked == [("choose", 1)]
    session, out = talk(view, "3\n")
    assert session.asked == []
    assert "from 1 to 2" in out


@pytest.mark.parametrize("typed", ["answer 42", "answer '42'", 'a "42"', "ANSWER 42"])
def test_an_answer_may_be_quoted(typed: str) -> None:
    assert ("answer", "42") in talk(exercise(takes_answer=True), f"{typed}\n")[0].asked


def test_an_answer_where_none_is_asked_is_told_so() -> None:
    session, out = talk(exercise(), "answer 42\n")
    assert session.asked == []
    assert "No answer is asked for here." in out


def test_an_unknown_word_is_told_how_to_run_it() -> None:
    assert "`$ ls -a` to run it" in talk(exercise(), "ls -a\n")[1]


@pytest.mark.parametrize("word", ["hint", "solution", "restart", "back", "term", "page", "folder", "remove", "check"])
def test_a_word_that_does_nothing_here_says_so(word: str) -> None:
    before = talk(View(lesson=HEAD, step=FinishedView("Boxes", 1, 1, 5)), "")[1]
    assert talk(View(lesson=HEAD, step=FinishedView("Boxes", 1, 1, 5)), f"{word}\n")[1] != before


def test_a_page_without_hints_says_so_and_an_exercise_offers_its_solution_only_where_there_is_one() -> None:
    out = talk(View(lesson=HEAD, step=ReadView("Text")), "hint\n")[1]
    assert "This page has no hints." in out
    assert "solution" not in out
    assert "No lesson is open, so there is no hint." in talk(View(), "hint\n")[1]
    assert "This exercise has no hints.\n" in talk(exercise(), "hint\n")[1]
    last = replace(exercise(hints_total=3), can=frozenset({"solution"}))
    assert "There is no further hint here. `solution` shows a solution." in talk(last, "hint\n")[1]
    session, out = talk(replace(last, can=frozenset({"hint", "solution"})), "hint\n")
    assert session.asked == [("hint",)]


def test_a_search_tells_where_words_stand_and_how_to_get_there() -> None:
    session, out = talk(exercise(), "search box\n")
    assert session.asked == []
    assert "- 3  Boxes\n" in out
    assert "- 3  Boxes: A box has a\ufffd[2J wall.\n" in out
    term = next(row for row in out.splitlines() if row.startswith("- word image: What a box"))
    assert len(term) <= 80
    assert term.endswith(" ...")
    assert "Type `open` and a lesson's number" in out
    out = talk(exercise(), "search whale\n")[1]
    assert "Nothing in the course has `whale`." in out
    assert "Type `open`" not in out
    assert "search port" in talk(exercise(), "search\n")[1]


def test_an_exercise_is_reset_at_once() -> None:
    session, out = talk(exercise(), "reset\n")
    assert session.asked == [("reset", "exercise")]
    assert "put aside" in out


@pytest.mark.parametrize(("after", "done"), [("yes", True), ("YES", True), ("task", False), ("", False)])
def test_a_lesson_is_reset_only_after_a_yes(after: str, done: bool) -> None:
    session, out = talk(exercise(), f"reset lesson\n{after}\nyes\n")
    assert (("reset", "lesson") in session.asked) is done
    assert out.count("Begin the lesson Boxes anew?") == 1
    assert "There is no command `yes`" in out  # a question is asked once, and answered by the next line alone


@pytest.mark.parametrize(
    ("view", "typed", "said"),
    [
        (View(lesson=HEAD, step=ReadView("Text")), "reset", "This step has nothing to forget."),
        (View(), "reset", "No lesson is open."),
        (View(), "reset lesson", "No lesson is open."),
        (View(lesson=HEAD, step=ReadView("Text")), "reset all", "Type `reset` for this exercise"),
    ],
)
def test_a_reset_of_nothing_says_so(view: View, typed: str, said: str) -> None:
    session, out = talk(view, f"{typed}\nyes\n")
    assert session.asked == []
    assert said in out


OURS = Leftover("container", "1" * 64, "web")
UNSEEN = Leftover("container", "2" * 64, "other", ours=False)
NOTES = (Leftover("network", "3" * 64, "notes", ours=False), Leftover("volume", "notes", "notes", ours=False))


def test_what_nobody_saw_being_made_is_removed_only_by_its_name() -> None:
    left = (OURS, UNSEEN, *NOTES)
    assert talk(exercise(), "remove\n", left)[0].asked == [("leave", OURS)]
    session, out = talk(exercise(), "remove other\n", left)
    assert session.asked == [("leave", UNSEEN)]
    assert "Removed: 1." in out
    assert talk(exercise(), "remove web\n", left)[0].asked == [("leave", OURS)]
    session, out = talk(exercise(), "remove\n", (UNSEEN,))
    assert session.asked == []
    assert "- container other, perhaps not from a lesson: kept unless you type `remove other`" in out


def test_of_two_things_with_one_name_neither_is_removed_without_its_kind() -> None:
    session, out = talk(exercise(), "remove notes\n", NOTES)
    assert session.asked == []
    assert "Several things are called `notes`." in out
    assert talk(exercise(), "remove volume notes\n", NOTES)[0].asked == [("leave", NOTES[1])]


@pytest.mark.parametrize("name", ["nothing", "oth", "2" * 64, "*"])
def test_a_name_that_nothing_has_removes_nothing(name: str) -> None:
    session, out = talk(exercise(), f"remove {name}\n", (OURS, UNSEEN))
    assert session.asked == []
    assert f"Nothing that was made in a lesson is called `{name}`." in out


def test_the_help_tells_every_command() -> None:
    out = talk(exercise(), "help\n")[1]
    for words_ in ("search WORDS", "reset [lesson]", "remove [NAME]"):
        assert words_ in out
    assert max(map(len, out.partition("task ")[2].splitlines())) <= 80


def test_after_the_last_page_comes_the_next_lesson() -> None:
    view = View(lesson=HEAD, step=FinishedView("Boxes", 1, 1, 5, next_id="more"))
    assert talk(view, "next\n")[0].asked == [("open", "more")]


def test_the_end_of_the_input_ends_it() -> None:
    assert talk(exercise(), "")[0].asked == []


def test_nothing_that_is_shown_steers_a_terminal() -> None:
    nasty = "no such image \x1b]52;c;QQ==\x07\x1b[2J\x9b31m"
    for view in (View(lesson=HEAD, step=ReadView(nasty)), exercise(notice=nasty, task=nasty)):
        out = talk(view, "task\n")[1]
        assert "no such image" in out
        assert out.replace("\n", "").isprintable()
