"""One API call as text: its words, its path, its bodies, and the curl line that makes it again."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any
from urllib.parse import quote, urlencode

from dockertutor.facts import Call
from dockertutor.tutor.call_words import row_of

TELLING = frozenset(("EnableIPv4", "Init", "MaxAttempts", "Parallelism", "Replicas", "StopTimeout"))
"""Fields that say something even with 0 or false: left out, the engine would take a value of its own."""
SETS = frozenset(("ExposedPorts", "Mode", "Volumes"))
"""Fields whose keys say it all, though what stands under them is empty: ``{"80/tcp": {}}``."""
REPEATED = frozenset(("names", "t"))
"""Keys of a query that stand there once for each image; the wire has joined them by commas."""
ARCHIVES = re.compile(r"/build|/images/(load|create)|/.*/archive")
"""Paths to which an archive is sent."""


def words(call: Call) -> str:
    """What the call does, in a few plain words: "make a container"."""
    return row_of(call).does


def sentence(call: Call) -> str:
    """One or two sentences for the opened call: "The engine makes the box. It does not run yet."."""
    return row_of(call).sentence


def short_path(call: Call) -> str:
    """The path with Ids cut to four figures: ``/containers/3f9c…/wait``."""
    parts = printable(call.path).split("/")
    return "/".join(f"{part[:4]}…" if len(part) >= 32 and _is_hex(part) else part for part in parts)


def readable(value: Any, *, asked: bool = False) -> Any:
    """A body without what says nothing (null, "", [], {}), its texts `printable`. ``asked``: it is a request's, where
    false and 0 say nothing either: the client sends a long form in which almost all is left empty."""
    return _printable_body(_pruned(value, asked=asked))


def printable(text: str) -> str:
    """A text without control characters: what comes from a client must not steer a terminal."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _printable_body(value: Any) -> Any:
    if isinstance(value, dict):
        return {printable(key): _printable_body(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_printable_body(part) for part in value]
    return "\n".join(map(printable, value.split("\n"))) if isinstance(value, str) else value


def _pruned(value: Any, *, asked: bool, keys: bool = False) -> Any:
    """``keys``: what stands under its keys may be empty, the keys are what is said."""
    if isinstance(value, dict):
        pruned = {
            key: _pruned(part, asked=asked, keys=key in SETS) for key, part in value.items() if key != "ConsoleSize"
        }
        return {key: part for key, part in pruned.items() if keys or not _empty(part, asked and key not in TELLING)}
    if isinstance(value, list):
        return [_pruned(part, asked=asked) for part in value]
    return value


def _empty(value: Any, asked: bool) -> bool:
    if isinstance(value, (bool, int, float)):
        return asked and not value
    return value is None or value in ("", [], {})


def curl_line(call: Call, socket: str) -> str:
    """A line for the shell that makes the same call through the unix socket at ``socket``. Always one line, with
    nothing in it that a shell or a terminal would take for more than text."""
    path = quote(call.path, safe="/:@-._~%")
    pairs = [
        (key, part) for key, value in call.query.items() for part in (value.split(",") if key in REPEATED else [value])
    ]
    query = f"?{urlencode(pairs)}" if pairs else ""
    parts = ["curl", "--unix-socket", shlex.quote(socket)]
    if call.method == "HEAD":
        parts.append("-I")
    elif call.method != "GET":
        parts += ["-X", call.method]
    if call.upgrade or call.path in ("/events", "/images/create", "/build") or "follow" in call.query:
        parts.append("-N")
    if call.request is not None and call.method != "HEAD":
        body = json.dumps(_pruned(call.request, asked=True), separators=(",", ":"))
        parts += ["-H", shlex.quote("Content-Type: application/json"), "-d", shlex.quote(body)]
    elif call.sent and not call.upgrade and call.method in ("POST", "PUT"):
        kind, file = ("x-tar", "archive.tar") if ARCHIVES.fullmatch(call.path) else ("json", "body.json")
        parts += ["-H", shlex.quote(f"Content-Type: application/{kind}"), "--data-binary", f"@{file}"]
    elif call.method == "GET" and call.path.endswith(("/archive", "/export", "/get")):
        parts += ["-o", "archive.tar"]
    parts.append(shlex.quote(f"http://localhost{path}{query}"))
    return " ".join(parts)


def _is_hex(text: str) -> bool:
    return all(sign in "0123456789abcdef" for sign in text)
