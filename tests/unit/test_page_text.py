"""Looking at a page of a container that does what it likes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dockertutor.engine.published import page
from dockertutor.tutor.page_text import LIMIT, _whole_tags, fetch, to_text


class Hostile(BaseHTTPRequestHandler):
    """Sends on, sends without end, sends a drop at a time."""

    def do_GET(self) -> None:
        ways = {
            "/away": "http://127.0.0.2:1/",
            "/file": "file:///etc/passwd",
            "/ftp": "ftp://127.0.0.1/x",
            "/dir": "/dir/",
            "/round": "/round",
        }
        if where := ways.get(self.path):
            self.send_response(302)
            self.send_header("Location", where)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=nonsense")
        if self.path != "/heads":
            self.end_headers()
        try:
            if self.path == "/heads":
                self.flush_headers()
                for number in range(100):
                    self.wfile.write(f"X-{number}: y\r\n".encode())
                    time.sleep(0.05)
            elif self.path == "/drops":
                for _ in range(100):
                    self.wfile.write(b".")
                    time.sleep(0.05)
            elif self.path == "/huge":
                for _ in range(100):
                    self.wfile.write(b"x" * 65536)
            else:
                self.wfile.write(b"here")
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hostile)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("path", ["/away", "/file", "/ftp"])
def test_a_page_sends_nobody_to_another_host(address: str, path: str) -> None:
    found = fetch(address + path)
    assert not found.ok
    assert "sends you on" in found.what


def test_a_page_sends_nobody_in_circles(address: str) -> None:
    assert "in circles" in fetch(address + "/round").what


def test_a_head_that_comes_in_drops_holds_nobody_up(address: str) -> None:
    assert fetch(address + "/heads", timeout=0.3).what.startswith("No answer")
    assert page("127.0.0.1", int(address.rpartition(":")[2]), "/heads", deadline=0.3) is None


def test_a_judged_page_is_read_in_part(address: str) -> None:
    port = int(address.rpartition(":")[2])
    for path in ("/huge", "/drops"):
        answer = page("127.0.0.1", port, path, deadline=0.3)
        assert answer is not None
        assert 0 < len(answer.body) <= 65536
    away = page("127.0.0.1", port, "/away")
    assert away is not None
    assert away.status == 302
    assert page("127.0.0.1", 99999) is None
    assert page("127.0.0.1", port, "/a\r\nX-Evil: 1") is None


def test_a_page_may_send_on_within_its_host(address: str) -> None:
    assert fetch(address + "/dir").text == "here"


def test_a_page_without_an_end_is_read_in_part(address: str) -> None:
    assert len(fetch(address + "/huge").text) == LIMIT
    assert 0 < len(fetch(address + "/drops", timeout=0.3).text) < 50


@pytest.mark.parametrize(
    "wrong",
    ["file:///etc/passwd", "ftp://x/", "javascript:1", "", "http://", "http://[", "http://x y/", "http://127.0.0.1:x/"],
)
def test_only_addresses_of_pages_are_opened(wrong: str) -> None:
    assert not fetch(wrong).ok


def test_a_broken_page_says_what_can_be_read() -> None:
    assert to_text("<title>t</title><p>here<![x<p>there").text == "here<![x\nthere"
    assert to_text("<p>here<![>there<!x[>").text in ("here", "herethere")  # as the Python here reads it
    assert to_text("<!-- a > b --><p>1 < 2 <p>3").text == "1 < 2\n3"


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<a href='", '<a b="', '<a b=">', "</", "<?", "<!DOCTYPE ["])
def test_a_page_of_broken_tags_is_read_at_once(piece: str) -> None:
    assert to_text((piece * LIMIT)[:LIMIT]).ok  # its parser alone would take half a minute for some of them
    if ">" not in piece:
        assert "<" not in _whole_tags(piece * 100)
    assert to_text("<p>here<![CDATA[<!DOCTYPE [ <!-- &#27;]52;c;x&#7; <b").ok
