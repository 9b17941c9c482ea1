"""The app and its terminal: what is typed too early, where the shell is, and a command put at its prompt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from driving import rows
from sample_views import DO, READ, RecordingSession, StandIn, screen_rows, view
from textual import events
from textual.pilot import Pilot

from dockertutor.errors import ShellError, UsageError
from dockertutor.tui.app import TutorApp
from dockertutor.tui.settings import leader_named, load
from dockertutor.tui.widgets.terminal import TerminalPane


class WithoutMarks(StandIn):
    """A shell that cannot be told where to go; a program may have its terminal."""

    busy = False

    def go(self, folder: Path) -> bool:
        return False

    def put(self, text: str) -> bool:
        return not self.busy and super().put(text)


def make(terminal: type[StandIn] = StandIn) -> TutorApp:
    app = TutorApp(RecordingSession(view(DO)), shell_factory=lambda folder, leader: terminal(screen_rows(), leader))
    app.settings = replace(app.settings, welcomed=True)
    return app


def said(app: TutorApp) -> list[str]:
    return [note.message for note in app._notifications]


async def until_held(pilot: Pilot, count: int) -> None:
    for _ in range(200):
        await pilot.pause(0.01)
        if len(pilot.app.early) == count:
            return
    raise AssertionError(pilot.app.early)


def type_early(app: TutorApp, text: str) -> None:
    for letter in text:
        app.post_message(events.Key(letter, letter))


async def test_keys_that_come_before_the_terminal_has_them_are_kept_in_order():
    app = make()
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        terminal = app.focused
        app.lesson_screen.set_focus(None)
        type_early(app, "nch")
        await until_held(pilot, 3)
        terminal.focus()
        await until_held(pilot, 0)
        await pilot.press("x")
        assert terminal.keys == ["n", "c", "h", "x"]
        assert app.session.asked == []
        assert said(app) == []


async def test_early_keys_reach_the_terminal_though_the_leader_key_was_pressed_after_them():
    app = make()
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        terminal = app.focused
        app.lesson_screen.set_focus(None)
        type_early(app, "nc")
        await until_held(pilot, 2)
        terminal.focus()
        app.post_message(events.Key("ctrl+g", None))
        await until_held(pilot, 0)
        await pilot.press("escape")
        assert terminal.keys == ["n", "c"]


async def test_early_keys_that_the_terminal_never_gets_are_not_dropped_in_silence():
    app = make()
    async with app.run_test(size=(160, 48), notifications=True) as pilot:
        await pilot.pause()
        app.lesson_screen.set_focus(None)
        type_early(app, "nc")
        await until_held(pilot, 2)
        app.lesson_screen.give_keys("lesson")
        await until_held(pilot, 0)
        await pilot.pause()
        assert said(app) == ["The terminal was not ready for what you typed. Type it again there."]
        assert app.session.asked == []


async def test_of_a_command_that_began_is_told_in_which_shell():
    app = make()
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        app.lesson_screen.terminal.shell_pid = 100
        app.lesson_screen.terminal.post_message(TerminalPane.CommandBegan("vi box.json"))
        await pilot.pause()
        assert ("command_began", "vi box.json", 100) in app.session.asked


@pytest.mark.parametrize("busy", [False, True])
async def test_a_shell_without_marks_is_typed_to_only_at_its_prompt(tmp_path: Path, busy: bool):
    app = make(WithoutMarks)
    async with app.run_test(size=(160, 48), notifications=True) as pilot:
        await pilot.pause()
        terminal = app.focused
        terminal.busy = busy
        app.session.tell("view", view(replace(DO, folder=tmp_path), number=9))
        await pilot.pause()
        if busy:
            assert terminal.at_prompt == terminal.keys == []
            assert said(app) == [f"A program is running in the terminal. When it has ended, type: cd {tmp_path}"]
        else:
            assert terminal.at_prompt == [f" cd -- {tmp_path}"]
            assert terminal.keys == ["\r"]


@pytest.mark.parametrize("name", ["ctrl+t", "Ctrl-T", "^T", "C-t"])
def test_the_leader_key_is_named_as_people_write_it(name: str):
    assert leader_named(name) == "ctrl+t"


@pytest.mark.parametrize("name", ["ctrl+c", "ctrl+q", "f1", "ctrl+", "x"])
def test_a_key_that_would_lock_the_learner_into_the_terminal_is_refused(name: str):
    with pytest.raises(UsageError) as refused:
        TutorApp(RecordingSession(view(DO)), leader=name)
    assert f"{refused.value.what} {refused.value.do}" == (
        f"{name} cannot be the leader key. Choose one of ctrl+g, ctrl+t, ctrl+b, ctrl+a, ctrl+\\, ctrl+]."
    )


async def test_a_leader_key_of_the_command_line_holds_for_once_and_a_chosen_one_is_kept(tmp_path: Path):
    kept = tmp_path / "settings.json"
    app = TutorApp(RecordingSession(view(DO)), leader="ctrl+t", settings_path=kept)
    async with app.run_test(size=(160, 48)):
        app.change(welcomed=True)
        assert (app.leader, load(kept).leader) == ("ctrl+t", "ctrl+g")
        app.change(leader="ctrl+b")
        assert (app.leader, load(kept).leader) == ("ctrl+b", "ctrl+b")


async def test_where_no_terminal_can_be_made_early_keys_are_the_lessons():
    def none(folder: Path, leader: str) -> StandIn:
        raise ShellError("No terminal can be drawn on this machine.")

    app = TutorApp(RecordingSession(view(READ)), shell_factory=none)
    app.settings = replace(app.settings, welcomed=True)
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        app.session.tell("view", view(DO, number=9))
        type_early(app, "hs")
        for _ in range(100):
            await pilot.pause(0.02)
            if ("solution",) in app.session.asked:
                break
        assert [one for one in app.session.asked if one in (("hint",), ("solution",))] == [("hint",), ("solution",)]
        assert app.no_terminal == "No terminal can be drawn on this machine."


async def test_a_window_of_ones_own_is_told_the_folder_of_each_exercise(tmp_path):
    app = TutorApp(RecordingSession(view(replace(DO, folder=tmp_path))), no_terminal="There is none here.")
    app.settings = replace(app.settings, welcomed=True)
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        await pilot.pause()
        assert any(f"cd {tmp_path}" in row for row in rows(app))
        other = tmp_path / "an other"
        other.mkdir()
        app.session.tell("view", view(replace(DO, id="next", folder=other), number=9))
        await pilot.pause()
        await pilot.pause()
        assert any(f"cd '{other}'" in row for row in rows(app))
