"""``./test``: lint, types, import rules, unit, TUI, engine and end-to-end tests, and every proof; fails fast.

What needs an engine goes into a queue that two private engines work off side by side (`worker`). Without root there are
no private engines: the engine that answers is used, and without one these are reported as not run.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import engine_root
from worker import Queue

from dockertutor.errors import SetupError, TutorError
from dockertutor.setup import apt, hosts, machine, places
from dockertutor.setup.kit import Kit

HERE = Path(__file__).parent
PROJECT = HERE.parent
STAGES = ("lint", "unit", "engine", "proofs")
LONG = ("cold", "matrix")
"""Only run when asked for: fresh Debian roots, newer engines."""
PROOF_SHELL = "DOCKERTUTOR_PROOF_SHELL"
"""The shell in which the proofs are done; bash without it."""
PROGRAMS = {
    "tmux": "tmux",
    "zsh": "zsh",
    "vi": "vim-tiny",
    "git": "git",
    "curl": "curl",
    "ps": "procps",
    "openssl": "openssl",
    "docker-compose": "docker-compose",
}
"""Programs that tests drive, and Debian's package of each."""


@dataclass
class Tally:
    """What was run: ``cases`` are (seconds, name); ``passed`` and ``failed`` are counts; ``not_run`` reasons."""

    passed: int = 0
    failed: int = 0
    cases: list[tuple[float, str]] = field(default_factory=list)
    not_run: list[str] = field(default_factory=list)

    def add_junit(self, path: Path) -> None:
        """Count a pytest run."""
        if not path.exists():
            return
        for case in ElementTree.parse(path).getroot().iter("testcase"):
            outcome = {child.tag for child in case}
            self.failed += bool(outcome & {"failure", "error"})
            self.passed += not outcome & {"failure", "error", "skipped"}
            name = f"{case.get('classname', '').replace('.', '/')}::{case.get('name')}"
            self.cases.append((float(case.get("time", 0)), name))
            self.not_run += [f"{name}: {s.get('message', '')}" for s in case.iter("skipped")]

    def add_proofs(self, path: Path) -> None:
        """Count a run of ``lesson prove --format json``."""
        try:
            answer = json.loads(path.read_text())
        except (OSError, ValueError):
            return
        for case in proof_cases(answer):
            self.passed += bool(case["ok"])
            self.failed += not case["ok"]
            words = (case["lesson"], case["exercise"], case["case"], str(case.get("id") or ""))
            self.cases.append((float(case["seconds"]), "proof " + " ".join(w for w in words if w)))


def proof_cases(answer: object) -> list[dict[str, object]]:
    """The cases in what ``lesson prove --format json`` prints: its last item is their totals."""
    return [case for case in answer if case["case"] != "totals"] if isinstance(answer, list) else []


def main(stages: list[str]) -> int:
    """Run the stages; 0 if all held."""
    wanted = stages or list(STAGES)
    if unknown := set(wanted) - {*STAGES, *LONG}:
        print(f"./test knows the stages {' '.join((*STAGES, *LONG))}, not {' '.join(unknown)}", file=sys.stderr)
        return 2
    if long := [stage for stage in LONG if stage in wanted]:
        return subprocess.run([sys.executable, "-m", "cold", *long], cwd=HERE).returncode
    signal.signal(signal.SIGINT, signal.default_int_handler)  # one started in the background may not hear Ctrl-C
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # not under nohup
            signal.signal(number, _end)
    began, tally = time.monotonic(), Tally()
    on_engines = [s for s in ("engine", "proofs") if s in wanted]
    furnish = os.geteuid() == 0 and wanted != ["lint"]
    if furnish and on_engines and not _said(_may_have_an_engine):
        return 1
    with (
        _localhost_known(hosts.HOSTS) if furnish else nullcontext(),
        tempfile.TemporaryDirectory(prefix="dockertutor-test-") as folder,
    ):
        if furnish and not _said(_furnish):
            return 1
        work = Path(folder)
        held = all(_stage(stage, work, tally) for stage in ("lint", "unit") if stage in wanted)
        if held and on_engines:
            held = _on_engines(on_engines, work, tally)
    held = held and not tally.failed
    _close(tally, time.monotonic() - began, held=held)
    return 0 if held else 1


def _end(number: int, frame: object) -> None:
    """A closed terminal and a `kill` end a run as Ctrl-C does: what it did to the machine is undone."""
    sys.exit(128 + number)


def _stage(stage: str, work: Path, tally: Tally) -> bool:
    if stage == "lint":
        return all(_call(c) for c in _lint())
    junit = work / "unit.xml"
    held = _call([*_pytest(junit), *_folders("unit", "tui")], _clean_environment(work))
    tally.add_junit(junit)
    return held


def _lint() -> list[list[str]]:
    binaries = Path(sys.executable).parent
    ruff = str(binaries / "ruff")
    return [
        [ruff, "check", "."],
        [ruff, "format", "--check", "."],
        [str(binaries / "mypy")],
        [str(binaries / "lint-imports")],
    ]


def _pytest(junit: Path) -> list[str]:
    return [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", f"--junitxml={junit}"]


def _folders(*names: str) -> list[str]:
    return [f"tests/{name}" for name in names if any((HERE / name).glob("test_*.py"))]


def _on_engines(stages: list[str], work: Path, tally: Tally) -> bool:
    queue = Queue(work / "queue")
    if "engine" in stages:
        for path in (*sorted(HERE.glob("e2e/test_*.py")), *sorted(HERE.glob("engine/test_*.py"))):
            name = f"{path.parent.name}/{path.stem}"
            queue.put(name, [*_pytest(work / f"{path.parent.name}-{path.stem}.xml"), f"tests/{name}.py"])
    if "proofs" in stages:
        for lesson in sorted((PROJECT / "lessons").glob("*/*.yaml")):
            queue.put(f"prove {lesson.stem}", _prove(lesson), output=work / f"{lesson.stem}.json")
    held = _work_off(queue, work, tally)
    for path in work.glob("*.xml"):
        if path.name != "unit.xml":
            tally.add_junit(path)
    for path in work.glob("*.json"):
        tally.add_proofs(path)
    return held


def _prove(lesson: Path) -> list[str]:
    shell = os.environ.get(PROOF_SHELL, "bash")
    return [sys.executable, "-m", "dockertutor", "lesson", "prove", str(lesson), "--format", "json", "--shell", shell]


def _work_off(queue: Queue, work: Path, tally: Tally) -> bool:
    """Two private engines as root; else the engine that answers, or nothing."""
    environment = _clean_environment(work) | {"XDG_CACHE_HOME": str(places.kit().parents[1])}
    environment |= {name: os.environ[name] for name in engine_root.CHOICES if name in os.environ}
    worker = [sys.executable, str(HERE / "worker.py"), str(queue.folder)]
    if os.geteuid() != 0:
        if not (os.environ.get("DOCKER_HOST") or os.access("/var/run/docker.sock", os.W_OK)):
            tally.not_run.append(f"{', '.join(queue.names())}: not run: needs root, or an engine that answers")
            return True
        return subprocess.run(worker, env=environment).returncode == 0
    if not _said(_prepare):
        return False
    private = [sys.executable, str(HERE / "private_engine.py"), "--", *worker]
    return _side_by_side(private, environment) and not queue.names()


def _side_by_side(command: list[str], environment: dict[str, str]) -> bool:
    """Two of the same command; the first that fails ends both."""
    running = [subprocess.Popen(command, env=environment) for _ in range(2)]
    try:
        while running:
            for process in running:
                if process.poll() is not None:
                    running.remove(process)
                    if process.returncode:
                        return False
                    break
            time.sleep(0.1)
    finally:
        for process in running:
            process.terminate()
            process.wait()
    return True


def _said(step: Callable[[], None]) -> bool:
    """Whether a step of the preparation held; a fault of it is said."""
    try:
        step()
    except TutorError as error:
        print(error, file=sys.stderr)
        return False
    return True


def _may_have_an_engine() -> None:
    """Raises what ./run says where it would install no engine, and there is none whose programs we could use."""
    refusal = None if _engine_here() else machine.look().refusal()
    if refusal is not None:
        more = "As root ./test makes engines of its own from Debian's docker.io; as another user it takes what answers."
        raise SetupError(refusal.what, f"{refusal.do}\n{more}")


def _engine_here() -> bool:
    return bool(shutil.which("dockerd") and shutil.which("docker"))


@contextmanager
def _localhost_known(path: Path) -> Iterator[None]:
    """Have this machine know the name localhost, as tests expect of one that people work at, and only meanwhile: what
    ``path`` had before stays, also a line of ./run's."""
    ours = False
    try:
        if not hosts.localhost_known():
            print(f"writing the name localhost into {path} for this run: this machine does not know it", flush=True)
            ours = hosts.add_localhost(path)
        yield
    finally:
        if ours:
            hosts.remove_localhost(path)


def _furnish() -> None:
    """The programs that tests drive."""
    missing = [package for program, package in PROGRAMS.items() if not _has(program)]
    if missing and shutil.which("apt-get"):
        apt.update(print)
        _install(missing)


def _has(program: str) -> bool:
    """Whether a program is here; Compose may also be the client's own, and then it needs no package beside it."""
    if shutil.which(program) is not None:
        return True
    if program != "docker-compose" or shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0


def _install(packages: list[str]) -> None:
    print(f"installing {' '.join(packages)}", flush=True)
    apt.install(packages, print)


def _prepare() -> None:
    """Install an engine (without starting it) and a client, and make the kit."""
    if not _engine_here():
        apt.update(print)
        _install(apt.docker_packages())
    kit = Kit(places.kit())
    if not kit.complete:
        kit.make(kit.plan(print), print)


def _clean_environment(work: Path) -> dict[str, str]:
    """This environment with a home of its own, so that no test reads or writes this user's progress."""
    home = work / "home"
    home.mkdir(exist_ok=True)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "DOCKERTUTOR_"))}
    binaries = f"{Path(sys.executable).parent}:{kept.get('PATH', '')}"
    return kept | {"HOME": str(home), "PATH": binaries, "PYTHONDONTWRITEBYTECODE": "1"}


def _call(command: list[str], environment: dict[str, str] | None = None) -> bool:
    print(f"\n— {' '.join([Path(command[0]).name, *command[1:]])}", flush=True)
    return subprocess.run(command, cwd=PROJECT, env=environment).returncode == 0


def _close(tally: Tally, seconds: float, *, held: bool) -> None:
    if tally.cases:
        print("\nslowest ten:")
    for took, name in sorted(tally.cases, reverse=True)[:10]:
        print(f"  {took:6.1f} s  {name}")
    for reason in tally.not_run:
        print(f"not run: {reason}")
    print(f"\n{'All of it holds' if held else 'Something does not hold'} ({seconds / 60:.1f} minutes)")
    if tally.cases:
        print(f"{tally.passed} passed, {tally.failed} failed")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
