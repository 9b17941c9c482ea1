"""Where the engine is: connections to it over a unix socket, TCP or TLS."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dockertutor.engine.wire_door import DOOR
from dockertutor.engine.wire_link import Link, PlainLink, TlsLink

if TYPE_CHECKING:
    import ssl

CALLER = "\0dockertutor-wire-"
"""A wire that connects to another wire tells the client's process id in its socket's (abstract) name, and one that only
looks whether the engine is there says so."""


class UpstreamError(Exception):
    """The engine's address cannot be connected to; the text is for the learner."""


class NobodyListens(UpstreamError):
    """There is no socket, or it refuses: no engine runs there."""


class Upstream:
    """Where the engine is. ``url`` is what is named in messages; ``held``: whether an idle connection may stay;
    ``patience``: seconds between two looks whether it has come back; ``near``: whether a look is over at once.
    """

    held = near = True
    patience = 0.02

    def __init__(self, url: str) -> None:
        self.url = url

    def open(self, client: int = 0) -> Link:
        """Begin a connection for the client process ``client``. Raises BlockingIOError (try again soon) or
        UpstreamError."""
        raise NotImplementedError

    def look(self) -> Link:
        """Begin a connection that only shows whether the engine is there. Raises as `open` does."""
        return self.open()

    def fault(self, error: OSError) -> UpstreamError:
        """What to raise for a connection that failed."""
        gone = isinstance(error, (ConnectionRefusedError, FileNotFoundError))
        return (NobodyListens if gone else UpstreamError)(self.why(error))

    def why(self, error: OSError) -> str:
        """The sentence for a client whose connection to the engine failed: as near to Docker's own as can be."""
        if isinstance(error, PermissionError):
            return f"permission denied while trying to connect to the Docker daemon socket at {self.url}"
        detail = "" if isinstance(error, (ConnectionRefusedError, FileNotFoundError)) else f" ({error})"
        return f"Cannot connect to the Docker daemon at {self.url}. Is the docker daemon running?{detail}"


class UnixUpstream(Upstream):
    """``unix:///PATH``."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._path = url.removeprefix("unix://")
        self._chained = self._path.endswith(f"/{DOOR}")

    def open(self, client: int = 0) -> Link:
        return self._connect(str(client) if client and self._chained else "")

    def look(self) -> Link:
        return self._connect("lookout")

    def _connect(self, name: str) -> Link:
        try:
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        except OSError as error:  # no file is left to open: one will be when a client has gone
            raise BlockingIOError from error
        sock.setblocking(False)
        try:
            if name and sys.platform == "linux":
                with contextlib.suppress(OSError):
                    sock.bind(f"{CALLER}{name}-{os.urandom(6).hex()}")
            sock.connect(self._path)
        except BlockingIOError:  # the engine's queue of new connections is full
            sock.close()
            raise
        except OSError as error:
            sock.close()
            raise self.fault(error) from None
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1024 * 1024)
        return PlainLink(sock)


class TcpUpstream(Upstream):
    """``tcp://HOST:PORT``, with TLS when ``tls`` gives CA, certificate and key paths."""

    near = False
    patience = 0.25

    def __init__(self, url: str, host: str, port: int, tls: Sequence[str]) -> None:
        super().__init__(url)
        self._host, self._port = host, port
        self._found: list[Any] = []
        self._tls = self._context(tls) if tls else None
        self.held = self._tls is None  # an engine notes each connection that ends without having shaken hands

    @staticmethod
    def _context(tls: Sequence[str]) -> ssl.SSLContext:
        import ssl

        ca, certificate, key, verify = tls
        context = ssl.create_default_context(cafile=ca or None)
        if verify != "verify":
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if certificate:
            context.load_cert_chain(certificate, key or None)
        return context

    def open(self, client: int = 0) -> Link:
        sock = self._connect()
        return TlsLink(sock, self._tls, self._host) if self._tls else PlainLink(sock)

    def look(self) -> Link:
        return PlainLink(self._connect())

    def _connect(self) -> socket.socket:
        try:
            if not self._found:
                self._found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
            family, kind, protocol, _name, address = self._found[0]
            sock = socket.socket(family, kind, protocol)
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            code = sock.connect_ex(address)
        except OSError as error:
            self._found = []
            raise self.fault(error) from None
        if code not in (0, errno.EINPROGRESS):
            sock.close()
            raise self.fault(OSError(code, os.strerror(code)))
        return sock

    def why(self, error: OSError) -> str:
        self._found = self._found[1:]  # the next try takes the host's next address, then asks for them anew
        return super().why(error)


def parse_upstream(url: str, tls: Sequence[str] = ()) -> Upstream:
    """The engine behind ``url``. ``tls``: ``(CA, CERT, KEY, "verify"|"trust")`` paths, "" where there is none.

    Raises UpstreamError with one sentence for what the relay cannot reach.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "unix":
        return UnixUpstream(url)
    if scheme == "fd":
        return UnixUpstream("unix:///var/run/docker.sock")
    if scheme in ("tcp", "http", "https"):
        place = rest.split("/", 1)[0]
        host, _, port = place.rpartition(":")
        if not port.isdigit():
            host, port = place, "2376" if tls or scheme == "https" else "2375"
        if scheme == "https" and not tls:
            tls = ("", "", "", "verify")
        return TcpUpstream(url, host.strip("[]") or "localhost", int(port), tls)
    if scheme == "ssh":
        raise UpstreamError("API calls over ssh:// cannot be shown yet: the tutor works without them there.")
    if scheme == "npipe":
        raise UpstreamError("API calls over a named pipe cannot be shown yet: the tutor works without them there.")
    raise UpstreamError(f"API calls to {url} cannot be shown: its address is of no known kind.")
