"""The wire: a byte-transparent relay between the learner's client and the engine, in a process of its own.

Run as ``python -m dockertutor.engine.wire``; `wire_handle.Wire` starts it. It is given a listening socket (so that
nothing is lost when it has to be started again), the engine's address, and a pipe for what it saw. Bytes go on first
and are observed afterwards; nothing that the observer does can hold them up. It ends when its standard input does:
then it listens no more and takes its socket away at once; commands under way get two seconds to end by themselves, and
after that fail as they would if the engine closed.

Imports are few on purpose: this process is started while the learner waits.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys

from dockertutor.engine.wire_relay import Relay
from dockertutor.engine.wire_reports import Reports
from dockertutor.engine.wire_upstream import parse_upstream


def main(arguments: list[str]) -> int:
    """``wire LISTENER_FD SOCKET_PATH UPSTREAM_URL [CA CERT KEY VERIFY]``: see `wire_handle`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    listener_fd, path, url, *tls = arguments
    listener = socket.socket(fileno=int(listener_fd))
    listener.setblocking(False)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536) if hard > 0 else 65536, hard))
    upstream = parse_upstream(url, tls)
    Relay(listener, upstream, Reports(1), 0, lambda: _remove(path)).run()
    return 0


def _remove(path: str) -> None:
    """Take the socket and what lies beside it away. Only when the tutor is gone: while it lives, it starts us again on
    the same socket."""
    folder = os.path.dirname(path)  # noqa: PTH120 - pathlib would cost this process its start
    for name in (path, os.path.join(folder, "wire.json")):  # noqa: PTH118
        with contextlib.suppress(OSError):
            os.unlink(name)  # noqa: PTH108
    with contextlib.suppress(OSError):
        os.rmdir(folder)  # noqa: PTH106


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
