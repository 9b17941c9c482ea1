"""HTML as text, with the standard library's parser: what a page says, and nothing that it could do."""

from __future__ import annotations

import contextlib
import re
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from http.client import HTTPResponse

LIMIT = 64 * 1024
"""Bytes of a page that are read."""
LONGEST_TAG = 4096
MOST_HOPS = 5
"""How often a page may send its reader on."""
_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt footer form h1 h2 h3 h4 h5 h6 header hr li main "  # noqa: SIM905
    "nav ol p pre section table tr ul".split()
)
_SILENT = frozenset(("script", "style", "template", "noscript", "svg"))


@dataclass(frozen=True)
class Page:
    """``ok``: the page was answered. ``what``: one sentence, where it was not."""

    ok: bool
    title: str = ""
    text: str = ""
    what: str = ""


def fetch(address: str, timeout: float = 5.0) -> Page:
    """Get ``address`` and return what it says. Blocks: call it in a thread."""
    import http.client
    import socket

    if not address.startswith(("http://", "https://")):
        return Page(False, what="This is not the address of a web page.")
    try:
        answer, raw = _followed(address, timeout)
    except _Elsewhere as elsewhere:
        return Page(False, what=f"The page sends you on to {elsewhere}, and this pane goes nowhere else.")
    except ConnectionRefusedError:
        return Page(False, what="Nobody answers at this address.")
    except TimeoutError:
        return Page(False, what=f"No answer within {timeout:.0f} seconds.")
    except socket.gaierror:
        return Page(False, what="No computer is known by the name in this address.")
    except (OSError, ValueError, http.client.HTTPException) as error:
        return Page(False, what=f"The page could not be read: {error}.")
    if answer.status >= 400:
        return Page(False, what=f"The server answered with status {answer.status}: {answer.reason}.")
    kind = answer.headers.get_content_type()
    charset = answer.headers.get_content_charset() or "utf-8"
    try:
        text = raw.decode(charset, "replace")
    except LookupError:
        text = raw.decode("utf-8", "replace")
    return to_text(text) if kind in ("text/html", "application/xhtml+xml") else Page(True, text=_tidy(text))


class _Elsewhere(Exception):
    """The page is at another host."""


def _followed(address: str, timeout: float) -> tuple[HTTPResponse, bytes]:
    """The answer at the end of the way. A page of a container may send its reader on, but to no other host: what
    stands there is nobody's lesson."""
    import http.client
    from urllib.parse import urljoin, urlsplit

    from dockertutor.engine.published import asked, reached_as

    end = time.monotonic() + timeout
    host = urlsplit(address).hostname
    for _ in range(MOST_HOPS):
        there = urlsplit(address)
        if there.scheme not in ("http", "https") or not host or there.hostname != host:
            raise _Elsewhere(address)
        connection = http.client.HTTPSConnection if there.scheme == "https" else http.client.HTTPConnection
        left = max(0.1, end - time.monotonic())
        link = connection(reached_as(host), there.port, timeout=left)
        path = (there.path or "/") + (f"?{there.query}" if there.query else "")
        answer, raw = asked(link, path, (), deadline=left, bound=LIMIT)
        where = answer.headers.get("Location")
        if answer.status not in (301, 302, 303, 307, 308) or not where:
            return answer, raw
        address = urljoin(address, where)
    raise ValueError("it sends you in circles")


def to_text(source: str) -> Page:
    """The words of an HTML document, one line for each block."""
    reader = _Reader()
    with contextlib.suppress(AssertionError):  # how the parser says that a declaration is broken: the rest is left out
        reader.feed(_whole_tags(source))
        reader.close()
    return Page(True, " ".join("".join(reader.title).split()), _tidy("".join(reader.out)))


def _whole_tags(source: str) -> str:
    """The source without comments, and with every ``<`` that begins no whole tag as a sign: the parser looks for the
    end of each to the end of the page, so that 64 kB of ``<a `` would hold everything up for half a minute."""
    kept: list[str] = []
    at = 0
    while (start := source.find("<!--", at)) >= 0:
        kept.append(source[at:start])
        end = source.find("-->", start + 4)
        at = end + 3 if end >= 0 else len(source)
    first, *rest = ("".join(kept) + source[at:]).split("<")
    return first + "".join(f"<{one}" if ">" in one[:LONGEST_TAG] else f"&lt;{one}" for one in rest)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.title: list[str] = []
        self._silent = 0
        self._in_title = False
        self._pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        self._in_title = self._in_title or tag == "title"
        self._pre += tag == "pre"
        if tag in _BLOCKS:
            self.out.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        self._in_title = self._in_title and tag != "title"
        self._pre = max(0, self._pre - (tag == "pre"))
        if tag in _BLOCKS:
            self.out.append("\n")

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._in_title:
            self.title.append(data)
        else:
            self.out.append(data if self._pre else re.sub(r"\s+", " ", data))


def _tidy(text: str) -> str:
    rows = [row.rstrip() for row in text.replace("\r", "").split("\n")]
    kept = [row.strip() if not row.startswith("  ") else row for row in rows]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")
