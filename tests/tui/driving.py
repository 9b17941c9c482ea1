"""The app with a stand-in for the terminal: how tests open it, press and click, and read its screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from sample_views import (
    RecordingSession,
    StandIn,
    screen_rows,
)
from textual.pilot import Pilot

from dockertutor.tui.app import TutorApp
from dockertutor.tutor.view import View

LIMIT = 30.0
LARGE, SMALL = (160, 48), (80, 24)


SIZES = pytest.mark.parametrize("size", [LARGE, SMALL], ids=["large", "small"])


def make(at: View | None, *, tints: bool = True, **more) -> TutorApp:
    """The app at a view, with a stand-in for the terminal; nothing is kept on disk."""
    session = RecordingSession(at)
    app = TutorApp(session, shell_factory=lambda folder, leader: StandIn(screen_rows(), leader), **more)
    app.settings = replace(app.settings, welcomed=True)
    app.tints = tints
    return app


def asked(app: TutorApp) -> list[tuple]:
    return app.session.asked


def rows(app: TutorApp) -> list[str]:
    """The screen as rows of text."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


async def click_on(pilot: Pilot, words: str) -> None:
    """Click on the first place where ``words`` stand."""
    for y, row in enumerate(rows(pilot.app)):
        if (x := row.find(words)) >= 0:
            await pilot.click(offset=(x, y))
            return
    raise AssertionError(f"{words!r} is not on the screen:\n" + "\n".join(rows(pilot.app)))


async def settle(app: TutorApp, pilot) -> None:
    """Until nothing more is being fetched or drawn: a key's message may start a worker, and its end a message."""
    for _ in range(3):
        await pilot.pause()
        await app.workers.wait_for_complete()
    await pilot.pause()


async def until(pilot, holds: Callable[[], bool]) -> None:
    """Until ``holds``, however slow the machine is; a test that waits in vain fails here."""
    end = asyncio.get_running_loop().time() + LIMIT
    while not holds():
        assert asyncio.get_running_loop().time() < end, "\n".join(rows(pilot.app))
        await pilot.pause(0.02)


async def until_shown(pilot, text: str) -> None:
    await until(pilot, lambda: any(text in row for row in rows(pilot.app)))
