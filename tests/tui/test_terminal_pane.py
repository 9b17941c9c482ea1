"""The terminal pane in a bare app: a real shell on a real pty."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static

from dockertutor.shell import screen
from dockertutor.tui.widgets.cover import COVERED
from dockertutor.tui.widgets.terminal import TerminalPane
from dockertutor.tui.widgets.terminal_colors import Palette

pytestmark = pytest.mark.skipif(not screen.available(), reason="no screen model for this platform")


class Bare(App[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", priority=False),
        Binding("ctrl+p", "command_palette", priority=False),
    ]

    def __init__(self, folder: Path, shell: str = "bash") -> None:
        super().__init__()
        (folder / "home").mkdir()
        self.pane = TerminalPane(
            env={**os.environ, "HOME": str(folder / "home"), "SHELL": shell},
            cwd=folder,
            folder=folder / "rc",
            shell=shell,
        )
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.pane.focus()

    def on_terminal_pane_command_began(self, message: TerminalPane.CommandBegan) -> None:
        self.heard.append(message)

    def on_terminal_pane_command_ended(self, message: TerminalPane.CommandEnded) -> None:
        self.heard.append(message)

    def on_terminal_pane_leader(self, message: TerminalPane.Leader) -> None:
        self.heard.append(message)

    def on_terminal_pane_exited(self, message: TerminalPane.Exited) -> None:
        self.heard.append(message)

    def on_terminal_pane_copied(self, message: TerminalPane.Copied) -> None:
        self.heard.append(message)

    def on_terminal_pane_failed(self, message: TerminalPane.Failed) -> None:
        self.heard.append(message)

    def said(self, kind: type[Message]) -> list[Message]:
        return [m for m in self.heard if isinstance(m, kind)]


async def until(what: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until ``what`` is true; the test fails if it never becomes so."""
    for _ in range(int(seconds / 0.02)):
        if what():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never happened")


async def type_line(app: Bare, line: str, shows: str = "") -> None:
    ended = len(app.said(TerminalPane.CommandEnded))
    app.pane.send(line.encode() + b"\r")
    if shows:
        await until(lambda: shows in app.pane.text())
    else:
        await until(lambda: len(app.said(TerminalPane.CommandEnded)) > ended)


async def prompt(app: Bare) -> None:
    await until(lambda: app.pane.text().rstrip().endswith("$"))


@pytest.fixture
def app(tmp_path: Path) -> Bare:
    return Bare(tmp_path)


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


async def test_a_selection_is_copied_when_the_mouse_is_released(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await type_line(app, "printf 'one 日本 two\\nthree\\n'")
        await until(lambda: "three" in app.pane.text())
        await pilot.pause()
        await pilot.mouse_down(app.pane, offset=(0, 1))
        await pilot.hover(app.pane, offset=(4, 2))
        await pilot.mouse_up(app.pane, offset=(4, 2))
        await until(lambda: app.said(TerminalPane.Copied))
        assert app.said(TerminalPane.Copied)[0].text.startswith("one 日本 two\nthre")
        assert app.clipboard.startswith("one 日本 two\nthre")


@pytest.mark.parametrize(
    ("times", "x", "copied"),
    [(2, 5, "--name"), (2, 14, "blue"), (2, 27, "日本"), (3, 5, 'run --name "blue" busybox 日本 x')],
)
async def test_clicked_twice_a_word_is_copied_and_three_times_a_row(app: Bare, times: int, x: int, copied: str) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await type_line(app, """clear; echo 'run --name "blue" busybox 日本 x'; echo two""")
        await until(lambda: "two" in app.pane.text())
        await pilot.click(app.pane, offset=(x, 0), times=times)
        await until(lambda: copied in [message.text for message in app.said(TerminalPane.Copied)])


async def test_a_drag_that_ends_outside_the_pane_copies_too(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await app.mount(Static("below"))
        await prompt(app)
        await type_line(app, "clear; echo one; echo two")
        await until(lambda: "two" in app.pane.text())
        await pilot.mouse_down(app.pane, offset=(0, 0))
        await pilot.hover(offset=(3, 11))
        await pilot.mouse_up(offset=(3, 11))
        await until(lambda: app.said(TerminalPane.Copied))
        assert app.said(TerminalPane.Copied)[0].text.startswith("one\ntwo\n$")


async def test_a_line_that_was_too_long_for_its_row_is_copied_as_one(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await type_line(app, "clear; seq -s ' ' 40; echo two")
        await until(lambda: "two" in app.pane.text())
        await pilot.mouse_down(app.pane, offset=(0, 0))
        await pilot.hover(app.pane, offset=(3, 2))
        await pilot.mouse_up(app.pane, offset=(3, 2))
        await until(lambda: app.said(TerminalPane.Copied))
        line = " ".join(str(number) for number in range(1, 41))
        assert app.said(TerminalPane.Copied)[0].text == f"{line}\ntwo"


async def test_selected_text_can_still_be_read(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await type_line(app, "printf 'one two\\n'")
        await pilot.mouse_down(app.pane, offset=(0, 1))
        await pilot.hover(app.pane, offset=(4, 1))
        await until(lambda: app.pane.text_selection)
        first, plain = next(iter(app.pane.render_line(1))), next(iter(app.pane.render_line(2)))
        assert first.text.startswith("one")
        assert first.style is not None
        assert plain.style is not None
        assert first.style.bgcolor != plain.style.bgcolor
        assert first.style.color != first.style.bgcolor


async def test_a_program_fills_the_clipboard(app: Bare) -> None:
    async with app.run_test(size=(60, 12)):
        await prompt(app)
        await type_line(app, r"printf '\033]52;c;aGVsbG8=\007'")
        await until(lambda: app.clipboard == "hello")


async def test_the_mouse_is_reported_to_a_program_that_asks(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await type_line(app, r"printf '\033[?1000h\033[?1006h'; cat -v", shows="cat -v")
        await until(lambda: app.pane.modes.mouse == 1000)
        await pilot.click(app.pane, offset=(7, 3))
        await until(lambda: "^[[<0;8;4M^[[<0;8;4m" in app.pane.text())
        assert not app.pane.allow_select


async def test_the_wheel_looks_back_and_a_key_comes_forward_again(app: Bare) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await prompt(app)
        await type_line(app, "seq 1 100")
        await until(lambda: app.pane.text().endswith("$"))
        app.pane.post_message(
            events.MouseScrollUp(app.pane, 5, 5, 0, -1, 0, False, False, False, screen_x=5, screen_y=5)
        )
        await until(lambda: app.pane.rows_back == 3)
        await pilot.press("shift+pageup")
        await until(lambda: app.pane.rows_back == 14)
        assert "\n80\n" in app.pane.text()
        await pilot.press("a")
        await until(lambda: app.pane.rows_back == 0)


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
        app.push_screen(ModalScreen[None]())
        await pilot.pause()
        assert background(2) != ink


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


async def test_the_shell_is_gone_after_the_app_has_ended(app: Bare) -> None:
    async with app.run_test(size=(60, 12)):
        await prompt(app)
        await type_line(app, "sleep 300", shows="sleep")
        shell = app.pane.shell
        assert shell is not None
    with pytest.raises(ProcessLookupError):
        os.kill(shell.pid, 0)


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


@pytest.mark.parametrize("theme", ["textual-light", "textual-dark", "nord"])
async def test_every_named_colour_can_be_read_on_the_well(app: Bare, theme: str) -> None:
    async with app.run_test(size=(60, 12)):
        app.theme = theme
        palette = Palette(app.theme_variables, dark=app.current_theme.dark)
        assert all(len(palette.rgb(index)) == 3 for index in range(256))
        assert palette.rgb(7) != palette.background
        assert palette.rgb(15) != palette.background


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
