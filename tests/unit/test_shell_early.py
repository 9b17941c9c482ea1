"""What is typed before a shell's first prompt, and when it is handed over."""

from __future__ import annotations

import pytest

from dockertutor.shell.early import EarlyKeys


class Prompt:
    """A shell's line editor that asks for pastes in brackets while it has the terminal."""

    def __init__(self) -> None:
        self.bracketed = True
        self.written = b""
        self.early = EarlyKeys(self.write, lambda: True, lambda: self.bracketed, hold=True)

    def write(self, data: bytes) -> None:
        self.written += data


@pytest.fixture
def prompt() -> Prompt:
    return Prompt()


def test_keys_wait_for_the_prompt(prompt: Prompt) -> None:
    prompt.early.type(b"ls\r")
    assert prompt.written == b""
    prompt.early.prompted()
    assert prompt.written == b"ls\r"


def test_a_paste_at_the_prompt_is_bracketed(prompt: Prompt) -> None:
    prompt.early.type(b"echo ")
    prompt.early.paste("one")
    prompt.early.prompted()
    assert prompt.written == b"echo \x1b[200~one\x1b[201~"


def test_a_paste_after_an_enter_is_given_to_the_command_that_began(prompt: Prompt) -> None:
    prompt.early.type(b"cat\r")
    prompt.early.paste("two")
    prompt.early.type(b"\r")
    prompt.early.prompted()
    assert prompt.written == b"cat\r"
    prompt.bracketed = False
    prompt.early.began()
    assert prompt.written == b"cat\rtwo\r"


def test_a_paste_after_an_empty_line_is_given_to_the_next_prompt(prompt: Prompt) -> None:
    prompt.early.type(b"\r")
    prompt.early.paste("two")
    prompt.early.prompted()
    assert prompt.written == b"\r"
    prompt.early.prompted()
    assert prompt.written == b"\r\x1b[200~two\x1b[201~"


def test_what_comes_later_goes_through_at_once(prompt: Prompt) -> None:
    prompt.early.prompted()
    prompt.early.type(b"\r")
    prompt.early.paste("two")
    assert prompt.written == b"\r\x1b[200~two\x1b[201~"
