"""Leaving a lesson: what was made there is shown, and only what was agreed to is removed."""

from __future__ import annotations

from types import SimpleNamespace

from driving import LARGE, SIZES, SMALL, asked, make, rows
from sample_views import (
    DO,
    FINISHED,
    LEFT,
    view,
)
from textual import events

from dockertutor.tui.screens.leaving import LeavingScreen
from dockertutor.tutor.step_view import Leftover


@SIZES
async def test_leaving_lists_what_was_made_and_removes_what_was_agreed(size):
    app = make(view(FINISHED, at=13))
    app.session.left = LEFT
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, LeavingScreen)
        assert any("remove" in row and "quirky_hopper" in row for row in rows(app))
        assert any("keep" in row and "notes" in row for row in rows(app))
        await pilot.press("enter")
        await pilot.pause()
        assert asked(app) == [("leave", LEFT[:1]), ("open", "what-a-box-shares", "")]


async def test_enter_pressed_again_does_not_answer_a_question_that_was_not_drawn_yet():
    app = make(view(FINISHED, at=13))
    app.session.left = LEFT
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        for _ in range(2):
            app.post_message(events.Key("enter", None))
        for _ in range(3):
            await pilot.pause()
        assert isinstance(app.screen, LeavingScreen)
        assert asked(app) == []
        await pilot.press("enter")
        await pilot.pause()
        assert asked(app)[0] == ("leave", LEFT[:1])


async def test_the_ways_out_of_a_lesson_stay_in_sight_under_a_long_list():
    app = make(view(FINISHED, at=13))
    app.session.left = tuple(Leftover("container", f"{n:064}", f"box-{n}", "busybox", 1000.0) for n in range(40))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert any("remove 40 and go" in row and "k keep all" in row for row in rows(app))
        await pilot.press("up")
        await pilot.pause()
        assert any("› remove" in row and "box-39" in row for row in rows(app))
        assert any("remove 40 and go" in row for row in rows(app))


async def test_what_was_kept_once_is_kept_the_next_time_unless_chosen():
    app = make(view(FINISHED, at=13))
    app.session.left = LEFT
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("k")
        await pilot.pause()
        await pilot.press("c")
        await pilot.pause()
        assert any("keep" in row and "quirky_hopper" in row for row in rows(app))
        assert any("Enter keep all and go" in row for row in rows(app))
        await pilot.press("space")
        await pilot.pause()
        assert any("Enter remove 1 and go" in row for row in rows(app))
        await pilot.press("enter")
        await pilot.pause()
        assert [one for one in asked(app) if one[0] == "leave"] == [("leave", ()), ("leave", LEFT[:1])]


async def test_the_list_says_how_old_things_are_when_it_is_looked_at(monkeypatch):
    app = make(view(FINISHED, at=13))
    app.session.left = LEFT  # listed at any time before: made at 1000 and at 600 seconds
    monkeypatch.setattr("dockertutor.tui.screens.leaving.time", SimpleNamespace(time=lambda: 1000.0 + 7200))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert any("quirky_hopper" in row and "2 hours ago" in row for row in rows(app))


async def test_leaving_can_keep_everything_or_stay():
    app = make(view(DO))
    app.session.left = LEFT
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "c")
        await pilot.pause()
        await pilot.press("escape")
        assert asked(app) == []
        await pilot.press("ctrl+g", "c")
        await pilot.pause()
        await pilot.press("k")
        await pilot.pause()
        assert asked(app) == [("leave", ())]
        assert app.screen is app.course_screen
