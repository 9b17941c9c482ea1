"""The relay's ends: plain sockets and TLS, all non-blocking, with one small vocabulary (`Link`)."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import ssl

IN, OUT = select.POLLIN, select.POLLOUT


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
            size = min(len(room), len(self._kept))
            room[:size] = self._kept[:size]
            self._kept = self._kept[size:]
            self.buffered = True  # only another read can tell
            return size
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
            while waiting := self._tls.read(64 * 1024):
                self._kept += waiting
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
