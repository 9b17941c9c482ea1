"""The tabs below the terminal, the overview, the welcome, faults and choices: by key and by mouse."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sample_views import CAN, DO, ENGINE, FAULT, PASS, STATES, RecordingSession, StandIn, screen_rows, view
from test_lesson_screen import LARGE, SIZES, SMALL, asked, click_on, make, rows

from dockertutor.tui.app import TutorApp, tints_seen
from dockertutor.tui.screens.fault import FaultScreen
from dockertutor.tui.theme import LIGHT
from dockertutor.tui.widgets.plain_terminal import NoTerminal
from dockertutor.tutor.view import View

LIMIT = 30.0
DOCKERFILE = 'FROM busybox\nCMD ["httpd", "-f"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    here = tmp_path / "blog-image"
    here.mkdir()
    (here / "Dockerfile").write_text(DOCKERFILE)
    (here / "index.html").write_text("<p>hello\n")
    return here


def in_folder(folder: Path) -> View:
    return view(replace(DO, folder=folder, files=("Dockerfile", "index.html")))


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


@SIZES
async def test_files_open_in_an_editor_that_saves_as_one_types(folder, size):
    app = make(in_folder(folder))
    async with app.run_test(size=size) as pilot:
        await pilot.press("ctrl+g", "f")
        await settle(app, pilot)
        assert any("› Dockerfile" in row and 'CMD ["httpd", "-f"]' in row for row in rows(app))
        await pilot.press(*"#x")
        await until(pilot, lambda: (folder / "Dockerfile").read_text() == "#x" + DOCKERFILE)
        await settle(app, pilot)
        assert ("file_changed", "Dockerfile") in asked(app)
        assert any("saved just now" in row for row in rows(app))


async def test_letters_in_the_editor_are_letters(folder):
    app = make(in_folder(folder))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "f")
        await settle(app, pilot)
        await pilot.press("n", "q")
        assert not any(one[0] == "next" for one in asked(app))
        await pilot.press("ctrl+g", "t")
        await settle(app, pilot)
        assert isinstance(app.focused, StandIn)


async def test_another_file_is_opened_by_a_click(folder):
    app = make(in_folder(folder))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "f")
        await settle(app, pilot)
        await click_on(pilot, "index.html")
        await settle(app, pilot)
        assert any("› index.html" in row for row in rows(app))
        assert any("<p>hello" in row for row in rows(app))


async def test_a_file_changed_by_a_command_is_read_again(folder):
    app = make(in_folder(folder))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "f")
        await settle(app, pilot)
        (folder / "Dockerfile").write_text("FROM scratch\n")
        app.lesson_screen.files_tab.read_folder()
        await settle(app, pilot)
        assert any("FROM scratch" in row for row in rows(app))


async def test_the_tab_counts_the_folders_files_and_a_file_that_is_gone_leaves_the_editor(folder):
    app = make(in_folder(folder))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "f")
        await settle(app, pilot)
        assert any("Files 2" in row for row in rows(app))
        (folder / "Dockerfile").unlink()
        app.session.tell("view", replace(in_folder(folder), number=9))
        await settle(app, pilot)
        assert any("Files 1" in row for row in rows(app))
        assert not any("FROM" in row for row in rows(app))
        await click_on(pilot, "index.html")
        await settle(app, pilot)
        assert any("<p>hello" in row for row in rows(app))


async def test_a_new_file_is_made_in_the_folder_and_nowhere_else(folder):
    app = make(in_folder(folder))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "f")
        await settle(app, pilot)
        await click_on(pilot, "new file")
        await pilot.pause()
        await pilot.press(*"../evil", "enter")
        await settle(app, pilot)
        assert any("lies" in row for row in rows(app))
        await click_on(pilot, "new file")
        await pilot.pause()
        await pilot.press(*"compose.yaml", "enter")
        await settle(app, pilot)
        assert (folder / "compose.yaml").exists()
        assert not (folder.parent / "evil").exists()
        assert any("› compose.yaml" in row for row in rows(app))


@SIZES
async def test_a_call_is_opened_and_closed_with_enter(size):
    app = make(view(PASS))
    async with app.run_test(size=size) as pilot:
        await pilot.press("ctrl+g", "u", "enter")
        await pilot.pause()
        assert any("The engine makes the box." in row for row in rows(app))
        await pilot.press("enter", "down", "enter")
        await pilot.pause()
        assert not any("The engine makes the box." in row for row in rows(app))
        assert any("says with which" in row for row in rows(app))


async def test_the_ready_curl_line_goes_to_the_prompt():
    app = make(view(PASS), socket="/run/x.sock")
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "u", "i")
        await pilot.pause()
        assert app.lesson_screen.terminal.at_prompt[0].startswith("curl --unix-socket /run/x.sock")


async def test_a_command_can_be_seen_as_a_picture():
    app = make(view(PASS))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "u", "m")
        await pilot.pause()
        assert any("client" in row and "daemon" in row for row in rows(app))


async def test_calls_can_be_opened_by_clicks():
    app = make(view(PASS))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "u")
        await pilot.pause()
        await click_on(pilot, "start it")
        await pilot.pause()
        assert any("The engine starts the container's program." in row for row in rows(app))


class Page(BaseHTTPRequestHandler):
    """Serves one page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>Blog</title><h1>Cats [bold]sleep[/]</h1><script>no</script>")

    def log_message(self, *args) -> None:
        """Silent."""


@pytest.fixture
def address() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()
        thread.join()


@SIZES
async def test_a_page_is_shown_as_text(address, size):
    app = make(view(replace(DO, seen_pages=(address,))))
    async with app.run_test(size=size) as pilot:
        await pilot.press("ctrl+g", "p")
        await until_shown(pilot, "Cats [bold]sleep[/]")
        assert "no\n" not in "\n".join(rows(app))


async def test_an_address_in_the_lesson_opens_the_page_tab(address, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    app = make(view(replace(DO, task=f"Visit [[{address}]] now.", seen_pages=(address,))))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        await click_on(pilot, address)
        await until_shown(pilot, "Cats [bold]sleep[/]")


async def test_a_page_that_does_not_answer_is_said():
    app = make(view(replace(DO, seen_pages=("http://127.0.0.1:9/",))))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "p")
        await until_shown(pilot, "Nobody answers at this address.")


@SIZES
async def test_lessons_are_chosen_with_arrows_and_opened_with_enter(size):
    app = make(None)
    async with app.run_test(size=size) as pilot:
        await settle(app, pilot)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert asked(app) == [("open", "lesson-3", "")]
        assert app.screen is app.lesson_screen


@SIZES
async def test_lessons_are_opened_by_a_click(size):
    app = make(None)
    async with app.run_test(size=size) as pilot:
        await settle(app, pilot)
        await click_on(pilot, "No client at all")
        await pilot.pause()
        assert asked(app) == [("open", "lesson-4", "")]


async def test_tracks_are_chosen_with_left_and_right():
    app = make(None)
    async with app.run_test(size=LARGE) as pilot:
        await settle(app, pilot)
        await pilot.press("right", "right", "enter")
        assert asked(app) == [("open", "lesson-13", "")]


async def test_the_search_opens_what_was_found():
    app = make(None)
    async with app.run_test(size=LARGE) as pilot:
        await settle(app, pilot)
        await pilot.press("/", *"volum")
        await pilot.pause()
        assert any("› Volumes" in row for row in rows(app))
        await pilot.press("enter")
        await pilot.pause()
        assert asked(app) == [("open", "lesson-24", "")]


@SIZES
async def test_the_course_says_what_is_being_waited_for(size):
    app = make(None)
    async with app.run_test(size=size) as pilot:
        await settle(app, pilot)
        app.session.tell("view", View(busy="Removing what was made here", number=7))
        await until_shown(pilot, "Removing what was made here")
        app.session.tell("view", View(number=8))
        await until(pilot, lambda: not any("Removing" in row for row in rows(app)))


async def test_the_glossary_asks_for_a_word_before_it_says_that_there_is_none():
    app = make(None)
    async with app.run_test(size=SMALL) as pilot:
        await settle(app, pilot)
        await pilot.press("g")
        await pilot.pause()
        assert any("Type a word." in row for row in rows(app))
        await pilot.press(*"zzz")
        await pilot.pause()
        assert any("No such word in the glossary." in row for row in rows(app))


async def test_a_lesson_asked_for_at_the_start_has_the_keys_from_the_first_moment():
    """Enter that is pressed while the app comes up must not open the lesson to go on with."""
    app = make(None, lesson="lesson-7")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("enter", "enter")
        await settle(app, pilot)
        await pilot.press("enter")
        assert app.screen is app.lesson_screen
        assert asked(app) == [("open", "lesson-7", "")]


@SIZES
async def test_the_welcome_has_three_pages_and_is_shown_once(size, tmp_path):
    kept = tmp_path / "settings.json"

    def start() -> TutorApp:
        return TutorApp(RecordingSession(), settings_path=kept,
                        shell_factory=lambda folder, leader: StandIn(screen_rows(), leader))  # fmt: skip

    app = start()
    async with app.run_test(size=size) as pilot:
        await settle(app, pilot)
        for number in (1, 2, 3):
            assert rows(app)[1 if size == LARGE else 0].rstrip().endswith(f"{number} of 3")
            await pilot.press("enter")
            await pilot.pause()
        assert asked(app) == [("open", "lesson-2", "")]
    again = start()
    async with again.run_test(size=size) as pilot:
        await settle(again, pilot)
        assert again.screen is again.course_screen


async def test_a_fault_leaves_when_the_engine_is_back():
    app = make(None)
    async with app.run_test(size=LARGE) as pilot:
        app.session.tell("view", View(engine=FAULT, number=1))
        await pilot.pause()
        assert isinstance(app.screen, FaultScreen)
        await pilot.press("enter")
        assert asked(app) == [("retry_engine",)]
        await pilot.press("d")
        await pilot.pause()
        assert any("ConnectionRefusedError" in row for row in rows(app))
        app.session.tell("view", View(engine=ENGINE, number=2))
        await pilot.pause()
        assert app.screen is app.course_screen


async def test_one_may_read_without_an_engine():
    app = make(None)
    async with app.run_test(size=SMALL) as pilot:
        app.session.tell("view", View(engine=FAULT, number=1))
        await pilot.pause()
        await pilot.press("r")
        app.session.tell("view", replace(STATES["read"], engine=FAULT, number=2))
        await pilot.pause()
        assert not isinstance(app.screen, FaultScreen)
        assert "no engine" in rows(app)[0]


@SIZES
async def test_a_fault_while_typing_does_not_take_the_terminal_away(size):
    app = make(view(DO))
    async with app.run_test(size=size) as pilot:
        app.session.tell("view", view(DO, engine=FAULT, number=2))
        await pilot.pause()
        assert app.screen is app.lesson_screen
        assert isinstance(app.focused, StandIn)
        assert any("The Docker engine on this computer is not running." in row for row in rows(app))


async def test_dark_and_light_are_kept(tmp_path):
    kept = tmp_path / "settings.json"
    app = make(view(DO), settings_path=kept)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "d")
        await pilot.pause()
        assert app.theme == "tutor-light"
        assert '"theme": "light"' in kept.read_text()


async def test_an_open_editor_takes_the_other_colours(folder):
    app = make(in_folder(folder))
    async with app.run_test(size=LARGE) as pilot:
        await settle(app, pilot)
        await pilot.press("ctrl+g", "f")
        await settle(app, pilot)
        await pilot.press("ctrl+g", "d")
        await settle(app, pilot)
        editor = app.screen.query_one("#editor")
        assert editor.styles.background.hex.lower() == LIGHT.well
        assert {s.style.bgcolor.name for s in editor.render_line(1) if s.style and s.style.bgcolor} >= {LIGHT.well}


async def test_the_leader_key_can_be_changed():
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "k")
        await pilot.pause()
        await pilot.press("down", "enter")
        await pilot.pause()
        assert app.leader == "ctrl+t"
        assert "Ctrl-T" in rows(app)[-1]
        await pilot.press("ctrl+t", "h")
        await pilot.pause()
        assert asked(app) == [("hint",)]


async def test_without_a_terminal_the_tutor_says_how_to_go_on():
    app = TutorApp(RecordingSession(view(replace(DO, type_this="docker ps"))), no_terminal="There is none here.")
    app.settings = replace(app.settings, welcomed=True)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        assert isinstance(app.focused, NoTerminal)
        assert any("dockertutor shell" in row for row in rows(app))
        assert not any("type here" in row or "Ctrl-G" in row for row in rows(app))
        assert "h hint" in rows(app)[-1]
        await pilot.press("i")
        await pilot.pause()
        assert app.clipboard == "docker ps"


async def test_the_shell_goes_to_the_folder_of_a_new_exercise(folder):
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        app.session.tell("view", replace(in_folder(folder), number=2))
        await pilot.pause()
        assert app.lesson_screen.terminal.folders == [folder]
        assert app.lesson_screen.terminal.keys == []


async def test_no_colours_are_drawn_where_none_are_wanted(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = make(view(DO), tints=False)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        assert any('▌  docker run -d -p 8317:80 tutor-blog show "I made this page"' in row for row in rows(app))


async def test_beginning_a_lesson_anew_asks_first():
    app = make(view(DO, can=CAN | {"reset"}))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "R", "enter")
        await pilot.pause()
        assert asked(app) == []
        await pilot.press("ctrl+g", "R")
        await pilot.pause()
        await pilot.press("down", "enter")
        await pilot.pause()
        assert asked(app) == [("reset", "lesson")]


async def test_yaml_and_shell_files_are_coloured_by_their_grammars(folder):
    (folder / "compose.yaml").write_text("services:\n  web: {image: busybox}\n")
    app = make(in_folder(folder))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "f")
        await settle(app, pilot)
        await click_on(pilot, "compose.yaml")
        await settle(app, pilot)
        assert app.lesson_screen.files_tab.editor().language == "yaml"


async def test_files_are_chosen_with_arrows_after_escape(folder):
    app = make(in_folder(folder))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "f")
        await settle(app, pilot)
        await pilot.press("escape", "down")
        await settle(app, pilot)
        assert any("› index.html" in row for row in rows(app))
        assert "Enter edit" in rows(app)[-1]
        await pilot.press("enter", *"hi ")
        await until(pilot, lambda: (folder / "index.html").read_text().startswith("hi "))


@pytest.mark.parametrize(("env", "seen"), [({"TERM": "xterm-256color"}, True), ({"TERM": "linux"}, False),
                                           ({"TERM": "xterm", "COLORTERM": "truecolor"}, True),
                                           ({"TERM": "xterm-256color", "NO_COLOR": ""}, False)])  # fmt: skip
def test_tints_are_used_where_they_can_be_seen(env, seen):
    assert tints_seen(env) is seen
