"""Low and narrow windows: what must be whole is whole, and what is cut is what can be spared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from driving import SMALL, make, rows
from sample_views import DO, FAULT, FINISHED, LEFT, STATES, RecordingSession, StandIn, screen_rows, view

from dockertutor.tui.app import TutorApp
from dockertutor.tutor.view import View


async def test_all_keys_are_always_offered_in_a_small_window():
    app = make(view(replace(DO, type_this="docker ps")))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert rows(app)[23].rstrip().endswith("? all keys")


@pytest.mark.parametrize("width", [61, 70, 80, 81, 100])
async def test_a_small_page_keeps_two_columns_at_each_side(width):
    app = make(STATES["read"])
    async with app.run_test(size=(width, 24)) as pilot:
        await pilot.pause()
        left = max(2, (width - 76) // 2)
        assert rows(app)[2][: left + 12].rstrip() == " " * left + "Two programs"


@pytest.mark.parametrize("state", ["do", "fail", "pass", "read", "quiz", "finished"])
@pytest.mark.parametrize("width", [60, 66, 72])
async def test_a_narrow_footer_leads_to_all_keys(state, width):
    app = make(STATES[state])
    async with app.run_test(size=(width, 20)) as pilot:
        await pilot.pause()
        assert "? all keys" in rows(app)[19]


@pytest.mark.parametrize("size", [(60, 16), (60, 19), (66, 20), SMALL])
async def test_the_leaders_overlay_is_whole_in_every_window(size):
    app = make(STATES["do"])
    async with app.run_test(size=size) as pilot:
        await pilot.press("ctrl+g")
        await pilot.pause()
        text = "\n".join(rows(app))
        for words in ("Press one key", "n  next step", "z  make this pane large", "q  quit", "Esc  back"):
            assert words in text
        assert "…" not in text.partition("Press one key")[2]


async def test_a_narrow_strip_cuts_the_expectation_and_not_its_answer():
    app = make(STATES["pass"])
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        row = next(row for row in rows(app) if "You expected" in row)
        assert row.rstrip().endswith("…: ✓ so it was.")


async def test_a_narrow_table_shows_ports_whole():
    app = make(STATES["pass"])
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("ctrl+g", "e")
        await pilot.pause()
        text = "\n".join(rows(app))
        assert "8317 → 80" in text
        assert "image" not in text


async def test_a_verdict_is_in_sight_when_the_lesson_gets_room_again():
    app = make(STATES["do"])
    async with app.run_test(size=SMALL) as pilot:
        app.session.tell("view", replace(STATES["fail"], number=5))
        await pilot.pause()
        await pilot.resize_terminal(136, 32)
        for _ in range(5):
            await pilot.pause(0.01)
        assert any(row.startswith(" ▌   (80): -p 8317:80") for row in rows(app))


@pytest.mark.parametrize("size", [(60, 16), SMALL])
async def test_the_ways_to_leave_are_whole_in_every_window(size):
    app = make(view(FINISHED, at=13))
    app.session.left = LEFT
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        text = "\n".join(rows(app))
        for words in ("and go", "k keep all and go", "Space change", "Esc stay"):
            assert words in text


@pytest.mark.parametrize("size", [(60, 16), (60, 19), SMALL])
async def test_a_choice_is_whole_in_every_window(size):
    app = make(STATES["do"])
    async with app.run_test(size=size) as pilot:
        await pilot.press("ctrl+g", "k")
        await pilot.pause()
        text = "\n".join(rows(app))
        for words in (
            "Another leader key",
            "terminal itself",
            "› Ctrl-G   as now",
            "Ctrl-]",
            "Enter  choose   Esc  close",
        ):
            assert words in text


@pytest.mark.parametrize("size", [(60, 16), (80, 20), SMALL])
async def test_the_welcome_is_whole_in_every_window(size):
    app = TutorApp(RecordingSession(), shell_factory=lambda folder, leader: StandIn(screen_rows(), leader))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = "\n".join(rows(app))
        assert "Welcome to dockertutor" in text
        assert "web page." in text
        assert ("┌" in text) == (size == SMALL)
        assert "Esc skip to the first lesson" in text


async def test_a_narrow_footer_without_all_keys_keeps_the_first_ones():
    app = make(None)
    async with app.run_test(size=(60, 16)) as pilot:
        app.session.tell("view", View(engine=FAULT, number=1))
        await pilot.pause()
        assert " ".join(rows(app)[15].split()) == "Enter look again r read without an engine q quit"
