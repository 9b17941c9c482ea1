"""Looks at published ports of the engine's host: pages, and a registry's HTTP API. No proxy, no redirects followed."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import threading
from collections.abc import Iterable

from dockertutor.facts import HttpAnswer

BOUND = 65536
MANIFESTS = (
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
)
"""All kinds of manifest that engines push: who asks a registry for others gets another digest, or none."""


def page(
    host: str,
    port: int,
    path: str = "/",
    headers: Iterable[tuple[str, str]] = (),
    *,
    deadline: float = 3.0,
    bound: int = BOUND,
    method: str = "GET",
) -> HttpAnswer | None:
    """``GET http://HOST:PORT/PATH`` (or another ``method``), or None where nobody answers in HTTP within ``deadline``
    seconds."""
    if not re.fullmatch(r"/[!-~]*", path):
        return None
    link = http.client.HTTPConnection(reached_as(host), port, timeout=deadline)
    try:
        answer, body = asked(link, path, headers, deadline=deadline, bound=bound, method=method)
    except (OSError, http.client.HTTPException, ValueError, OverflowError):
        return None
    named = {name.lower(): value for name, value in answer.getheaders()}
    return HttpAnswer(answer.status, named, body.decode("utf-8", "replace"))


def reached_as(host: str) -> str:
    """``host``, or 127.0.0.1 for localhost on a machine that has no such name: a bare one without /etc/hosts."""
    if host == "localhost":
        try:
            socket.getaddrinfo(host, 80)
        except OSError:
            return "127.0.0.1"
    return host


def asked(
    link: http.client.HTTPConnection,
    path: str,
    headers: Iterable[tuple[str, str]],
    *,
    deadline: float,
    bound: int,
    method: str = "GET",
) -> tuple[http.client.HTTPResponse, bytes]:
    """The answer to one request and the first ``bound`` bytes of its body, as far as they come within ``deadline``
    seconds.

    Timeouts of sockets begin anew with every byte, so that a container that sends one now and then would be waited for
    for ever: at the deadline the connection is shut from another thread. Raises OSError, HTTPException, ValueError.
    """
    timer, late = None, threading.Event()
    try:
        link.connect()
        timer = threading.Timer(deadline, _shut, (link.sock, late))
        timer.daemon = True
        timer.start()
        link.request(method, path, headers={"Connection": "close", **dict(headers)})
        answer = link.getresponse()
        if late.is_set():  # a head that was cut off looks like a short one
            raise TimeoutError
        body = bytearray()
        with contextlib.suppress(OSError, http.client.HTTPException):
            while len(body) < bound and (chunk := answer.read1(min(16384, bound - len(body)))):
                body += chunk
        return answer, bytes(body)
    finally:
        if timer is not None:
            timer.cancel()
        link.close()


def _shut(door: socket.socket, late: threading.Event) -> None:
    late.set()
    with contextlib.suppress(OSError):
        door.shutdown(socket.SHUT_RDWR)


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


def registry_digest(host: str, port: int, repository: str, tag: str, *, deadline: float = 3.0) -> str | None:
    """``HEAD /v2/REPOSITORY/manifests/TAG``: its Docker-Content-Digest, or None where there is none."""
    if not re.fullmatch(r"\w[\w.-]{0,127}", tag, re.ASCII):
        return None
    path, kinds = f"/v2/{repository}/manifests/{tag}", [("Accept", ", ".join(MANIFESTS))]
    answer = page(host, port, path, kinds, deadline=deadline, method="HEAD")
    return answer.headers.get("docker-content-digest") if answer is not None and answer.status == 200 else None
