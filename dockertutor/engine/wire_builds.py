"""What a build by buildx has made: read out of the builder's answers inside its HTTP/2 tunnel (``POST /grpc``).

Only one kind of message is looked at, the answer of ``Control.Solve`` (gRPC, moby.buildkit.v1): a mapping of text to
text that names the image by its digest. Nothing else in the tunnel is kept; what the client sends (build arguments,
secrets) is not even looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dockertutor.engine.wire_bodies import Capture

FRAME_HEAD, MESSAGE_HEAD = 9, 5
DATA, HEADERS, RESET = 0, 1, 3
"""Kinds of HTTP/2 frames."""
LAST, PADDED = 0x1, 0x8
"""Flags of a DATA frame."""
MESSAGE_LIMIT = 64 * 1024
STREAM_LIMIT = 1000
DIGESTS = (b"containerimage.config.digest", b"containerimage.digest")
"""Keys in the answer: the first is an image's Id, the second where images are kept by containerd."""
ID = re.compile(rb"sha256:[0-9a-f]{64}")


class Builds(Capture):
    """The images that the builds in one tunnel have made, read from the server's side of it."""

    def __init__(self) -> None:
        super().__init__(0)
        self._head = bytearray()
        self._left = 0
        self._stream, self._kind, self._flags, self._padding = 0, 0, 0, 0
        self._messages: dict[int, bytearray | None] = {}
        self._made: list[str] = []

    def take(self, part: memoryview) -> None:
        """Bytes of the tunnel, cut anywhere."""
        at = 0
        while at < len(part):
            if self._left == 0:
                missing = FRAME_HEAD - len(self._head)
                self._head += part[at : at + missing]
                at += missing
                if len(self._head) == FRAME_HEAD:
                    self._frame()
                continue
            piece = part[at : at + self._left]
            at += len(piece)
            self._left -= len(piece)
            if self._kind == DATA:
                self._keep(piece)
            if self._left == 0:
                self._end()

    def value(self) -> Any:
        """As the older builder reports them, or None."""
        return [{"aux": {"ID": made}} for made in dict.fromkeys(self._made)] or None

    def _frame(self) -> None:
        head, self._head = bytes(self._head), bytearray()
        self._left = int.from_bytes(head[:3], "big")
        self._kind, self._flags = head[3], head[4]
        self._stream = int.from_bytes(head[5:9], "big") & 0x7FFFFFFF
        if self._left == 0:
            self._end()

    def _keep(self, part: memoryview) -> None:
        """Keep the first message of a stream: Solve answers with one. Padded frames (nobody sends them) are left."""
        if self._flags & PADDED or len(self._messages) > STREAM_LIMIT:
            return
        message = self._messages.setdefault(self._stream, bytearray())
        if message is None:
            return
        message += part[: MESSAGE_HEAD + MESSAGE_LIMIT - len(message)]
        if len(message) < MESSAGE_HEAD:
            return
        size = int.from_bytes(message[1:MESSAGE_HEAD], "big")
        if message[0] or size > MESSAGE_LIMIT:  # compressed, or nothing that we look for
            self._messages[self._stream] = None
        elif len(message) >= MESSAGE_HEAD + size:
            self._made += images(bytes(message[MESSAGE_HEAD : MESSAGE_HEAD + size]))
            self._messages[self._stream] = None

    def _end(self) -> None:
        if self._kind == RESET or (self._kind in (DATA, HEADERS) and self._flags & LAST):
            self._messages.pop(self._stream, None)


def images(message: bytes) -> list[str]:
    """Ids in a message if it is a Solve's answer (fields 1 and 2, each a mapping's entry), else nothing."""
    answer: dict[bytes, bytes] = {}
    try:
        for number, entry in _fields(message):
            pair = dict(_fields(entry))
            if number not in (1, 2) or not pair or not pair.keys() <= {1, 2}:
                return []
            answer[pair.get(1, b"")] = pair.get(2, b"")
    except ValueError:
        return []
    found = next((answer[key] for key in DIGESTS if key in answer), b"")
    return [found.decode()] if ID.fullmatch(found) else []


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each field; ValueError where one is not text, bytes or a message."""
    at = 0
    while at < len(message):
        tag, at = _number(message, at)
        if tag & 7 != 2:
            raise ValueError("a number")
        size, at = _number(message, at)
        if at + size > len(message):
            raise ValueError("cut off")
        yield tag >> 3, message[at : at + size]
        at += size


def _number(message: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    value = shift = 0
    while at < len(message) and shift < 64:
        value |= (message[at] & 0x7F) << shift
        at += 1
        if not message[at - 1] & 0x80:
            return value, at
        shift += 7
    raise ValueError("cut off")
