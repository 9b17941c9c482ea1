"""Marks in a shell's stream: found however it is cut, and never forged."""

from __future__ import annotations

import pytest

from dockertutor.shell.marks import LONGEST, Ended, MarkReader, Output, Prompt, Started

NONCE = "5ec3e7"


def mark(kind: str, text: str, nonce: str = NONCE) -> bytes:
    return f"\x1b]7717;{nonce};{kind};{text};{nonce}\x07".encode()


def test_marks_are_taken_out_and_the_order_is_kept() -> None:
    stream = b"a" + mark("C", "ls -l") + b"b" + mark("D", "2") + mark("P", "2") + b"$ "
    events = MarkReader(NONCE).feed(stream)
    assert events == [Output(b"a"), Started("ls -l"), Output(b"b"), Ended(2), Prompt(2), Output(b"$ ")]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 19])
def test_a_stream_cut_anywhere_says_the_same(size: int) -> None:
    stream = b"one\x1b[31m" + mark("C", "echo é\r\nfoo; \x1b]bar\x07") + b"two" + mark("D", "0") + b"\x1b]7717;"
    reader = MarkReader(NONCE)
    events = [e for at in range(0, len(stream), size) for e in reader.feed(stream[at : at + size])]
    text = b"".join(e.data for e in events if isinstance(e, Output))
    assert text == b"one\x1b[31mtwo"
    assert [e for e in events if not isinstance(e, Output)] == [Started("echo é\nfoo; \x1b]bar\x07"), Ended(0)]


def test_a_forged_nonce_is_output_like_any_other() -> None:
    forged = mark("D", "0", nonce="0000")
    assert MarkReader(NONCE).feed(forged) == [Output(forged)]


def test_a_command_of_many_kilobytes_keeps_its_mark() -> None:
    command = "echo " + "x" * 100_000
    assert MarkReader(NONCE).feed(mark("C", command)) == [Started(command)]


def test_a_mark_that_never_ends_does_not_swallow_the_stream() -> None:
    reader = MarkReader(NONCE)
    begun = mark("C", "x")[:-1] + b"y" * LONGEST
    assert reader.feed(begun) == [Output(begun)]
    assert reader.feed(b"after") == [Output(b"after")]


@pytest.mark.parametrize("body", ["D;many", "P;", "Z;1", "D"])
def test_a_mark_that_means_nothing_is_dropped(body: str) -> None:
    assert MarkReader(NONCE).feed(f"\x1b]7717;{NONCE};{body};{NONCE}\x07".encode()) == []
