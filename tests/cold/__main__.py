"""``./test cold`` and ``./test matrix`` (see root.py and matrix.py); ``python -m cold RELEASE [SCENARIO…]``,
``python -m cold matrix RELEASE…``."""

from __future__ import annotations

import os
import shutil
import sys
import time

from cold import first_ticks, matrix
from cold.root import RELEASES, run
from dockertutor.setup import apt

SCENARIOS = ("undone", "interrupted", "faults", "ordinary-user", "first-ticks", "test")


def cold(release: str, scenarios: tuple[str, ...]) -> bool:
    """Take fresh roots of a release through the scenarios; stops at the first that does not hold."""
    for scenario in scenarios:
        began = time.monotonic()
        if scenario == "first-ticks":
            held = first_ticks.drive(release)
        else:
            held = run(release, ["sh", f"tests/cold/scenarios/{scenario}.sh"]) == 0
        print(f"{release} {scenario}: {'held' if held else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True)
        if not held:
            return False
    return True


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["matrix"]:
        return matrix.main([a for a in arguments if a in matrix.PARTS])
    if "matrix" in arguments and matrix.main([]):
        return 1
    releases = [a for a in arguments if a in RELEASES] or (list(RELEASES) if "cold" in arguments else [])
    chosen = tuple(a for a in arguments if a in SCENARIOS) or SCENARIOS
    missing = [p for p in ("debootstrap", "tmux") if shutil.which(p) is None]
    if releases and missing:
        apt.install(missing, print)
    return 0 if all(cold(release, chosen) for release in releases) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if os.geteuid() == 0 else "not run: needs root")
