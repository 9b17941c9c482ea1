"""Waiting for something that was started, with a limit."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable


def until(true: Callable[[], bool], seconds: float, every: float = 0.1) -> bool:
    """Ask ``true`` until it holds; False when ``seconds`` have gone by."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether a process of ours is over."""
    return process.poll() is not None


def free_port() -> int:
    """A port on loopback that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
