"""A server with a certificate that only an authority of its own vouches for, as a network's proxy has one."""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ASKED: list[str] = []
"""Paths that clients have asked the server for: only who trusts it gets as far as that."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        ASKED.append(self.path)


class _Server(ThreadingHTTPServer):
    def handle_error(self, *args: object) -> None:
        """A client that does not trust us breaks off; that is its right."""


@contextmanager
def serving(folder: Path, work: Path) -> Iterator[tuple[str, Path]]:
    """Serve ``folder``; the address, and the file of the authority, which like the key is made in ``work``."""
    ASKED.clear()
    authority, key = work / "authority.pem", work / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    made = [*command, "-days", "2", "-keyout", str(key), "-out", str(authority), *subject]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, key)
    with _Server(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"https://localhost:{server.server_port}", authority
        finally:
            server.shutdown()
            thread.join()
