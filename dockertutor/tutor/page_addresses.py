"""Which pages a front end offers to look at: those that a task names, and those that the learner's containers serve."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from dockertutor.tutor.engine_view import Panel

_HERE = frozenset(("127.0.0.1", "::1"))
"""What `localhost` is called as well."""


def page_addresses(named: Iterable[str], panel: Panel) -> tuple[str, ...]:
    """The addresses that the task names, then one for each TCP port that a running container of this lesson
    publishes; each page once."""
    found: dict[tuple[str, ...], str] = {}
    for address in (*named, *_published(panel)):
        found.setdefault(_place(address), address)
    return tuple(found.values())


def _published(panel: Panel) -> list[str]:
    """Only TCP can serve a page: a port of another transport is written as `53 → 53/udp`."""
    rows = [row for row in panel.rows if row.kind == "container" and row.state == "running"]
    pairs = [pair.partition(" → ") for row in rows for pair in row.ports.split(", ")]
    return [f"http://localhost:{outside}" for outside, _, inside in pairs if outside.isdecimal() and "/" not in inside]


def _place(address: str) -> tuple[str, ...]:
    """What makes two addresses one page."""
    try:
        parts = urlsplit(address)
        port = str(parts.port or {"https": 443}.get(parts.scheme, 80))
    except ValueError:  # a lesson's text may name what is no address
        return (address,)
    host = parts.hostname or ""
    return (parts.scheme, "localhost" if host in _HERE else host, port, parts.path or "/", parts.query)
