"""An engine that can be lost and come back: a relay to the real one that the test stops and starts."""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path


class Breakable:
    """Relays a unix socket at ``path`` to the engine at ``target`` (a path). `stop` breaks every connection and
    removes the socket, as a stopped engine does; `start` listens again."""

    def __init__(self, target: str, path: Path) -> None:
        self.target, self.path = target, path
        self.url = f"unix://{path}"
        self._open: list[socket.socket] = []
        self._listener: socket.socket | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        self.path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.path))
        listener.listen(64)
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def stop(self) -> None:
        with self._lock:
            listener, self._listener = self._listener, None
            opened, self._open = self._open, []
        self.path.unlink(missing_ok=True)
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for one in opened:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.target)
            with self._lock:
                self._open += [client, server]
            done = threading.Barrier(2)
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, sink, done), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, done: threading.Barrier) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
        with contextlib.suppress(threading.BrokenBarrierError):
            done.wait(30)
        source.close()
