"""The terminal pane in a bare app: a real shell on a real pty."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from bare_pane import Bare, app, prompt, pytestmark, type_line, until
from textual import events
from textual.screen import ModalScreen

from dockertutor.tui.widgets.cover import COVERED
from dockertutor.tui.widgets.terminal import TerminalPane
from dockertutor.tui.widgets.terminal_colors import Palette

__all__ = ["app", "pytestmark"]


async def test_a_typed_command_runs_and_its_end_is_told(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await pilot.press(*"echo", "space", *"hi", "enter")
        await until(lambda: app.said(TerminalPane.CommandEnded))
        began, ended = app.said(TerminalPane.CommandBegan)[0], app.said(TerminalPane.CommandEnded)[0]
        assert (began.text, ended.text, ended.status) == ("echo hi", "echo hi", 0)
        await until(lambda: app.pane.text() == "$ echo hi\nhi\n$")


async def test_ctrl_c_ends_endless_output(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await type_line(app, "yes", shows="y\ny\ny")
        await pilot.press("ctrl+c")
        await until(lambda: app.said(TerminalPane.CommandEnded))
        assert app.said(TerminalPane.CommandEnded)[0].status == 130
        await prompt(app)


async def test_the_app_lives_on_during_endless_output(app: Bare) -> None:
    async with app.run_test(size=(60, 12)):
        await prompt(app)
        await type_line(app, "yes", shows="y\ny\ny")
        beats = 0
        for _ in range(20):
            await asyncio.sleep(0)
            beats += 1
        assert beats == 20
        app.pane.send(b"\x03")
        await prompt(app)


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+p", "tab", "escape", "f1", "ctrl+c", "question_mark"])
async def test_every_key_belongs_to_the_shell(app: Bare, key: str) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await type_line(app, "cat -v", shows="cat -v")
        await until(lambda: app.pane.running == "cat -v")
        await pilot.press(key)
        await pilot.pause()
        assert app.is_running
        assert app.focused is app.pane
        assert app.screen is app.screen_stack[0]


async def test_the_leader_key_is_told_and_twice_goes_to_the_shell(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await type_line(app, "cat -v", shows="cat -v")
        await pilot.press("ctrl+g")
        await until(lambda: app.said(TerminalPane.Leader))
        assert "^G" not in app.pane.text()
        await pilot.press("ctrl+g")
        await until(lambda: "^G" in app.pane.text())
        assert len(app.said(TerminalPane.Leader)) == 1


async def test_the_leader_key_can_be_another(app: Bare) -> None:
    app.pane.leader = "ctrl+o"
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await pilot.press("ctrl+o")
        await until(lambda: app.said(TerminalPane.Leader))


async def test_the_shell_keeps_its_size_while_its_window_is_covered(app: Bare) -> None:
    async with app.run_test(size=(70, 20)) as pilot:
        await prompt(app)
        app.pane.send(b"echo bef")
        await until(lambda: app.pane.text() == "$ echo bef")
        app.screen.add_class(COVERED)
        await pilot.resize_terminal(7, 3)
        app.pane.send(b"ore; stty size")
        await until(lambda: app.pane.text() == "$ echo before; stty size")
        app.screen.remove_class(COVERED)
        await pilot.resize_terminal(77, 19)
        await until(lambda: app.pane.content_size == (77, 19))
        app.pane.send(b"\r")
        await until(lambda: app.pane.text() == "$ echo before; stty size\nbefore\n19 77\n$")


async def test_stty_agrees_with_the_pane_before_and_after_a_resize(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await type_line(app, "stty size", shows="12 60")
        await pilot.resize_terminal(77, 19)
        await until(lambda: app.pane.content_size == (77, 19))
        await type_line(app, "stty size", shows="19 77")


async def test_a_hidden_pane_keeps_its_shell(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await type_line(app, "echo before")
        app.pane.display = False
        await pilot.pause()
        app.pane.display = True
        await pilot.pause()
        assert "before" in app.pane.text()
        await type_line(app, "echo after")
        assert "after" in app.pane.text()


async def test_a_large_paste_arrives_whole(app: Bare, tmp_path: Path) -> None:
    text = "".join(f"{n:06d} 0123456789 abcdefghij é\n" for n in range(10_000))
    assert len(text) > 300_000
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await type_line(app, "stty -echo; cat > pasted; stty echo", shows="pasted")
        await until(lambda: app.pane.running)
        app.pane.post_message(events.Paste(text))
        await pilot.pause()
        app.pane.send(b"\x04")
        await until(lambda: app.said(TerminalPane.CommandEnded), 30)
        assert (tmp_path / "pasted").read_text(encoding="utf-8") == text


async def test_a_paste_at_the_prompt_is_not_run_line_by_line(app: Bare, tmp_path: Path) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        app.pane.post_message(events.Paste("touch one\ntouch two\n"))
        await until(lambda: "touch two" in app.pane.text())
        await pilot.pause()
        assert not (tmp_path / "one").exists()


async def test_the_worked_command_stands_at_the_prompt_and_is_not_run(app: Bare, tmp_path: Path) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        assert app.pane.put("touch made")
        await until(lambda: app.pane.text() == "$ touch made")
        assert not (tmp_path / "made").exists()
        await pilot.press("enter")
        await until(lambda: (tmp_path / "made").exists())


async def test_vi_gives_the_screen_back(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await type_line(app, "echo before")
        await type_line(app, "vi -u NONE new-file", shows="~\n~\n~")
        assert app.pane.modes.alternate
        await pilot.press(*"ihello", "escape", *":wq", "enter")
        await until(lambda: len(app.said(TerminalPane.CommandEnded)) == 2)
        await prompt(app)
        assert app.pane.text().startswith("$ echo before\nbefore\n$ vi")
        assert "~" not in app.pane.text()


async def test_a_stopped_job_comes_back(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await type_line(app, "cat", shows="cat")
        await until(lambda: app.pane.running == "cat")
        await pilot.press("ctrl+z")
        await until(lambda: "Stopped" in app.pane.text())
        await type_line(app, "fg", shows="fg")
        await pilot.press("ctrl+d")
        await until(lambda: app.said(TerminalPane.CommandEnded) and app.said(TerminalPane.CommandEnded)[-1].status == 0)


async def test_the_pane_is_drawn_in_the_themes_colours(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await pilot.pause()
        strip = app.pane.render_line(0)
        first, *_, last = list(strip)
        assert first.text.startswith("$")
        variables = app.theme_variables
        assert first.style is not None
        assert first.style.color is not None
        assert first.style.color.get_truecolor().hex.lower() == variables["primary"].lower()[:7]
        assert last.style is not None
        assert last.style.bgcolor is not None
        assert last.style.bgcolor.get_truecolor().hex.lower() == variables["surface"].lower()[:7]
        assert strip.cell_length == 60


async def test_the_cursor_is_a_steady_block_where_the_keys_go(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await pilot.pause()
        ink = app.theme_variables["foreground"].lower()[:7]

        def background(x: int) -> str:
            segment = next(iter(app.pane.render_line(0).crop(x, x + 1)))
            assert segment.style is not None
            assert segment.style.bgcolor is not None
            return str(segment.style.bgcolor.get_truecolor().hex).lower()

        assert background(2) == ink
        app.set_focus(None)
        await pilot.pause()
        assert background(2) != ink
        app.pane.focus()
        await pilot.pause()
        assert background(2) == ink
        app.pane.wait(True)
        assert background(2) != ink
        app.pane.wait(False)
        assert background(2) == ink
        app.push_screen(ModalScreen[None]())
        await pilot.pause()
        assert background(2) != ink


async def test_a_modal_screen_takes_the_keys_and_gives_them_back(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        app.push_screen(ModalScreen[None]())
        await pilot.pause()
        await pilot.press("z")
        app.pop_screen()
        await pilot.pause()
        assert app.focused is app.pane
        await pilot.press("w")
        await until(lambda: app.pane.text() == "$ w")


@pytest.mark.parametrize("theme", ["textual-light", "textual-dark", "nord"])
async def test_every_named_colour_can_be_read_on_the_well(app: Bare, theme: str) -> None:
    async with app.run_test(size=(60, 12)):
        app.theme = theme
        palette = Palette(app.theme_variables, dark=app.current_theme.dark)
        assert all(len(palette.rgb(index)) == 3 for index in range(256))
        assert palette.rgb(7) != palette.background
        assert palette.rgb(15) != palette.background
