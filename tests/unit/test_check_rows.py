"""Rows under "Done when": quiet until something is final."""

from __future__ import annotations

from dockertutor.checks import Check, Matcher, Subject, Verdict
from dockertutor.tutor.check_rows import UNSETTLED, check_rows
from dockertutor.tutor.step_view import CheckRow

CHECK = Check(
    "container",
    Subject(new=True),
    (
        ("command", Matcher("contains", "show")),
        ("published", Matcher("each", {"80/tcp": Matcher("equal", "8317")})),
    ),
)
PAGE = Check("http", extra={"port": "8317", "path": "/"})


def verdicts(port: Verdict, page: Verdict) -> list[Verdict]:
    return [
        Verdict("pass", "A new container from blog", "quirky_hopper"),
        Verdict("pass", "Command", "quirky_hopper", "command", found="show Cats"),
        port,
        page,
    ]


RIGHT = verdicts(
    Verdict("pass", "Published port", "quirky_hopper", "published", found="8317 → 80"),
    Verdict("pass", "A page at http://localhost:8317", found="answers"),
)
WRONG = verdicts(
    Verdict("fail", "Published port", "quirky_hopper", "published", "8317 → 80", "80 → 8317", "quirky_hopper"),
    Verdict("skipped", "A page at http://localhost:8317", why="after the port"),
)


def test_before_anything_was_done_every_row_is_open_and_says_what_is_asked_for() -> None:
    rows = check_rows([CHECK, PAGE], WRONG, touched=False)

    assert [(row.status, row.title, row.note) for row in rows] == [
        ("open", "A new container from blog", ""),
        ("open", "Published port", "8317 → 80"),
        ("open", "A page at http://localhost:8317", ""),
    ]


def test_the_failed_row_carries_all_and_the_next_one_waits_for_it() -> None:
    rows = check_rows(
        [CHECK, PAGE],
        WRONG,
        touched=True,
        explanation="The other way round.",
        ages={"quirky_hopper": "made just now"},
    )

    assert rows == (
        CheckRow("pass", "A new container from blog", "quirky_hopper"),
        CheckRow(
            "fail",
            "Published port",
            "not yet",
            "8317 → 80",
            "80 → 8317",
            "quirky_hopper, made just now",
            "The other way round.",
        ),
        CheckRow("open", "A page at http://localhost:8317", "after the port"),
    )


def test_passed_rows_say_what_was_found() -> None:
    rows = check_rows([CHECK, PAGE], RIGHT, touched=True)

    assert [(row.status, row.note) for row in rows] == [
        ("pass", "quirky_hopper"),
        ("pass", "8317 → 80"),
        ("pass", "answers"),
    ]


def test_a_fail_that_is_not_final_changes_nothing_on_the_screen() -> None:
    failed = check_rows([CHECK, PAGE], WRONG, touched=True, explanation="The other way round.")
    moving = list(WRONG)
    moving[2] = Verdict("waiting", "Published port", "quirky_hopper", "published", "8317 → 80", "80 → 8317", "",
                        UNSETTLED)  # fmt: skip

    assert check_rows([CHECK, PAGE], moving, touched=True, before=failed) == failed
    assert check_rows([CHECK, PAGE], moving, touched=True)[1].status == "open"


def test_an_open_row_names_no_handle_of_the_author() -> None:
    check = Check("image", Subject(name="web:stable"), (("id", Matcher("from", ("first", "id"))),))
    seen = [Verdict("fail", "Image web:stable"), Verdict("skipped", "Id", "", "id")]
    assert [row.note for row in check_rows([check], seen, touched=False)] == ["", ""]


def test_an_answer_that_was_not_given_yet_is_open_unless_something_explains_itself_there() -> None:
    check = Check("answer", properties=(("answer", Matcher("equal", "42")),))
    none = [Verdict("fail", "Your answer", key="answer", found="no answer yet")]
    assert [row.status for row in check_rows([check], none, touched=True)] == ["open"]
    (told,) = check_rows([check], none, touched=True, explanation="Put `-r` behind it.")
    assert (told.status, told.explanation) == ("fail", "Put `-r` behind it.")
    wrong = [Verdict("fail", "Your answer", key="answer", found="41")]
    assert [row.status for row in check_rows([check], wrong, touched=True)] == ["fail"]
