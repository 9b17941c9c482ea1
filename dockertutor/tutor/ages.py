"""When objects of a verdict were made, in words: "made just now"."""

from __future__ import annotations

from dockertutor.engine.rows import seconds
from dockertutor.facts import Facts
from dockertutor.tutor.outcome import objects_in

_NOW = 60.0


def made_when(facts: Facts) -> dict[str, str]:
    """Name → "made just now", "made 3 minutes ago"; for all objects that were seen and are younger than a day."""
    found: dict[str, str] = {}
    for thing in objects_in(facts):
        made = seconds(thing.inspect.get("Created") or thing.inspect.get("CreatedAt"))
        age = facts.time - made
        if thing.kind != "image" and made and age < 86400:
            found[thing.name] = f"made {_ago(age)}"
    return found


def _ago(age: float) -> str:
    if age < _NOW:
        return "just now"
    count, word = (round(age / 60), "minute") if age < 3600 else (round(age / 3600), "hour")
    return f"{count} {word}{'' if count == 1 else 's'} ago"
