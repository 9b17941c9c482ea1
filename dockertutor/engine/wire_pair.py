"""A client's connection and the engine's connection made for it: what the relay keeps of each."""

from __future__ import annotations

import json

from dockertutor.engine.wire_link import Link
from dockertutor.engine.wire_observer import Observer


class Side:
    """One end of a connection: what is still to be written to it, and which of its directions have ended."""

    __slots__ = ("connected", "ended", "fd", "link", "mask", "other", "pair", "pending", "shut", "watched")

    def __init__(self, link: Link, pair: Pair) -> None:
        self.link = link
        self.fd = link.fileno()
        self.pair = pair
        self.other: Side = self
        self.pending = b""
        self.ended = False  # it sends no more
        self.shut = False  # nothing more may be sent to it
        self.connected = True
        self.mask = 0
        self.watched = False


class Pair:
    """A client's connection with the engine's connection made for it."""

    __slots__ = ("caller", "client", "closed", "engine", "head", "observer", "refusing")

    def __init__(self, observer: Observer, caller: int) -> None:
        self.caller = caller  # the client's process id
        self.observer = observer
        self.client: Side | None = None
        self.engine: Side | None = None
        self.head = b""
        self.refusing = ""  # why the engine cannot be had; the client is told after its request's head
        self.closed = False


def refusal(why: str, *, head_only: bool) -> bytes:
    """The answer to a client while the engine cannot be had: what Docker's own client prints as the error."""
    body = json.dumps({"message": why}).encode()
    head = (
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + (b"" if head_only else body)
