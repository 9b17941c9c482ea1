"""Images made without an engine: layers from folders, written as a docker-archive and pushed to a registry.

Both ways carry the same config and the same layers, so an image has the same Id whether it was loaded or pulled.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import platform
import stat
import tarfile
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import urljoin

from dockertutor.called import SETUP
from dockertutor.errors import SetupError

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
MADE = "2024-01-01T00:00:00Z"
"""Images made twice from the same packages must be equal, so their date is fixed."""

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}


def architecture() -> str:
    """This machine's architecture in Docker's word (``amd64``)."""
    return ARCHITECTURES.get(platform.machine(), platform.machine())


def digest(data: bytes) -> str:
    """``sha256:…`` of ``data``."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


@dataclass(frozen=True)
class Layer:
    """One layer: ``tar`` uncompressed, ``packed`` gzipped, ``comment`` what `docker history` shows."""

    tar: bytes
    packed: bytes
    comment: str

    @classmethod
    def of(cls, folder: Path, comment: str) -> Layer:
        """A layer that holds what is in ``folder``; owners become root, times become zero, order is by name."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as tar:
            for path in sorted(folder.rglob("*")):
                tar.addfile(*_entry(path, folder))
        plain = buffer.getvalue()
        return cls(plain, gzip.compress(plain, 6, mtime=0), comment)

    @property
    def diff_id(self) -> str:
        return digest(self.tar)


def _entry(path: Path, folder: Path) -> tuple[tarfile.TarInfo, io.BytesIO | None]:
    info = tarfile.TarInfo(str(path.relative_to(folder)))
    status = path.lstat()
    info.mode = stat.S_IMODE(status.st_mode)
    if path.is_symlink():
        info.type, info.linkname = tarfile.SYMTYPE, os.fspath(path.readlink())
        return info, None
    if path.is_dir():
        info.type = tarfile.DIRTYPE
        return info, None
    data = path.read_bytes()
    info.size = len(data)
    return info, io.BytesIO(data)


@dataclass(frozen=True)
class OfflineImage:
    """An image: ``name`` as a learner types it (``registry:2``), ``runs`` the config's Config (Cmd, Env …)."""

    name: str
    layers: Sequence[Layer]
    runs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def config(self) -> bytes:
        """The image's config as JSON; its digest is the image's Id."""
        path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return json.dumps(
            {
                "architecture": architecture(),
                "os": "linux",
                "created": MADE,
                "config": {"Env": [path], **self.runs},
                "rootfs": {"type": "layers", "diff_ids": [layer.diff_id for layer in self.layers]},
                "history": [{"created": MADE, "created_by": layer.comment} for layer in self.layers],
            },
            sort_keys=True,
        ).encode()

    @property
    def id(self) -> str:
        return digest(self.config)

    @property
    def size(self) -> int:
        """Bytes that a pull brings."""
        return sum(len(layer.packed) for layer in self.layers)

    def save(self, path: Path) -> None:
        """Write a docker-archive, as ``docker save`` does, for ``docker load``."""
        files = {f"{self.id.removeprefix('sha256:')}.json": self.config}
        files |= {f"{layer.diff_id.removeprefix('sha256:')}/layer.tar": layer.tar for layer in self.layers}
        layers = [name for name in files if name.endswith("/layer.tar")]
        manifest = [{"Config": next(iter(files)), "RepoTags": [self.name], "Layers": layers}]
        files["manifest.json"] = json.dumps(manifest).encode()
        part = path.with_suffix(".part")
        with tarfile.open(part, "w") as tar:
            for name, data in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        part.replace(path)

    def push(self, registry: str) -> None:
        """Push to a registry (``http://127.0.0.1:5999``) under ``library/NAME:TAG``. Raises `SetupError`."""
        repository, _, tag = self.name.partition(":")
        base = f"{registry}/v2/library/{repository}"
        try:
            for blob in (*(layer.packed for layer in self.layers), self.config):
                _push_blob(base, blob)
            _send("PUT", f"{base}/manifests/{tag or 'latest'}", self._manifest(), MANIFEST)
        except OSError as error:
            raise SetupError(
                f"The image {self.name} could not be put into the registry at {registry}: {error}.",
                f"Run {SETUP} again: it goes on from here.",
            ) from error

    def _manifest(self) -> bytes:
        layers = [
            {"mediaType": LAYER, "size": len(layer.packed), "digest": digest(layer.packed)} for layer in self.layers
        ]
        config = {"mediaType": CONFIG, "size": len(self.config), "digest": self.id}
        whole = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers}
        return json.dumps(whole, indent=1).encode()


def _push_blob(base: str, blob: bytes) -> None:
    name = digest(blob)
    try:
        _send("HEAD", f"{base}/blobs/{name}")
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
        place = _send("POST", f"{base}/blobs/uploads/", b"")
        sign = "&" if "?" in place else "?"
        _send("PUT", f"{place}{sign}digest={name}", blob, "application/octet-stream")


def _send(method: str, url: str, body: bytes | None = None, kind: str = "") -> str:
    """One request past any proxy; returns the Location it answers with ("" where none)."""
    headers = {"Content-Type": kind} if kind else {}
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as answer:
        return urljoin(url, cast(str, answer.headers.get("Location", "")))
