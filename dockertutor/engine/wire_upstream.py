"""The relay's ends: plain sockets and TLS, all non-blocking, with one small vocabulary (`Link`)."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import ssl

IN, OUT = select.POLLIN, select.POLLOUT
CALLER = "\0dockertutor-wire-"
"""A wire that connects to another wire tells the client's process id in its socket's (abstract) name."""


class UpstreamError(Exception):
    """The engine's address cannot be connected to; the text is for the learner."""


class Link(Protocol):
    """One end of a connection. ``recv_into`` and ``send`` raise BlockingIOError when they would have to wait."""

    @property
    def recv_into(self) -> Callable[..., int]: ...
    @property
    def send(self) -> Callable[..., int]: ...
    @property
    def buffered(self) -> bool:
        """Whether bytes wait inside that no poll will announce."""
        ...

    @property
    def unsent(self) -> bool:
        """Whether bytes wait inside to be written."""
        ...

    def fileno(self) -> int: ...
    def connecting(self) -> int:
        """Go on connecting: what to be woken for, or 0 when it stands. Raises OSError when it failed."""
        ...

    def shut(self) -> None:
        """Say that no more will be sent."""
        ...

    def shut_reading(self) -> None:
        """Say that no more will be read: whoever writes to it learns it."""
        ...

    def setsockopt(self, level: int, option: int, value: int) -> None: ...
    def close(self) -> None: ...


class PlainLink:
    """A socket as it is."""

    __slots__ = ("buffered", "recv_into", "send", "sock", "unsent")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.recv_into: Callable[..., int] = sock.recv_into
        self.send: Callable[..., int] = sock.send
        self.buffered = False
        self.unsent = False

    def fileno(self) -> int:
        return self.sock.fileno()

    def connecting(self) -> int:
        code = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code))
        try:
            self.sock.getpeername()
        except OSError as error:
            if error.errno == errno.ENOTCONN:
                return OUT
            raise
        return 0

    def shut(self) -> None:
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError as error:
            if error.errno != errno.ENOTCONN:
                raise

    def shut_reading(self) -> None:
        self.sock.shutdown(socket.SHUT_RD)

    def setsockopt(self, level: int, option: int, value: int) -> None:
        self.sock.setsockopt(level, option, value)

    def close(self) -> None:
        self.sock.close()


class TlsLink:
    """TLS over a non-blocking socket. Memory BIOs, so that its end of sending (close_notify) leaves reading open."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext, name: str) -> None:
        import ssl

        self._ssl = ssl
        self._plain = PlainLink(sock)
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=name)
        self._stands = False
        self._cipher = b""
        self._kept = b""  # decrypted before our close_notify went out, to be read yet
        self._room = bytearray(64 * 1024)
        self.buffered = False
        self.unsent = False

    def fileno(self) -> int:
        return self._plain.fileno()

    def connecting(self) -> int:
        if not self._stands:
            wanted = self._plain.connecting()
            if wanted:
                return wanted
            self._stands = True
        while True:
            try:
                self._tls.do_handshake()
            except self._ssl.SSLWantReadError:
                self._push()
                if self.unsent:
                    return IN | OUT
                try:
                    self._pull()
                except BlockingIOError:
                    return IN
            else:
                self._push()
                self.buffered = bool(self._in.pending)
                return 0

    def recv_into(self, room: bytearray) -> int:
        if self._kept:
            count = min(len(room), len(self._kept))
            room[:count] = self._kept[:count]
            self._kept = self._kept[count:]
            self.buffered = True  # only another read can tell
            return count
        while True:
            try:
                count = self._tls.read(len(room), room)
            except self._ssl.SSLWantReadError:
                self.buffered = False
                self._push()
                self._pull()
            except (self._ssl.SSLZeroReturnError, self._ssl.SSLEOFError):
                self.buffered = False
                return 0
            else:
                # More may have been decrypted, or wait encrypted: only another read can tell.
                self.buffered = bool(self._tls.pending() or self._in.pending)
                return int(count)

    def send(self, data: bytes | memoryview) -> int:
        if self.unsent:
            self._push()
            if self.unsent:
                raise BlockingIOError
        if not data:
            return 0
        count = self._tls.write(data[: 64 * 1024])
        self._push()
        return count

    def _push(self) -> None:
        """Write what has been encrypted."""
        while True:
            if not self._cipher:
                self._cipher = self._out.read()
            if not self._cipher:
                self.unsent = False
                return
            try:
                self._cipher = self._cipher[self._plain.send(self._cipher) :]
            except BlockingIOError:
                self.unsent = True
                return

    def _pull(self) -> None:
        """Read what is to be decrypted."""
        count = self._plain.recv_into(self._room)
        if count:
            self._in.write(memoryview(self._room)[:count])
        else:
            self._in.write_eof()

    def shut(self) -> None:
        # What waits to be decrypted comes first: after our close_notify, OpenSSL would take it for an error.
        with contextlib.suppress(self._ssl.SSLError):
            while part := self._tls.read(64 * 1024):
                self._kept += part
        with contextlib.suppress(self._ssl.SSLError):  # it waits for the other end's, which may come much later
            self._tls.unwrap()
        self.buffered = bool(self._kept)
        self._push()

    def shut_reading(self) -> None:
        self._plain.shut_reading()

    def setsockopt(self, level: int, option: int, value: int) -> None:
        self._plain.setsockopt(level, option, value)

    def close(self) -> None:
        self._plain.close()


class Upstream:
    """Where the engine is. ``url`` is what is named in messages."""

    def __init__(self, url: str) -> None:
        self.url = url

    def open(self, client: int = 0) -> Link:
        """Begin a connection for the client process ``client``. Raises BlockingIOError (try again soon) or
        UpstreamError."""
        raise NotImplementedError

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
        self._chained = self._path.endswith("/wire.sock") and sys.platform == "linux"

    def open(self, client: int = 0) -> Link:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.setblocking(False)
        try:
            if client and self._chained:
                with contextlib.suppress(OSError):
                    sock.bind(f"{CALLER}{client}-{os.urandom(6).hex()}")
            sock.connect(self._path)
        except BlockingIOError:  # the engine's queue of new connections is full
            sock.close()
            raise
        except OSError as error:
            sock.close()
            raise UpstreamError(self.why(error)) from None
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1024 * 1024)
        return PlainLink(sock)


class TcpUpstream(Upstream):
    """``tcp://HOST:PORT``, with TLS when ``tls`` gives CA, certificate and key paths."""

    def __init__(self, url: str, host: str, port: int, tls: Sequence[str]) -> None:
        super().__init__(url)
        self._host, self._port = host, port
        self._found: list[Any] = []
        self._tls = self._context(tls) if tls else None

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
            raise UpstreamError(self.why(error)) from None
        if code not in (0, errno.EINPROGRESS):
            sock.close()
            raise UpstreamError(self.why(OSError(code, os.strerror(code))))
        return TlsLink(sock, self._tls, self._host) if self._tls else PlainLink(sock)

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
