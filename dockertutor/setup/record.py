"""The record of what set-up did on this machine, so that it can be gone on with, and undone without guessing."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from dockertutor.setup import places


@dataclass
class Record:
    """``packages``: what apt installed for us. ``files``: what we wrote outside our own folders. ``mirror_port``: where
    the kit's registry is served for our engine, 0 where it is not. ``images``: course images that we built, as engine
    Id → image name → (hash of its folder, image Id). ``started``: the engine was started by us, by hand.
    ``invocation``: systemd's Id of the start, where it started a service for us that was here before. ``localhost``: we
    wrote that name into /etc/hosts."""

    packages: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    mirror_port: int = 0
    started: bool = False
    invocation: str = ""
    localhost: bool = False
    images: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Record:
        """The record as last written; an empty one where there is none, or where it cannot be read."""
        try:
            data = json.loads(_path().read_text())
            return cls(**{key: value for key, value in data.items() if key in cls.__dataclass_fields__})
        except (OSError, ValueError, TypeError, AttributeError):
            return cls()

    def write(self) -> None:
        """Write it whole or not at all."""
        path = _path()
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(asdict(self), indent=1))
        part.replace(path)


def _path() -> Path:
    return places.state() / "record.json"
