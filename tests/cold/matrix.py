"""``./test matrix``: engine tests and proofs on the engines of newer Debian releases, with this machine's client."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from cold.root import CACHE, PROJECT

RELEASES = {"trixie": "Engine 26.1", "forky": "Engine 28.5"}
PACKAGES = "docker.io,iptables,ca-certificates,docker-cli,docker-buildx"
SCRIPTS = Path("/usr/share/debootstrap/scripts")


def engine_root(release: str) -> Path:
    """A root with that release's engine, made on first use (~40 s)."""
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


def main() -> int:
    """Run the engine stages of ./test on each; 0 if all held."""
    for release, engine in RELEASES.items():
        print(f"\n== {engine} ({release})", flush=True)
        environment = os.environ | {"DOCKERTUTOR_ENGINE_ROOT": str(engine_root(release))}
        stages = [sys.executable, "tests/everything.py", "engine", "proofs"]
        if subprocess.run(stages, cwd=PROJECT, env=environment).returncode:
            return 1
    return 0
