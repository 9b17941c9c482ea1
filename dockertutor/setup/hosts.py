"""The name localhost. A bare root file system has no /etc/hosts, and then no page of a container and no registry at
``localhost:PORT`` is found there, by the engine neither."""

from __future__ import annotations

import socket
from pathlib import Path

HOSTS = Path("/etc/hosts")
LINE = "127.0.0.1\tlocalhost  # written by dockertutor's ./run\n"


def localhost_known() -> bool:
    """Whether this machine finds itself by the name localhost."""
    try:
        socket.getaddrinfo("localhost", 80, socket.AF_INET)
    except OSError:
        return False
    return True


def add_localhost(hosts: Path = HOSTS) -> bool:
    """Write our line at the end of the file, once; whether it was not there yet."""
    before = hosts.read_text() if hosts.exists() else ""
    if LINE in before:
        return False
    hosts.write_text(before + ("\n" if before and not before.endswith("\n") else "") + LINE)
    return True


def remove_localhost(hosts: Path = HOSTS) -> bool:
    """Take our line out again, and the file with it where nothing else is in it; whether the line was there."""
    before = hosts.read_text(errors="surrogateescape") if hosts.exists() else ""
    if LINE not in before:
        return False
    after = before.replace(LINE, "")
    hosts.write_text(after, errors="surrogateescape") if after.strip() else hosts.unlink()
    return True
