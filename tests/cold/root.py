"""A fresh Debian root: made once with debootstrap, copied for each run, entered in namespaces of its own.

``python -m cold.root RELEASE -- COMMAND…`` runs a command in a fresh copy, in the project's folder /project.
"""

from __future__ import annotations

import os
import shutil
import socket as socketlib
import subprocess
import sys
import tempfile
from pathlib import Path

import namespaces

from cold import proxy
from dockertutor.setup.waiting import until

RELEASES = ("bookworm", "trixie")
CACHE = Path(os.environ.get("DOCKERTUTOR_COLD", "/var/tmp/dockertutor-cold"))
PROJECT = Path(__file__).parents[2]
CERTIFICATES = "/usr/local/share/outside-certificates.crt"


def pristine(release: str) -> Path:
    """The root as debootstrap leaves it, made on first use (~40 s)."""
    root = CACHE / release
    if not root.exists():
        part = CACHE / f"{release}.part"
        shutil.rmtree(part, ignore_errors=True)
        CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run(["debootstrap", "--variant=minbase", release, str(part)], check=True, stdout=sys.stderr)
        part.rename(root)
    return root


def fresh(release: str, target: Path) -> None:
    """Copy the pristine root to ``target`` and put the project (but what git ignores) into /project."""
    subprocess.run(["cp", "-a", str(pristine(release)), str(target)], check=True)
    files = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"], cwd=PROJECT, check=True, capture_output=True
    ).stdout
    there = b"\0".join(name for name in files.split(b"\0") if name and (PROJECT / os.fsdecode(name)).exists())
    (target / "project").mkdir()
    pack = ["tar", "-C", str(PROJECT), "--null", "-T", "-", "-c"]
    packed = subprocess.run(pack, input=there, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-C", str(target / "project"), "-x", "--no-same-owner"], input=packed, check=True)
    outside = os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE")
    if outside:
        shutil.copy(outside, str(target) + CERTIFICATES)


def environment(root: Path) -> dict[str, str]:
    """What a person has who has logged in as root there, behind the proxy."""
    address = f"http://127.0.0.1:{proxy.PORT}"
    made = {
        "HOME": "/root",
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "TERM": os.environ.get("TERM", "xterm-256color"),
        "LANG": "C.UTF-8",
        "http_proxy": address,
        "https_proxy": address,
        "no_proxy": "localhost,127.0.0.1",
    }
    if (Path(str(root) + CERTIFICATES)).exists():
        made |= {"PIP_CERT": CERTIFICATES, "SSL_CERT_FILE": CERTIFICATES}
    return made | {k: v for k, v in os.environ.items() if k in ("PIP_INDEX_URL", "PIP_DEFAULT_TIMEOUT", "CI")}


def inside(root: Path, socket: Path, command: list[str]) -> int:
    """As process 1: make the root look like a machine, start the way out, run the command in it; its status."""
    namespaces.die_with_parent()
    namespaces.loopback_up()
    namespaces.mount(str(root), str(root), "--bind")
    namespaces.mount("proc", f"{root}/proc", "-t", "proc")
    namespaces.mount("/sys", f"{root}/sys", "--bind")
    namespaces.mount("/dev", f"{root}/dev", "--rbind")
    namespaces.mount("tmpfs", f"{root}/run", "-t", "tmpfs", "-o", "mode=755")
    way_out = subprocess.Popen([sys.executable, "-m", "cold.proxy", "relay", f"/{socket.name}"])
    until(lambda: _listens(proxy.PORT), 20)
    made = environment(root)
    _become_root(root)
    inner = ["sh", "-c", 'cd /project && exec "$@"', "sh", *command]
    try:
        return namespaces.run_as_first(inner, made)
    finally:
        way_out.kill()


def _become_root(root: Path) -> None:
    """Make ``root`` the namespace's own root. In a mere chroot `docker exec` would land outside of its container."""
    (root / "outside").mkdir()
    os.chdir(root)
    subprocess.run(["pivot_root", ".", "outside"], check=True)
    os.chroot(".")
    os.chdir("/")
    subprocess.run(["umount", "-l", "/outside"], check=True)


def _listens(port: int) -> bool:
    with socketlib.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def run(release: str, command: list[str]) -> int:
    """Run a command in a fresh copy of a release; the copy and every process in it are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=f"cold-{release}-", dir=CACHE.parent) as folder:
        root, socket = Path(folder) / "root", Path(folder) / "root" / "proxy.sock"
        fresh(release, root)
        out = subprocess.Popen([sys.executable, "-m", "cold.proxy", "serve", str(socket)])
        try:
            first = [sys.executable, "-m", "cold.root", "inside", str(root), str(socket), *command]
            return subprocess.run([*namespaces.UNSHARE, "--", *first]).returncode
        finally:
            out.kill()
            out.wait()


if __name__ == "__main__":
    if sys.argv[1] == "inside":
        sys.exit(inside(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:]))
    sys.exit(run(sys.argv[1], sys.argv[3:]))
