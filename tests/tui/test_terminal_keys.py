"""What keys, pastes and the mouse send: xterm's codes, by Textual's names for keys."""

from __future__ import annotations

import pytest
from textual._xterm_parser import XTermParser
from textual.events import Key

from dockertutor.shell.paste import pasted
from dockertutor.shell.screen import Modes
from dockertutor.tui.alt_keys import SIGNS, teach_textual
from dockertutor.tui.widgets.terminal_keys import encode_key, encode_mouse

PLAIN = Modes()


@pytest.mark.parametrize(
    ("key", "character", "sent"),
    [
        ("a", "a", b"a"), ("A", "A", b"A"), ("shift+a", "A", b"A"), ("é", "é", "é".encode()), ("full_stop", ".", b"."),
        ("space", " ", b" "), ("enter", "\r", b"\r"), ("escape", "\x1b", b"\x1b"), ("tab", "\t", b"\t"),
        ("backspace", "\x7f", b"\x7f"), ("delete", None, b"\x1b[3~"), ("shift+tab", None, b"\x1b[Z"),
        ("up", None, b"\x1b[A"), ("down", None, b"\x1b[B"), ("right", None, b"\x1b[C"), ("left", None, b"\x1b[D"),
        ("home", None, b"\x1b[H"), ("end", None, b"\x1b[F"), ("insert", None, b"\x1b[2~"),
        ("pageup", None, b"\x1b[5~"), ("pagedown", None, b"\x1b[6~"), ("ctrl+right", None, b"\x1b[1;5C"),
        ("shift+up", None, b"\x1b[1;2A"), ("ctrl+shift+left", None, b"\x1b[1;6D"), ("alt+left", None, b"\x1b[1;3D"),
        ("f1", None, b"\x1bOP"), ("f4", None, b"\x1bOS"), ("f5", None, b"\x1b[15~"), ("f10", None, b"\x1b[21~"),
        ("f12", None, b"\x1b[24~"), ("shift+f5", None, b"\x1b[15;2~"), ("ctrl+f1", None, b"\x1b[1;5P"),
        ("alt+a", "a", b"\x1ba"), ("alt+enter", None, b"\x1b\r"), ("alt+backspace", None, b"\x1b\x7f"),
        ("alt+full_stop", ".", b"\x1b."), ("plus", "+", b"+"), ("slash", "/", b"/"), ("日", "日", "日".encode()),
    ],
)  # fmt: skip
def test_a_key_sends_xterms_code(key: str, character: str | None, sent: bytes) -> None:
    assert encode_key(key, character, PLAIN) == sent


@pytest.mark.parametrize("letter", "abcdefghijklmnopqrstuvwxyz")
def test_control_letters_are_encoded_by_name(letter: str) -> None:
    assert encode_key(f"ctrl+{letter}", None, PLAIN) == bytes([ord(letter) - 96])
    assert encode_key(f"alt+ctrl+{letter}", None, PLAIN) == b"\x1b" + bytes([ord(letter) - 96])


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        ("ctrl+@", b"\x00"), ("ctrl+space", b"\x00"), ("ctrl+left_square_bracket", b"\x1b"),
        ("ctrl+backslash", b"\x1c"), ("ctrl+right_square_bracket", b"\x1d"), ("ctrl+circumflex_accent", b"\x1e"),
        ("ctrl+underscore", b"\x1f"), ("ctrl+slash", b"\x1f"), ("ctrl+question_mark", b"\x7f"),
        ("ctrl+backspace", b"\x08"),
    ],
)  # fmt: skip
def test_control_signs(key: str, sent: bytes) -> None:
    assert encode_key(key, None, PLAIN) == sent


@pytest.mark.parametrize("key", ["super+a", "hyper+up", "ctrl+super+k", "some_new_key", "ignore"])
def test_a_key_that_no_terminal_knows_sends_nothing(key: str) -> None:
    assert encode_key(key, None, PLAIN) is None


def test_arrows_follow_the_programs_mode() -> None:
    assert encode_key("up", None, Modes(app_cursor=True)) == b"\x1bOA"
    assert encode_key("ctrl+up", None, Modes(app_cursor=True)) == b"\x1b[1;5A"


def test_a_paste_is_bracketed_only_where_it_was_asked_for() -> None:
    assert pasted("a\r\nb\n", bracketed=False) == b"a\rb\r"
    assert pasted("a\nb", bracketed=True) == b"\x1b[200~a\rb\x1b[201~"


def test_a_paste_cannot_end_its_own_bracket() -> None:
    sent = pasted("x\x1b[201~rm -r /", bracketed=True)
    assert sent.count(b"\x1b[201~") == 1


def test_the_mouse_is_silent_unless_it_was_asked_for() -> None:
    assert encode_mouse("left", 1, 1, PLAIN, pressed=True) is None


@pytest.mark.parametrize(
    ("button", "pressed", "moving", "held", "mode", "sent"),
    [
        ("left", True, False, 0, 1000, b"\x1b[<0;5;3M"),
        ("left", False, False, 0, 1000, b"\x1b[<0;5;3m"),
        ("right", True, False, 16, 1000, b"\x1b[<18;5;3M"),
        ("up", True, False, 0, 1000, b"\x1b[<64;5;3M"),
        ("left", True, True, 0, 1000, None),
        ("left", True, True, 0, 1002, b"\x1b[<32;5;3M"),
        ("none", False, True, 0, 1002, None),
        ("none", False, True, 0, 1003, b"\x1b[<35;5;3M"),
        ("left", False, False, 0, 9, None),
    ],
)
def test_the_mouse_reports_what_the_mode_asks_for(
    button: str, pressed: bool, moving: bool, held: int, mode: int, sent: bytes | None
) -> None:
    modes = Modes(mouse=mode, mouse_sgr=True)
    assert encode_mouse(button, 4, 2, modes, pressed=pressed, moving=moving, held=held) == sent


def test_the_old_form_of_a_report() -> None:
    modes = Modes(mouse=1000)
    assert encode_mouse("left", 4, 2, modes, pressed=True) == b"\x1b[M\x20\x25\x23"
    assert encode_mouse("left", 4, 2, modes, pressed=False) == b"\x1b[M\x23\x25\x23"
    assert encode_mouse("left", 400, 2, modes, pressed=True) is None


@pytest.mark.parametrize("bracketed", [True, False])
def test_a_paste_holds_no_key_that_acts(bracketed: bool) -> None:
    sent = pasted("a\x03rm x\x04\x1a\x7f\x9b201~\x1b\n\tb é", bracketed=bracketed)
    body = sent.removeprefix(b"\x1b[200~").removesuffix(b"\x1b[201~")
    assert body.decode() == "arm x201~\r\tb é"


@pytest.mark.parametrize("sign", [*(sign for sign in SIGNS if sign not in "fb"), "\r"])
def test_escape_and_a_sign_that_come_together_reach_the_program_as_both(sign: str) -> None:
    teach_textual()
    keys = [event for event in XTermParser().feed(f"\x1b{sign}:q") if isinstance(event, Key)]
    sent = [encode_key(key.key, key.character, PLAIN) for key in keys]
    assert b"".join(one or b"" for one in sent) == f"\x1b{sign}:q".encode()


@pytest.mark.parametrize(("sequence", "key"), [("\x1b[A", "up"), ("\x1bOP", "f1"), ("\x1b[1;5C", "ctrl+right")])
def test_longer_sequences_are_still_told(sequence: str, key: str) -> None:
    teach_textual()
    assert [event.key for event in XTermParser().feed(sequence) if isinstance(event, Key)] == [key]
