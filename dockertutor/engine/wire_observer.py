"""What passes on one connection, read as API calls and reported as JSON lines.

It sees bytes only after they have gone on. When it cannot follow, it says "stream" and looks no more; the bytes pass
all the same. Heads are never kept but for the User-Agent; what must not be shown is masked before it leaves here.
"""

from __future__ import annotations

import json
import os
import re
import socket
import struct
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, unquote

from dockertutor.engine.wire_bodies import Capture, capture_for, created_by
from dockertutor.engine.wire_builds import Builds
from dockertutor.engine.wire_parser import Body, Framing, Head, Unreadable, body_of
from dockertutor.engine.wire_secrets import screen_body, screen_client, screen_query
from dockertutor.engine.wire_upstream import CALLER

VERSION_PREFIX = re.compile(r"/v\d+(\.\d+)?(?=/)")
TAKES_OVER = re.compile(r"/containers/[^/]+/attach|/exec/[^/]+/start|/session|/grpc")
"""Paths whose connection may become a tunnel even without an Upgrade field."""
RAW = ("application/vnd.docker.raw-stream", "application/vnd.docker.multiplexed-stream")

NUMBERS: Iterator[int] = count(1)


class Exchange:
    """One request and its answer, as far as they have been seen."""

    def __init__(self, number: int, method: str, path: str, query: dict[str, str]) -> None:
        self.number, self.method, self.path, self.query = number, method, path, query
        self.started = time.time()
        self.ended: float | None = None
        self.status = 0
        self.sent = self.received = 0
        self.upgrade = ""
        self.asked_upgrade = ""
        self.agent = ""
        self.holds = False
        self.request: Capture | None = None
        self.response: Capture | None = None


class Observer:
    """One connection's observer. ``say`` takes one JSON line; ``client`` is the client's process id, or 0."""

    def __init__(self, say: Callable[[bytes], None], client: int) -> None:
        self._say = say
        self._pid, self._client, self._session = client, "", 0
        self._waiting: deque[Exchange] = deque()
        self._asking: Exchange | None = None
        self._answering: Exchange | None = None
        self._tunnel: Exchange | None = None
        self._news: list[Exchange] = []
        self._stream: Exchange | None = None
        self._requests = Framing(self._request_head, self._request_body, self._request_end)
        self._answers = Framing(self._answer_head, self._answer_body, self._answer_end)

    # ------------------------------------------------------------------ called by the relay; never raises
    def saw(self, data: memoryview, from_client: bool) -> None:
        """These bytes went on."""
        if self._stream is not None:
            if from_client:
                self._stream.sent += len(data)
            else:
                self._stream.received += len(data)
            return
        try:
            (self._requests if from_client else self._answers).feed(data)
        except Unreadable:
            self._lose(data, from_client)
        except Exception:  # noqa: BLE001 - whatever is wrong in here, the learner's command must go on
            self._lose(data, from_client)
        self._report()

    def ended(self, from_client: bool) -> None:
        """This direction has ended."""
        if not from_client and self._stream is None:
            try:
                self._answers.finish()
            except Exception:  # noqa: BLE001 - as above
                self._lose(memoryview(b""), from_client)
            if self._tunnel is not None:
                self._done(self._tunnel)
                self._tunnel = None
            self._report()

    def close(self) -> None:
        """The connection is gone: whatever is still open is over."""
        for exchange in (*self._waiting, self._tunnel, self._stream):
            if exchange is not None and exchange.ended is None:
                self._done(exchange)
        self._waiting.clear()
        self._report()

    # ------------------------------------------------------------------ requests
    def _request_head(self, head: Head) -> tuple[Body, int]:
        method, target, version = head.start
        if not method.isalpha() or not version.startswith("HTTP/1."):
            raise Unreadable("not a request")
        path, _, query = target.partition("?")
        if "://" in path:
            path = "/" + path.partition("://")[2].partition("/")[2]
        exchange = Exchange(next(NUMBERS), method, VERSION_PREFIX.sub("", unquote(path), count=1), _query(query))
        exchange.agent = head.fields.get("user-agent", "")[:200]
        if "upgrade" in head.fields.get("connection", "").lower():
            exchange.asked_upgrade = head.fields.get("upgrade", "").lower()[:20]
        exchange.holds = bool(exchange.asked_upgrade or TAKES_OVER.fullmatch(exchange.path))
        exchange.request = capture_for(exchange.method, exchange.path, head.fields.get("content-type", ""), asked=True)
        self._asking = exchange
        self._waiting.append(exchange)
        self._news.append(exchange)
        return body_of(head) or (Body.NONE, 0)

    def _request_body(self, part: memoryview) -> None:
        exchange = self._tunnel or self._asking
        if exchange is not None:
            exchange.sent += len(part)
            if exchange.request is not None and exchange is not self._tunnel:
                exchange.request.take(part)

    def _request_end(self) -> bool:
        exchange = self._asking
        if exchange is None or not exchange.holds:
            return False
        # Answered before its body was complete: what holds has been decided already.
        return exchange.status == 0

    # ------------------------------------------------------------------ answers
    def _answer_head(self, head: Head) -> tuple[Body, int]:
        version, code, _reason = head.start
        if not version.startswith("HTTP/1.") or not (code.isascii() and code.isdigit()) or not self._waiting:
            raise Unreadable("not an answer")
        status = int(code)
        exchange = self._waiting[0]
        if status < 200 and status != 101:
            self._answering = None
            return Body.NONE, 0
        self._answering = exchange
        exchange.status = status
        self._news.append(exchange)
        kind = head.fields.get("content-type", "").lower()
        taken_over = status == 101 or (exchange.holds and status == 200 and kind.startswith(RAW))
        if taken_over:
            offered = head.fields.get("upgrade", "").lower()
            exchange.upgrade = "h2c" if "h2c" in (offered, exchange.asked_upgrade) else "tcp"
            exchange.response = Builds() if exchange.path == "/grpc" and exchange.upgrade == "h2c" else None
            self._tunnel = self._waiting.popleft()
            self._answers.release(tunnel=True)
            self._requests.release(tunnel=True)
            return Body.UNTIL_END, 0
        exchange.response = capture_for(exchange.method, exchange.path, kind, asked=False)
        if exchange.method == "HEAD" or status in (204, 304):
            body: tuple[Body, int] = (Body.NONE, 0)
        else:
            body = body_of(head) or (Body.UNTIL_END, 0)
        return body

    def _answer_body(self, part: memoryview) -> None:
        exchange = self._tunnel or self._answering
        if exchange is not None:
            exchange.received += len(part)
            if exchange.response is not None:
                exchange.response.take(part)

    def _answer_end(self) -> bool:
        exchange, self._answering = self._answering, None
        if exchange is not None and self._waiting and self._waiting[0] is exchange:
            self._waiting.popleft()
            self._done(exchange)
            if exchange.holds and exchange is self._asking:
                self._asking.holds = False
                self._requests.release(tunnel=False)
        return False

    # ------------------------------------------------------------------ reports
    def _lose(self, data: memoryview, from_client: bool) -> None:
        """We cannot follow: from here on this connection is a stream."""
        for exchange in (*self._waiting, self._tunnel):
            if exchange is not None:
                self._done(exchange)
        self._waiting.clear()
        self._tunnel = None
        self._stream = Exchange(next(NUMBERS), "", "stream", {})
        self._stream.sent, self._stream.received = (len(data), 0) if from_client else (0, len(data))
        self._news.append(self._stream)

    def _done(self, exchange: Exchange) -> None:
        exchange.ended = time.time()
        self._news.append(exchange)

    def _report(self) -> None:
        news, self._news = self._news, []
        for exchange in dict.fromkeys(news):
            try:
                line = json.dumps(self._record(exchange), separators=(",", ":")) + "\n"
            except (ValueError, TypeError, RecursionError):
                exchange.request = exchange.response = None
                line = json.dumps(self._record(exchange), separators=(",", ":")) + "\n"
            self._say(line.encode())

    def _record(self, exchange: Exchange) -> dict[str, Any]:
        if not self._client and self._pid:
            self._client = command_of(self._pid)
            self._session = self._session or session_of(self._pid)
        record: dict[str, Any] = {
            "number": exchange.number,
            "method": exchange.method,
            "path": exchange.path,
            "query": screen_query(exchange.query),
            "started": exchange.started,
            "ended": exchange.ended,
            "status": exchange.status,
            "sent": exchange.sent,
            "received": exchange.received,
            "upgrade": exchange.upgrade,
            "pid": self._pid,
            "client": self._client,
            "session": self._session,
            "agent": exchange.agent,
        }
        if exchange.status and exchange.request is not None:
            record["request"] = screen_body(exchange.request.value())
        if exchange.ended is not None and exchange.response is not None:
            response = exchange.response.value()
            record["response"] = screen_body(response)
            record["created"] = created_by(exchange.method, exchange.path, exchange.query, exchange.status, response)
        elif exchange.ended is not None:
            record["created"] = created_by(exchange.method, exchange.path, exchange.query, exchange.status, None)
        return record


def _query(text: str) -> dict[str, str]:
    """A query as a mapping; the values of a repeated key joined by commas."""
    query: dict[str, str] = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        query[key] = f"{query[key]},{value}" if key in query else value
    return query


def caller_of(sock: socket.socket, address: str | bytes = b"") -> int:
    """Process id of the program at the other end of a unix socket, 0 where unknown.

    ``address``: what ``accept`` gave; another wire tells there whom it connects.
    """
    name = address if isinstance(address, str) else address.decode(errors="replace")
    if name.startswith(CALLER):
        pid = name.removeprefix(CALLER).split("-")[0]
        return int(pid) if pid.isdigit() else 0
    try:
        if sys.platform == "darwin":
            return sock.getsockopt(0, 2)  # SOL_LOCAL, LOCAL_PEERPID
        return int(struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0])
    except OSError:
        return 0


def command_of(pid: int) -> str:
    """A process's command line for the screen, "" where unknown."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:  # noqa: PTH123 - pathlib would cost this process its start
            argv = file.read(8192).decode(errors="replace").rstrip("\0").split("\0")
    except OSError:
        return ""
    argv[0] = os.path.basename(argv[0])  # noqa: PTH119
    if argv[0].startswith("docker-") and argv[1:2] == [argv[0].removeprefix("docker-")]:
        argv[0] = "docker"  # a plugin of the client's, called by it: docker-compose compose up
    return screen_client(argv)


def session_of(pid: int) -> int:
    """The leader's process id of the terminal session in which a process runs, 0 where unknown: what runs in the
    learner's terminal is in the session of its shell, what runs in another window is not."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 - as above
            # the program's name may have spaces and brackets; after it: state, parent, group, session
            return max(0, int(file.read(4096).rpartition(b")")[2].split()[3]))
    except (OSError, ValueError, IndexError):
        return 0
