"""The wire: a byte-transparent relay between the learner's client and the engine, in a process of its own.

Run as ``python -m dockertutor.engine.wire``; `wire_handle.Wire` starts it. It is given a listening socket (so that
nothing is lost when it has to be started again), the engine's address, and a pipe for what it saw. Bytes go on first
and are observed afterwards; nothing that the observer does can hold them up. The socket is found only while there is an
engine (`wire_lookout`). It ends when its standard input does: then it listens no more and takes its socket away at
once; commands under way get two seconds to end by themselves, and after that fail as they would if the engine closed.

Imports are few on purpose: this process is started while the learner waits.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys

from dockertutor.engine.wire_door import Door
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
    _be_woken_less()
    upstream = parse_upstream(url, tls)
    Relay(listener, upstream, Reports(1), 0, Door(path)).run()
    return 0


def _be_woken_less() -> None:
    """Where the processor is busy, do not interrupt who writes to us: what has come meanwhile is passed on in one go.
    500 MB move 2 to 4 % faster, and a single call is as quick as before."""
    with contextlib.suppress(AttributeError, OSError):  # only Linux has it, and a sandbox may forbid it
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
