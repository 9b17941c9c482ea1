"""Words of containers, lessons and engines on the screen: never markup, never an escape code."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets._toast import Toast

from dockertutor.tui.app import TutorApp
from dockertutor.tui.draw.ink import content, line, part, plain
from dockertutor.tui.theme import THEMES
from dockertutor.tui.widgets.editor import Editor

NASTY = "[bold]x[/] [@click=app.quit]q[/] [link=file:///etc]l[/] \x1b]52;c;QQ==\x07 \x1b[2J \x9b31m \u202e"


class OneEditor(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.register_theme(THEMES["dark"])
        self.theme = THEMES["dark"].name

    def compose(self) -> ComposeResult:
        yield Editor()


async def test_a_file_of_others_steers_nothing_in_the_editor() -> None:
    app = OneEditor()
    async with app.run_test() as pilot:
        editor = app.query_one(Editor)
        editor.open("notes.txt", f"{NASTY}\n\x1b[?1049l")
        await pilot.pause()
        shown = "".join(segment.text for y in range(2) for segment in editor.render_line(y))
        assert "[@click=app.quit]" in shown
        assert shown.isprintable()
        assert editor.text.startswith(NASTY)


def test_drawn_text_is_plain() -> None:
    drawn = content([line(part(NASTY, "$text"))])
    assert drawn.plain.isprintable()
    assert "[@click=app.quit]" in drawn.plain
    assert [span.style for span in drawn.spans] == ["$text"]


async def test_a_note_is_plain() -> None:
    class Noting(App[None]):
        say = TutorApp.say

    app = Noting()
    async with app.run_test(notifications=True) as pilot:
        app.say(NASTY, NASTY)
        await pilot.pause(0.1)
        toast = app.screen.query(Toast).first()
        shown = "".join(segment.text for y in range(toast.size.height) for segment in toast.render_line(y))
        assert "[@click=app.quit]" in shown
        assert shown.isprintable()
        assert plain("a\nb\x1b") == "a\nb "
