"""``./test matrix``: engine tests and proofs on the engines and with the clients of other Debian releases.

Newer clients build with buildx, newer engines say things in other words: each pair of ``PAIRS`` runs the stages engine
and proofs of ./test, goes on after one that fails, and a table closes it. The proofs are done in zsh, too. About 15
minutes a pair on 2 cores; ``cd tests && python -m cold matrix forky`` runs the pairs of one release, ``… matrix zsh``
the proofs in zsh.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from everything import PROOF_SHELL

from cold.root import CACHE, PROJECT

RELEASES = {"trixie": "Engine 26.1", "forky": "Engine 28.5"}
ZSH = "zsh"
PARTS = (*RELEASES, ZSH)
HERE = "here"
"""This machine's engine, or the client that comes first on the PATH."""
DEBIAN = "/"
"""Debian's own client, where another comes before it on the PATH."""
PAIRS = (
    (HERE, DEBIAN),
    *((release, client) for release in RELEASES for client in (release, HERE, DEBIAN)),
)
PACKAGES = "docker.io,iptables,ca-certificates,procps,docker-cli,docker-buildx,docker-compose"
SCRIPTS = Path("/usr/share/debootstrap/scripts")


def engine_root(release: str) -> Path:
    """A root with that release's engine and clients, made on first use (~40 s)."""
    root = CACHE / f"engine-{release}"
    if not root.exists():
        if not (SCRIPTS / release).exists():
            (SCRIPTS / release).symlink_to("sid")
        part = CACHE / f"engine-{release}.part"
        shutil.rmtree(part, ignore_errors=True)
        CACHE.mkdir(parents=True, exist_ok=True)
        command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", release, str(part)]
        subprocess.run(command, check=True, stdout=sys.stderr)
        part.rename(root)
    return root


def pairs(parts: list[str]) -> list[tuple[str, str]]:
    """What is run: all, or that of some releases; Debian's client only where it is not the first one anyway."""
    first = shutil.which("docker") in (None, "/usr/bin/docker", "/bin/docker")
    return [
        (engine, client)
        for engine, client in PAIRS
        if (not parts or engine in parts) and not (client == DEBIAN and first)
    ]


def main(parts: list[str]) -> int:
    """Run the engine stages of ./test for each pair, and the proofs in zsh, or some ``PARTS``; 0 if all held."""
    rows, held = [], True
    for engine, client in pairs(parts):
        environment = dict(os.environ)
        if engine != HERE:
            environment["DOCKERTUTOR_ENGINE_ROOT"] = str(engine_root(engine))
        if client != HERE:
            environment["DOCKERTUTOR_CLIENT"] = client if client == DEBIAN else str(engine_root(client))
        name = f"{RELEASES.get(engine, 'the engine here')}, {_name(client)}"
        passed, row = _row(name, environment, "engine", "proofs")
        held = held and passed
        rows.append(row)
    if not parts or ZSH in parts:
        passed, row = _row("the engine here, zsh", os.environ | {PROOF_SHELL: "zsh"}, "proofs")
        held = held and passed
        rows.append(row)
    print("\n== matrix\n" + "\n".join(rows))
    return 0 if held else 1


def _row(name: str, environment: dict[str, str], *stages: str) -> tuple[bool, str]:
    """Run stages; whether they held, and their row of the table."""
    print(f"\n== {name}", flush=True)
    began = time.monotonic()
    passed, figures = _stages(environment, *stages)
    return passed, f"{name:<55} {'held' if passed else 'FAILED':<7} {figures} in {time.monotonic() - began:.0f} s"


def _name(client: str) -> str:
    if client == DEBIAN:
        return "Debian's client here"
    return "the first client on the PATH" if client == HERE else f"the client of {client}"


def _stages(environment: dict[str, str], *stages: str) -> tuple[bool, str]:
    """Run them, showing what they say; whether they held, and their last line (``N passed, M failed``)."""
    command = [sys.executable, "tests/everything.py", *stages]
    last = ""
    with subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line.strip() or last
    return process.returncode == 0, last
