"""The relay's loop: bytes from one side of a connection to the other, as fast as a direct connection.

A bare poll (epoll where there is one), one reused buffer, and no copies but of what a slow reader leaves behind. Each
direction ends by itself (half-close); a side that takes no more bytes is still read; what one side does not take makes
the other wait (back-pressure).
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import time

from dockertutor.engine.wire_door import Door
from dockertutor.engine.wire_link import PlainLink
from dockertutor.engine.wire_lookout import Lookout
from dockertutor.engine.wire_observer import Observer, caller_of
from dockertutor.engine.wire_pair import Pair, Side, refusal
from dockertutor.engine.wire_reports import Reports
from dockertutor.engine.wire_upstream import NobodyListens, Upstream, UpstreamError

IN, OUT = select.POLLIN, select.POLLOUT
GONE = select.POLLHUP | select.POLLERR
ROOM = 256 * 1024
"""Bytes read at once: the size at which the relay was measured as fast as a direct connection."""
SEND_BUFFER = 1024 * 1024
HEAD_LIMIT = 64 * 1024
GRACE = 2.0
"""Seconds that commands under way get to end by themselves when the tutor is gone."""


class Relay:
    """The loop. One thread, one reused buffer, no copies but of what a slow reader leaves behind."""

    def __init__(self, listener: socket.socket, upstream: Upstream, reports: Reports, control: int, door: Door) -> None:
        """``control``: read until its end, which means that the tutor is gone; ``door`` is removed then."""
        self._removed = door
        self._listener = listener
        self._upstream = upstream
        self._reports = reports
        self._control = control
        self._epoll = hasattr(select, "epoll")
        self._poll = select.epoll() if self._epoll else select.poll()
        self._lookout = Lookout(upstream, self._poll, door)
        self._sides: dict[int, Side] = {}
        self._room = bytearray(ROOM)
        self._view = memoryview(self._room)
        self._again: set[Side] = set()  # decrypted bytes wait in them: no event will come
        self._retry: list[Pair] = []  # the engine's queue of new connections was full
        self._pause_until = 0.0
        self._end_at: float | None = None
        self._door = listener.fileno()
        self._listening = False
        self._report_watched = False

    # ------------------------------------------------------------------ the loop
    def run(self) -> None:
        """Relay until the tutor is gone."""
        self._lookout.look()
        self._listen(True)
        if self._control >= 0:
            self._poll.register(self._control, IN)
        while self._end_at is None or (self._sides and time.monotonic() < self._end_at):
            for fd, events in self._poll.poll(self._timeout()):
                if fd == self._door:
                    self._accept()
                elif fd == self._lookout.fd:
                    self._lookout.event()
                elif fd == self._control:
                    self._told()
                elif fd == self._reports.fd:
                    self._reports.flush()
                else:
                    side = self._sides.get(fd)
                    if side is not None:
                        self._event(side, events)
            self._errands()
        for side in list(self._sides.values()):
            self._close(side.pair)
        self._lookout.close()
        self._reports.flush()

    def _timeout(self) -> float | None:
        seconds: float | None = None
        if self._again:
            seconds = 0.0
        elif self._retry or not self._listening:
            seconds = 0.02
        elif self._end_at is not None:
            seconds = 0.1
        elif self._lookout.next is not None:
            seconds = max(self._lookout.next - time.monotonic(), 0.0)
        return seconds if self._epoll or seconds is None else seconds * 1000

    def _errands(self) -> None:
        """What no event announces."""
        if self._again:
            again, self._again = self._again, set()
            for side in again:
                if not side.pair.closed and not side.other.pending:
                    self._read(side)
        if self._retry:
            retry, self._retry = self._retry, []
            for pair in retry:
                if not pair.closed:
                    self._connect(pair)
        if self._lookout.next is not None and self._end_at is None and time.monotonic() >= self._lookout.next:
            self._lookout.look()
        if not self._listening and self._end_at is None and time.monotonic() >= self._pause_until:
            self._listen(True)
        if self._reports.waiting != self._report_watched:
            self._report_watched = not self._report_watched
            if self._report_watched:
                self._poll.register(self._reports.fd, OUT)
            else:
                self._poll.unregister(self._reports.fd)

    def _listen(self, on: bool) -> None:
        if on != self._listening:
            self._listening = on
            if on:
                self._poll.register(self._door, IN)
            else:
                self._poll.unregister(self._door)

    def _told(self) -> None:
        """Standard input: ``now`` ends everything at once, its end means that the tutor is gone."""
        said = os.read(self._control, 64)
        if said and b"now" not in said:
            return
        self._end_at = time.monotonic() + (0.0 if said else GRACE)
        self._poll.unregister(self._control)
        self._control = -1
        self._listen(False)
        self._listener.close()
        self._removed.remove()

    # ------------------------------------------------------------------ connections
    def _accept(self) -> None:
        for _ in range(64):
            try:
                client, address = self._listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS):
                    self._listen(False)
                    self._pause_until = time.monotonic() + 0.1
                    return
                continue  # the client gave up before we came
            client.setblocking(False)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
            caller = caller_of(client, address)
            pair = Pair(Observer(self._reports.say, caller), caller)
            pair.client = Side(PlainLink(client), pair)
            self._sides[pair.client.fd] = pair.client
            self._connect(pair)

    def _connect(self, pair: Pair) -> None:
        try:
            link = self._upstream.open(pair.caller)
        except BlockingIOError:
            self._retry.append(pair)
            return
        except UpstreamError as error:
            if isinstance(error, NobodyListens):
                self._lookout.refused()
            self._refuse(pair, str(error))
            return
        assert pair.client is not None
        engine = pair.engine = Side(link, pair)
        engine.other, pair.client.other = pair.client, engine
        self._sides[engine.fd] = engine
        engine.connected = False
        self._handshake(engine)

    def _handshake(self, engine: Side) -> None:
        """Go on with connecting; once it stands, bytes flow."""
        try:
            wanted = engine.link.connecting()
        except OSError as error:
            pair = engine.pair
            self._drop(engine)
            pair.engine = None
            if isinstance(error, ConnectionRefusedError):
                self._lookout.refused()
            self._refuse(pair, self._upstream.why(error))
            return
        if wanted:
            self._watch(engine, wanted)
            return
        engine.connected = True
        self._lookout.reached()
        engine.link.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        if engine.link.buffered:
            self._again.add(engine)
        self._rewatch(engine)
        self._rewatch(engine.other)

    def _refuse(self, pair: Pair, why: str) -> None:
        assert pair.client is not None
        pair.refusing = why
        pair.client.other = pair.client
        self._watch(pair.client, IN)

    def _close(self, pair: Pair) -> None:
        if pair.closed:
            return
        pair.closed = True
        for side in (pair.client, pair.engine):
            if side is not None:
                self._drop(side)
        pair.observer.close()

    def _drop(self, side: Side) -> None:
        if self._sides.pop(side.fd, None) is None:
            return
        self._again.discard(side)
        if side.watched:
            self._poll.unregister(side.fd)
            side.watched = False
        side.link.close()

    # ------------------------------------------------------------------ bytes
    def _event(self, side: Side, events: int) -> None:
        if not side.connected:
            self._handshake(side)
            return
        if side.pair.refusing:
            self._say_refused(side, events)
            return
        if events & OUT and (side.pending or side.link.unsent):
            self._flush(side)
            if side.pair.closed:
                return
        if events & (IN | GONE) and not side.ended and not side.other.pending:
            self._read(side)
        if events & GONE and side.ended and not side.pair.closed:
            self._gone(side)

    def _read(self, side: Side) -> None:
        try:
            count = side.link.recv_into(self._room)
        except (BlockingIOError, InterruptedError):
            self._rewatch(side)
            return
        except OSError:
            count = 0
        if not count:
            self._ended(side)
            return
        other = side.other
        if other.shut:
            sent = count  # nobody reads it any more
        else:
            try:
                sent = other.link.send(self._view[:count])
            except (BlockingIOError, InterruptedError):
                sent = 0
            except OSError:
                self._deaf(other)
                sent = count
        if sent < count:
            other.pending = bytes(self._view[sent:count])
        pair = side.pair
        if (sent < count or other.link.unsent or not side.watched) and not pair.closed:
            self._rewatch(other)
            self._rewatch(side)
        if side.link.buffered and not other.pending and not pair.closed:
            self._again.add(side)
        pair.observer.saw(self._view[:count], side is pair.client)

    def _flush(self, side: Side) -> None:
        try:
            sent = side.link.send(side.pending) if side.pending else side.link.send(b"")
        except (BlockingIOError, InterruptedError):
            self._rewatch(side)
            return
        except OSError:
            self._deaf(side)
            return
        side.pending = side.pending[sent:]
        if not side.pending:
            if side.other.ended:
                self._shut(side)
            elif side.other.link.buffered:
                self._again.add(side.other)
        if not side.pair.closed:
            self._rewatch(side)
            self._rewatch(side.other)

    def _ended(self, side: Side) -> None:
        """``side`` sends no more: pass that on once everything before it has gone."""
        side.ended = True
        if side is side.pair.engine and self._end_at is None:
            self._lookout.ask()
        side.pair.observer.ended(side is side.pair.client)
        if not side.other.pending:
            self._shut(side.other)
        if not side.pair.closed:
            self._rewatch(side)

    def _shut(self, side: Side) -> None:
        if not side.shut:
            side.shut = True
            try:
                side.link.shut()
            except OSError:
                self._close(side.pair)
                return
            if side.link.buffered:
                self._again.add(side)
            self._rewatch(side)
        if side.ended and side.other.ended and not side.other.pending:
            self._close(side.pair)

    def _deaf(self, side: Side) -> None:
        """``side`` takes no more bytes. What it still has to say is passed on; whoever writes to it learns it."""
        side.pending = b""
        side.shut = True
        with contextlib.suppress(OSError):
            side.other.link.shut_reading()
        side.other.ended = True
        if side.ended:
            self._close(side.pair)
        else:
            self._rewatch(side)
            self._rewatch(side.other)

    def _gone(self, side: Side) -> None:
        """Both directions of ``side`` are closed: without this a killed ``docker attach`` would leave a connection."""
        if side.other.pending:
            return  # the flush comes first; it ends in `_shut`
        if side is side.pair.engine or side.other.shut:
            self._close(side.pair)

    def _say_refused(self, side: Side, events: int) -> None:
        pair = side.pair
        try:
            count = side.link.recv_into(self._room)
        except BlockingIOError:
            count = -1
        except OSError:
            count = 0
        if count == 0 or (count < 0 and events & GONE):
            self._close(pair)
            return
        if count < 0 or side.shut:
            return
        pair.observer.saw(self._view[:count], True)
        pair.head += self._view[:count].tobytes()
        if b"\r\n\r\n" not in pair.head and len(pair.head) < HEAD_LIMIT:
            return
        answer = refusal(pair.refusing, head_only=pair.head.startswith(b"HEAD "))
        side.shut = True
        try:
            side.link.send(answer)
            side.link.shut()
        except OSError:
            self._close(pair)
            return
        pair.observer.saw(memoryview(answer), False)
        pair.observer.ended(False)

    # ------------------------------------------------------------------ what to be woken for
    def _rewatch(self, side: Side) -> None:
        if not side.connected or side.pair.closed:
            return
        other = side.other
        if not other.connected:
            mask = -1  # its bytes wait in the kernel until the engine's connection stands
        else:
            mask = OUT if side.pending or side.link.unsent else 0
            if other.pending:
                mask = mask or -1  # EPOLLHUP fires even with an empty mask: leave the poll while held back
            elif not side.ended:
                mask |= IN
        self._watch(side, mask)

    def _watch(self, side: Side, mask: int) -> None:
        if mask < 0:
            if side.watched:
                self._poll.unregister(side.fd)
                side.watched = False
        elif not side.watched:
            self._poll.register(side.fd, mask)
            side.watched = True
            side.mask = mask
        elif mask != side.mask:
            self._poll.modify(side.fd, mask)
            side.mask = mask
