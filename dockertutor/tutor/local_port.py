"""A port for texts that are shown before any engine was asked: free on this computer, as far as binding it tells."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable


def local_port(rng: random.Random) -> Callable[[], int]:
    """Draws ports below those that systems hand out by themselves (32768), each bound for a test."""

    def draw() -> int:
        for port in rng.sample(range(8100, 9000), 60):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) != 0 and _binds(port):
                    return port
        return rng.randint(20000, 31000)

    return draw


def _binds(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return False
        return True
