"""The mouse in the terminal pane: selecting, copying, looking back, and programs that want it themselves."""

from __future__ import annotations

import pytest
from bare_pane import Bare, app, prompt, pytestmark, type_line, until
from textual import events
from textual.widgets import Static

from dockertutor.tui.widgets.terminal import TerminalPane

__all__ = ["app", "pytestmark"]


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
