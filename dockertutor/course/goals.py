"""A task's goal: its first bold sentence."""

from __future__ import annotations

import re

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


def goal(task: str) -> str:
    """The task's first bold sentence, in one line; else its first line."""
    found = _BOLD.search(task)
    if found:
        return " ".join(found[1].split())
    return next((line.strip() for line in task.splitlines() if line.strip()), "")
