"""A window too small for any layout says so, and everything is as it was once it has grown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from driving import make, rows
from sample_views import STATES
from textual.pilot import Pilot

from dockertutor.tui.layout import LEAST_HEIGHT, LEAST_WIDTH


async def seen(pilot: Pilot, holds: Callable[[], bool]) -> None:
    """Wait until it is so, through as many refreshes as a busy machine may need."""
    for _ in range(40):
        if holds():
            return
        await pilot.pause(0.01)
    raise AssertionError("\n".join(rows(pilot.app)))


def words(pilot: Pilot) -> str:
    return " ".join(" ".join(rows(pilot.app)).split())


SAID = "Make this window at least 60 columns wide and 16 rows high; now it has {} columns and {} rows."


@pytest.mark.parametrize("size", [(40, 12), (LEAST_WIDTH - 1, 24), (80, LEAST_HEIGHT - 1), (200, 3)])
@pytest.mark.parametrize("state", ["read", "do", "course"])
async def test_a_window_that_is_too_small_shows_one_sentence_alone(size, state):
    app = make(STATES.get(state))
    async with app.run_test(size=size) as pilot:
        await seen(pilot, lambda: words(pilot) == SAID.format(*size))


async def test_the_least_size_has_its_layout():
    app = make(STATES["do"])
    async with app.run_test(size=(LEAST_WIDTH, LEAST_HEIGHT)) as pilot:
        await seen(pilot, lambda: "Terminal · type here" in words(pilot))
        assert "Make this window" not in words(pilot)


async def test_a_grown_window_is_as_it_was_and_no_key_is_lost():
    app = make(STATES["do"])
    async with app.run_test(size=(80, 24)) as pilot:
        await seen(pilot, lambda: app.focused is not None and app.focused is app.lesson_screen.terminal)
        terminal = app.focused
        await pilot.resize_terminal(40, 12)
        await seen(pilot, lambda: words(pilot) == SAID.format(40, 12))
        await pilot.resize_terminal(50, 12)
        await seen(pilot, lambda: words(pilot) == SAID.format(50, 12))
        await pilot.press("l", "s")
        await pilot.resize_terminal(80, 24)
        await seen(pilot, lambda: "Terminal · type here" in words(pilot))
        assert "Make this window" not in words(pilot)
        assert app.focused is terminal
        assert terminal.keys == ["l", "s"]


async def test_what_opens_while_the_window_is_too_small_is_there_once_it_has_grown():
    app = make(STATES["do"])
    async with app.run_test(size=(40, 12)) as pilot:
        await seen(pilot, lambda: app.focused is not None and app.focused is app.lesson_screen.terminal)
        await pilot.press("ctrl+g")
        await seen(pilot, lambda: app.lesson_screen.leading and words(pilot) == SAID.format(40, 12))
        await pilot.resize_terminal(80, 24)
        await seen(pilot, lambda: "Press one key" in words(pilot))
        await pilot.press("escape")
        await seen(pilot, lambda: "Terminal · type here" in words(pilot))
        assert "Make this window" not in words(pilot)
