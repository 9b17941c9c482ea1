"""The drawn states, cell by cell where the look says so: rows, columns, frames, bars, colours."""

from __future__ import annotations

from dataclasses import replace

import pytest
from driving import LARGE, SMALL, make, rows
from rich.color import Color, ColorSystem
from sample_views import DO, FAULT, FINISHED, STATES, RecordingSession, StandIn, screen_rows, view

from dockertutor.tui.app import TutorApp
from dockertutor.tui.theme import DARK, PLAIN, theme_name
from dockertutor.tutor.engine_view import EngineRow, Panel
from dockertutor.tutor.view import View

XTERM = [(0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
         (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
         (255, 255, 255)]  # fmt: skip
"""What xterm shows for the 16 colours."""


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """The contrast of two colours, as web accessibility defines it."""

    def light(colour: tuple[int, int, int]) -> float:
        parts = [c / 255 for c in colour]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def cell(app: TutorApp, x: int, y: int) -> tuple[str, str, str, bool]:
    """The character at a cell, its colour and background as ``#rrggbb``, and whether it is bold."""
    strip = list(app.screen._compositor.render_strips())[y]
    at = 0
    for segment in strip:
        if at <= x < at + segment.cell_length:
            style = segment.style
            colours = [c.get_truecolor().hex if isinstance(c, Color) else "" for c in (style.color, style.bgcolor)]
            return segment.text[x - at], colours[0], colours[1], bool(style.bold)
        at += segment.cell_length
    raise AssertionError((x, y))


async def test_the_large_exercise_stands_on_the_grid():
    app = make(STATES["do"])
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        text = rows(app)
        assert text[0].strip() == text[2].strip() == ""
        assert text[1][3:].startswith("What Docker is › Boxes for programs")
        assert text[1][68:].startswith("━" * 18 + "─" * 6 + "  9 of 12")
        assert text[1].rstrip().endswith("● Engine 28.5 on this computer")
        assert len(text[1].rstrip()) == 157
        assert text[3][65:68] == "╭─ "
        assert text[3][68:].startswith("Terminal · type here")
        assert text[34][65] == "╰"
        assert text[4][1:12] == "▌ Your turn"
        assert text[4][68:].startswith("$ cat letter.txt")
        assert text[35][68:].startswith("Engine   API calls 3   Files   Page")
        assert text[36][70:].startswith("container")
        assert text[47].startswith("   Ctrl-G   then   h hint   n next   l lesson   w next tab   ? all keys")


async def test_only_the_pane_with_the_keys_draws_its_frame():
    app = make(STATES["pass"])
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "u")
        await pilot.pause()
        text = rows(app)
        assert text[3][65:].strip() == "Terminal"
        assert text[19][65] == "╭"
        assert text[46][65] == "╰"
        assert "─ Engine   API calls 3   Files   Page ─" in text[19]


async def test_the_failed_check_carries_everything_in_one_place():
    app = make(STATES["fail"])
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        text = [row[:65] for row in rows(app)]
        at = next(n for n, row in enumerate(text) if "Published port" in row)
        assert text[at] == (" ▌ ✗ Published port" + "not yet".rjust(44)).ljust(65)
        assert text[at + 1].split() == ["▌", "expected", "8317", "→", "80"]
        assert text[at + 2].split() == ["▌", "found", "80", "→", "8317"]
        assert text[at + 3].split() == ["▌", "closest", "quirky_hopper,", "made", "just", "now"]
        assert all(text[at + n][1] == "▌" for n in range(8))
        assert text[at + 8].strip() == ""
        assert cell(app, 1, at)[1] in (DARK.failed, "#fe9277")  # Textual rounds what it mixes
        assert cell(app, 1, 4)[1] == DARK.accent


async def test_a_passed_exercise_says_what_happened_and_the_way_on():
    app = make(STATES["pass"])
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        text = [row[:65].rstrip() for row in rows(app)]
        assert text[4] == " ▌ ✓ Done"
        assert cell(app, 1, 4)[1] == DARK.passed
        assert "   ✓ One long line, then the prompt                 as you said" in text
        assert "   Ctrl-G n   next: show two pages at the same time" in text


async def test_hints_stand_below_the_verdict():
    app = make(STATES["hint"])
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        text = [row[:65].rstrip() for row in rows(app)]
        first = text.index(" ▌ Hint 1 of 3   where to look")
        assert first > next(n for n, row in enumerate(text) if row.endswith("after the port"))
        assert " ▌ Ctrl-G h   one more: almost all of it" in text


@pytest.mark.parametrize(("state", "first"), [("read", "Two programs, one computer"), ("predict", "Before you run it"),
                                              ("quiz", "Question"), ("finished", "✓ Boxes for programs")])  # fmt: skip
async def test_pages_begin_at_row_nine_in_the_middle(state, first):
    app = make(STATES[state])
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        assert rows(app)[9][42:].startswith(first)
        assert rows(app)[47].rstrip().endswith("q quit")


@pytest.mark.parametrize("state", ["read", "predict", "quiz"])
async def test_small_pages_begin_at_row_two(state):
    app = make(STATES[state])
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        text = rows(app)
        assert text[0][2:].startswith("Boxes for programs")
        assert text[1].strip() == ""
        assert text[2][2] not in " ▌"


async def test_the_small_exercise_keeps_its_goal_above_the_terminal():
    app = make(STATES["do"])
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        text = rows(app)
        assert text[1] == ("▌ Put your sentence on a web page" + "0 of 3".rjust(45)).ljust(80)
        assert text[2].startswith('▌ docker run -d -p 8317:80 tutor-blog show "I made this page"')
        assert text[3].startswith("─ Terminal · type here ───")
        assert text[4].startswith("  $ cat letter.txt")
        assert cell(app, 0, 3)[1] == DARK.accent
        assert cell(app, 40, 12)[2] == DARK.well


@pytest.mark.parametrize(("state", "height"), [("do", 2), ("fail", 4), ("pass", 6), ("hint", 4)])
async def test_the_strip_has_two_to_six_rows(state, height):
    app = make(STATES[state])
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert rows(app)[1 + height].startswith("─ Terminal")


async def test_the_strip_shows_the_hint_that_was_asked_for_last():
    app = make(STATES["fail"])
    async with app.run_test(size=SMALL) as pilot:
        app.session.tell("view", STATES["hint"])
        await pilot.pause()
        assert rows(app)[2].startswith("▌ Hint 2 of 3   which command")


async def test_the_overview_shows_tracks_side_by_side():
    app = make(None)
    async with app.run_test(size=LARGE) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        text = rows(app)
        assert text[4].startswith(" ▌ Go on where you were")
        assert text[1][68:].startswith("━─")
        assert "5 of 124 exercises" in text[1]
        assert text[11].split()[:3] == ["What", "Docker", "is"]
        assert text[11][57:].startswith("Containers")
        assert text[11][111:].startswith("Images and registries")
        assert text[14].startswith("   ›  2  What a box shares")


async def test_the_small_overview_opens_one_track():
    app = make(None)
    async with app.run_test(size=SMALL) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        text = [row.rstrip() for row in rows(app)]
        assert text[2] == "▌ Go on where you were"
        assert text[7].startswith("  ›  2  What a box shares")
        assert text[7].endswith("1 of 4")
        assert text[12].startswith("  Containers")
        assert text[12].endswith("7 lessons")


async def test_a_missing_engine_says_what_and_what_to_do():
    app = make(None)
    async with app.run_test(size=LARGE) as pilot:
        app.session.tell("view", View(engine=FAULT, number=1))
        await pilot.pause()
        text = rows(app)
        assert text[1].rstrip().endswith("✗ no engine")
        assert text[12][47:].startswith("✗ The Docker engine on this computer is not running.")
        assert text[16][47:].startswith("sudo systemctl start docker")


async def test_the_welcome_begins_at_row_twelve():
    session = RecordingSession()
    app = TutorApp(session, shell_factory=lambda folder, leader: StandIn(screen_rows(), leader))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        assert rows(app)[12][51:].startswith("      ┌─────┐")
        assert rows(app)[1].rstrip().endswith("1 of 3")


async def test_the_leaders_overlay_stands_at_the_bottom():
    app = make(STATES["do"])
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g")
        await pilot.pause()
        text = rows(app)
        assert text[35].startswith("╭─ Press one key ───")
        assert text[46].startswith("╰───")
        assert text[37].split() == ["│", "Go", "Get", "help", "Look", "Set", "│"]
        assert text[3][65:].strip() == "Terminal"
        assert text[47].startswith("   Ctrl-G   now press one key, or Esc")


async def test_blue_keys_are_those_that_work_now():
    app = make(STATES["do"])
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        x = rows(app)[47].index("h hint")
        assert cell(app, x, 47)[1] == DARK.strong
        await pilot.press("ctrl+g", "l")
        await pilot.pause()
        x = rows(app)[47].index("h hint")
        assert cell(app, x, 47)[1] == DARK.accent


@pytest.mark.parametrize("state", sorted(STATES))
@pytest.mark.parametrize("size", [LARGE, SMALL])
async def test_ascii_signs_leave_no_other_sign_in_the_interface(state, size):
    app = make(STATES[state], ascii=True)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        drawn = set("".join(rows(app)))
        assert not drawn & set("✓✗□◐●○›▌━−→…")


async def test_the_strip_shows_every_command_of_the_task():
    task = "**Ask a box.** First:\n\n    cat letter.txt\n\nNow in a box:\n\n    docker run busybox ____ ____\n"
    app = make(view(replace(DO, goal="Ask a box.", task=task)))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert [row.rstrip() for row in rows(app)[2:4]] == ["▌ cat letter.txt", "▌ docker run busybox ____ ____"]


@pytest.mark.parametrize("size", [LARGE, SMALL])
async def test_what_is_to_be_typed_is_tinted_over_the_whole_text_of_a_page(size):
    app = make(STATES["predict"])
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = rows(app)
        left = 42 if size == LARGE else 2
        at = next(n for n, row in enumerate(text) if row[left:].startswith("docker run -d"))
        assert cell(app, left, at)[2] == cell(app, left + 75, at)[2] == DARK.raised
        assert cell(app, left + 76, at)[2] == DARK.page


async def test_hints_come_between_the_verdict_and_what_was_expected():
    app = make(STATES["hint"])
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        text = [row[:65].strip() for row in rows(app)]
        marks = ["A page at http", "▌ Hint 1 of 3", "▌ Ctrl-G h   one more", "You expected"]
        places = [next(n for n, row in enumerate(text) if mark in row) for mark in marks]
        assert places == sorted(places)


async def test_the_end_of_a_lesson_says_what_can_be_told_a_friend():
    app = make(view(replace(FINISHED, quote="A box has its own files."), at=13))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        text = [row[42:].rstrip() for row in rows(app)]
        assert text[11:14] == ["What you can tell a friend", "", "▌ A box has its own files."]


async def test_without_tints_a_command_is_set_in_and_not_broken():
    command = 'docker run -d -p 8317:80 tutor-blog show "I made this page"'
    assert len(command) == 59  # the longest that a lesson may hold
    app = make(STATES["do"], tints=False)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        assert any(row.startswith(f" ▌  {command}") for row in rows(app))
        short = make(view(replace(DO, task="**Look.**\n\n    docker ps\n")), tints=False)
    async with short.run_test(size=LARGE) as pilot:
        await pilot.pause()
        assert any(row.startswith(" ▌   docker ps ") for row in rows(short))


@pytest.mark.parametrize(("width", "at_the_right"), [(136, "quirky_h…"), (160, "quirky_hopper")])
async def test_what_a_check_asks_for_is_whole_and_its_note_has_the_rest(width, at_the_right):
    app = make(STATES["fail"])
    async with app.run_test(size=(width, 48)) as pilot:
        await pilot.pause()
        row = next(row for row in rows(app) if "A new container" in row)
        assert "✓ A new container from tutor-blog" in row
        assert row[: 49 if width == 136 else 65].rstrip().endswith(at_the_right)


@pytest.mark.parametrize("size", [LARGE, SMALL, (200, 60), (136, 32)])
async def test_a_long_name_that_docker_gave_is_whole_in_the_table(size):
    app = make(STATES["pass"])
    async with app.run_test(size=size) as pilot:
        name = "inspiring_chandrasekhar"
        row = EngineRow("container", "c", name, "tutor-blog", "running", "8317 → 80", 0.0)
        app.session.panel = Panel((row,))
        app.session.tell("panel", app.session.panel)
        await pilot.press("ctrl+g", "e")
        await pilot.pause()
        assert any(f"● {name} " in row and "8317 → 80" in row for row in rows(app))


@pytest.mark.parametrize("word", ["dark", "light"])
def test_sixteen_colours_keep_text_apart_from_the_page(word):
    theme = PLAIN[word]
    assert theme.name == theme_name(word, tints=False)

    def nearest(colour: str | None) -> tuple[int, int, int]:
        assert colour is not None
        number = Color.parse(colour).downgrade(ColorSystem.STANDARD).number
        assert number is not None
        return XTERM[number]

    page = nearest(theme.background)
    texts = {"ink": theme.foreground, "muted": theme.variables["text-muted"], "strong": theme.variables["strong"],
             "accent": theme.accent, "fail": theme.error, "pass": theme.success, "wait": theme.warning}  # fmt: skip
    poor = {name: round(contrast(nearest(colour), page), 1) for name, colour in texts.items()
            if contrast(nearest(colour), page) < (3.9 if name == "muted" else 4.5)}  # fmt: skip
    assert poor == {}


@pytest.mark.parametrize("size", [LARGE, SMALL])
async def test_an_engine_that_stops_is_told_by_sign_and_word_beside_the_terminal(size):
    app = make(STATES["do"])
    async with app.run_test(size=size) as pilot:
        app.session.tell("view", replace(STATES["do"], engine=FAULT, number=5))
        await pilot.pause()
        text = "\n".join(rows(app))
        assert "▌ ✗ The Docker engine on this computer is not running." in text
        assert "sudo systemctl start docker" in text
