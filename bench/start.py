"""Cold start to first paint: the real app (real lessons, progress, engine, wire) beside an empty Textual app.

``python -m bench.start [PAIRS]``. Each run is a new process in a pty of 160x48, timed from its start until the first
words are among the bytes that it sends to the terminal. Runs alternate, so that a busy machine is unfair to neither.
Rows: the overview of a learner who comes back, and the welcome of one who comes for the first time.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

from bench.figures import Figures, print_machine
from bench.tick import seconds_used

PROMISED = 1.5
"""The most that the app may take, as a multiple of the empty one."""
EMPTY = """
from textual.app import App
from textual.widgets import Static

class Empty(App[None]):
    def compose(self):
        yield Static("first paint")

Empty().run()
"""
WAIT = 30.0


def first_paint(command: list[str], word: bytes, env: dict[str, str]) -> tuple[float, float]:
    """Seconds from a process's start until ``word`` is drawn, and its processor time until then.

    Raises TimeoutError where it is not drawn.
    """
    ours, theirs = os.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 48, 160, 0, 0))
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    seen = b""
    taken: float | None = None
    used = 0.0
    quitting = False
    try:
        while time.perf_counter() - begun < WAIT:
            ready, _, _ = select.select([ours], [], [], 0.5)
            if ready:
                try:
                    data = os.read(ours, 1 << 16)
                except OSError:  # the other side is closed
                    break
                if taken is None:
                    seen += data
                    if word in seen:
                        taken = time.perf_counter() - begun
                        used = seconds_used(process.pid)
            if taken is not None and not quitting and time.perf_counter() - begun > taken + 0.7:
                os.write(ours, b"\x11")  # ctrl+q, when it has had time for what follows the first paint
                quitting = True
            if process.poll() is not None:
                break
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(10)
        os.close(ours)
    if taken is None:
        raise TimeoutError(f"{word!r} was not drawn: {seen[-2000:]!r}")
    return taken, used


def main() -> int:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    print_machine()
    figures = Figures("cold start to first paint", "ms")
    with tempfile.TemporaryDirectory(prefix="bench-start-") as name:
        home = Path(name)
        # As a person starts it: what was compiled at an earlier start is kept.
        usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        usual |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        env, new = usual | {"XDG_DATA_HOME": f"{home}/data"}, usual | {"XDG_DATA_HOME": f"{home}/new"}
        kept = home / "data" / "dockertutor"
        kept.mkdir(parents=True)
        (kept / "settings.json").write_text('{"welcomed": true}')
        tutor = [sys.executable, "-m", "dockertutor"]
        ways = {
            "empty Textual app": ([sys.executable, "-c", EMPTY], b"first", env),
            "overview": (tutor, b"Docker", env),
            "welcome": (tutor, b"Docker", new),
        }
        taken: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for way in ways.values():
            first_paint(*way)  # warm: bytecode and page cache
        for _ in range(pairs):
            for way, how in ways.items():
                taken[way].append(first_paint(*how))
    empty = taken.pop("empty Textual app")
    for at, what in ((0, ""), (1, ", processor time")):
        beside = [one[at] for one in empty]
        figures.row(f"empty Textual app{what}", beside)
        for way, runs in taken.items():
            ratio = statistics.median(run[at] / other for run, other in zip(runs, beside, strict=True))
            goal = "" if at else f"≤ {PROMISED}x"
            figures.row(way + what, [run[at] for run in runs], ratio=ratio, promised=goal,
                        held=bool(at) or ratio <= PROMISED)  # fmt: skip
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
