"""An engine of a few lines, for what set-up asks of one that refuses, or breaks off: a real one cannot be made to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer


class PlainEngine(ThreadingMixIn, UnixStreamServer):
    """Listens at a unix socket. ``tags``: the images that it has. ``pull``: what it does when it is asked for one."""

    daemon_threads = True

    def __init__(self, path: Path, pull: Callable[[Answer], None]) -> None:
        super().__init__(str(path), Answer)
        self.url, self.pull = f"unix://{path}", pull
        self.tags: list[str] = []
        self.loaded: list[bytes] = []


class Answer(BaseHTTPRequestHandler):
    """One call."""

    server: PlainEngine

    def json(self, value: object, status: int = 200) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Api-Version", "1.41")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        images = [{"Id": f"sha256:{tag}", "RepoTags": [tag]} for tag in self.server.tags]
        self.json({"/_ping": "OK", "/info": {"ID": "plain"}, "/images/json": images}[self.path])

    def do_POST(self) -> None:
        if self.path.startswith("/images/create"):
            self.server.pull(self)
        else:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.loaded.append(body)
            self.json({"stream": f"Loaded image: {body.decode()}"})

    def log_message(self, *_: object) -> None:
        """Nothing is noted."""

    def address_string(self) -> str:
        return "a unix socket"


@contextmanager
def plain_engine(path: Path, pull: Callable[[Answer], None]) -> Iterator[PlainEngine]:
    """One that listens until the end of the block."""
    with PlainEngine(path, pull) as engine:
        thread = threading.Thread(target=engine.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield engine
        finally:
            engine.shutdown()
            thread.join()
