"""The wire beside a direct connection and beside socat, in the same run: ``python -m bench.wire``.

Each round runs all three, in turning order, so that a busy machine is unfair to none. Prints medians and ratios to
direct; exits 1 where a figure that we promise is missed. Options: ``--rounds N`` (30, 0: none), ``--transfers N``
(how often that much is moved: 20), ``--size MB`` (500), ``--quick``.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import shutil
import signal
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from dockertutor.engine.wire_handle import Wire
from dockertutor.facts import Call

PROMISED = {"version": 1.05, "run": 1.05, "save": 1 / 0.9, "load": 1 / 0.9, "build": 1 / 0.9}
"""The most that each may take, as a multiple of direct."""


class Bench:
    """Ways to the engine, by name, and how long each takes for the same command."""

    def __init__(self, ways: dict[str, str], docker: str) -> None:
        self.ways, self.docker = ways, docker
        self.missed: list[str] = []

    def seconds(self, way: str, args: list[str], source: Path | None = None) -> float:
        """How long one command takes this way. Raises CalledProcessError where it fails."""
        env = {k: v for k, v in os.environ.items() if not k.startswith("DOCKER_")}
        env |= {"DOCKER_HOST": self.ways[way], "DOCKER_BUILDKIT": "0"}
        with source.open("rb") if source else contextlib.nullcontext(subprocess.DEVNULL) as stdin:
            began = time.perf_counter()
            subprocess.run(
                [self.docker, *args],
                env=env,
                stdin=stdin,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )
            return time.perf_counter() - began

    def compare(self, title: str, args: list[str], rounds: int, *, size: int = 0, source: Path | None = None) -> None:
        """Print medians in milliseconds (with ``size``: MB/s) and the median of the ratios of each round."""
        if not rounds:
            return
        names = list(self.ways)
        taken: dict[str, list[float]] = {name: [] for name in names}
        for name in names:
            self.seconds(name, args, source)  # warm
        for number in range(rounds):
            for at in range(len(names)):
                name = names[(number + at) % len(names)]
                taken[name].append(self.seconds(name, args, source))
        row = [f"{title:<10}{rounds:>4}"]
        ratios: dict[str, float] = {}
        for name in names:
            median = statistics.median(taken[name])
            ratios[name] = statistics.median(a / b for a, b in zip(taken[name], taken["direct"], strict=True))
            figure = f"{size / median:7.0f} MB/s" if size else f"{median * 1000:7.1f} ms  "
            row.append(f"{name} {figure} x{ratios[name]:.3f}")
        print("   ".join(row), flush=True)
        if ratios["wire"] > PROMISED[title]:
            self.missed.append(f"{title}: x{ratios['wire']:.3f}, promised x{PROMISED[title]:.3f}")


def ticks(pid: int) -> int:
    """Processor time of a process so far, in clock ticks."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


@contextlib.contextmanager
def socat(engine: Path, folder: Path) -> Iterator[str | None]:
    """socat's relay to the engine with the buffer size that was measured as its best."""
    program = shutil.which("socat")
    if program is None:
        print("socat is not installed: compared with direct only")
        yield None
        return
    door = folder / "socat.sock"
    process = subprocess.Popen(
        [program, "-b262144", f"UNIX-LISTEN:{door},fork,backlog=128", f"UNIX-CONNECT:{engine}"], start_new_session=True
    )
    while not door.exists():
        time.sleep(0.01)
    try:
        yield f"unix://{door}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def context_of(folder: Path, size: int) -> Path:
    """A build context of ``size`` MB that does not compress, and makes an image of nothing."""
    context = folder / "context"
    context.mkdir()
    (context / "Dockerfile").write_text("FROM scratch\nLABEL bench=wire\n")
    with (context / "data").open("wb") as file:
        for _ in range(size):
            file.write(secrets.token_bytes(1_000_000))
    return context


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--transfers", type=int, default=20)
    parser.add_argument("--size", type=int, default=500)
    parser.add_argument("--quick", action="store_true", help="5 rounds, 3 of 50 MB")
    options = parser.parse_args()
    rounds, few, size = (5, 3, 50) if options.quick else (options.rounds, options.transfers, options.size)
    url = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    docker = shutil.which("docker") or sys.exit("no docker client on the PATH")
    late: list[float] = []

    def delivered(call: Call) -> None:
        if call.ended is not None:
            late.append(time.time() - call.ended)

    with tempfile.TemporaryDirectory(prefix="wire-bench-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        wire = Wire.start(SimpleNamespace(url=url, tls=None), runtime=folder / "run", on_call=delivered)
        stack.callback(wire.close)
        ways = {"direct": url, "wire": wire.docker_host}
        other = stack.enter_context(socat(Path(url.removeprefix("unix://")), folder))
        bench = Bench(ways | ({"socat": other} if other else {}), docker)
        bench.compare("version", ["version"], rounds)
        bench.compare("run", ["run", "--rm", "busybox", "true"], rounds)
        context = context_of(folder, size)
        image = f"wire-bench-{secrets.token_hex(3)}"
        archive = folder / "image.tar"
        with tarfile.open(folder / "root.tar", "w") as tar:
            tar.add(context / "data", "data")
        bench.seconds("direct", ["import", str(folder / "root.tar"), image])
        stack.callback(bench.seconds, "direct", ["rmi", image])
        (folder / "root.tar").unlink()
        bench.seconds("direct", ["save", "-o", str(archive), image])
        bench.compare("save", ["save", image], few, size=size)
        bench.compare("load", ["load", "-q"], few, size=size, source=archive)
        bench.compare("build", ["build", "-q", str(context)], few, size=size)
        late.sort()
        print(f"a call's end → the tutor: median {statistics.median(late) * 1000:.1f} ms, "
              f"p95 {late[int(len(late) * 0.95)] * 1000:.1f} ms ({len(late)} calls)")  # fmt: skip
        idle(wire.pid, bench)
    for line in bench.missed:
        print(f"missed: {line}")
    return 1 if bench.missed else 0


def idle(pid: int, bench: Bench, seconds: float = 5.0) -> None:
    """Print the processor time that the relay takes while nothing passes."""
    before = ticks(pid)
    time.sleep(seconds)
    used = ticks(pid) - before
    print(f"idle for {seconds:.0f} s: {used} clock ticks of processor time")
    if used:
        bench.missed.append(f"idle: {used} ticks")


if __name__ == "__main__":
    sys.exit(main())
