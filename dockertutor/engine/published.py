"""Looks at published ports of the engine's host: pages, and a registry's HTTP API. No proxy, no redirects followed."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Iterable

from dockertutor.facts import HttpAnswer

BOUND = 65536


def page(
    host: str,
    port: int,
    path: str = "/",
    headers: Iterable[tuple[str, str]] = (),
    *,
    deadline: float = 3.0,
    bound: int = BOUND,
) -> HttpAnswer | None:
    """``GET http://HOST:PORT/PATH``, or None where nobody answers in HTTP within ``deadline`` seconds."""
    if not re.fullmatch(r"/[!-~]*", path):
        return None
    end = time.monotonic() + deadline
    link = http.client.HTTPConnection(host, port, timeout=deadline)
    try:
        link.request("GET", path, headers={"Connection": "close", **dict(headers)})
        answer = link.getresponse()
        body = bytearray()
        while len(body) < bound and time.monotonic() < end:
            if link.sock is not None:
                link.sock.settimeout(max(0.05, end - time.monotonic()))
            chunk = answer.read1(min(16384, bound - len(body)))
            if not chunk:
                break
            body += chunk
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        link.close()
    named = {name.lower(): value for name, value in answer.getheaders()}
    return HttpAnswer(answer.status, named, bytes(body).decode("utf-8", "replace"))


def registry_tags(host: str, port: int, repository: str, *, deadline: float = 3.0) -> tuple[str, ...] | None:
    """``GET /v2/REPOSITORY/tags/list``, or None where the registry or the repository does not answer."""
    answer = page(host, port, f"/v2/{repository}/tags/list", deadline=deadline, bound=1 << 20)
    if answer is None or answer.status != 200:
        return None
    try:
        tags = json.loads(answer.body).get("tags")
    except (ValueError, AttributeError):
        return None
    return tuple(str(tag) for tag in tags or ())
