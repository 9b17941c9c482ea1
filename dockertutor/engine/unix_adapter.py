"""docker-py's way to a unix socket, but for one thing: a socket that nobody answers at is closed, not dropped.

While an engine is gone it is asked again and again; each dropped socket would stay open until Python collects it.
"""

from __future__ import annotations

import contextlib
import socket

from docker.transport.unixconn import UnixHTTPAdapter, UnixHTTPConnection, UnixHTTPConnectionPool


class _Connection(UnixHTTPConnection):
    def connect(self) -> None:
        with contextlib.ExitStack() as on_failure:
            sock = on_failure.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            sock.settimeout(self.timeout)
            sock.connect(self.unix_socket)
            on_failure.pop_all()
        self.sock = sock


class _Pool(UnixHTTPConnectionPool):
    def _new_conn(self) -> _Connection:  # type: ignore[override]
        return _Connection(self.base_url, self.socket_path, self.timeout)  # type: ignore[arg-type]


class UnixAdapter(UnixHTTPAdapter):
    """To be mounted at ``http+docker://``."""

    def get_connection(self, url: bytes | str, proxies: object = None) -> UnixHTTPConnectionPool:
        with self.pools.lock:
            pool = self.pools.get(url)
            if pool is None:
                pool = _Pool(str(url), self.socket_path, self.timeout, maxsize=self.max_pool_size)
                self.pools[url] = pool
        return pool
