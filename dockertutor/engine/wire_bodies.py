"""Bodies worth keeping, bounded, and what they say about objects that were made."""

from __future__ import annotations

import json
import os
import re
from typing import Any

REQUEST_LIMIT = 64 * 1024
RESPONSE_LIMIT = 256 * 1024
MESSAGES = 200
"""Messages kept of an answer that reports as it goes: the first half and the last half."""

NEVER = re.compile(r"/auth|/(secrets|configs|swarm|session|grpc)(/.*)?|/plugins/.+/set|/.*/archive")
"""Paths whose bodies are never read: logins, secrets, join tokens, a plugin's settings."""
REPORTS = re.compile(r"/images/create|/images/.+/push|/images/load|/build|/events|/plugins/.+|/containers/[^/]+/stats")
"""Paths that answer with one JSON message after the other."""


class Capture:
    """The first ``limit`` bytes of a body; a longer one is given up."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._data: bytearray | None = bytearray()

    def take(self, part: memoryview) -> None:
        if self._data is not None:
            if len(self._data) + len(part) > self._limit:
                self._data = None
            else:
                self._data += part

    def value(self) -> Any:
        """The body's JSON, or None."""
        if not self._data:
            return None
        try:
            return json.loads(self._data)
        except (ValueError, RecursionError):
            return None


class Messages(Capture):
    """An answer of many JSON messages; those that only move a progress bar are left out."""

    def __init__(self) -> None:
        super().__init__(REQUEST_LIMIT)
        self._first: list[Any] = []
        self._last: list[Any] = []
        self._line = bytearray()

    def take(self, part: memoryview) -> None:
        self._line += part
        if b"\n" not in self._line:
            if len(self._line) > self._limit:
                self._line.clear()
            return
        *lines, rest = bytes(self._line).split(b"\n")
        self._line = bytearray(rest)
        for line in lines:
            self._message(line)

    def _message(self, line: bytes) -> None:
        if not line.strip() or len(line) > self._limit:
            return
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            return
        if isinstance(message, dict) and message.get("progressDetail") and "error" not in message:
            return
        if len(self._first) < MESSAGES // 2:
            self._first.append(message)
        else:
            self._last = [*self._last[-(MESSAGES // 2 - 1) :], message]

    def value(self) -> Any:
        """The list of messages; one alone stands for itself (an error, or one round of ``stats``)."""
        if self._line:
            line, self._line = bytes(self._line), bytearray()
            self._message(line)
        messages = self._first + self._last
        return messages[0] if len(messages) == 1 else messages or None


def capture_for(method: str, path: str, content_type: str, *, asked: bool) -> Capture | None:
    """What to keep of a body, or None: only JSON, and nothing of what must not be seen."""
    # `//auth` is sent on to `/auth`, and its body is a login all the same
    clean = "/" + os.path.normpath(path).lstrip("/")
    if NEVER.fullmatch(clean) or "json" not in content_type.lower():
        return None
    if asked:
        return Capture(REQUEST_LIMIT)
    if "json-seq" in content_type or "ndjson" in content_type or (method != "DELETE" and REPORTS.fullmatch(path)):
        return Messages()
    return Capture(RESPONSE_LIMIT)


def created_by(method: str, path: str, query: dict[str, str], status: int, answer: Any) -> list[tuple[str, str]]:
    """``(kind, id)`` of the objects that this call made, as its answer tells. An image is named by its Id where the
    answer has it (build, commit, import), else by its reference (pull, load, tag)."""
    if method != "POST" or not (200 <= status < 300 or (status == 101 and path == "/grpc")):
        return []
    made = answer if isinstance(answer, dict) else {}
    for made_at, kind, key in (
        ("/containers/create", "container", "Id"),
        ("/networks/create", "network", "Id"),
        ("/volumes/create", "volume", "Name"),
        ("/services/create", "service", "ID"),
        ("/commit", "image", "Id"),
    ):
        if path == made_at:
            return [(kind, str(made[key]))] if made.get(key) else []
    if path.startswith("/images/") and path.endswith("/tag") and query.get("repo"):
        return [("image", familiar(f"{query['repo']}:{query.get('tag') or 'latest'}"))]
    if path in ("/build", "/grpc", "/images/create", "/images/load"):
        messages = answer if isinstance(answer, list) else [answer]
        told = (message for message in messages if isinstance(message, dict))
        return list(dict.fromkeys(found for message in told for found in _image(message)))
    return []


def familiar(reference: str) -> str:
    """A reference as people write it: without ``docker.io/library/``."""
    return reference.removeprefix("docker.io/").removeprefix("library/")


def _image(message: dict[str, Any]) -> list[tuple[str, str]]:
    aux = message.get("aux")
    if isinstance(aux, dict) and isinstance(aux.get("ID"), str) and aux["ID"].startswith("sha256:"):
        return [("image", aux["ID"])]
    text = message.get("stream") or message.get("status") or ""
    if not isinstance(text, str):
        return []
    for before in ("Status: Downloaded newer image for ", "Loaded image: ", "Loaded image ID: "):
        if text.startswith(before):
            return [("image", familiar(text.removeprefix(before).strip()))]
    if re.fullmatch(r"sha256:[0-9a-f]{64}\s*", text):  # docker import
        return [("image", text.strip())]
    return []
