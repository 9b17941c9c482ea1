"""The network of a cold machine: an HTTP proxy outside, reached through a unix socket from inside.

A fresh root runs in a network namespace with loopback only, so that its `dockerd` meets no other. Packages still have
to come: `serve` answers proxy requests on a unix socket out here, `relay` makes them reachable as 127.0.0.1:PORT in
there. (So a cold run also proves that http_proxy and https_proxy are honoured.)
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path
from urllib.parse import urlsplit

PORT = 3128


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


async def _join(
    a: tuple[asyncio.StreamReader, asyncio.StreamWriter], b: tuple[asyncio.StreamReader, asyncio.StreamWriter]
) -> None:
    await asyncio.gather(_pipe(a[0], b[1]), _pipe(b[0], a[1]))
    for writer in (a[1], b[1]):
        writer.close()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One proxy request: CONNECT is a tunnel; anything else is passed on with the connection closed after it."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        first, _, rest = head.partition(b"\r\n")
        method, target, version = first.decode().split(" ")
        if method == "CONNECT":
            host, _, port = target.rpartition(":")
            upstream = await asyncio.open_connection(host, int(port))
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        else:
            parts = urlsplit(target)
            upstream = await asyncio.open_connection(parts.hostname, parts.port or 80)
            path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
            kept = [line for line in rest.split(b"\r\n") if not line.lower().startswith((b"connection:", b"proxy-"))]
            upstream[1].write(f"{method} {path} {version}\r\nConnection: close\r\n".encode() + b"\r\n".join(kept))
        await _join((reader, writer), upstream)
    except (OSError, ValueError, asyncio.IncompleteReadError):
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()


async def serve(socket: Path) -> None:
    """Answer proxy requests on a unix socket until cancelled."""
    server = await asyncio.start_unix_server(_answer, path=socket)
    await server.serve_forever()


async def relay(socket: Path) -> None:
    """Pass 127.0.0.1:PORT on to the unix socket until cancelled."""

    async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there = await asyncio.open_unix_connection(str(socket))
        except OSError:  # a look whether anybody listens, before the root is entered
            writer.close()
            return
        await _join((reader, writer), there)

    server = await asyncio.start_server(passed, "127.0.0.1", PORT)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run({"serve": serve, "relay": relay}[sys.argv[1]](Path(sys.argv[2])))
