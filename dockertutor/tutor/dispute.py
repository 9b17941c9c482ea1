""" "This verdict is wrong": facts, checks and verdict in a file of the learner's own, to send to whoever can tell."""

from __future__ import annotations

import dataclasses
import json
import os
import platform
import time
from pathlib import Path
from typing import Any

import dockertutor
from dockertutor.errors import SetupError, UsageError
from dockertutor.tutor.attempt import Attempt
from dockertutor.tutor.outcome import Outcome
from dockertutor.tutor.preparing import evidence, kept_verdicts
from dockertutor.tutor.view import EngineStatus


def write_dispute(data: Path, attempt: Attempt | None, outcome: Outcome | None, engine: EngineStatus) -> Path:
    """Write the file (0600, below ``data``/disputes) and return where. It is sent nowhere.

    Raises `UsageError` where nothing was judged yet, `SetupError` where the disk refuses.
    """
    if attempt is None or outcome is None or attempt.bound is None:
        raise UsageError("Nothing has been judged here yet.", "Work on the exercise first, then press the key again.")
    stage = attempt.bound.stages[outcome.stage]
    content = {
        "format": 1,
        "dockertutor": dockertutor.__version__,
        "system": platform.platform(),
        "engine": engine.label,
        "time": time.time(),
        "lesson": attempt.lesson.id,
        "digest": attempt.lesson.digest,
        "exercise": attempt.exercise.id,
        "stage": outcome.stage,
        "values": attempt.values,
        "checks": [_plain(check) for check in stage.expect],
        "verdict": {
            "status": outcome.status,
            "final": outcome.final,
            "mistake": outcome.mistake.id if outcome.mistake is not None else None,
            "rows": [dataclasses.asdict(verdict) for verdict in kept_verdicts(outcome, stage)],
        },
        "facts": evidence(outcome.facts, stage),
    }
    stamp = time.strftime("%Y%m%d-%H%M%S")
    folder = data / "disputes"
    path = folder / f"{attempt.lesson.id}-{attempt.exercise.id}-{stamp}.json"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1, ensure_ascii=False, default=str)
    except OSError as error:
        what = f"The file {path} cannot be written: {error.strerror}."
        raise SetupError(what, "Make room, then try again.") from error
    return path


def _plain(value: Any) -> Any:
    """A check as JSON values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if hasattr(value, "_asdict"):
        return {name: _plain(one) for name, one in value._asdict().items()}
    if isinstance(value, (tuple, list, frozenset)):
        return [_plain(one) for one in value]
    if hasattr(value, "items"):
        return {str(name): _plain(one) for name, one in value.items()}
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
