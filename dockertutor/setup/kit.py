"""The offline kit: images made from Debian's packages, kept in a real registry on loopback.

In its folder: ``debs/`` what apt brought, ``registry/`` the registry's storage, ``images/*.tar`` the same images as
docker-archives, ``bin/docker-registry`` the registry itself, ``kit.json`` written last: what is complete.
"""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dockertutor.errors import SetupError
from dockertutor.setup import kit_images
from dockertutor.setup.debian_packages import DebianPackages, Package
from dockertutor.setup.waiting import ended, free_port, until

FORMAT = 1
"""Counts up when the images change, so that a kit made by an older version is made anew."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Kit:
    """The kit in ``folder``, complete or not yet."""

    folder: Path

    @property
    def complete(self) -> bool:
        try:
            return bool(json.loads((self.folder / "kit.json").read_text())["format"] == FORMAT)
        except (OSError, ValueError, KeyError, TypeError):
            return False

    @property
    def ids(self) -> dict[str, str]:
        """Image name → Id."""
        found: dict[str, str] = json.loads((self.folder / "kit.json").read_text())["images"]
        return found

    def archive(self, name: str) -> Path:
        """The docker-archive of an image (``registry:2``)."""
        return self.folder / "images" / f"{name.replace(':', '_')}.tar"

    def plan(self, say: Say) -> list[Package]:
        """What has to be fetched, with sizes. Raises `SetupError`."""
        return self._packages.plan(kit_images.PACKAGES, say)

    def make(self, plan: list[Package], say: Say) -> None:
        """Fetch and make everything; interrupted, it goes on where it was. Raises `SetupError`."""
        unpacked, work = self.folder / "unpacked", self.folder / "work"
        shutil.rmtree(unpacked, ignore_errors=True)
        for number, package in enumerate(plan, 1):
            say(f"  {number} of {len(plan)}  {package.name} ({megabytes(package.size)})")
            self._packages.unpack(package, _made(unpacked))
        say("  Making the images …")
        images = kit_images.build(unpacked, work)
        binary = _made(self.folder / "bin") / "docker-registry"
        shutil.copy2(kit_images.program(unpacked, "docker-registry"), binary)
        with self._registry_for_filling() as address:
            for image in images:
                say(f"  {image.name} ({megabytes(image.size)})")
                image.save(_made(self.folder / "images") / self.archive(image.name).name)
                image.push(address)
        part = self.folder / "kit.part"
        part.write_text(json.dumps({"format": FORMAT, "images": {i.name: i.id for i in images}}))
        part.replace(self.folder / "kit.json")
        shutil.rmtree(work, ignore_errors=True)
        shutil.rmtree(unpacked, ignore_errors=True)

    def serve_command(self, port: int, *, read_only: bool = True) -> list[str]:
        """The command that serves the kit's registry on 127.0.0.1 (its configuration is written first)."""
        config = self.folder / f"registry-{port}.yml"
        keep = "maintenance: {readonly: {enabled: true}}, " if read_only else ""
        config.write_text(
            f"version: 0.1\nlog: {{level: warn, accesslog: {{disabled: true}}}}\n"
            f"storage: {{{keep}filesystem: {{rootdirectory: {json.dumps(str(self.folder / 'registry'))}}}}}\n"
            f"http: {{addr: '127.0.0.1:{port}'}}\n"
        )
        return [str(self.folder / "bin" / "docker-registry"), "serve", str(config)]

    @property
    def _packages(self) -> DebianPackages:
        return DebianPackages(self.folder / "debs")

    @contextmanager
    def _registry_for_filling(self) -> Iterator[str]:
        port = free_port()
        command = self.serve_command(port, read_only=False)
        log = self.folder / "registry.log"
        with log.open("ab") as out:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            address = f"http://127.0.0.1:{port}"
            if not until(lambda: registry_answers(address) or ended(process), 20) or ended(process):
                raise SetupError("The kit's registry does not start.", f"Its log is {log}.")
            yield address
        finally:
            process.terminate()
            process.wait()
            (self.folder / f"registry-{port}.yml").unlink(missing_ok=True)


def registry_answers(address: str) -> bool:
    """Whether a registry answers at ``http://HOST:PORT``; no proxy is asked."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/v2/", timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, http.client.HTTPException):  # also: somebody else at that port
        return False


def megabytes(size: int) -> str:
    """``12 MB``, one decimal below ten; ``13 kB`` below a tenth."""
    if size < 100_000:
        return f"{size / 1e3:.0f} kB"
    mb = size / 1e6
    return f"{mb:.0f} MB" if mb >= 10 else f"{mb:.1f} MB"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
