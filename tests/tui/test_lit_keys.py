"""A key is lit only while it works, and what is lit can be clicked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from driving import LARGE, asked, click_on, make, rows
from sample_views import CAN, DO, ENGINE, HEAD, PREDICT, READ, view
from textual.pilot import Pilot

from dockertutor.tui.app import TutorApp
from dockertutor.tui.draw.footer_keys import footer_keys
from dockertutor.tui.screens.dialogs import ChoiceScreen, HelpScreen
from dockertutor.tui.screens.lesson import BESIDE
from dockertutor.tui.settings import LEADERS
from dockertutor.tutor.engine_view import Panel
from dockertutor.tutor.view import View

WORKED = replace(DO, type_this="docker run busybox echo hi")
OFFER = "puts the command at your prompt"


def foot(app: TutorApp) -> str:
    return rows(app)[-1]


async def test_enter_does_not_lead_past_a_step_that_is_not_there_yet():
    app = make(View(HEAD, None, ENGINE, CAN, number=1))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        assert "Enter" not in foot(app)
        await pilot.press("enter")
        assert asked(app) == []


@pytest.mark.parametrize("key", ["n", "t", "enter"])
async def test_no_key_leads_past_an_exercise_that_is_being_prepared(key: str):
    app = make(view(READ, at=1))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        app.session.tell("view", view(replace(DO, phase="preparing"), number=2))
        await pilot.pause()
        await pilot.press(key)
        assert asked(app) == []
        assert app.lesson_screen.reading


@pytest.mark.parametrize("letter", ["e", "w", "f", "p", "u", "l", "z"])
async def test_on_a_page_of_its_own_no_key_of_the_panes_is_lit_or_works(letter: str):
    app = make(view(READ, at=1))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g")
        await pilot.pause()
        assert not BESIDE & app.lesson_screen.works
        await pilot.press(letter)
        await pilot.pause()
        assert app.lesson_screen.reading
        assert not app.lesson_screen.zoomed


@pytest.mark.parametrize("phase", ["preparing", "lost", "unmade", "not-here", "passed"])
async def test_the_worked_command_is_offered_only_while_the_exercise_can_be_done(phase: str):
    app = make(view(WORKED))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        assert "i type it" in foot(app)
        app.session.tell("view", view(replace(WORKED, phase=phase), number=2))
        await pilot.pause()
        assert "i type it" not in foot(app)
        assert not any(OFFER in row for row in rows(app))
        await pilot.press("ctrl+g", "i")
        await pilot.pause()
        assert app.lesson_screen.terminal.at_prompt == []


async def test_the_worked_command_is_offered_when_the_question_before_it_was_skipped():
    app = make(view(replace(WORKED, phase="predict", predict=PREDICT)))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("s")
        await pilot.pause()
        assert "i type it" in foot(app)
        await pilot.press("ctrl+g", "i")
        await pilot.pause()
        assert app.lesson_screen.terminal.at_prompt == [WORKED.type_this]


@pytest.mark.parametrize(("letter", "lit"), [("u", "open, close"), ("p", "look again"), ("f", "edit")])
async def test_an_empty_tab_lights_no_key_of_its_own(letter: str, lit: str):
    app = make(view(replace(DO, seen_pages=())))
    app.session.calls, app.session.panel = (), Panel()
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", letter)
        await pilot.pause()
        assert lit not in foot(app)
        assert "next tab" in foot(app)


async def test_the_first_call_lights_the_keys_of_its_tab():
    app = make(view(DO))
    calls, app.session.calls = app.session.calls, ()
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "u")
        await pilot.pause()
        app.session.tell("calls", calls)
        await pilot.pause()
        assert "open, close" in foot(app)


async def test_the_calls_tab_says_why_calls_are_not_watched():
    app = make(view(DO), unwatched="API calls over ssh:// cannot be shown yet.")
    app.session.calls = ()
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "u")
        await pilot.pause()
        assert any("API calls over ssh:// cannot be shown yet." in row for row in rows(app))


async def test_the_help_and_the_overlay_are_closed_by_a_click():
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "?")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        await click_on(pilot, "Esc  close")
        await pilot.pause()
        assert app.screen is app.lesson_screen
        await pilot.press("ctrl+g")
        await pilot.pause()
        assert app.lesson_screen.leading
        await click_on(pilot, "back to where you were")
        await pilot.pause()
        assert app.screen is app.lesson_screen
        assert asked(app) == []


async def test_the_leader_key_itself_is_typed_by_a_click():
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g")
        await pilot.pause()
        await click_on(pilot, "once more types a Ctrl-G")
        await pilot.pause()
        assert app.lesson_screen.terminal.keys == ["ctrl+g"]


async def test_the_chosen_row_of_a_dialog_is_taken_by_a_click_on_enter():
    app = make(view(READ, at=1))
    async with app.run_test(size=LARGE) as pilot:
        app.action_leader_key()
        await pilot.pause()
        assert isinstance(app.screen, ChoiceScreen)
        await pilot.press("down")
        await click_on(pilot, "Enter  choose")
        await pilot.pause()
        assert app.leader == LEADERS[1]


async def test_the_lesson_to_go_on_with_opens_by_a_click_on_its_heading():
    app = make(None)
    async with app.run_test(size=LARGE) as pilot:
        await until_drawn(pilot, "Go on where you were")
        await click_on(pilot, "Go on where you were")
        await pilot.pause()
        assert asked(app)[0][0] == "open"


async def until_drawn(pilot: Pilot, words: str) -> None:
    for _ in range(200):
        await pilot.pause(0.01)
        if any(words in row for row in rows(pilot.app)):
            return
    raise AssertionError("\n".join(rows(pilot.app)))


def test_only_a_page_longer_than_the_window_is_scrolled():
    assert "scroll" not in [key.words for key in footer_keys(view(READ), "page", "")]
    assert "scroll" in [key.words for key in footer_keys(view(READ), "page", "", more=True)]
