"""What broke in the tutor itself is noted in a file, so that it can be reported; the tutor goes on."""

from __future__ import annotations

import os
import time
import traceback
from pathlib import Path

_MOST = 1_000_000


def note(data: Path, error: Exception) -> Path:
    """Append the traceback to ``data``/broken.log (0600) and return where. Where even that fails, the tutor still
    says what broke; only the details are lost."""
    path = data / "broken.log"
    text = "".join(traceback.format_exception(error))
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | (os.O_APPEND if _size(path) < _MOST else os.O_TRUNC)
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
            file.write(f"--- {time.strftime('%Y-%m-%d %H:%M:%S')}\n{text}\n")
    except OSError:
        return path
    return path


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
