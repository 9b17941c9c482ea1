"""All figures in one run: ``make bench``, or ``python -m bench [NAME…]``. Exits 1 where a promise is missed.

Where no engine answers, root takes them beside a private one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bench.figures import engine_fault, machine

ROOT = Path(__file__).parents[1]
PRIVATE = [str(ROOT / "tests" / "private_engine.py"), "--", sys.executable]
"""Runs what follows beside an engine of its own."""
CAN_MAKE_ONE = os.geteuid() == 0 and "DOCKERTUTOR_PRIVATE_ENGINE" not in os.environ
"""Whether a private engine can be made here: by root, and not within one."""
BENCHES: dict[str, list[str]] = {
    "start": ["-m", "bench.start"],
    "tick": [*(PRIVATE if CAN_MAKE_ONE else []), "-m", "bench.tick"],  # puts 200 containers on it
    "calls": ["-m", "bench.calls"],
    "judge": ["-m", "bench.judge"],
    "terminal": ["-m", "bench.terminal"],
    "wire": ["-m", "bench.wire"],
}


def main(names: list[str]) -> int:
    """Run the named benches, or all, one after the other."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"There is no bench {unknown[0]}; there are {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    if fault := engine_fault():
        if CAN_MAKE_ONE:
            return subprocess.run([sys.executable, *PRIVATE, "-m", "bench", *names], cwd=ROOT, check=False).returncode
        print(f"{fault.what}\n{fault.do}", file=sys.stderr)
        return 1
    print(machine(), flush=True)
    failed = []
    for name in names or BENCHES:
        load = " ".join(f"{one:.1f}" for one in os.getloadavg())
        print(f"\n=== {name} (load {load})", flush=True)
        command = [sys.executable, *BENCHES[name]]
        done = subprocess.run(command, cwd=ROOT, env=os.environ | {"BENCH_ALL": "1"}, check=False)
        if done.returncode:
            failed.append(name)
    print(f"\nmissed or failed: {', '.join(failed)}" if failed else "\nall promises kept")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
