"""Whether the engine is there: a connection that is held open tells at once when it goes, without asking again."""

from __future__ import annotations

import time
from typing import Any

from dockertutor.engine.wire_door import Door
from dockertutor.engine.wire_link import IN, Link
from dockertutor.engine.wire_upstream import NobodyListens, Upstream, UpstreamError

SHORT = 1.0
"""Seconds. A connection that the engine ended sooner says nothing about the engine if the one before did so, too."""
PAUSE_AT_MOST = 60.0


class Lookout:
    """Holds the connection, and has the wire's door there while the engine is. In the relay's loop: never waits."""

    def __init__(self, upstream: Upstream, poll: Any, door: Door) -> None:
        self._upstream, self._poll, self._door = upstream, poll, door
        self._link: Link | None = None
        self._stands = False
        self._since = 0.0
        self._pause = 0.0
        self._room = bytearray(4096)
        self.fd = -1
        self.next: float | None = None
        """When to look again (`time.monotonic`), None where an event will tell."""

    def look(self) -> None:
        """Connect anew, and let that tell whether the engine is there."""
        self.close()
        self.next = None
        try:
            self._link = self._upstream.look()
        except NobodyListens:
            self.refused()
        except (BlockingIOError, UpstreamError):  # busy, or there is another reason, which a client is to read
            self._door.set(True)
        else:
            self._connect(self._link)

    def event(self) -> None:
        """Something has happened on the connection."""
        assert self._link is not None
        if not self._stands:
            self._unwatch()
            self._connect(self._link)
        elif self._over(self._link):
            self._lost()

    def ask(self) -> None:
        """The engine has ended a client's connection. Is it still there? Called before the client learns of it: what
        it does next, it does as if it had not met us."""
        if not self._door.there:
            return
        if self._link is not None and self._stands and self._over(self._link):
            self._lost()
        elif self._upstream.near and self.next is None:
            self.look()  # a killed engine's connections end one by one, the one held here perhaps last

    def reached(self) -> None:
        """A client's connection to the engine stands."""
        if self._link is None and self.next is None and self._upstream.held:
            self.look()

    def refused(self) -> None:
        """Nobody listens at the engine's address: neither does anybody here, until somebody does there."""
        self.close()
        self._door.set(False)
        self.next = time.monotonic() + self._upstream.patience

    def close(self) -> None:
        """Let the connection go."""
        if self._link is not None:
            self._unwatch()
            self._link.close()
        self._link, self._stands = None, False

    def _connect(self, link: Link) -> None:
        try:
            wanted = link.connecting()
        except ConnectionRefusedError:
            self.refused()
            return
        except OSError:
            self.close()
            self._door.set(True)
            return
        if not wanted:
            self._door.set(True)
            if not self._upstream.held:
                self.close()
                return
            self._stands, self._since = True, time.monotonic()
        self.fd = link.fileno()
        self._poll.register(self.fd, wanted or IN)

    def _over(self, link: Link) -> bool:
        try:
            return not link.recv_into(self._room)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            return True

    def _lost(self) -> None:
        now = time.monotonic()
        before, self._pause = self._pause, 0.0
        if now - self._since < SHORT:
            self._pause = min(max(SHORT, 2 * before), PAUSE_AT_MOST)
        if before and self._pause:
            self.close()
            self.next = now + self._pause
        else:
            self.look()

    def _unwatch(self) -> None:
        if self.fd >= 0:
            self._poll.unregister(self.fd)
            self.fd = -1
