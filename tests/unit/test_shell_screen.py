"""The screen model: what recorded sessions look like, and what it answers to the programs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockertutor.shell import ghostty_abi_make, ghostty_library, screen
from dockertutor.shell.screen import Pen, Run, Screen, open_screen

pytestmark = pytest.mark.skipif(not screen.available(), reason="no screen model for this platform")

SESSIONS = Path(__file__).with_name("sessions")
"""NAME.raw: what a program wrote to a terminal of 60x16; NAME.txt: what tmux showed for it."""


@pytest.fixture
def term() -> Iterator[Screen]:
    term = open_screen(60, 16)
    yield term
    term.close()


@pytest.mark.parametrize("name", sorted(p.stem for p in SESSIONS.glob("*.raw")))
@pytest.mark.parametrize("size", [1, 61, 100_000])
def test_a_recorded_session_looks_as_in_tmux(term: Screen, name: str, size: int) -> None:
    raw = (SESSIONS / f"{name}.raw").read_bytes()
    for at in range(0, len(raw), size):
        term.feed(raw[at : at + size])
    expected = (SESSIONS / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")
    assert term.text() == expected


def test_the_alternate_screen_gives_back_what_was_there(term: Screen) -> None:
    term.feed(b"$ vi\r\n\x1b[?1049h\x1b[2Jediting")
    assert term.modes.alternate
    assert "editing" in term.text()
    term.feed(b"\x1b[?1049l$ ")
    assert term.text() == "$ vi\n$"
    assert not term.modes.alternate


def test_colours_and_attributes_become_pens(term: Screen) -> None:
    term.feed(b"a\x1b[1;31mb\x1b[0;48;2;1;2;3;4mc\x1b[0;7md\x1b[0;38;5;200me\x1b[0m")
    assert term.row(0) == (
        Run("a", Pen(), 1),
        Run("b", Pen(fg=1, bold=True), 1),
        Run("c", Pen(bg=(1, 2, 3), underline=True), 1),
        Run("d", Pen(reverse=True), 1),
        Run("e", Pen(fg=200), 1),
    )


def test_a_coloured_blank_is_kept_to_the_edge(term: Screen) -> None:
    term.feed(b"\x1b[44m\x1b[K\x1b[0m\r\n\x1b[48;2;9;8;7m\x1b[K\x1b[0m")
    assert term.row(0) == (Run(" " * 60, Pen(bg=4), 60),)
    assert term.row(1) == (Run(" " * 60, Pen(bg=(9, 8, 7)), 60),)


@pytest.mark.parametrize(
    ("text", "cells"), [("日本", 4), ("👩‍👩‍👧", 2), ("é", 1), ("e\u0301", 1), ("🐳!", 3), ("⚠️", 2)]
)
def test_wide_characters_take_the_cells_that_rich_gives_them(term: Screen, text: str, cells: int) -> None:
    from rich.cells import cell_len

    term.feed(text.encode())
    assert term.row(0) == (Run(text, Pen(), cells),)
    assert term.cursor.x == cells
    assert cell_len(text) == cells


def test_an_emoji_stays_as_wide_after_a_reset(term: Screen) -> None:
    term.feed(b"\x1bc" + "👩‍👩‍👧".encode())
    assert term.cursor.x == 2


@pytest.mark.parametrize(
    ("asked", "reply"),
    [
        (b"\x1b[6n", b"\x1b[1;1R"),
        (b"\x1b[18t", b"\x1b[8;16;60t"),
        (b"\x1b]10;?\x07", b"\x1b]10;rgb:1010/2020/3030\x07"),
        (b"\x1b]11;?\x1b\\", b"\x1b]11;rgb:4040/5050/6060\x1b\\"),
    ],
)
def test_programs_that_ask_get_an_answer(term: Screen, asked: bytes, reply: bytes) -> None:
    term.set_colors((0x10, 0x20, 0x30), (0x40, 0x50, 0x60))
    term.feed(asked)
    assert term.take_reply() == reply
    assert term.take_reply() == b""


def test_a_program_can_fill_the_clipboard_and_not_read_it(term: Screen) -> None:
    term.feed(b"\x1b]52;c;aGVsbG8=\x07")
    assert term.take_clipboard() == "hello"
    assert term.take_clipboard() is None
    term.feed(b"\x1b]52;c;?\x07")
    assert term.take_reply() == b""


def test_a_title_is_plain_text(term: Screen) -> None:
    term.feed(b"\x1b]2;[bold]mine\x07")
    assert term.title == "[bold]mine"


def test_modes_are_told(term: Screen) -> None:
    term.feed(b"\x1b[?1h\x1b[?2004h\x1b[?1002h\x1b[?1006h\x1b[?1004h")
    modes = term.modes
    assert (modes.app_cursor, modes.bracketed_paste, modes.mouse, modes.mouse_sgr) == (True, True, 1002, True)
    assert modes.focus_reports
    term.feed(b"\x1b[?1002l\x1b[?25l")
    assert term.modes.mouse == 0
    assert not term.cursor.visible


def test_about_ten_thousand_rows_are_kept_and_can_be_seen_again(term: Screen) -> None:
    term.feed(b"\r\n".join(b"row %d" % n for n in range(20_000)))
    assert term.position.total > 9_000
    term.scroll(-100)
    assert "row 19899" in term.text()
    assert not term.position.at_end
    assert not term.cursor.visible
    term.scroll_to_end()
    assert "row 19999" in term.text()
    assert "row 12000\nrow 12001" in term.scrollback_text()


def test_shrinking_and_growing_again_keeps_the_rows(term: Screen) -> None:
    term.feed(b"\r\n".join(b"row %d and a tail that wraps when it is narrow" % n for n in range(12)))
    before = term.text()
    term.resize(20, 5)
    assert term.text() != before
    term.resize(60, 16)
    assert term.text() == before


def test_a_size_of_zero_is_ignored(term: Screen) -> None:
    term.resize(0, 5)
    term.resize(5, 0)
    assert (term.columns, term.rows) == (60, 16)


def test_only_rows_that_changed_are_told(term: Screen) -> None:
    term.feed(b"one\r\ntwo")
    term.changed()
    term.feed(b" more")
    assert list(term.changed()) == [1]
    assert list(term.changed()) == []


def test_a_row_tells_whether_its_line_goes_on_in_the_next(term: Screen) -> None:
    term.feed(b"x" * term.columns)
    assert not term.wraps(0)
    term.feed(b"y\r\nshort\r\n")
    assert [term.wraps(y) for y in range(4)] == [True, False, False, False]
    term.resize(term.columns + 10, term.rows)
    assert not term.wraps(0)
    assert not term.wraps(999)


def test_garbage_does_no_harm(term: Screen) -> None:
    term.feed(bytes(range(256)) * 40 + b"\x1b[999999999;9999999H\x1b[?4m\x1bP" + b"\xff" * 9000 + b"\x1b\\")
    assert isinstance(term.text(), str)


def test_our_declarations_agree_with_pyghosttys_own() -> None:
    code = """
import cffi
from pyghostty._ffi import ffi as theirs, lib
from dockertutor.shell import ghostty_library as ours
from dockertutor.shell._ghostty_abi import ffi
prefixes = {
    "OPT_": "TERMINAL_OPT_", "DATA_": "TERMINAL_DATA_", "RENDER_": "RENDER_STATE_DATA_",
    "ROW_": "RENDER_STATE_ROW_DATA_", "CELLS_": "RENDER_STATE_ROW_CELLS_DATA_", "CELL_": "CELL_DATA_",
    "SCROLL_": "SCROLL_VIEWPORT_", "RAW_ROW_": "ROW_DATA_",
}
renamed = {"CELLS_GRAPHEMES": "CELLS_GRAPHEMES_BUF"}
seen = 0
for name, value in vars(ours).items():
    for short, long in prefixes.items():
        if name.startswith(short) and name not in ("CELL_WIDTH", "CELL_HEIGHT"):
            full = "GHOSTTY_" + long + renamed.get(name, name).removeprefix(short)
            assert getattr(lib, full) == value, (full, value)
            seen += 1
            break
pairs = {
    "DtString": "GhosttyString", "DtRgb": "GhosttyColorRgb", "DtMode": "GhosttyTerminalModeConfig",
    "DtScroll": "GhosttyTerminalScrollViewport", "DtScrollbar": "GhosttyTerminalScrollbar",
    "DtCells": "GhosttyCellsView", "DtColor": "GhosttyStyleColor", "DtStyle": "GhosttyStyle",
    "DtCursor": "GhosttyRenderStateCursor", "DtScreenExtra": "GhosttyFormatterScreenExtra",
    "DtTerminalExtra": "GhosttyFormatterTerminalExtra", "DtFormat": "GhosttyFormatterTerminalOptions",
    "DtClip": "GhosttyClipboardContent", "DtSize": "GhosttySizeReportSize",
}
for mine, yours in pairs.items():
    assert ffi.sizeof(mine) == theirs.sizeof(yours), mine
    fields = {n: f.offset for n, f in ffi.typeof(mine).fields}
    assert fields == {n: f.offset for n, f in theirs.typeof(yours).fields}, mine
clip = {n: f.offset for n, f in theirs.typeof("GhosttyClipboardWrite").fields}
assert all(clip[n] == f.offset for n, f in ffi.typeof("DtClipWrite").fields)
assert lib.GHOSTTY_CELL_WIDE_SPACER_TAIL == 2 and lib.GHOSTTY_RENDER_STATE_DIRTY_FULL == 2
print(seen)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 25


def test_the_written_declarations_are_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ghostty_abi_make, "TARGET", tmp_path / "made.py")
    ghostty_abi_make.write()
    kept = Path(ghostty_library.__file__).with_name("_ghostty_abi.py").read_text(encoding="utf-8")
    assert (tmp_path / "made.py").read_text(encoding="utf-8") == kept
