"""The kit's registry as a service on loopback, for an engine that we start: it makes `docker pull busybox` real."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from pathlib import Path

from dockertutor.errors import SetupError
from dockertutor.setup import places
from dockertutor.setup.dockerd import alive
from dockertutor.setup.kit import Kit, registry_answers
from dockertutor.setup.waiting import ended, free_port, until

USUAL_PORT = 5999
UNIT = Path("/etc/systemd/system/dockertutor-registry.service")


def pid_file() -> Path:
    return places.state() / "registry.pid"


def address(port: int) -> str:
    """What ``--registry-mirror`` takes."""
    return f"http://127.0.0.1:{port}"


def pick_port() -> int:
    """The usual port, or another where somebody listens at that one."""
    with socket.socket() as probe:
        return free_port() if probe.connect_ex(("127.0.0.1", USUAL_PORT)) == 0 else USUAL_PORT


def start(kit: Kit, port: int) -> None:
    """Serve the kit, detached from this terminal, unless that is done already. Raises `SetupError`."""
    if alive(pid_file(), "docker-registry") and registry_answers(address(port)):
        return
    stop()
    log = places.state() / "registry.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        process = subprocess.Popen(
            kit.serve_command(port), stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd="/", start_new_session=True
        )
    pid_file().write_text(str(process.pid))
    if not until(lambda: registry_answers(address(port)) or ended(process), 20) or ended(process):
        raise SetupError("The offline kit's registry does not start.", f"Its log is {log}.")


def stop() -> bool:
    """Stop the one that we started; False where none runs."""
    pid = alive(pid_file(), "docker-registry")
    if pid:
        os.kill(pid, signal.SIGTERM)
        until(lambda: not alive(pid_file(), "docker-registry"), 10)
    pid_file().unlink(missing_ok=True)
    return bool(pid)


def unit(kit: Kit, port: int) -> str:
    """The systemd service that serves the kit."""
    command = " ".join(kit.serve_command(port))
    return (
        "[Unit]\nDescription=Images of dockertutor's offline kit, for the Docker Engine on this machine\n"
        f"Before=docker.service\n\n[Service]\nExecStart={command}\nRestart=on-failure\n"
        "NoNewPrivileges=yes\nProtectSystem=strict\nPrivateTmp=yes\n\n[Install]\nWantedBy=multi-user.target\n"
    )
