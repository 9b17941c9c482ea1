"""The shell in the terminal pane: before it is ready, when it has ended, and when it cannot be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from bare_pane import Bare, app, prompt, pytestmark, type_line, until
from textual import events

from dockertutor.tui.widgets.terminal import TerminalPane

__all__ = ["app", "pytestmark"]


async def test_the_shell_that_ended_says_so_and_enter_starts_another(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await type_line(app, "exit 4", shows="Enter starts a new one")
        await until(lambda: app.said(TerminalPane.Exited))
        assert app.said(TerminalPane.Exited)[0].status == 4
        assert app.said(TerminalPane.CommandEnded)[0].status == 4
        await pilot.press("enter")
        await prompt(app)
        await type_line(app, "echo again")
        assert "again" in app.pane.text()


async def test_what_runs_in_the_pane_is_in_the_session_of_its_shell(app: Bare) -> None:
    assert app.pane.shell_pid == 0
    async with app.run_test(size=(60, 12)):
        await prompt(app)
        await type_line(app, "sh -c 'ps -o sid= -p $$ > sid; true'")
        assert app.pane.shell_pid == int((app.pane._cwd / "sid").read_text())


async def test_the_shell_is_gone_after_the_app_has_ended(app: Bare) -> None:
    async with app.run_test(size=(60, 12)):
        await prompt(app)
        await type_line(app, "sleep 300", shows="sleep")
        shell = app.pane.shell
        assert shell is not None
    with pytest.raises(ProcessLookupError):
        os.kill(shell.pid, 0)


async def test_a_shell_that_cannot_start_is_told(tmp_path: Path) -> None:
    app = Bare(tmp_path, "/no/such/shell")
    async with app.run_test(size=(60, 12)):
        await until(lambda: app.said(TerminalPane.Failed))
        message = app.said(TerminalPane.Failed)[0]
        assert isinstance(message, TerminalPane.Failed)
        assert message.error.do


async def test_a_shell_without_marks_works_all_the_same(tmp_path: Path) -> None:
    app = Bare(tmp_path, "/bin/sh")
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await pilot.press(*"echo", "space", *"hi", "enter")
        await until(lambda: app.pane.text() == "$ echo hi\nhi\n$")
        assert not app.said(TerminalPane.CommandBegan)


async def test_what_is_typed_before_the_pane_has_a_size_waits_for_the_shell(app: Bare) -> None:
    app.pane.display = False
    async with app.run_test(size=(60, 12)) as pilot:
        for letter in "cat":
            app.pane.post_message(events.Key(letter, letter))
        app.pane.post_message(events.Key("enter", "\r"))
        app.pane.post_message(events.Paste("two"))
        await pilot.pause()
        assert app.pane.shell is None
        app.pane.display = True
        await until(lambda: app.pane.running == "cat")
        await until(lambda: app.pane.text() == "$ cat\ntwo")


async def test_a_command_put_before_the_pane_has_a_size_stands_at_the_prompt(app: Bare) -> None:
    app.pane.display = False
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert app.pane.put("echo hi")
        app.pane.display = True
        await until(lambda: app.pane.text() == "$ echo hi")


async def test_a_command_put_after_the_shell_has_ended_stands_at_a_new_ones_prompt(app: Bare) -> None:
    async with app.run_test(size=(60, 12)):
        await prompt(app)
        await type_line(app, "exit", shows="Enter starts a new one")
        await until(lambda: app.pane.shell is None)
        assert app.pane.put("echo hi")
        await until(lambda: app.pane.text().endswith("$ echo hi"))


async def test_a_new_shell_finds_the_terminal_as_new(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        modes = r"printf '\033[?1;1000;1004;1006h\033[?25l'; exit"
        await type_line(app, modes, shows="Enter starts a new one")
        assert app.pane.modes.mouse == 0
        assert app.pane.allow_select
        assert not app.pane.modes.focus_reports
        await pilot.press("enter")
        await prompt(app)
        assert app.pane._term is not None
        assert app.pane._term.cursor.visible


async def test_a_shell_starts_though_its_folder_is_gone(app: Bare, tmp_path: Path) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        app.pane._cwd = tmp_path / "gone"
        await type_line(app, "exit", shows="Enter starts a new one")
        await until(lambda: app.pane.shell is None)
        await pilot.press("enter")
        await prompt(app)
        assert not app.said(TerminalPane.Failed)
