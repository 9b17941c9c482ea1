"""The whole way on a real engine: a learner presses keys in the app, and the tick appears on the screen."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from dockertutor.course.heads import Course
from dockertutor.course.loader import load_text
from dockertutor.engine.connection import Endpoint, connect
from dockertutor.tui.app import TutorApp
from dockertutor.tui.settings import Settings, save
from dockertutor.tutor.core import Tutor
from dockertutor.tutor.progress import Store

pytestmark = [pytest.mark.engine, pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")]

LESSON = """
format: 1
id: lesson
title: A lesson
minutes: 5
steps:
  - exercise:
      id: one
      kind: worked
      task: |
        **Make a box.** Type this:

            docker run --name NAME busybox echo hello
      expect:
        - {container: NAME, image: busybox, exit_code: 0}
      hints: [Look., Type., All.]
      solution: docker run --name NAME busybox echo hello
      why: |
        Docker made a box.
"""


def screen(app: TutorApp) -> str:
    return "\n".join("".join(s.text for s in strip) for strip in app.screen._compositor.render_strips())


async def until(app: TutorApp, pilot, words: str, seconds: float = 30.0) -> None:
    """Wait until ``words`` stand on the screen."""
    for _ in range(int(seconds / 0.1)):
        if words in screen(app):
            return
        await pilot.pause(0.1)
    raise AssertionError(f"{words!r} did not appear:\n{screen(app)}")


@pytest.mark.parametrize("size", [(160, 48), (80, 24)], ids=["large", "small"])
async def test_the_worked_command_brings_the_tick(engine_url: str, docker_env, prefix: str, tmp_path: Path, size):
    from dockertutor.tui.widgets.terminal import TerminalPane

    course = Course("course", "Course", tmp_path, ())
    store = Store(tmp_path / "progress.db")
    tutor = Tutor(course, store, lambda: connect(Endpoint(engine_url)), folder_root=tmp_path / "work").start()
    env = {**os.environ, **docker_env}
    kept = tmp_path / "settings.json"
    save(kept, Settings(welcomed=True))
    app = TutorApp(
        tutor,
        settings_path=kept,
        folder=tmp_path,
        shell_factory=lambda folder, leader: TerminalPane(
            env=env, cwd=folder, folder=tmp_path / "rc", leader=leader, shell="/bin/bash"
        ),
    )
    try:
        async with app.run_test(size=size) as pilot:
            tutor.open_lesson(load_text(LESSON.replace("NAME", f"{prefix}box"), "lesson.yaml"))
            while not app.is_screen_installed("lesson"):  # made after the first paint
                await pilot.pause(0.05)
            app.push_screen("lesson")
            await until(app, pilot, "Terminal · type here")
            await until(app, pilot, "0 of 3" if size == (80, 24) else "Done when")
            await asyncio.to_thread(tutor.wait, lambda view: getattr(view.step, "phase", "") == "doing", 20.0)
            for _ in range(100):
                if app.lesson_screen.terminal is not None and app.lesson_screen.terminal.text().strip():
                    break
                await pilot.pause(0.1)
            await pilot.press("ctrl+g", "i")
            await until(app, pilot, f"--name {prefix}box busybox")
            await pilot.press("enter")
            await until(app, pilot, "✓ Done")
            await until(app, pilot, "Docker made a box.")
            if size == (160, 48):
                await until(app, pilot, f"○ {prefix}box"[:20])
    finally:
        tutor.close()
        store.close()
