"""The tabs below the terminal: files and their editor, API calls, pages; by key and by mouse."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from driving import LARGE, SIZES, asked, click_on, make, rows, settle, until, until_shown
from sample_views import DO, PASS, StandIn, view

from dockertutor.facts import Call
from dockertutor.tui.draw.ink import text
from dockertutor.tui.theme import LIGHT
from dockertutor.tutor.engine_view import CallGroup, EngineRow, Panel
from dockertutor.tutor.page_addresses import page_addresses
from dockertutor.tutor.view import View

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


@SIZES
async def test_a_long_answer_is_shown_whole_by_another_enter_and_closed_by_the_next(size):
    app = make(view(PASS))
    answer = {f"Field{n}": "x" * 40 for n in range(30)}
    call = Call(900, "GET", "/info", started=9e9, ended=9e9, status=200, received=900, response=answer)
    app.session.calls = (CallGroup("docker info", 9e9, (call,)), *app.session.calls)
    async with app.run_test(size=size) as pilot:
        drawn = lambda: [text(row) for row in app.lesson_screen.calls_tab.lines(70)]  # noqa: E731
        await pilot.press("ctrl+g", "u", "enter")
        await pilot.pause()
        assert any("more rows" in row for row in drawn())
        await pilot.press("enter")
        await pilot.pause()
        assert any("Field29" in row for row in drawn())
        assert any("/info" in row for row in rows(app))
        await pilot.press("pagedown", "pagedown", "pagedown")
        await until(pilot, lambda: any("Field29" in row for row in rows(app)))
        await pilot.press("enter")
        await pilot.pause()
        assert not any("Field" in row for row in drawn())
        assert any("/info" in row for row in rows(app))


async def test_a_long_answer_is_shown_whole_by_a_click():
    app = make(view(PASS))
    answer = {f"Field{n}": "x" * 40 for n in range(30)}
    call = Call(900, "GET", "/info", started=9e9, ended=9e9, status=200, received=900, response=answer)
    app.session.calls = (CallGroup("docker info", 9e9, (call,)), *app.session.calls)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "u", "enter")
        await pilot.pause()
        await click_on(pilot, "more rows")
        await pilot.pause()
        assert any("Field20" in row for row in rows(app))


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
async def test_a_port_that_a_running_container_publishes_is_offered_while_it_runs(address, size):
    port = address.removeprefix("http://localhost:").removesuffix("/")
    served = EngineRow("container", "1", "web", "nginx", "running", f"{port} → 80, 5353 → 53/udp")
    app = make(view(replace(DO, seen_pages=())))
    app.session.panel = Panel()
    async with app.run_test(size=size) as pilot:
        await pilot.press("ctrl+g", "p")
        await pilot.pause()
        assert "with -p 8080:80, for example" in " ".join(" ".join(rows(app)).split())
        app.session.tell("panel", Panel((served,)))
        await until_shown(pilot, f"http://localhost:{port}")
        assert "Enter look again" in rows(app)[-1]
        assert not any("5353" in row for row in rows(app))
        await pilot.press("enter")
        await until_shown(pilot, "Cats [bold]sleep[/]")
        app.session.tell("panel", Panel((served, EngineRow("container", "2", "other", "nginx", "running", "1 → 80"))))
        await until_shown(pilot, "http://localhost:1")
        assert any("Cats [bold]sleep[/]" in row for row in rows(app))
        app.session.tell("panel", Panel((replace(served, state="exited", ports=""),)))
        await until_shown(pilot, "names no page")
        assert not any("Cats" in row for row in rows(app))


def test_a_page_is_offered_once_and_what_the_task_names_comes_first():
    running = EngineRow("container", "1", "web", "nginx", "running", "8080 → 80, 8317 → 80, 9000 → 53/udp")
    panel = Panel((running, replace(running, id="2"), replace(running, id="3", state="exited", ports="7 → 80")))
    named = ("http://127.0.0.1:8317/", "http://localhost:8080/cats")
    assert page_addresses(named, panel) == (*named, "http://localhost:8080")
    assert page_addresses((), panel) == ("http://localhost:8080", "http://localhost:8317")


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


async def test_the_shell_goes_to_the_folder_of_a_new_exercise(folder):
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        app.session.tell("view", replace(in_folder(folder), number=2))
        await pilot.pause()
        assert app.lesson_screen.terminal.folders == [folder]
        assert app.lesson_screen.terminal.keys == []
