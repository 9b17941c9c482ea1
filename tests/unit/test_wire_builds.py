"""What buildx has built is read out of its tunnel, however the bytes are cut; nothing else is."""

from __future__ import annotations

import random

import pytest

from dockertutor.engine.wire_builds import Builds, images
from tests.unit.test_wire_observer import Seen

ID = "sha256:" + "ab" * 32
OTHER = "sha256:" + "cd" * 32
KEY = "containerimage.config.digest"


def field(number: int, content: bytes) -> bytes:
    size, length = len(content), b""
    while size > 0x7F:
        length += bytes([size & 0x7F | 0x80])
        size >>= 7
    return bytes([number << 3 | 2]) + length + bytes([size]) + content


def solved(**answer: str) -> bytes:
    """A Solve's answer: a mapping of text to text (the keywords' _ stands for a dot)."""
    entries = ((key.replace("_", ".").encode(), value.encode()) for key, value in answer.items())
    return b"".join(field(1, field(1, key) + field(2, value)) for key, value in entries)


def frame(kind: int, stream: int, content: bytes = b"", flags: int = 0) -> bytes:
    return len(content).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + content


def message(content: bytes) -> bytes:
    return b"\0" + len(content).to_bytes(4, "big") + content


def tunnel(*frames: bytes) -> Builds:
    """Fed with the frames, cut at random."""
    builds, data, cuts = Builds(), frame(4, 0, b"\0" * 6) + b"".join(frames), random.Random(7)
    while data:
        size = cuts.randint(1, 40)
        builds.take(memoryview(data[:size]))
        data = data[size:]
    return builds


ANSWER = solved(containerimage_config_digest=ID, containerimage_digest=OTHER)


def test_a_solves_answer_names_the_image():
    assert tunnel(frame(1, 5), frame(0, 5, message(ANSWER)), frame(1, 5, b"x", 1)).value() == [{"aux": {"ID": ID}}]


def test_an_answer_in_two_frames_among_others_is_one():
    first, second = message(ANSWER)[:50], message(ANSWER)[50:]
    said = tunnel(frame(0, 5, first), frame(0, 7, message(b"x" * 90)), frame(8, 0, b"\0" * 4), frame(0, 5, second))
    assert said.value() == [{"aux": {"ID": ID}}]


def test_two_builds_in_one_tunnel_are_both_named():
    other = solved(containerimage_config_digest=OTHER)
    assert tunnel(frame(0, 5, message(ANSWER)), frame(0, 9, message(other))).value() == [
        {"aux": {"ID": ID}},
        {"aux": {"ID": OTHER}},
    ]


@pytest.mark.parametrize(
    "content",
    [
        field(3, ANSWER),  # a log that prints such an answer
        field(1, field(1, b"x") + field(2, b"y") + field(3, ANSWER)),  # one more level down
        solved(containerimage_config_digest="sha256:short"),
        solved(containerimage_buildinfo=ID),
        ANSWER[:-3],
        b"\x08\x01" + ANSWER,
        b"",
    ],
)
def test_what_is_no_answer_of_solve_names_nothing(content):
    assert images(content) == []


def test_large_and_compressed_messages_are_left_alone():
    large = frame(0, 5, message(b"x" * 70_000)[:60_000]) + frame(0, 5, b"x" * 10_005)
    assert tunnel(large, frame(0, 7, b"\1" + message(ANSWER)[1:])).value() is None


def test_a_call_that_carried_a_build_has_made_an_image():
    ask = b"POST /grpc HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    answer = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    seen = Seen().asks(ask).answers(answer).answers(frame(4, 0) + frame(0, 5, message(ANSWER)) + frame(1, 5, b"", 1))
    (call,) = seen.close().calls
    assert (call["upgrade"], call["created"]) == ("h2c", [["image", ID]])
