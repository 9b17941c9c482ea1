"""The overview, the search, the welcome, faults and choices: by key and by mouse."""

from __future__ import annotations

from dataclasses import replace

import pytest
from driving import LARGE, SIZES, SMALL, asked, click_on, make, rows, settle, until, until_shown
from sample_views import CAN, DO, ENGINE, FAULT, STATES, RecordingSession, StandIn, screen_rows, view

from dockertutor.tui.app import TutorApp, tints_seen
from dockertutor.tui.screens.fault import FaultScreen
from dockertutor.tui.widgets.plain_terminal import NoTerminal
from dockertutor.tutor.view import View


@SIZES
async def test_lessons_are_chosen_with_arrows_and_opened_with_enter(size):
    app = make(None)
    async with app.run_test(size=size) as pilot:
        await settle(app, pilot)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert asked(app) == [("open", "lesson-3", "")]
        assert app.screen is app.lesson_screen


@SIZES
async def test_lessons_are_opened_by_a_click(size):
    app = make(None)
    async with app.run_test(size=size) as pilot:
        await settle(app, pilot)
        await click_on(pilot, "No client at all")
        await pilot.pause()
        assert asked(app) == [("open", "lesson-4", "")]


async def test_tracks_are_chosen_with_left_and_right():
    app = make(None)
    async with app.run_test(size=LARGE) as pilot:
        await settle(app, pilot)
        await pilot.press("right", "right", "enter")
        assert asked(app) == [("open", "lesson-13", "")]


async def test_the_search_opens_what_was_found():
    app = make(None)
    async with app.run_test(size=LARGE) as pilot:
        await settle(app, pilot)
        await pilot.press("/", *"volum")
        await pilot.pause()
        assert any("› Volumes" in row for row in rows(app))
        await pilot.press("enter")
        await pilot.pause()
        assert asked(app) == [("open", "lesson-24", "")]


@SIZES
async def test_the_course_says_what_is_being_waited_for(size):
    app = make(None)
    async with app.run_test(size=size) as pilot:
        await settle(app, pilot)
        app.session.tell("view", View(busy="Removing what was made here", number=7))
        await until_shown(pilot, "Removing what was made here")
        app.session.tell("view", View(number=8))
        await until(pilot, lambda: not any("Removing" in row for row in rows(app)))


async def test_the_glossary_asks_for_a_word_before_it_says_that_there_is_none():
    app = make(None)
    async with app.run_test(size=SMALL) as pilot:
        await settle(app, pilot)
        await pilot.press("g")
        await pilot.pause()
        assert any("Type a word." in row for row in rows(app))
        await pilot.press(*"zzz")
        await pilot.pause()
        assert any("No such word in the glossary." in row for row in rows(app))


async def test_a_lesson_asked_for_at_the_start_has_the_keys_from_the_first_moment():
    """Enter that is pressed while the app comes up must not open the lesson to go on with."""
    app = make(None, lesson="lesson-7")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("enter", "enter")
        await settle(app, pilot)
        await pilot.press("enter")
        assert app.screen is app.lesson_screen
        assert asked(app) == [("open", "lesson-7", "")]


@SIZES
async def test_the_welcome_has_three_pages_and_is_shown_once(size, tmp_path):
    kept = tmp_path / "settings.json"

    def start() -> TutorApp:
        return TutorApp(RecordingSession(), settings_path=kept,
                        shell_factory=lambda folder, leader: StandIn(screen_rows(), leader))  # fmt: skip

    app = start()
    async with app.run_test(size=size) as pilot:
        await settle(app, pilot)
        for number in (1, 2, 3):
            assert rows(app)[1 if size == LARGE else 0].rstrip().endswith(f"{number} of 3")
            await pilot.press("enter")
            await pilot.pause()
        assert asked(app) == [("open", "lesson-2", "")]
    again = start()
    async with again.run_test(size=size) as pilot:
        await settle(again, pilot)
        assert again.screen is again.course_screen


async def test_a_fault_leaves_when_the_engine_is_back():
    app = make(None)
    async with app.run_test(size=LARGE) as pilot:
        app.session.tell("view", View(engine=FAULT, number=1))
        await pilot.pause()
        assert isinstance(app.screen, FaultScreen)
        await pilot.press("enter")
        assert asked(app) == [("retry_engine",)]
        await pilot.press("d")
        await pilot.pause()
        assert any("ConnectionRefusedError" in row for row in rows(app))
        app.session.tell("view", View(engine=ENGINE, number=2))
        await pilot.pause()
        assert app.screen is app.course_screen


async def test_one_may_read_without_an_engine():
    app = make(None)
    async with app.run_test(size=SMALL) as pilot:
        app.session.tell("view", View(engine=FAULT, number=1))
        await pilot.pause()
        await pilot.press("r")
        app.session.tell("view", replace(STATES["read"], engine=FAULT, number=2))
        await pilot.pause()
        assert not isinstance(app.screen, FaultScreen)
        assert "no engine" in rows(app)[0]


@SIZES
async def test_a_fault_while_typing_does_not_take_the_terminal_away(size):
    app = make(view(DO))
    async with app.run_test(size=size) as pilot:
        app.session.tell("view", view(DO, engine=FAULT, number=2))
        await pilot.pause()
        assert app.screen is app.lesson_screen
        assert isinstance(app.focused, StandIn)
        assert any("The Docker engine on this computer is not running." in row for row in rows(app))


async def test_dark_and_light_are_kept(tmp_path):
    kept = tmp_path / "settings.json"
    app = make(view(DO), settings_path=kept)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "d")
        await pilot.pause()
        assert app.theme == "tutor-light"
        assert '"theme": "light"' in kept.read_text()


async def test_the_leader_key_can_be_changed():
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "k")
        await pilot.pause()
        await pilot.press("down", "enter")
        await pilot.pause()
        assert app.leader == "ctrl+t"
        assert "Ctrl-T" in rows(app)[-1]
        await pilot.press("ctrl+t", "h")
        await pilot.pause()
        assert asked(app) == [("hint",)]


async def test_without_a_terminal_the_tutor_says_how_to_go_on():
    app = TutorApp(RecordingSession(view(replace(DO, type_this="docker ps"))), no_terminal="There is none here.")
    app.settings = replace(app.settings, welcomed=True)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        assert isinstance(app.focused, NoTerminal)
        assert any("dockertutor shell" in row for row in rows(app))
        assert not any("type here" in row or "Ctrl-G" in row for row in rows(app))
        assert "h hint" in rows(app)[-1]
        await pilot.press("i")
        await pilot.pause()
        assert app.clipboard == "docker ps"


async def test_no_colours_are_drawn_where_none_are_wanted(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = make(view(DO), tints=False)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        assert any('▌  docker run -d -p 8317:80 tutor-blog show "I made this page"' in row for row in rows(app))


async def test_beginning_a_lesson_anew_asks_first():
    app = make(view(DO, can=CAN | {"reset"}))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "R", "enter")
        await pilot.pause()
        assert asked(app) == []
        await pilot.press("ctrl+g", "R")
        await pilot.pause()
        await pilot.press("down", "enter")
        await pilot.pause()
        assert asked(app) == [("reset", "lesson")]


@pytest.mark.parametrize(("env", "seen"), [({"TERM": "xterm-256color"}, True), ({"TERM": "linux"}, False),
                                           ({"TERM": "xterm", "COLORTERM": "truecolor"}, True),
                                           ({"TERM": "xterm-256color", "NO_COLOR": ""}, False)])  # fmt: skip
def test_tints_are_used_where_they_can_be_seen(env, seen):
    assert tints_seen(env) is seen
