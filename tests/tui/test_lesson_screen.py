"""The lesson screen: what each key and each click does, in a large and a small window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from driving import LARGE, SIZES, SMALL, asked, click_on, make, rows, until_shown
from sample_views import (
    CAN,
    DO,
    HINT,
    PASS,
    QUIZ,
    READ,
    STATES,
    StandIn,
    view,
)
from textual import events

from dockertutor.tui.draw.ink import text as plain
from dockertutor.tui.draw.ink import width
from dockertutor.tui.screens.dialogs import HelpScreen, TermScreen
from dockertutor.tui.widgets.drawn import Drawn


@SIZES
async def test_an_exercise_opens_with_the_keys_in_the_terminal(size):
    app = make(view(DO))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert isinstance(app.focused, StandIn)
        assert any("Terminal · type here" in row for row in rows(app))
        await pilot.press("h", "n")
        assert app.focused.keys == ["h", "n"]
        assert asked(app) == []


@SIZES
@pytest.mark.parametrize(
    ("letter", "call"),
    [
        ("n", "next"),
        ("b", "back"),
        ("h", "hint"),
        ("s", "solution"),
        ("a", "restart"),
        ("j", "check"),
        ("v", "dispute"),
    ],
)
async def test_a_letter_after_the_leader_key_does_one_thing(size, letter, call):
    app = make(view(DO))
    async with app.run_test(size=size) as pilot:
        await pilot.press("ctrl+g")
        assert app.lesson_screen.leading
        assert app.lesson_screen.terminal.waits
        await pilot.press(letter)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert [one[0] for one in asked(app)] == [call]
        assert not app.lesson_screen.terminal.waits
        if call == "dispute":
            await pilot.press("escape")  # out of the note that says where it lies
        assert isinstance(app.focused, StandIn)


async def test_a_letter_typed_right_after_the_leader_key_does_not_reach_the_terminal():
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        for key in ("ctrl+g", "h"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        await pilot.pause()
        assert asked(app) == [("hint",)]
        assert app.lesson_screen.terminal.keys == []


async def test_what_does_not_work_now_does_nothing():
    app = make(view(DO, can=CAN - {"hint"}))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "h")
        await pilot.pause()
        assert asked(app) == []
        assert "hint" not in rows(app)[-1]


async def test_the_leader_key_twice_reaches_the_terminal():
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "ctrl+g")
        await pilot.pause()
        assert app.lesson_screen.terminal.keys == ["ctrl+g"]


async def test_another_leader_key_is_used_and_shown():
    app = make(view(DO), leader="ctrl+b")
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        assert "Ctrl-B" in rows(app)[-1]
        await pilot.press("ctrl+b", "h")
        await pilot.pause()
        assert asked(app) == [("hint",)]


@SIZES
async def test_the_frame_stands_where_the_keys_go(size):
    app = make(view(DO))
    async with app.run_test(size=size) as pilot:
        for letter, pane in (("l", "#lesson"), ("e", "#low"), ("t", "#term")):
            await pilot.press("ctrl+g", letter)
            await pilot.pause()
            framed = [one.id for one in app.screen.query(".-on")]
            assert framed == [pane[1:]]


@SIZES
async def test_tabs_follow_each_other(size):
    app = make(view(DO))
    async with app.run_test(size=size) as pilot:
        await pilot.press("ctrl+g", "w")
        seen = []
        for _ in range(3):
            await pilot.pause()
            seen.append(app.lesson_screen.query_one("#low").active)
            await pilot.press("w")
        assert seen == ["engine", "calls", "files"]


async def test_tabs_can_be_clicked():
    app = make(view(PASS))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        await click_on(pilot, "API calls")
        await pilot.pause()
        assert app.lesson_screen.query_one("#low").active == "calls"
        assert any("make a container" in row for row in rows(app))


@SIZES
async def test_keys_in_the_footer_can_be_clicked(size):
    app = make(view(DO))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await click_on(pilot, "h hint")
        await pilot.pause()
        assert asked(app) == [("hint",)]


@SIZES
async def test_enter_goes_on_from_a_page(size):
    app = make(view(READ, at=1))
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter")
        assert asked(app) == [("next", 1)]


@SIZES
async def test_numbers_choose_an_answer(size):
    app = make(STATES["predict"])
    async with app.run_test(size=size) as pilot:
        await pilot.press("2", "9")
        assert asked(app) == [("choose", 1)]


async def test_the_field_takes_the_answer_alone_or_as_the_command():
    app = make(view(replace(DO, takes_answer=True)))
    async with app.run_test(size=SMALL) as pilot:
        for typed in ("42", "answer 42"):
            await pilot.press("ctrl+g", "y")
            await pilot.pause()
            await pilot.press(*["space" if char == " " else char for char in typed], "enter")
            await pilot.pause()
        assert asked(app) == [("answer", "42"), ("answer", "42")]


@SIZES
async def test_after_the_last_hint_the_solution_is_offered(size):
    told = replace(HINT, hints_total=len(HINT.hints))
    app = make(view(told))
    async with app.run_test(size=size) as pilot:
        await pilot.press("ctrl+g", "l", "end")
        await pilot.pause()
        assert any("s   shows one way to do it" in row for row in rows(app))
        assert "s solution" in rows(app)[-1]


async def test_a_command_of_several_lines_is_put_at_the_prompt_as_one():
    """A sign that only breaks the line would become a word of the command."""
    app = make(view(replace(DO, type_this='curl -s \\\n  -d @box.json \\\n  "http://docker/create"')))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "i")
        await pilot.pause()
        assert app.lesson_screen.terminal.at_prompt == ['curl -s -d @box.json "http://docker/create"']


async def test_a_click_does_what_stood_there_when_the_button_went_down():
    """The keys come to the lesson with the button, and "Ctrl-G h   one more" is drawn as "h   one more" by then."""
    app = make(view(HINT))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        y, row = next((y, row) for y, row in enumerate(rows(app)) if "one more: " in row)
        at = (row.index("one more: ") + len("one more: almost all of it") - 1, y)
        await pilot.click(offset=at)
        await pilot.pause()
        assert asked(app) == [("hint",)]


async def test_answers_can_be_clicked():
    app = make(view(QUIZ, at=4))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        await click_on(pilot, "One image and three containers")
        await pilot.pause()
        assert asked(app) == [("choose", 1)]


async def test_an_answer_known_to_be_wrong_cannot_be_chosen_by_a_click():
    app = make(view(QUIZ, at=4))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        await click_on(pilot, "Three images and three containers")
        await pilot.pause()
        assert asked(app) == []


async def test_the_worked_command_is_put_at_the_prompt_and_not_run():
    app = make(view(replace(DO, type_this="docker run busybox echo hi")))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "i")
        await pilot.pause()
        terminal = app.lesson_screen.terminal
        assert terminal.at_prompt == ["docker run busybox echo hi"]
        assert terminal.keys == []
        await click_on(pilot, "puts the command at your prompt")
        await pilot.pause()
        assert len(terminal.at_prompt) == 2


async def test_a_word_of_the_glossary_opens_when_it_is_clicked():
    app = make(view(READ, at=1))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        await click_on(pilot, "container.")
        await pilot.pause()
        assert isinstance(app.screen, TermScreen)
        assert any("A box [in] which a program runs." in row for row in rows(app))
        await pilot.press("escape")
        assert app.screen is app.lesson_screen


async def test_words_of_the_step_are_listed_by_a_key():
    app = make(view(READ, at=1))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("g")
        await pilot.pause()
        assert any("› Docker" in row for row in rows(app))
        await pilot.press("down", "enter")
        await pilot.pause()
        assert isinstance(app.screen, TermScreen)


async def test_a_disputed_verdict_shows_where_it_was_saved():
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "v")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert any("/tmp/verdict.json " in row for row in rows(app))
        await pilot.press("escape")
        assert app.screen is app.lesson_screen
        assert isinstance(app.focused, StandIn)


@SIZES
async def test_every_key_of_the_screens_and_their_tabs_stands_in_the_help(size):
    app = make(view(DO))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        places = [app, app.course_screen, app.lesson_screen, *app.lesson_screen.walk_children()]
        own = [vars(kind)["BINDINGS"] for kind in map(type, places)
               if kind.__module__.startswith("dockertutor.") and "BINDINGS" in vars(kind)]  # fmt: skip
        said = {binding.description for bindings in own for binding in bindings} - {""}
        assert {"next step", "as a picture", "new file", "look again", "track before", "all actions"} <= said
        await pilot.press("ctrl+g", "?")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        drawn = app.screen.query_one(Drawn)
        lines = drawn.lines(drawn.content_size.width)
        assert not [row for row in lines if width(row) > drawn.content_size.width]
        text = "\n".join(map(plain, lines))
        assert not [words for words in said if words not in text]
        for words in ("m as a picture", "+ new file", "Shift-PageUp a page back", "1-9 choose an answer", "↑ k up"):
            assert words in text


@SIZES
async def test_the_help_can_be_scrolled_to_its_end(size):
    app = make(view(DO))
    async with app.run_test(size=size) as pilot:
        await pilot.press("ctrl+g", "?")
        await pilot.pause()
        assert any("Esc  close" in row for row in rows(app))
        await pilot.press("end")
        await until_shown(pilot, "Ctrl-Q quit")
        for words in ("In a tab below", "In other places", "new file"):
            assert any(words in row for row in rows(app)), words


async def test_the_palette_offers_every_action_that_works():
    from dockertutor.tui.commands import ActionsScreen

    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "colon")
        await pilot.pause()
        assert isinstance(app.screen, ActionsScreen)
        offered = [value for value, _, _ in app.screen.rows("")]
        assert "hint" in offered
        assert len(offered) == len(app.lesson_screen.works) - 1
        assert any("› n  next step" in row for row in rows(app))


@SIZES
async def test_an_action_is_found_by_a_part_of_its_name_and_done(size):
    app = make(view(DO))
    async with app.run_test(size=size) as pilot:
        await pilot.press("ctrl+g", "colon", *"hint")
        await pilot.pause()
        assert any("› h  hint" in row for row in rows(app))
        await pilot.press("enter")
        await pilot.pause()
        assert asked(app) == [("hint",)]
        assert app.screen is app.lesson_screen


async def test_the_last_action_is_reached_with_the_arrows_in_a_small_window():
    app = make(view(DO))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("ctrl+g", "colon", "up")
        await pilot.pause()
        assert any("› /  search the course" in row for row in rows(app))


@SIZES
@pytest.mark.parametrize(("opened", "key"), [("colon", "enter"), ("slash", "enter")])
async def test_keys_that_come_in_one_burst_end_a_dialog_once(size, opened, key):
    app = make(view(DO))
    async with app.run_test(size=size) as pilot:
        await pilot.press("ctrl+g", opened)
        await pilot.pause()
        top = app.focused or app.screen
        assert app.screen is not app.lesson_screen
        for _ in range(4):
            top.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        assert app.lesson_screen in app.screen_stack
        assert app.course_screen in app.screen_stack


@pytest.mark.parametrize(("burst", "typed"), [("tls", "ls"), ("zls", "ls"), ("\x1bls", "ls")])
async def test_what_is_typed_in_one_burst_after_the_leader_and_its_letter_reaches_the_terminal(burst, typed):
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        app.post_message(events.Key("ctrl+g", None))
        for key in burst:
            app.post_message(events.Key("escape" if key == "\x1b" else key, key))
        await pilot.pause()
        await pilot.pause()
        assert not app.lesson_screen.leading
        assert app.lesson_screen.terminal.keys == list(typed)


async def test_what_is_pasted_after_the_leader_key_goes_nowhere():
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g")
        app.post_message(events.Paste("docker ps"))
        await pilot.press("l", "l")
        await pilot.pause()
        assert app.lesson_screen.terminal.keys == []
        assert app.lesson_screen.pane == "lesson"


async def test_what_is_pasted_in_one_burst_with_a_letter_keeps_its_place():
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        for event in (events.Key("ctrl+g", None), events.Key("h", "h"), events.Key("a", "a"),
                      events.Paste("PASTED"), events.Key("b", "b")):  # fmt: skip
            app.post_message(event)
        for _ in range(100):
            await pilot.pause(0.02)
            if len(app.lesson_screen.terminal.keys) == 3:
                break
        assert app.lesson_screen.terminal.keys == ["a", "PASTED", "b"]
        assert asked(app) == [("hint",)]


async def test_a_press_whose_end_was_never_told_takes_no_other():
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g")
        press(app, 5, 1, up=False)
        await pilot.pause()
        assert not app.lesson_screen.leading
        hint = next(row.index("h hint") for row in rows(app) if "h hint" in row)
        press(app, hint + 2, LARGE[1] - 1)
        await pilot.pause()
        await pilot.pause()
        assert asked(app) == [("hint",)]


@pytest.mark.parametrize(("letter", "field"), [("slash", "Input"), ("colon", "Input"), ("g", "Input")])
async def test_words_in_one_burst_with_the_letter_go_to_what_it_opens(letter, field):
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        sign = {"slash": "/", "colon": ":"}.get(letter, letter)
        for key, character in (("ctrl+g", None), (letter, sign), *((one, one) for one in "vol")):
            app.post_message(events.Key(key, character))
        for _ in range(100):
            await pilot.pause(0.02)
            if app.screen is not app.lesson_screen and app.screen.query_one(field).value == "vol":
                break
        assert app.screen.query_one(field).value == "vol"
        assert app.lesson_screen.terminal.keys == []


def press(app, x, y, *, up=True):
    """A press of the mouse as the terminal tells it: the pilot's own does not come by the app."""
    app.post_message(events.MouseDown(None, x, y, 0, 0, 1, False, False, False))
    if up:
        app.post_message(events.MouseUp(None, x, y, 0, 0, 1, False, False, False))


async def test_a_click_beside_the_leaders_keys_brings_back_what_was_there():
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        chip = (5, LARGE[1] - 1)
        for leading in (True, False, True, False):  # on the same place in the footer, again and again
            press(app, *chip)
            await pilot.pause()
            await pilot.pause()
            assert app.lesson_screen.leading is leading
        hint = next(row.index("h hint") for row in rows(app) if "h hint" in row)
        press(app, hint + 2, LARGE[1] - 1)
        await pilot.pause()
        await pilot.pause()
        assert asked(app) == [("hint",)]
        await pilot.press("ctrl+g")
        press(app, hint + 2, LARGE[1] - 1)
        await pilot.pause()
        await pilot.pause()
        assert not app.lesson_screen.leading
        assert isinstance(app.focused, StandIn)
        assert asked(app) == [("hint",)]


async def test_the_wheel_moves_nothing_below_the_leaders_keys():
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        turn = events.MouseScrollDown(None, 100, 8, 0, 1, 0, False, False, False)
        app.post_message(turn)
        await pilot.pause()
        assert app.lesson_screen.terminal.wheel == 1
        await pilot.press("ctrl+g")
        app.post_message(events.MouseScrollDown(None, 100, 8, 0, 1, 0, False, False, False))
        await pilot.pause()
        assert app.lesson_screen.terminal.wheel == 1
        assert app.lesson_screen.leading


async def test_another_screen_ends_what_the_leader_key_began():
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "l")
        await pilot.pause()
        app.post_message(events.Key("c", "c"))
        app.post_message(events.Key("ctrl+g", None))
        for _ in range(50):
            await pilot.pause(0.02)
        assert app.screen is app.course_screen
        assert not app.lesson_screen.leading


async def test_a_newer_view_replaces_and_an_older_one_is_dropped():
    app = make(view(DO, number=5))
    async with app.run_test(size=LARGE) as pilot:
        app.session.tell("view", view(PASS, number=7))
        await pilot.pause()
        app.session.tell("view", view(DO, number=6))
        await pilot.pause()
        assert app.lesson_screen.view.step is PASS
        assert any("✓ Done" in row for row in rows(app))


async def test_a_tick_does_not_take_the_keys_from_where_they_are():
    app = make(view(DO, number=1))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "e")
        await pilot.pause()
        app.session.tell("view", view(PASS, number=2))
        await pilot.pause()
        assert app.lesson_screen.pane == "low"


async def test_what_is_waited_for_is_said():
    waiting = replace(DO, phase="preparing", waiting_for="Getting the image busybox, 2 of 4 MB")
    app = make(view(waiting))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        assert any("Getting the image busybox, 2 of 4 MB" in row for row in rows(app))


@pytest.mark.parametrize("state", sorted(STATES))
async def test_any_size_at_any_moment_is_safe(state):
    app = make(STATES[state])
    async with app.run_test(size=LARGE) as pilot:
        for size in [(80, 24), (10, 4), (136, 32), (135, 31), (1, 1), (100, 40), (200, 60), (40, 12), (160, 48)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert app.is_running
        assert len(rows(app)) == 48


@SIZES
async def test_one_pane_can_have_all_the_room(size):
    app = make(view(DO))
    async with app.run_test(size=size) as pilot:
        await pilot.press("ctrl+g", "z")
        await pilot.pause()
        assert not app.screen.query_one("#low").display or app.screen.query_one("#low").size.height == 0
        assert not app.screen.query_one("#lesson").size.width
        assert app.screen.query_one("#term").size.width >= 78
        await pilot.press("ctrl+g", "z")
        await pilot.pause()
        assert bool(app.screen.query_one("#lesson").size.width) == (size == LARGE)


async def test_a_terminal_beside_a_page_and_back():
    app = make(view(READ, at=1))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("t")
        await pilot.pause()
        assert isinstance(app.focused, StandIn)
        assert any("Two programs, one computer" in row[:65] for row in rows(app))
        await pilot.press("ctrl+g", "b")
        await pilot.pause()
        assert app.lesson_screen.reading
        await pilot.press("escape")
        assert app.lesson_screen.reading


async def test_a_prediction_can_be_skipped():
    app = make(STATES["predict"])
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("s")
        await pilot.pause()
        assert isinstance(app.focused, StandIn)
        assert any("▌ Your turn" in row for row in rows(app))
        assert asked(app) == []


@pytest.mark.parametrize(
    ("state", "last"), [("fail", "is outside, where your browser"), ("hint", "one more: almost all")]
)
async def test_what_is_new_is_scrolled_into_view_once(state, last):
    app = make(view(DO, number=1))
    async with app.run_test(size=(136, 32)) as pilot:
        await pilot.pause()
        app.session.tell("view", replace(STATES[state], number=2))
        for _ in range(3):
            await pilot.pause()
        assert any(last in row[:49] for row in rows(app)), rows(app)
        app.screen.query_one("#lesson").scroll_home(animate=False)
        app.session.tell("view", replace(STATES[state], number=3))
        await pilot.pause()
        assert app.screen.query_one("#lesson").scroll_offset.y == 0


async def test_views_may_arrive_before_the_lesson_is_shown():
    app = make(None)
    async with app.run_test(size=LARGE) as pilot:
        for number, step in enumerate((DO, STATES["fail"].step, PASS), 1):
            app.session.tell("view", view(step, number=number))
            await pilot.pause()
        app.open_lesson("boxes-for-programs")
        await pilot.pause()
        await pilot.pause()
        assert any("✓ Done" in row for row in rows(app))


async def test_what_is_typed_before_the_terminal_has_the_keys_reaches_it_and_nothing_else():
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        terminal = app.lesson_screen.terminal
        app.screen.set_focus(None)  # as between the first drawing of the terminal and its focus
        app.call_later(terminal.focus)
        for key in ("c", "q", "n"):
            app.post_message(events.Key(key, key))
        for _ in range(500):  # slow machines need more than a moment
            if len(terminal.keys) >= 3:
                break
            await pilot.pause(0.02)
        assert terminal.keys[:3] == ["c", "q", "n"]
        assert asked(app) == []
        assert app.screen is app.lesson_screen


@pytest.mark.parametrize("pane", ["term", "low", "lesson"])
async def test_a_pane_that_is_made_large_fills_the_window(pane):
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        screen = app.lesson_screen
        screen.pane = {"term": "terminal"}.get(pane, pane)
        screen.zoomed = True
        screen.redraw()
        await pilot.pause()
        region, head, foot = (screen.query_one(name).region for name in (f"#{pane}", "#head", "#foot"))
        assert (region.y, region.bottom) == (head.bottom, foot.y)
        assert region.width >= LARGE[0] - 1
