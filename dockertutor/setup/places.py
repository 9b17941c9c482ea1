"""Where set-up keeps things: XDG folders of this user, or under DOCKERTUTOR_HOME where that is set."""

from __future__ import annotations

import os
from pathlib import Path


def _folder(variable: str, usual: str, under: str) -> Path:
    home = os.environ.get("DOCKERTUTOR_HOME")
    if home:
        return Path(home) / under
    base = os.environ.get(variable, "")
    return (Path(base) if base.startswith("/") else Path.home() / usual) / "dockertutor"


def kit() -> Path:
    """The offline kit: can be made again at any time."""
    return _folder("XDG_CACHE_HOME", ".cache", "cache") / "kit"


def state() -> Path:
    """The record of what was installed, logs and pid files; outlives a reboot."""
    return _folder("XDG_STATE_HOME", ".local/state", "state") / "setup"
