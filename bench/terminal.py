"""The terminal pane beside a plain tmux pane: ``python bench/terminal.py [ROUNDS]``. Prints medians and ratios.

- seq: ``seq 1 300000`` from Enter until its last line is shown;
- key: from a key to its echo on the screen;
- gap: the longest time between two beats of a 5 ms timer in the app's loop, during the flood and during endless `yes`.

The pane runs inside tmux as well (an app of its own, in a pane of 120x40), so that both
have the same outer terminal.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COLUMNS, ROWS = 120, 40
FLOOD = "seq 1 300000"


def tmux(socket: str, *args: str) -> str:
    done = subprocess.run(["tmux", "-L", socket, "-f", "/dev/null", *args], capture_output=True, text=True, check=True)
    return done.stdout


def wait_for(socket: str, text: str, seconds: float = 60.0) -> float:
    """Seconds until a line of the pane is ``text``."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        if text in [line.strip() for line in tmux(socket, "capture-pane", "-p").splitlines()]:
            return time.perf_counter() - begun
        time.sleep(0.002)
    raise TimeoutError(text)


def plain_tmux(rounds: int) -> tuple[list[float], list[float]]:
    """Flood and key times of bash in a tmux pane, as seen by capture-pane."""
    socket = f"bench-{os.getpid()}"
    size = ("-x", str(COLUMNS), "-y", str(ROWS))
    tmux(socket, "new-session", "-d", *size, "env PS1='$ ' bash --norc --noprofile")
    floods, keys = [], []
    try:
        wait_for(socket, "$")
        for _ in range(rounds):
            tmux(socket, "send-keys", "clear", "Enter")
            time.sleep(0.3)
            tmux(socket, "send-keys", "-l", FLOOD)
            time.sleep(0.2)
            tmux(socket, "send-keys", "Enter")
            floods.append(wait_for(socket, "300000"))
        tmux(socket, "send-keys", "clear", "Enter")
        time.sleep(0.3)
        for n in range(1, 21):
            begun = time.perf_counter()
            tmux(socket, "send-keys", "x")
            wait_for(socket, "$ " + "x" * n)
            keys.append(time.perf_counter() - begun)
    finally:
        tmux(socket, "kill-server")
    return floods, keys


def pane_in_tmux(rounds: int) -> dict[str, list[float]]:
    """The same in the pane, measured inside the app; the app itself runs in a tmux pane."""
    socket = f"bench-app-{os.getpid()}"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        command = f"{sys.executable} {Path(__file__).resolve()} --app {rounds} {out}"
        tmux(socket, "new-session", "-d", "-x", str(COLUMNS), "-y", str(ROWS), command)
        try:
            until = time.monotonic() + 60
            while not out.exists() and time.monotonic() < until:
                time.sleep(0.1)
            result: dict[str, list[float]] = json.loads(out.read_text())
        finally:
            subprocess.run(["tmux", "-L", socket, "kill-server"], capture_output=True, check=False)
    return result


def app(rounds: int, out: Path) -> None:
    from textual.app import App, ComposeResult

    from dockertutor.tui.widgets.terminal import TerminalPane

    folder = Path(tempfile.mkdtemp())
    painted, fed = [0.0], [0.0]

    class Watched(TerminalPane):
        def render_line(self, y: int):  # type: ignore[no-untyped-def]
            painted[0] = time.perf_counter()
            return super().render_line(y)

        def _take_in(self, number: int, data: bytes) -> None:
            super()._take_in(number, data)
            fed[0] = time.perf_counter()

    class Bench(App[None]):
        def compose(self) -> ComposeResult:
            env = {**os.environ, "HOME": str(folder), "SHELL": "bash"}
            self.pane = Watched(env=env, cwd=folder, folder=folder / "rc", shell="bash")
            yield self.pane

        def on_mount(self) -> None:
            self.pane.focus()
            self.run_worker(self.measure(), exit_on_error=True)

        async def seen(self, text: str) -> float:
            """When a row was drawn after ``text`` had come into the pane's screen."""
            while text not in self.pane.text():
                await asyncio.sleep(0.0005)
            while painted[0] < fed[0]:
                await asyncio.sleep(0.0005)
            return painted[0]

        async def gaps(self, seconds: float) -> list[float]:
            beats, until = [], time.perf_counter() + seconds
            last = time.perf_counter()
            while last < until:
                await asyncio.sleep(0.005)
                now = time.perf_counter()
                beats.append(now - last)
                last = now
            return beats

        async def measure(self) -> None:
            got: dict[str, list[float]] = {"seq": [], "key": [], "flood gap": [], "yes gap": []}
            await self.seen("$")
            await asyncio.sleep(0.5)
            for _ in range(rounds):
                self.pane.send(b"clear\r")
                while "300000" in self.pane.text():
                    await asyncio.sleep(0.01)
                await asyncio.sleep(0.3)
                self.pane.send(FLOOD.encode())
                await asyncio.sleep(0.2)
                begun = time.perf_counter()
                self.pane.send(b"\r")
                got["seq"].append(await self.seen("\n300000\n") - begun)
                await asyncio.sleep(0.3)
            self.pane.send(b"clear\r")
            await asyncio.sleep(0.4)
            for n in range(1, 41):
                begun = time.perf_counter()
                self.pane.send(b"x")
                got["key"].append(await self.seen("$ " + "x" * n) - begun)
                await asyncio.sleep(0.03)
            self.pane.send(b"\x15")
            for command, name in ((FLOOD.encode(), "flood gap"), (b"yes", "yes gap")):
                beats = asyncio.create_task(self.gaps(0.6 if name == "flood gap" else 3.0))
                await asyncio.sleep(0.05)
                self.pane.send(command + b"\r")
                got[name] = await beats
            self.pane.send(b"\x03")
            await asyncio.sleep(0.2)
            out.write_text(json.dumps(got))
            self.exit()

    Bench().run()
    shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    if sys.argv[1:2] == ["--app"]:
        app(int(sys.argv[2]), Path(sys.argv[3]))
        return
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    floods, keys = plain_tmux(rounds)
    got = pane_in_tmux(rounds)

    def middle(values: list[float]) -> float:
        return statistics.median(values)

    print(f"{'':26}{'pane':>10}{'tmux':>10}{'ratio':>8}{'goal':>10}")
    print(
        f"{FLOOD:26}{middle(got['seq']) * 1000:>7.0f} ms{middle(floods) * 1000:>7.0f} ms"
        f"{middle(got['seq']) / middle(floods):>8.2f}{'≤ 3':>10}"
    )
    print(
        f"{'key to screen':26}{middle(got['key']) * 1000:>7.1f} ms{middle(keys) * 1000:>7.1f} ms{'':8}{'≤ 15 ms':>10}"
    )
    for name in ("flood gap", "yes gap"):
        beats = [b * 1000 for b in got[name]]
        print(f"{name + ' (worst)':26}{max(beats):>7.1f} ms   median {middle(beats):.1f} ms{'':5}{'≤ 100 ms':>10}")


if __name__ == "__main__":
    main()
