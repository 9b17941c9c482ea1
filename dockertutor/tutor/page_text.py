"""HTML as text, with the standard library's parser: what a page says, and nothing that it could do."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

LIMIT = 64 * 1024
"""Bytes of a page that are read."""
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
    import urllib.error
    import urllib.request

    if not address.startswith(("http://", "https://")):
        return Page(False, what="This is not the address of a web page.")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _same_host())
    end = time.monotonic() + timeout
    try:
        with opener.open(address, timeout=timeout) as answer:
            raw = bytearray()
            while len(raw) < LIMIT and time.monotonic() < end and (piece := answer.read1(LIMIT - len(raw))):
                raw += piece
            kind = answer.headers.get_content_type()
            charset = answer.headers.get_content_charset() or "utf-8"
    except urllib.error.HTTPError as error:
        with error:
            return Page(False, what=f"The server answered with status {error.code}: {error.reason}.")
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ConnectionRefusedError):
            return Page(False, what="Nobody answers at this address.")
        if isinstance(reason, TimeoutError):
            return Page(False, what=f"No answer within {timeout:.0f} seconds.")
        return Page(False, what=f"The page could not be read: {reason}.")
    try:
        text = raw.decode(charset, "replace")
    except LookupError:
        text = raw.decode("utf-8", "replace")
    return to_text(text) if kind in ("text/html", "application/xhtml+xml") else Page(True, text=_tidy(text))


def _same_host() -> Any:
    """A page of a container may send the reader on, but to no other host: what stands there is nobody's lesson."""
    import urllib.request
    from urllib.parse import urlsplit

    class SameHost(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
            there = urlsplit(newurl)
            if there.scheme not in ("http", "https") or there.hostname != urlsplit(req.full_url).hostname:
                raise urllib.error.URLError(f"it sends you on to {newurl}")
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    return SameHost()


def to_text(source: str) -> Page:
    """The words of an HTML document, one line for each block."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return Page(True, " ".join("".join(reader.title).split()), _tidy("".join(reader.out)))


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
