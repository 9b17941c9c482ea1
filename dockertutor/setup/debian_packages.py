"""Debian packages as material: fetched and unpacked into a folder, nothing is installed (and no root is needed)."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dockertutor.called import SETUP
from dockertutor.errors import SetupError
from dockertutor.setup import apt, authorities


@dataclass(frozen=True)
class Package:
    """A package that apt can fetch: ``size`` in bytes, ``file`` its file name."""

    name: str
    file: str
    size: int


class DebianPackages:
    """Fetches packages with apt. ``folder`` keeps what was fetched, so an interrupted run goes on, and the package
    lists that the plan is from, where those are not the machine's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lists = folder / "lists"

    def plan(self, names: Sequence[str], say: Callable[[str], None]) -> list[Package]:
        """What would be fetched for ``names`` and the libraries that they load, with sizes. ``say`` is told where the
        package lists have to be fetched for that. Raises `SetupError`."""
        if shutil.which("apt-get") is None:
            raise SetupError(
                "The course's images cannot be made here: that needs Debian's or Ubuntu's packages.",
                "Connect this machine to Docker Hub, or bring them with `docker save` and `docker load`.",
            )
        shutil.rmtree(self._lists, ignore_errors=True)  # of an earlier plan, and perhaps of another year
        try:
            return self._plan(names)
        except SetupError:
            say(apt.FETCHING_LISTS)
            self._fetch_lists()
            return self._plan(names)

    def fetch(self, package: Package) -> Path:
        """The package's file, downloaded unless it is here. Raises `SetupError`."""
        path = self.folder / package.file
        if not path.exists() or path.stat().st_size != package.size:
            path.unlink(missing_ok=True)
            self._apt("download", package.name)
        if not path.exists():
            raise SetupError(f"apt did not bring {package.file}.", f"Run {SETUP} again: it goes on from here.")
        return path

    def unpack(self, package: Package, target: Path) -> None:
        """Unpack the package's files into ``target``."""
        _call(["dpkg-deb", "-x", str(self.fetch(package)), str(target)], self.folder)

    def _plan(self, names: Sequence[str]) -> list[Package]:
        wanted = self._with_libraries(names)
        found = []
        asked = self._apt("download", "--print-uris", *wanted, folder=self.folder / "asking")
        for line in asked.splitlines():
            match = re.match(r"'([^']+)' (\S+) (\d+)", line)
            if match:
                file = match[2]
                found.append(Package(file.split("_")[0], file, int(match[3])))
        if len(found) < len(wanted):
            missing = sorted(set(wanted) - {p.name for p in found})
            raise SetupError(f"apt does not know {', '.join(missing)}.", f"Run `apt-get update`, then {SETUP} again.")
        return found

    def _with_libraries(self, names: Sequence[str]) -> list[str]:
        """``names`` and, over all steps, the lib* packages that they depend on."""
        known = list(names)
        for name in known:
            text = _call(["apt-cache", *self._options, "depends", "--important", name], self.folder)
            for library in re.findall(
                r"^ +(?:Pre)?Depends: (lib[\w.+-]+|zlib1g|media-types|nginx-common)$", text, re.M
            ):
                if library not in known:
                    known.append(library)
        return known

    def _fetch_lists(self) -> None:
        """Package lists of our own: the machine's may be missing, and an ordinary user may not fetch those."""
        for folder in (self._lists / "partial", self._cache / "archives" / "partial"):
            folder.mkdir(parents=True, exist_ok=True)
        self._apt("update")

    @property
    def _cache(self) -> Path:
        return self.folder / "cache"

    @property
    def _options(self) -> list[str]:
        """Options that make apt use our own package lists, where we have fetched them."""
        if not self._lists.is_dir():
            return []
        return ["-o", f"Dir::State::lists={self._lists}", "-o", f"Dir::Cache={self._cache}"]

    def _apt(self, *arguments: str, folder: Path | None = None) -> str:
        """Call apt-get in ``folder``; of files that lie there already, complete or not, it prints no address."""
        options = ["-o", "APT::Sandbox::User=root", *authorities.for_apt(), *self._options]
        command = ["apt-get", "-q", *options, *arguments]
        return _call(command, folder or self.folder)


def _call(command: list[str], folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()
        told = next((line for line in lines if "No space left" in line), lines[-1])
        raise SetupError(
            f"`{' '.join(command[:1] + command[-2:])}` failed: {told}",
            f"Check the network (http_proxy?) and the disk, then run {SETUP} again: it goes on from here.",
            detail=done.stderr,
        )
    return done.stdout
