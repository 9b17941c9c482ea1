"""A `dockerd` started by hand, where no systemd does it: cgroups, log, pid, and telling stale from alive."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dockertutor.errors import SetupError
from dockertutor.setup import authorities
from dockertutor.setup.waiting import ended, until

CGROUP = Path("/sys/fs/cgroup")
MARK = "DOCKERTUTOR_ENGINE"
"""In the environment of a `dockerd` that we started: its log, which is in the state folder of whoever started it."""
START_SECONDS = 60.0
STOP_SECONDS = 30.0


def alive(pid_file: Path, program: str) -> int:
    """The pid in ``pid_file`` if that process runs ``program``, else 0: after a reboot it may be somebody else's."""
    try:
        pid = int(pid_file.read_text())
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return 0
    return pid if Path(os.fsdecode(words[0])).name == program else 0


def listens(path: Path) -> bool:
    """Whether somebody listens at a unix socket; a file left over by a dead engine does not count."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(5)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def mount_cgroups() -> None:
    """Mount the control groups where nothing has (a bare root, without systemd). Raises `SetupError`."""
    if any(line.split()[1] == str(CGROUP) for line in Path("/proc/self/mounts").read_text().splitlines()):
        return
    if "cgroup" not in Path("/proc/filesystems").read_text():
        raise SetupError("This kernel has no control groups, which containers need.", "Use another machine or kernel.")
    rows = [line.split() for line in Path("/proc/cgroups").read_text().splitlines() if not line.startswith("#")]
    controllers = [row[0] for row in rows if row[1] != "0" and row[3] == "1"]
    if not controllers:
        _mount("-t", "cgroup2", "cgroup2", str(CGROUP))
        return
    _mount("-t", "tmpfs", "-o", "mode=755", "cgroup", str(CGROUP))
    for controller in controllers:
        folder = CGROUP / controller
        folder.mkdir()
        _mount("-t", "cgroup", "-o", controller, "cgroup", str(folder))


def _mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise SetupError(f"mount {' '.join(arguments)}: {done.stderr.strip()}", "Containers need control groups.")


@dataclass(frozen=True)
class Dockerd:
    """How to run `dockerd`: its socket, its pid file, its log, what else it is told, and ``program``, the words that
    call it where it is not the one on the PATH."""

    log: Path
    socket: Path = Path("/var/run/docker.sock")
    pid_file: Path = Path("/var/run/docker.pid")
    options: tuple[str, ...] = ()
    program: tuple[str, ...] = ()

    def start(self, *, detached: bool = True) -> subprocess.Popen[bytes]:
        """Start it and wait until it listens. ``detached``: it outlives this process and its terminal.

        Raises `SetupError` with the log's last line where it does not come up.
        """
        found = shutil.which("dockerd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
        program = self.program or ((found,) if found else ())
        if not program:
            raise SetupError("There is no dockerd on this machine.", "Install the package docker.io.")
        if not alive(self.pid_file, "dockerd"):
            self.pid_file.unlink(missing_ok=True)
        mount_cgroups()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        command = [*program, "--host", f"unix://{self.socket}", "--pidfile", str(self.pid_file), *self.options]
        path = f"{os.environ.get('PATH', '/usr/bin:/bin')}:/usr/sbin:/sbin"
        with self.log.open("ab") as out:
            start = out.tell()
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd="/",
                env=os.environ | authorities.for_engine() | {"PATH": path, MARK: str(self.log)},
                start_new_session=detached,
            )
        if not until(lambda: listens(self.socket) or ended(process), START_SECONDS) or ended(process):
            self._give_up(process, start)
        return process

    def started_here(self) -> bool:
        """Whether the `dockerd` of our pid file was started by `start`, and not by somebody else."""
        try:
            words = Path(f"/proc/{alive(self.pid_file, 'dockerd')}/environ").read_bytes().split(b"\0")
        except OSError:
            return False
        return f"{MARK}={self.log}".encode() in words

    def stop(self) -> bool:
        """Ask the `dockerd` of our pid file to stop and wait; False where none runs."""
        pid = alive(self.pid_file, "dockerd")
        if not pid:
            return False
        os.kill(pid, signal.SIGTERM)
        if not until(lambda: alive(self.pid_file, "dockerd") != pid, STOP_SECONDS):
            raise SetupError(f"dockerd (process {pid}) does not stop.", f"Look into {self.log}.")
        return True

    def _give_up(self, process: subprocess.Popen[bytes], start: int) -> None:
        if not ended(process):
            process.terminate()
        text = self.log.read_bytes()[start:].decode(errors="replace").strip()
        last = text.splitlines()[-1] if text else "it said nothing"
        raise SetupError(f"dockerd does not start: {last}", f"The whole log is {self.log}.", detail=text)
