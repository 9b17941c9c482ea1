"""Completion for scripts: what is said of each exercise; nothing in it steers a terminal or breaks a parser."""

from __future__ import annotations

import io
import json
import sys
from xml.etree import ElementTree

import pytest

from dockertutor import cli
from dockertutor.checks.model import Verdict
from dockertutor.reports import FORMATS, render
from dockertutor.tutor.stored import Checked

NASTY = "\x1b[31mred\x9b41m\x1b]0;title\x07 <b>&]]> \ufffe\uffff\x00\x0b\ud83d \u202e[bold]x[/] →"


def checked(status: str = "fail", **more: object) -> Checked:
    return Checked("lesson", "exercise", "A title", status, **more)  # type: ignore[arg-type]


def nasty() -> Checked:
    row = Verdict("fail", f"Label {NASTY}", object=NASTY, key="labels", expected="a=b", found=NASTY, near=NASTY)
    return checked(verdicts=(row,), mistake=NASTY, why=NASTY)


@pytest.mark.parametrize("format_", FORMATS)
def test_text_from_elsewhere_steers_no_terminal(format_: str) -> None:
    said = render([nasty()], format_)
    assert "red" in said
    assert [char for char in said if not (char.isprintable() or char == "\n")] == []


def test_junit_can_be_parsed_whatever_was_found() -> None:
    suites = ElementTree.fromstring(render([nasty()], "junit").encode())
    failure = suites.find("testsuite/testcase/failure")
    assert failure is not None
    assert "<b>&]]>" in (failure.text or "")
    assert "→" in (failure.text or "")


def test_json_keeps_what_was_found_as_it_was() -> None:
    [exercise] = json.loads(render([nasty()], "json"))["exercises"]
    assert exercise["verdicts"][0]["found"] == NASTY


@pytest.mark.parametrize("format_", ["json", "junit"])
def test_what_programs_read_fits_every_encoding(format_: str) -> None:
    assert render([nasty()], format_).isascii()


def test_a_suite_and_the_whole_count_their_cases() -> None:
    results = [checked("pass"), checked("fail"), checked("waiting"), checked("unknown"), checked("not-here")]
    suites = ElementTree.fromstring(render(results, "junit"))
    for counted in (suites, suites[0]):
        assert {name: counted.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
            "tests": "5",
            "failures": "2",
            "errors": "1",
            "skipped": "1",
        }


def test_what_is_waited_for_is_said() -> None:
    health = Verdict("waiting", "Health", key="health", why="its health check is still starting")
    waiting = checked("waiting", verdicts=(health,))
    assert "    its health check is still starting\n" in render([waiting], "text")
    assert json.loads(render([waiting], "json"))["exercises"][0]["why"] == "its health check is still starting"
    assert 'message="its health check is still starting"' in render([waiting], "junit")


def test_what_is_not_here_is_said_once() -> None:
    said = render([checked("not-here", why="not on this engine")], "text")
    assert said.count("not on this engine") == 1


# ------------------------------------------------------------------ a locale that cannot hold every sign
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_signs_that_do_not_fit_get_a_stand_in(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict")
    monkeypatch.setattr(sys, "stdout", out)
    assert cli.main(["lesson", "preview", "boxes-for-programs"]) == cli.OK
    out.seek(0)
    said = out.read()
    assert "+ your computer -----" in said
    assert "\n-- 1 of " in said
