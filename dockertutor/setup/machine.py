"""What machine this is, and why set-up would not install an engine on it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dockertutor.called import SETUP
from dockertutor.errors import SetupError

AGAIN = f"then run {SETUP} again."


@dataclass(frozen=True)
class Machine:
    """``system``: `uname -s`. ``distribution``: os-release's ID and ID_LIKE, in order. ``name``: its PRETTY_NAME.
    ``docker_packages``: installed ones among docker.io, docker-ce, docker-desktop, podman-docker and the snap."""

    system: str = "Linux"
    distribution: tuple[str, ...] = ()
    name: str = "this system"
    root: bool = False
    wsl: bool = False
    systemd: bool = False
    docker_packages: frozenset[str] = frozenset()
    dockerd: str = ""

    @property
    def debian(self) -> bool:
        """Whether this is Debian, Ubuntu or a child of theirs."""
        return bool({"debian", "ubuntu"} & set(self.distribution))

    def refusal(self) -> SetupError | None:
        """Why no engine is installed or started here, and how to get one; None where set-up may do it."""
        for applies, what, do in self._reasons():
            if applies:
                return SetupError(f"No Docker Engine answers, and {what}.", do)
        return None

    def _reasons(self) -> list[tuple[bool, str, str]]:
        foreign = self.docker_packages
        return [
            (
                self.system == "Darwin",
                "on a Mac an engine comes with a program of its own",
                f"Install and start Docker Desktop, OrbStack or Colima (`brew install colima docker`), {AGAIN}",
            ),
            (
                self.system != "Linux",
                f"set-up cannot install one on {self.system}",
                f"Install and start Docker Desktop, {AGAIN}",
            ),
            (
                "docker-desktop" in foreign,
                "Docker Desktop is installed here, so nothing else is",
                f"Start Docker Desktop (`systemctl --user start docker-desktop`), {AGAIN}",
            ),
            (
                self.wsl,
                "under WSL the engine belongs to Windows",
                "Start Docker Desktop on Windows and switch on Settings > Resources > WSL integration for this "
                f"distribution, {AGAIN}",
            ),
            (
                "snap" in foreign,
                "the docker snap is installed here, so nothing else is",
                f"Start it (`sudo snap start docker`), {AGAIN}",
            ),
            (
                "docker-ce" in foreign,
                "docker-ce is installed here, so nothing else is",
                f"Start it (`sudo systemctl start docker`), {AGAIN}",
            ),
            (
                "podman-docker" in foreign,
                "Podman stands in for Docker here",
                f"Start its socket (`systemctl --user start podman.socket`) and set DOCKER_HOST to it, {AGAIN}",
            ),
            (
                not self.debian,
                f"set-up installs one on Debian and Ubuntu only (this is {self.name})",
                f"Install Docker Engine as https://docs.docker.com/engine/install/ says, start it, {AGAIN}",
            ),
            (
                not self.root and bool(self.dockerd),
                "only root can start the one that is installed here",
                f"Start it (`sudo systemctl start docker`), join its group (`sudo adduser {_user()} docker`), "
                f"log in again, {AGAIN}",
            ),
            (
                not self.root,
                "only root can install one",
                f"Install it (`sudo apt-get install docker.io`), join its group (`sudo adduser {_user()} docker`), "
                f"log in again, {AGAIN}",
            ),
        ]


def look() -> Machine:
    """This machine as it is now."""
    release = _os_release()
    return Machine(
        system=platform.system(),
        distribution=tuple(f"{release.get('ID', '')} {release.get('ID_LIKE', '')}".split()),
        name=release.get("PRETTY_NAME", "this system"),
        root=os.geteuid() == 0,
        wsl="microsoft" in platform.release().lower() and platform.system() == "Linux",
        systemd=Path("/run/systemd/system").is_dir(),
        docker_packages=_docker_packages(),
        dockerd=shutil.which("dockerd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or "",
    )


def _os_release() -> dict[str, str]:
    try:
        return platform.freedesktop_os_release()
    except OSError:
        return {}


def _docker_packages() -> frozenset[str]:
    found = set()
    if Path("/snap/bin/docker").exists() or Path("/var/snap/docker").is_dir():
        found.add("snap")
    if Path("/opt/docker-desktop").is_dir() or (Path.home() / ".docker/desktop").is_dir():
        found.add("docker-desktop")
    if shutil.which("dpkg-query"):
        names = ["docker.io", "docker-ce", "docker-desktop", "podman-docker"]
        done = subprocess.run(
            ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *names], capture_output=True, text=True
        )
        found |= {line.split()[0] for line in done.stdout.splitlines() if line.endswith(" installed")}
    return frozenset(found)


def _user() -> str:
    return os.environ.get("USER") or os.environ.get("LOGNAME") or "YOU"
