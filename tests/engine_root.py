"""Another Debian's root file system for the tests: its `dockerd` as the private engine, its docker client on the PATH.

``DOCKERTUTOR_ENGINE_ROOT=DIR`` names the root whose engine is run, ``DOCKERTUTOR_CLIENT=DIR|/`` the one whose client is
called docker (``/``: Debian's own in /usr/bin, even where another stands before it on the PATH). See cold/matrix.py,
which makes such roots.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import namespaces

CHOICES = ("DOCKERTUTOR_ENGINE_ROOT", "DOCKERTUTOR_CLIENT")
SHARED = ("/proc", "/sys", "/dev", "/run", "/tmp")
"""Folders that the other root sees as they are here: sockets, data, and what containers mount from the learner."""
PIVOT = 'cd "$0" && pivot_root . old && cd / && umount -l /old && exec "$@"'
PLUGINS = Path("/usr/libexec")


def program(root: str) -> tuple[str, ...]:
    """The words that call ``root``'s `dockerd`. Not by chroot: what is then executed in a container begins in the
    machine's own root, since a mount namespace knows only its own."""
    if not root:
        return ()
    return ("unshare", "--mount", "--propagation", "private", "sh", "-c", PIVOT, root, "dockerd")


def furnish(root: str) -> None:
    """Give the other root what a `dockerd` needs of this one. Its /run is ours, so its socket is, too."""
    namespaces.mount(root, root, "--bind")  # the new root of `pivot_root` has to be a mount
    Path(root, "old").mkdir(exist_ok=True)
    for folder in (*SHARED, os.environ.get("HOME", "/root"), str(Path(__file__).parents[1])):
        Path(f"{root}{folder}").mkdir(parents=True, exist_ok=True)
        namespaces.mount(folder, f"{root}{folder}", "--rbind")


def client_path(client: str, folder: Path) -> str:
    """A PATH on which ``docker`` is that root's client, and its plugins are where it looks for them; only in here.

    Without a ``client``, the PATH as it is.
    """
    path = os.environ.get("PATH", "/usr/bin:/bin")
    if not client:
        return path
    folder.mkdir()
    (folder / "docker").symlink_to(Path(client, "usr/bin/docker"))
    theirs = Path(f"{client.rstrip('/')}{PLUGINS}")
    if (theirs / "docker").is_dir() and theirs != PLUGINS:
        layers = f"lowerdir={theirs}:{PLUGINS}"
        namespaces.mount("overlay", str(PLUGINS), "-t", "overlay", "-o", layers)
    found = subprocess.run([str(folder / "docker"), "--version"], capture_output=True, text=True)
    if found.returncode:
        raise SystemExit(f"the client of {client} does not run here: {found.stderr or found.stdout}")
    print(f"client: {found.stdout.strip()}", flush=True)
    return f"{folder}:{path}"
