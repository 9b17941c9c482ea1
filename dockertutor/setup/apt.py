"""Installing Docker from the distribution's packages, and removing it again."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from dockertutor.called import SETUP
from dockertutor.errors import SetupError
from dockertutor.setup import authorities

Say = Callable[[str], None]
Found = TypeVar("Found")

WANTED = ("docker.io", "iptables", "ca-certificates", "procps", "curl")
"""The engine, what it needs here (`docker top` calls `ps`), and curl, with which a lesson talks to it without the
client."""
WHERE_SEPARATE = ("docker-cli", "docker-buildx", "docker-compose")
"""Parts of docker.io that are packages of their own in later releases; earlier ones have other things by the last
two names, or none."""

FETCHING_LISTS = "Fetching the package lists first (10 to 40 MB), to know what set-up needs and how big that is"
"""Said where they are missing (a new container, a small cloud machine): without them there is no plan to agree to."""

POLICY = Path("/usr/sbin/policy-rc.d")
POLICY_ASIDE = Path("/usr/sbin/policy-rc.d.before-dockertutor")
POLICY_TEXT = "#!/bin/sh\n# dockertutor: packages start no services while they are being installed\nexit 101\n"


LOCKED = ("Could not get lock", "Unable to acquire the dpkg frontend lock", "dpkg frontend lock was locked by")
"""What apt and dpkg say while another program installs packages: a new machine often updates itself at first."""
LOCK_SECONDS = 600.0
"""How long we wait for that program."""


def docker_packages() -> list[str]:
    """The packages that make an engine and a client on this release."""
    separate = _candidate("docker-cli")
    return [*WANTED, *(p for p in WHERE_SEPARATE if separate and _candidate(p))]


def update(say: Say) -> None:
    """Fetch the package lists. ``say`` is told what is waited for. Raises `SetupError`."""
    _apt(["update"], say)


def download_size(packages: Sequence[str], say: Say) -> tuple[int, int]:
    """What installing ``packages`` would fetch: number of packages, bytes. Raises `SetupError`."""
    text = _apt(["install", "--yes", "--no-install-recommends", "--print-uris", *packages], say)
    sizes = [int(m[1]) for m in re.finditer(r"^'[^']+' \S+ (\d+)", text, re.M)]
    return len(sizes), sum(sizes)


def brings(packages: Sequence[str], say: Say) -> list[str]:
    """Names of the packages that installing ``packages`` would add to this machine. Raises `SetupError`."""
    text = _apt(["install", "--simulate", "--no-install-recommends", *packages], say)
    return sorted(set(re.findall(r"^Inst (\S+)", text, re.M)) - installed())


def installed() -> set[str]:
    """Names of all packages whose files are here, those among them that an interruption left half installed."""
    return {name for name, state in _states().items() if state not in ("not-installed", "config-files")}


def unfinished(packages: Sequence[str]) -> list[str]:
    """Those of ``packages`` that are not here whole: an interruption left them half installed, or not at all."""
    states = _states() if packages else {}
    return [p for p in packages if states.get(p) != "installed"]


def _states() -> dict[str, str]:
    """Package → dpkg's word for how it is."""
    form = "${Package} ${db:Status-Status}\n"
    text = subprocess.run(["dpkg-query", "-W", "-f", form], capture_output=True, text=True, check=True).stdout
    return dict(line.split() for line in text.splitlines())


def install(packages: Sequence[str], say: Say) -> None:
    """Install ``packages``; no service is started by it. One that was interrupted is finished first.

    ``say`` gets apt's own progress. Raises `SetupError` with apt's last words.
    """
    with services_stay_off():
        if subprocess.run(["dpkg", "--audit"], capture_output=True, text=True).stdout.strip():
            _call(["dpkg", "--configure", "-a"], say)
        _patiently(lambda: _install_with_progress(packages, say), say)


def remove(packages: Sequence[str], say: Say) -> list[str]:
    """Remove those of ``packages`` that nothing else needs; returns the ones that stay because something does."""
    here = [p for p in packages if p in installed()]
    while here:
        text = _apt(["purge", "--simulate", *here], say)
        others = set(re.findall(r"^(?:Purg|Remv) (\S+)", text, re.M)) - set(here)
        if not others:
            break
        needed = [p for p in here if _removal_takes([p], say) & others]
        if not needed:
            return here
        here = [p for p in here if p not in needed]
    if here:
        with services_stay_off():
            _apt(["purge", "--yes", *here], say)
    return [p for p in packages if p in installed()]


def _removal_takes(packages: list[str], say: Say) -> set[str]:
    text = _apt(["purge", "--simulate", *packages], say)
    return set(re.findall(r"^(?:Purg|Remv) (\S+)", text, re.M))


@contextmanager
def services_stay_off() -> Iterator[None]:
    """Put a policy-rc.d in place: docker.io's postinst would start an engine that we do not want yet, and fail the
    whole installation where that start fails. One that was there is put back."""
    tidy_policy()
    if POLICY.exists():
        POLICY.rename(POLICY_ASIDE)
    POLICY.write_text(POLICY_TEXT)
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        tidy_policy()


def tidy_policy() -> None:
    """Remove our policy-rc.d, also one that an interrupted run left, and put the machine's own back."""
    if POLICY.exists() and "# dockertutor:" in POLICY.read_text(errors="replace"):
        POLICY.unlink()
    if POLICY_ASIDE.exists():
        POLICY_ASIDE.rename(POLICY)


def _candidate(package: str) -> bool:
    text = subprocess.run(["apt-cache", "policy", package], capture_output=True, text=True, env=_environment()).stdout
    return "Candidate: " in text and "Candidate: (none)" not in text


def _install_with_progress(packages: Sequence[str], say: Say) -> None:
    reading, writing = os.pipe()
    command = ["apt-get", "install", "--yes", "--no-install-recommends", "-q", "-o", f"APT::Status-Fd={writing}"]
    options = ["-o", "Dpkg::Options::=--force-confold", "-o", "Dpkg::Use-Pty=0", *authorities.for_apt()]
    process = subprocess.Popen(
        [*command, *options, *packages],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=_environment(),
        pass_fds=(writing,),
        text=True,
    )
    os.close(writing)
    with process, os.fdopen(reading) as status:
        steps = Progress(say)
        for line in _interleaved(process, status):
            steps.take(line)
    if process.returncode:
        raise _failed(command, "\n".join(steps.output))


def _interleaved(process: subprocess.Popen[str], status: Iterator[str]) -> Iterator[str]:
    """Status lines as they come; apt's own output is read beside them, so that neither pipe fills up."""
    import threading

    assert process.stdout is not None
    output: list[str] = []
    reader = threading.Thread(target=lambda: output.extend(process.stdout or ()), daemon=True)
    reader.start()
    yield from status
    reader.join()
    process.wait()
    yield from (f"output:{line}" for line in output)


class Progress:
    """Turns apt's status lines (``dlstatus:N:PERCENT:TEXT``, ``pmstatus:PACKAGE:PERCENT:TEXT``) into few lines."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._last: dict[str, int] = {}
        self.output: list[str] = []

    def take(self, line: str) -> None:
        """One line of apt's status descriptor, or of its output (``output:…``)."""
        kind, _, rest = line.rstrip("\n").partition(":")
        if kind == "output":
            self.output.append(rest)
            return
        parts = rest.split(":", 2)
        if kind not in ("dlstatus", "pmstatus") or len(parts) < 3:
            return
        try:
            percent = int(float(parts[1])) // 20 * 20
        except ValueError:
            return
        if percent > self._last.get(kind, -1):
            self._last[kind] = percent
            self._say(f"  {'Fetching' if kind == 'dlstatus' else 'Installing'}  {percent:3d} %  {parts[2].strip()}")


def _apt(arguments: list[str], say: Say) -> str:
    return _call(["apt-get", "-q", *authorities.for_apt(), *arguments], say)


def _call(command: list[str], say: Say) -> str:
    def step() -> str:
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=_environment())
        if done.returncode:
            raise _failed(command, done.stdout + done.stderr)
        return done.stdout

    return _patiently(step, say)


def _patiently(step: Callable[[], Found], say: Say) -> Found:
    """Do ``step``, again and again while another program installs packages."""
    until, told = time.monotonic() + LOCK_SECONDS, False
    while True:
        try:
            return step()
        except SetupError as error:
            if time.monotonic() > until or not any(words in error.detail for words in LOCKED):
                raise
        if not told:
            told = True
            say("  Another program is installing packages on this machine; waiting for it …")
        time.sleep(2)


def _failed(command: Sequence[str], output: str) -> SetupError:
    lines = [line for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("E: ", "dpkg: error: ")) or "No space left" in line]
    last = (errors or lines or ["no message"])[0 if errors else -1]
    return SetupError(
        f"`{' '.join(command[:2])}` failed: {last.removeprefix('E: ').removeprefix('dpkg: error: ')}",
        f"Mend that (network, http_proxy, disk space), then run {SETUP} again: it goes on from here.",
        detail=output,
    )


def _environment() -> dict[str, str]:
    path = f"{os.environ.get('PATH', '/usr/bin:/bin')}:/usr/sbin:/sbin"
    return os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8", "PATH": path}
