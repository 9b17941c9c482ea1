"""What root does to make a small world of its own: mounts, loopback, and the duties of process 1."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from typing import NoReturn

UNSHARE = ("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--propagation", "private")
SIOCSIFFLAGS = 0x8914
IFF_UP, IFF_RUNNING = 0x1, 0x40
PR_SET_PDEATHSIG = 1


def enter(command: Sequence[str]) -> NoReturn:
    """Become ``command`` as process 1 of new mount, network and process namespaces."""
    os.execvp(UNSHARE[0], [*UNSHARE, "--", *command])


def die_with_parent() -> None:
    """This process, and with it (process 1) the whole namespace, ends when the one outside does."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def mount(source: str, target: str, *options: str) -> None:
    subprocess.run(["mount", *options, source, target], check=True)


def loopback_up() -> None:
    """What ``ip link set lo up`` does; a bare Debian has no `ip`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP | IFF_RUNNING))


def run_as_first(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run the command and bury every orphan that becomes ours, as process 1 must; returns its exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    child = subprocess.Popen(list(command), env=environment)
    while True:
        pid, status = os.wait()
        if pid == child.pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return child.returncode if child.returncode >= 0 else 128 - child.returncode
