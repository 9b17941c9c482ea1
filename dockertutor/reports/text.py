"""Completion as lines for a person."""

from __future__ import annotations

import time
from collections.abc import Sequence

from dockertutor.tutor.stored import Checked
from dockertutor.visible import visible

WORDS = {
    "pass": "holds",
    "fail": "does not hold",
    "waiting": "waiting",
    "skipped": "skipped",
    "unknown": "cannot judge",
    "new": "never begun",
    "not-here": "not on this engine",
}
"""What each status is called."""


def render(results: Sequence[Checked]) -> str:
    """One line an exercise; under one that was begun and does not hold, what was expected and found."""
    lines = []
    for one in results:
        since = f", passed {time.strftime('%Y-%m-%d %H:%M', time.localtime(one.sealed))}" if one.sealed else ""
        lines.append(f"{one.lesson}/{one.exercise}: {WORDS[one.status]}{since}")
        if one.status == "pass":
            continue
        if why := reason(one):
            lines.append(f"    {visible(why)}")
        for verdict in one.verdicts:
            if verdict.status == "fail":
                found = f", expected {verdict.expected}, found {verdict.found or 'nothing'}"
                lines.append(f"    {visible(verdict.title)}: not yet{visible(found)}")
        lines += [f"    {line}" for line in visible(one.mistake).splitlines()]
    counting = [one for one in results if one.counts]
    lines.append(f"{sum(one.holds for one in counting)} of {len(counting)} hold")
    return "\n".join(lines) + "\n"


def reason(one: Checked) -> str:
    """Why it could not be judged, is waited for, or is not here; "" where the status says it all."""
    why = one.why or next((verdict.why for verdict in one.verdicts if verdict.status == one.status), "")
    return "" if why == WORDS[one.status] else why
