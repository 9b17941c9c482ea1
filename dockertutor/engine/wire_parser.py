"""HTTP/1 framing, read from a copy of the bytes that were already passed on.

One `Framing` reads one direction. It knows where messages begin and end and nothing of what they mean; heads are
bounded, bodies are handed on as they come. What breaks the rules raises `Unreadable`, and its owner stops looking.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import ClassVar, NamedTuple

HEAD_LIMIT = 64 * 1024
LINE_LIMIT = 4096
SIZE_LIMIT = 1 << 62
CRLF: bytes = b"\r\n"


class Unreadable(Exception):
    """These bytes are not HTTP/1 as we know it."""


class Head(NamedTuple):
    """A message's head. ``start``: the parts of its first line. ``fields``: names in lower case; of a repeated field
    the values joined by ", "."""

    start: tuple[str, str, str]
    fields: dict[str, str]


class Body(Enum):
    """How a body ends."""

    NONE = auto()
    LENGTH = auto()
    CHUNKED = auto()
    UNTIL_END = auto()


class Reading(Enum):
    """What a `Framing` is in the middle of."""

    HEAD = auto()
    LENGTH = auto()
    SIZE = auto()
    CHUNK = auto()
    CHUNK_END = auto()
    TRAILER = auto()
    UNTIL_END = auto()
    HELD = auto()
    TUNNEL = auto()


class Framing:
    """One direction of a connection.

    ``on_head(head)`` → how its body is framed, and the length; ``on_body(part)``: a view that is valid only during
    the call; ``on_end()`` → whether what follows must be held until the other direction has answered (`release`).
    """

    def __init__(
        self,
        on_head: Callable[[Head], tuple[Body, int]],
        on_body: Callable[[memoryview], None],
        on_end: Callable[[], bool],
    ) -> None:
        self._on_head, self._on_body, self._on_end = on_head, on_body, on_end
        self._line = bytearray()
        self._left = 0
        self.reading = Reading.HEAD

    def feed(self, data: memoryview) -> None:
        """Read on. Raises Unreadable."""
        at = 0
        while at < len(data):
            step = self._STEPS[self.reading]
            at += step(self, data[at:] if at else data)

    def finish(self) -> None:
        """The direction has ended; a body that lasts until the end is complete now."""
        if self.reading is Reading.UNTIL_END:
            self._end()

    def release(self, tunnel: bool) -> None:
        """Read on with what was held: as the inside of a tunnel, or as the next message."""
        held, self._line = self._line, bytearray()
        if self.reading is Reading.HELD:
            self.reading = Reading.TUNNEL if tunnel else Reading.HEAD
        elif tunnel:
            self.reading = Reading.TUNNEL
        if held:
            self.feed(memoryview(bytes(held)))

    @property
    def between(self) -> bool:
        """Whether it stands between two messages."""
        return self.reading is Reading.HEAD and not self._line

    # ------------------------------------------------------------------ one step each: how many bytes it took
    def _head(self, data: memoryview) -> int:
        before = len(self._line)
        self._line += data[: HEAD_LIMIT + 4]
        if not before:
            while self._line.startswith(b"\r\n"):  # an empty line before a head is allowed, and skipped
                del self._line[:2]
                before -= 2
        end = self._line.find(b"\r\n\r\n", max(0, before - 3))
        if end < 0:
            if len(self._line) > HEAD_LIMIT or b"\x00" in self._line[max(0, before) :]:
                raise Unreadable("a head without an end")
            return len(data)
        taken = end + 4 - before
        head = parse_head(bytes(self._line[:end]))
        self._line.clear()
        body, self._left = self._on_head(head)
        if body is Body.NONE or (body is Body.LENGTH and not self._left):
            self._end()
        elif self.reading is Reading.HEAD:
            self.reading = {
                Body.LENGTH: Reading.LENGTH,
                Body.CHUNKED: Reading.SIZE,
                Body.UNTIL_END: Reading.UNTIL_END,
            }[body]
        return taken

    def _length(self, data: memoryview) -> int:
        part = data[: self._left]
        self._left -= len(part)
        self._on_body(part)
        if not self._left:
            self._end()
        return len(part)

    def _size(self, data: memoryview) -> int:
        at = 0 if self._line else self._chunks(data, 0)
        if at:
            return at
        line, taken = self._take_line(data)
        if line is None:
            return taken
        self._left = chunk_size(line)
        self.reading = Reading.CHUNK if self._left else Reading.TRAILER
        return taken

    def _chunks(self, data: memoryview, at: int) -> int:
        """The short way from the beginning of a chunk: chunks that are whole in ``data``, and the first part of the one
        that is not. Large bodies are made of them. Returns where the long way goes on."""
        end = len(data)
        line, size = CRLF, 0  # of the chunk before: in a large body most are as long
        while True:
            begin = at + len(line)
            if not size or data[at:begin] != line:
                line = data[at : at + 16].tobytes()
                cut = line.find(CRLF)
                if cut < 0:
                    return at
                size, line = chunk_size(line[:cut]), line[: cut + 2]
                begin = at + cut + 2
            close = begin + size
            if not size:
                return at
            if close > end:
                self._left = close - end
                self.reading = Reading.CHUNK
                self._on_body(data[begin:])
                return end
            if data[close : close + 2] != CRLF:
                return at
            self._on_body(data[begin:close])
            at = close + 2

    def _chunk(self, data: memoryview) -> int:
        left = self._left
        if data[left : left + 2] == CRLF:
            self._left = 0
            self.reading = Reading.SIZE
            self._on_body(data[:left])
            return self._chunks(data, left + 2)
        part = data[:left]
        self._left = left - len(part)
        self._on_body(part)
        if not self._left:
            self.reading = Reading.CHUNK_END
        return len(part)

    def _chunk_end(self, data: memoryview) -> int:
        line, taken = self._take_line(data)
        if line is not None:
            if line:
                raise Unreadable("a chunk longer than its size")
            self.reading = Reading.SIZE
        return taken

    def _trailer(self, data: memoryview) -> int:
        line, taken = self._take_line(data)
        if line == b"":
            self._end()
        return taken

    def _until_end(self, data: memoryview) -> int:
        self._on_body(data)
        return len(data)

    def _held(self, data: memoryview) -> int:
        self._line += data
        if len(self._line) > HEAD_LIMIT:
            raise Unreadable("too much before an answer")
        return len(data)

    def _take_line(self, data: memoryview) -> tuple[bytes | None, int]:
        before = len(self._line)
        self._line += data[:LINE_LIMIT]
        end = self._line.find(b"\r\n", max(0, before - 1))
        if end < 0:
            if len(self._line) > LINE_LIMIT:
                raise Unreadable("a line without an end")
            return None, min(len(data), LINE_LIMIT)
        line = bytes(self._line[:end])
        self._line.clear()
        return line, end + 2 - before

    def _end(self) -> None:
        if self.reading is not Reading.TUNNEL:
            self.reading = Reading.HELD  # so that `release`, called from within, finds it
            if not self._on_end() and self.reading is Reading.HELD:
                self.reading = Reading.HEAD

    _STEPS: ClassVar[dict[Reading, Callable[[Framing, memoryview], int]]] = {
        Reading.HEAD: _head,
        Reading.LENGTH: _length,
        Reading.SIZE: _size,
        Reading.CHUNK: _chunk,
        Reading.CHUNK_END: _chunk_end,
        Reading.TRAILER: _trailer,
        Reading.UNTIL_END: _until_end,
        Reading.HELD: _held,
        Reading.TUNNEL: _until_end,
    }


def chunk_size(line: bytes) -> int:
    """The size that a chunk's first line tells. Raises Unreadable."""
    digits = line.split(b";", 1)[0].strip(b" \t")
    if not digits or len(digits) > 15 or digits.strip(b"0123456789abcdefABCDEF"):
        raise Unreadable("a chunk without a size")
    return int(digits, 16)


def parse_head(data: bytes) -> Head:
    """A head without its last empty line. Raises Unreadable."""
    lines = data.decode("latin-1").split("\r\n")
    start = lines[0].split(" ", 2)
    if len(start) < 2:
        raise Unreadable("no first line")
    fields: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip() or "\n" in line:
            raise Unreadable("a field without a name")
        name, value = name.lower(), value.strip(" \t")
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return Head((start[0], start[1], start[2] if len(start) > 2 else ""), fields)


def body_of(head: Head) -> tuple[Body, int] | None:
    """What a head's own fields say about its body; None when they say nothing. Raises Unreadable."""
    coding = head.fields.get("transfer-encoding", "").lower()
    if coding:
        if coding.split(",")[-1].strip() != "chunked":
            raise Unreadable("a coding that is not chunked")
        return Body.CHUNKED, 0
    length = head.fields.get("content-length")
    if length is None:
        return None
    values = {value.strip() for value in length.split(",")}
    if len(values) != 1 or not (value := values.pop()).isascii() or not value.isdigit() or int(value) > SIZE_LIMIT:
        raise Unreadable("a length that is no number")
    return Body.LENGTH, int(value)
