"""The engine that set-up starts: by systemd where it runs, else by hand; and how it is stopped."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

from dockertutor.called import SETUP
from dockertutor.errors import SetupError
from dockertutor.setup import authorities, mirror, places
from dockertutor.setup.dockerd import Dockerd
from dockertutor.setup.kit import Kit, registry_answers
from dockertutor.setup.machine import Machine
from dockertutor.setup.record import Record

SOCKET = Path("/var/run/docker.sock")
DAEMON_JSON = Path("/etc/docker/daemon.json")
DROP_IN = Path("/etc/systemd/system/docker.service.d/dockertutor.conf")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")


def by_hand() -> Dockerd:
    """The `dockerd` that we start where there is no systemd: log and pid file are in our state folder."""
    return Dockerd(log=places.state() / "dockerd.log", socket=SOCKET, pid_file=Path("/var/run/docker.pid"))


def start(machine: Machine, record: Record, kit: Kit) -> None:
    """Start the engine, and the kit's registry first where the record says that it is wanted. Raises `SetupError`.

    An engine package that was here before keeps its configuration: under systemd it is started as it is (and the
    kit's images are then loaded), by hand with a mirror only where daemon.json names none.
    """
    ours = "docker.io" in record.packages
    if not kit.complete:  # its folder was cleared meanwhile
        record.mirror_port = 0
    if record.mirror_port and not (ours if machine.systemd else _mirror_may_be_set()):
        record.mirror_port = 0
    if machine.systemd:
        _start_by_systemd(record, kit, configure=ours)
    else:
        record.started = True
        record.write()  # before it starts: an interrupted start is stopped, too
        engine = by_hand()
        if record.mirror_port:
            mirror.start(kit, record.mirror_port)
            engine = replace(engine, options=("--registry-mirror", mirror.address(record.mirror_port)))
        engine.start()
    record.write()


def keep_mirror(record: Record, kit: Kit) -> None:
    """The engine is up; see that the mirror it was given is up, too (after a reboot of a machine without systemd, or
    if somebody ended it)."""
    if record.mirror_port and kit.complete and not registry_answers(mirror.address(record.mirror_port)):
        mirror.start(kit, record.mirror_port)


def stop(record: Record) -> list[str]:
    """Stop what we started; returns it in words, nothing where an engine is not ours."""
    stopped = []
    if DROP_IN.exists() and str(DROP_IN) in record.files:
        _systemctl("stop", "docker.service", "docker.socket")
        stopped.append("the Docker Engine (systemd's docker.service)")
        if str(mirror.UNIT) in record.files:
            _systemctl("stop", mirror.UNIT.name)
            stopped.append("the offline kit's registry")
    elif record.invocation:
        if _invocation() == record.invocation:
            _systemctl("stop", "docker.service", "docker.socket")
            stopped.append("the Docker Engine (systemd's docker.service)")
        record.invocation = ""
        record.write()
    elif record.started:
        if by_hand().started_here() and by_hand().stop():
            stopped.append("the Docker Engine")
        if mirror.stop():
            stopped.append("the offline kit's registry")
        record.started = False
        record.write()
    return stopped


def remove_files(record: Record) -> list[str]:
    """Remove what we wrote for systemd, and have it forget that; returns the files' names. Raises nothing."""
    if str(mirror.UNIT) in record.files:
        subprocess.run(["systemctl", "disable", mirror.UNIT.name], capture_output=True, stdin=subprocess.DEVNULL)
    for name in record.files:
        Path(name).unlink(missing_ok=True)
    if record.files:
        subprocess.run(["systemctl", "daemon-reload"], capture_output=True, stdin=subprocess.DEVNULL)
    return record.files


def _mirror_may_be_set() -> bool:
    """A setting in daemon.json and on the command line at once stops `dockerd` from starting."""
    try:
        return "registry-mirrors" not in json.loads(DAEMON_JSON.read_text() or "{}")
    except FileNotFoundError:
        return True
    except (OSError, ValueError, TypeError):
        return False


def _start_by_systemd(record: Record, kit: Kit, *, configure: bool) -> None:
    if configure:
        if record.mirror_port:
            _write(mirror.UNIT, mirror.unit(kit, record.mirror_port), record)
        _write(DROP_IN, drop_in(_shipped_start(), record.mirror_port), record)
        _systemctl("daemon-reload")
        if record.mirror_port:
            _systemctl("enable", "--now", mirror.UNIT.name)
        _systemctl("start", "docker.service")
        return
    before = _invocation()
    try:
        _systemctl("start", "docker.service")
    finally:  # an interrupted start goes on
        if (now := _invocation()) != before:
            record.invocation = now
            record.write()


def _invocation() -> str:
    """systemd's Id of the present start of docker.service, "" while it does not run. The next start, be it a person's
    or the machine's, has another: that engine is not ours to stop."""
    command = ["systemctl", "show", "--property=ActiveState,InvocationID", "docker.service"]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    told = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    running = told.get("ActiveState") in ("active", "activating", "reloading")
    return told.get("InvocationID", "") if running else ""


def drop_in(shipped_start: str, mirror_port: int) -> str:
    """The drop-in for docker.service: the shipped start command with our mirror, and this shell's proxies and
    certificate authorities."""
    lines = ["# Written by dockertutor's ./run; ./run --uninstall removes it.", "[Service]"]
    handed_on = {name: os.environ[name] for name in PROXIES if os.environ.get(name)} | authorities.for_engine()
    lines += [f'Environment="{name}={_quoted(value)}"' for name, value in handed_on.items()]
    if mirror_port:
        lines += ["ExecStart=", f"ExecStart={shipped_start} --registry-mirror={mirror.address(mirror_port)}"]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    """A value as systemd reads it between quotes: a proxy's password may well hold a %."""
    return value.replace("\\", r"\\").replace('"', r"\"").replace("%", "%%")


def _shipped_start() -> str:
    for folder in ("/lib/systemd/system", "/usr/lib/systemd/system"):
        unit = Path(folder) / "docker.service"
        if unit.exists():
            match = re.search(r"^ExecStart=(.+)$", unit.read_text(), re.M)
            if match:
                return match[1].strip()
    return "/usr/sbin/dockerd -H fd://"


def _write(path: Path, text: str, record: Record) -> None:
    if str(path) not in record.files:
        record.files.append(str(path))
        record.write()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _systemctl(*arguments: str) -> None:
    done = subprocess.run(["systemctl", *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        told = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise SetupError(
            f"`systemctl {' '.join(arguments)}` failed: {told[0]}",
            f"`journalctl -u docker` tells why; then run {SETUP} again.",
            detail=done.stderr,
        )
