"""From an engine event to the tick on the screen, with 200 other containers on the engine.

``python -m bench.tick [--samples N] [--others N] [--busy N]``; with an engine of its own, which spares yours 200
containers: ``python tests/private_engine.py -- python -m bench.tick`` (as root). The real app runs in a pty and has an
exercise open; the bench starts the exercise's container, and measures from the start event's own time to the moment
when the bytes of the tick have come out of the app. ``--busy``: so many of the others run, with a health check each
second.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import docker

from bench.figures import Figures, percentile, print_machine
from bench.pane import Pane

LESSON = """
format: 1
id: tick
title: A tick
minutes: 5
steps:
  - exercise:
      id: one
      kind: independent
      vars: {name: name}
      given: [{container: "${name}", as: box, image: busybox, command: [sleep, "1000"], state: created}]
      task: "**Start the container** `${name}`."
      expect: [{container: {given: box}, state: running}]
      hints: [Look., Type., All.]
      solution: docker start ${name}
      why: It runs.
"""
COURSE = "format: 1\nid: bench\ntitle: Bench\ntracks:\n  01-bench: Bench\n"


def course(folder: Path, lesson: str) -> Path:
    """A course of one lesson."""
    (folder / "01-bench").mkdir(parents=True)
    (folder / "course.yaml").write_text(COURSE)
    (folder / "01-bench" / "01-bench.yaml").write_text(lesson)
    return folder


def learner(home: Path) -> dict[str, str]:
    """The environment of a learner who has seen the welcome."""
    kept = home / "data" / "dockertutor"
    kept.mkdir(parents=True)
    (kept / "settings.json").write_text('{"welcomed": true}')
    return os.environ | {"XDG_DATA_HOME": f"{home}/data"}


def opening(home: Path) -> list[str]:
    """The command that opens the app at the exercise."""
    root = str(course(home / "course", LESSON))
    return [sys.executable, "-m", "dockertutor", "--course", root, "open", "tick"]


def others(api: docker.APIClient, count: int, busy: int) -> list[str]:
    """Make containers that nobody has asked for; their Ids."""
    made = []
    health = {"test": ["CMD", "true"], "interval": 1_000_000_000, "timeout": 5_000_000_000}
    for number in range(count):
        box = api.create_container(
            "busybox", ["sleep", "100000"], name=f"bench-other-{secrets.token_hex(4)}",
            healthcheck=health if number < busy else None,
        )  # fmt: skip
        made.append(box["Id"])
        if number < busy:
            api.start(box["Id"])
    return made


def started(api: docker.APIClient, ident: str) -> float:
    """Start a container; the time in its start event."""
    before = time.time() - 1
    api.start(ident)
    for event in api.events(since=before, until=time.time() + 1, filters={"container": ident, "event": "start"},
                            decode=True):  # fmt: skip
        at = event["timeNano"] / 1e9
        if at > before + 0.9:
            return at
    raise RuntimeError("no start event")


def shown(record: dict[str, Any], pane: Pane) -> bool:
    """Whether a container's name stands on the screen: on a shared engine others come and go."""
    return any(name.lstrip("/") in pane.text for name in record["Names"] or ())


def seconds_used(pid: int) -> float:
    """Processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(api: docker.APIClient, samples: int) -> tuple[list[float], float]:
    """Times from event to bytes, and the share of a processor that the app takes while nobody does anything."""
    there = {one["Id"] for one in api.containers(all=True)}
    with tempfile.TemporaryDirectory(prefix="bench-tick-") as name:
        home = Path(name)
        with Pane(opening(home), learner(home)) as pane:
            pane.when("Done when", seconds=60)
            pane.quiet(1.5)
            pane.quiet(1.0)
            (box,) = [one for one in api.containers(all=True) if one["Id"] not in there and shown(one, pane)]
            ident = box["Id"]
            before = seconds_used(pane.pid)
            time.sleep(3)
            idle = (seconds_used(pane.pid) - before) / 3
            taken = []
            for _ in range(samples):
                mark = pane.mark()
                at = started(api, ident)
                taken.append(pane.when("✓", mark, 10) - at)
                mark = pane.mark()
                api.kill(ident)
                time.sleep(1.0)
                pane.quiet(0.3, 3)
            api.remove_container(ident, force=True)
    return taken, idle


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=30)
    parser.add_argument("--others", type=int, default=200)
    parser.add_argument("--busy", type=int, default=0)
    options = parser.parse_args()
    print_machine()
    api = docker.from_env(timeout=60).api
    made = others(api, options.others, options.busy)
    try:
        figures = Figures(f"engine event to tick, {options.others} other containers, {options.busy} with health checks")
        taken, idle = measure(api, options.samples)
    finally:
        for ident in made:
            api.remove_container(ident, force=True)
    middle, high = percentile(taken, 0.5), percentile(taken)
    held = middle <= 0.05 and high <= 0.15
    figures.row("event's time to bytes of the tick", taken, promised="≤ 50, 150 ms", held=held)
    figures.line("processor while nobody does anything", f"{idle * 100:.1f} %")
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
