"""What the learner chose for the screen: a small JSON file beside the progress, rewritten in one move."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from dockertutor.errors import UsageError

LEADERS = ("ctrl+g", "ctrl+t", "ctrl+b", "ctrl+a", "ctrl+backslash", "ctrl+right_square_bracket")
"""Keys that may be the leader: none of them is Docker's detach (Ctrl-P, Ctrl-Q), Ctrl-C or Ctrl-Z."""


def leader_named(name: str) -> str:
    """The leader key that is meant: ``ctrl+t``, ``Ctrl-T``, ``^T`` and ``C-t`` are the same. Raises `UsageError` for
    any other key: one that no terminal can send would lock the learner into the terminal."""
    words = {key: (key, key.replace("backslash", "\\").replace("right_square_bracket", "]")) for key in LEADERS}
    last = name.strip().lower()
    for start in ("ctrl", "c", "^"):
        if last.startswith(start) and len(last) > len(start):
            last = last.removeprefix(start).lstrip("+-")
            break
    for key, names in words.items():
        if any(last == known.removeprefix("ctrl+") for known in names):
            return key
    choice = ", ".join(names[1] for names in words.values())
    raise UsageError(f"{name} cannot be the leader key.", f"Choose one of {choice}.")


@dataclass(frozen=True)
class Settings:
    """``leader``: a Textual key. ``theme``: ``dark`` or ``light``. ``ascii``: signs any terminal can draw.
    ``welcomed``: the welcome was seen."""

    leader: str = LEADERS[0]
    theme: str = "dark"
    ascii: bool = False
    welcomed: bool = False


def load(path: Path | None) -> Settings:
    """The settings in ``path``; what is missing or odd there has its default."""
    if path is None:
        return Settings()
    try:
        raw: Any = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return Settings()
    if not isinstance(raw, dict):
        return Settings()
    default = Settings()
    known = {f.name: raw[f.name] for f in fields(Settings)
             if f.name in raw and type(raw[f.name]) is type(getattr(default, f.name))}  # fmt: skip
    if known.get("leader") not in LEADERS:
        known.pop("leader", None)
    if known.get("theme") not in ("dark", "light"):
        known.pop("theme", None)
    return Settings(**known)


def save(path: Path | None, settings: Settings) -> None:
    """Write the settings; raises OSError where that is not possible."""
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.write_text(json.dumps(asdict(settings), indent=1) + "\n", "utf-8")
    new.replace(path)
