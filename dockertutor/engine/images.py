"""Getting and building images, with progress in words."""

from __future__ import annotations

import io
import posixpath
import tarfile
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from dockertutor.engine.faults import refusal
from dockertutor.engine.references import familiar
from dockertutor.errors import EngineRefused
from dockertutor.facts import Object

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine

Say = Callable[[str], None]
SILENCE = 120.0
"""Seconds without a word from the engine after which a pull or a build is given up."""


def pull(engine: Engine, reference: str, say: Say = lambda text: None) -> Object:
    """Pull an image; ``say`` gets "Getting the image busybox, 2 of 4 MB". Raises an EngineFault (no such image, no
    network, the registry's limit)."""
    tag = familiar(reference)
    repository, _, version = tag.rpartition(":") if "@" not in tag else tag.partition("@")
    layers: dict[str, tuple[int, int]] = {}
    say(f"Getting the image {reference}")
    with engine.asking(f"get the image {reference}", seconds=SILENCE) as api:
        for line in api.pull(repository, tag=version, stream=True, decode=True):
            _raise_error(line, f"get the image {reference}")
            detail = line.get("progressDetail") or {}
            if line.get("id") and detail.get("total") and line.get("status") == "Downloading":
                layers[str(line["id"])] = (int(detail.get("current") or 0), int(detail["total"]))
                done, total = (sum(pair[n] for pair in layers.values()) for n in (0, 1))
                say(f"Getting the image {reference}, {_mb(done)} of {_mb(total)} MB")
    return _made(engine, reference, f"get the image {reference}")


def build(
    engine: Engine,
    dockerfile: str,
    tag: str,
    files: Mapping[str, str] | None = None,
    say: Say = lambda text: None,
) -> Object:
    """Build an image from a Dockerfile's text and further files (path → text), without cache, so that each build has an
    Id of its own; where that is not enough (a Dockerfile of FROM alone) an ARG with a token makes it so. No labels."""
    before = engine.baseline().ids["image"]
    built = _build(engine, dockerfile, tag, files or {}, say)
    if built.id in before:
        token = f"{time.time_ns():x}"
        built = _build(engine, f"{dockerfile.rstrip()}\nARG made={token}\n", tag, files or {}, say)
    return built


def _build(engine: Engine, dockerfile: str, tag: str, files: Mapping[str, str], say: Say) -> Object:
    doing = f"build the image {tag}"
    context = as_tar({"Dockerfile": dockerfile, **files})
    say(f"Building the image {tag}")
    with engine.asking(doing, seconds=SILENCE) as api:
        lines = api.build(
            fileobj=context, custom_context=True, tag=tag, rm=True, forcerm=True, nocache=True, decode=True, pull=False
        )
        for line in lines:
            _raise_error(line, doing)
            step = str(line.get("stream") or "").strip()
            if step.startswith("Step "):
                say(f"Building the image {tag}, {step.partition(' : ')[0].lower().replace('/', ' of ')}")
    return _made(engine, tag, doing)


def as_tar(files: Mapping[str, str | bytes], *, mode: int = 0o644) -> io.BytesIO:
    """Files (path → text) as a tar archive in memory, folders first, owned by root."""
    archive = io.BytesIO()
    folders: set[str] = set()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for path, text in files.items():
            name = posixpath.normpath(path.lstrip("/"))
            parts = name.split("/")[:-1]
            for count in range(1, len(parts) + 1):
                folder = "/".join(parts[:count])
                if folder not in folders:
                    folders.add(folder)
                    info = tarfile.TarInfo(folder)
                    info.type, info.mode, info.mtime = tarfile.DIRTYPE, 0o755, int(time.time())
                    tar.addfile(info)
            data = text.encode() if isinstance(text, str) else text
            info = tarfile.TarInfo(name)
            info.size, info.mode, info.mtime = len(data), mode, int(time.time())
            if data.startswith(b"#!"):
                info.mode = 0o755
            tar.addfile(info, io.BytesIO(data))
    archive.seek(0)
    return archive


def _raise_error(line: Mapping[str, Any], doing: str) -> None:
    if line.get("error"):
        raise refusal(str(line["error"]), 0, doing)


def _made(engine: Engine, reference: str, doing: str) -> Object:
    found = engine.inspect("image", reference)
    if found is None:
        raise EngineRefused(f"The engine was asked to {doing}, and the image is not there.", "Try again.")
    return found


def _mb(size: int) -> str:
    return f"{size / 1e6:.0f}" if size >= 10e6 else f"{size / 1e6:.1f}"
