"""A port for a lesson: free on the learner's engine, and below those that systems hand out by themselves."""

from __future__ import annotations

import random
import socket
from collections.abc import Collection
from typing import TYPE_CHECKING

from dockertutor.errors import TutorError

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine

RANGE = range(8100, 9000)
WIDER = range(20000, 31000)
"""Both below 32768, where Linux begins to hand out ports by itself."""
MOST = 60
"""How many ports of a range are tried."""


def free_port(engine: Engine, taken: Collection[int] = (), *, chance: random.Random | None = None) -> int:
    """A port that no container of this engine publishes and that is not in ``taken``; on a local engine it is bound
    for a test too. Raises an EngineFault, or TutorError where none is free."""
    chance = chance or random.Random()
    used = published_ports(engine) | set(taken)
    for numbers in (RANGE, WIDER):
        for port in chance.sample(numbers, min(MOST, len(numbers))):
            if port not in used and (not engine.local or _can_bind(port)):
                return port
    raise TutorError("No free port was found on this computer.", "Stop programs that listen at ports, then try again.")


def published_ports(engine: Engine) -> set[int]:
    """Host ports of all containers of this engine; of stopped ones too, since they take them again when started."""
    with engine.asking("list its containers") as api:
        containers = api.containers(all=True)
    used = {int(port["PublicPort"]) for c in containers for port in c.get("Ports") or () if port.get("PublicPort")}
    for record in containers:
        if record.get("State") in ("running", "paused"):
            continue
        found = engine.inspect("container", str(record["Id"]), by_id=True)
        bindings = ((found.inspect.get("HostConfig") or {}).get("PortBindings") or {}) if found is not None else {}
        used |= {
            int(b["HostPort"]) for hosts in bindings.values() for b in hosts or () if b.get("HostPort", "").isdigit()
        }
    return used


def _can_bind(port: int) -> bool:
    for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                probe.bind((address, port))
        except OSError as error:
            if family == socket.AF_INET6 and error.errno not in (98, 48):  # no IPv6 here
                continue
            return False
    return True
