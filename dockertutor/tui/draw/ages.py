"""How long ago something was, in words."""

from __future__ import annotations

JUST_NOW = 60.0
"""Seconds for which something is "just now"."""


def ago(seconds: float) -> str:
    """ "just now", "2 minutes ago", "3 hours ago", "5 days ago"."""
    if seconds < JUST_NOW:
        return "just now"
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"
