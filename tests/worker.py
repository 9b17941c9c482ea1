"""Works off a queue of jobs beside an engine: ``python tests/worker.py FOLDER``. Several work off one queue.

A job is a file; who renames it has it. The first job that fails stops every worker before its next one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[1]
LIMIT_SECONDS = 1200


@dataclass(frozen=True)
class Job:
    """``output``: a file for its standard output, which is then not shown ("" to show it)."""

    name: str
    command: list[str]
    output: str = ""


class Queue:
    """Jobs in ``folder``, in the order in which they were put."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def put(self, name: str, command: list[str], output: Path | None = None) -> None:
        number = len(list(self.folder.iterdir()))
        job = {"name": name, "command": command, "output": str(output or "")}
        (self.folder / f"{number:03d}.waiting").write_text(json.dumps(job))

    def take(self) -> Job | None:
        """The next job, now ours; None where none is left or one has failed."""
        for path in sorted(self.folder.glob("*.waiting")):
            if (self.folder / "failed").exists():
                return None
            try:
                taken = path.rename(path.with_suffix(".taken"))
            except FileNotFoundError:
                continue
            return Job(**json.loads(taken.read_text()))
        return None

    def names(self) -> list[str]:
        """What still waits."""
        return [json.loads(path.read_text())["name"] for path in sorted(self.folder.glob("*.waiting"))]

    def fail(self) -> None:
        (self.folder / "failed").touch()


def work(queue: Queue) -> int:
    """Run jobs until none is left; 0 if all of ours held."""
    while (job := queue.take()) is not None:
        began = time.monotonic()
        print(f"— {job.name} …", flush=True)
        status, shown = _run(job)
        took = time.monotonic() - began
        print(f"\n— {job.name}: {'held' if status == 0 else 'FAILED'} in {took:.0f} s\n{shown}", flush=True)
        if status:
            queue.fail()
            return 1
    return 0


def _run(job: Job) -> tuple[int, str]:
    try:
        done = subprocess.run(
            job.command,
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if job.output else subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=LIMIT_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        return 1, f"not done after {LIMIT_SECONDS} s\n{_tail(error.stdout)}"
    if not job.output:
        return done.returncode, done.stdout
    Path(job.output).write_text(done.stdout)
    if done.returncode == 0 and '"ok"' not in done.stdout:
        return 1, f"it proved nothing\n{done.stdout}{done.stderr}"
    return done.returncode, done.stderr or done.stdout


def _tail(output: bytes | str | None) -> str:
    text = output.decode(errors="replace") if isinstance(output, bytes) else output or ""
    return text[-5000:]


if __name__ == "__main__":
    sys.exit(work(Queue(Path(sys.argv[1]))))
