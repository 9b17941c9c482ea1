"""API calls on the screen: from a call's end to its row, and what 10,000 calls in a session cost.

``python -m bench.calls [--calls N]``. The real app runs in a pty with its API calls tab open; small clients speak
HTTP to its wire. A row is there when its status has come out of the app as bytes. Then one client makes 10,000 calls,
each with a path of its own; printed are the app's memory before and after, and how long a key takes to have an
effect on the screen then, and while a call comes every 50 ms.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import docker

from bench.figures import Figures, percentile, print_machine
from bench.pane import Pane
from bench.tick import learner, opening, shown

ONE = """
import os, socket, time
s = socket.socket(socket.AF_UNIX); s.connect(os.environ["DOOR"])
path = f"/v1.41/containers/{os.environ['WHICH']}/json"
s.sendall(f"GET {path} HTTP/1.1\\r\\nHost: d\\r\\nConnection: close\\r\\n\\r\\n".encode())
while s.recv(65536): pass
print(time.time())
"""
REACTS = 0.05


def one_call(door: Path, which: str) -> float:
    """A client process of its own asks for a container that is not there; when its answer was whole."""
    env = {"DOOR": str(door), "WHICH": which, "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-S", "-c", ONE], env=env, check=True, capture_output=True, text=True)
    return float(done.stdout)


def many_calls(door: Path, count: int, *, pause: float = 0.0, until: threading.Event | None = None) -> int:
    """One client asks ``count`` times on one connection, or until it is told to end; how often it did."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(str(door))
        for number in range(count):
            if until is not None and until.is_set():
                return number
            path = f"/v1.41/containers/many-{os.urandom(4).hex()}-{number}/json"
            sock.sendall(f"GET {path} HTTP/1.1\r\nHost: d\r\n\r\n".encode())
            data = b""
            while b"message" not in data or not data.endswith(b"}\n"):
                data += sock.recv(65536)
            time.sleep(pause)
    return count


def memory(pid: int) -> float:
    """Resident memory of a process in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def reactions(pane: Pane, times: int) -> list[float]:
    """How long the leader key takes to show its keys (its overlay is closed again each time)."""
    taken = []
    for _ in range(times):
        mark, begun = pane.mark(), time.time()
        pane.send(b"\x07")
        taken.append(pane.when("another leader", mark, 20) - begun)
        pane.send(b"0")  # no action has it: the overlay closes
        time.sleep(0.3)
    return taken


def moves(pane: Pane, times: int) -> list[float]:
    """How long an arrow key takes to move the choice in the tab: the row that it comes to is drawn anew."""
    taken = []
    for _ in range(times):
        mark, begun = pane.mark(), time.time()
        pane.send(b"\x1b[B")
        taken.append(pane.when("/containers/", mark, 20) - begun)
        time.sleep(0.3)
    return taken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--samples", type=int, default=30)
    options = parser.parse_args()
    print_machine()
    figures = Figures("API calls on the screen")
    api = docker.from_env(timeout=60).api
    there = {one["Id"] for one in api.containers(all=True)}
    with tempfile.TemporaryDirectory(prefix="bench-calls-") as name:
        home = Path(name)
        env = learner(home) | {"XDG_RUNTIME_DIR": f"{home}/run"}
        (home / "run").mkdir(mode=0o700)
        with Pane(opening(home), env) as pane:
            pane.when("Done when", seconds=60)
            pane.quiet(1.0)
            (door,) = (home / "run").glob("dockertutor*/**/wire.sock")
            pane.send(b"\x07u")
            pane.quiet(0.5)
            rows = []
            for number in range(options.samples):
                mark = pane.mark()
                ended = one_call(door, f"bench-{number}")
                rows.append(pane.when("404", mark, 10) - ended)
                pane.quiet(0.1)
            figures.row("call ended to row", rows, promised="p95 ≤ 100 ms", held=percentile(rows) <= 0.1)
            before = memory(pane.pid)
            idle = reactions(pane, 15)
            figures.row("key to screen, few calls", idle)
            begun = time.time()
            many_calls(door, options.calls)
            mark = pane.mark()
            took = time.time() - begun
            one_call(door, "bench-last")
            pane.when("404", mark, 120)
            caught_up = time.time() - begun - took
            pane.quiet(0.5, 60)
            after = memory(pane.pid)
            figures.line("memory before and after 10,000 calls", f"{before:.0f}, {after:.0f} MB")
            figures.line("10,000 calls; the screen has caught up after", f"{took:.1f} s; {caught_up:.1f} s")
            many_calls(door, options.calls)
            pane.quiet(0.5, 60)
            figures.line("memory after another 10,000", f"{memory(pane.pid):.0f} MB", promised="bounded",
                         held=memory(pane.pid) < after * 1.25)  # fmt: skip
            late = reactions(pane, 15)
            held = percentile(late, 0.5) <= REACTS
            figures.row("key to screen after 20,000 calls", late, promised="≤ 50 ms", held=held)
            moved = moves(pane, 15)
            held = percentile(moved, 0.5) <= REACTS
            figures.row("an arrow key among them", moved, promised="≤ 50 ms", held=held)
            end = threading.Event()
            client = threading.Thread(
                target=many_calls, args=(door, 100_000), kwargs={"pause": 0.05, "until": end}, daemon=True
            )
            client.start()
            busy = reactions(pane, 15)
            end.set()
            client.join()
            figures.row("the same, a call every 50 ms", busy, promised="≤ 50 ms", held=percentile(busy, 0.5) <= REACTS)
            for one in api.containers(all=True):
                if one["Id"] not in there and one["State"] == "created" and shown(one, pane):
                    api.remove_container(one["Id"])
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
