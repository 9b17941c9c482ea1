"""Completion as JSON. All but ASCII is escaped: what a label holds reaches no terminal, whatever its encoding."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from dockertutor.reports.text import reason
from dockertutor.tutor.stored import Checked


def render(results: Sequence[Checked]) -> str:
    """An object with ``exercises`` (lesson, exercise, status, sealed, verdicts …) and ``totals``."""
    counting = [one for one in results if one.counts]
    return (
        json.dumps(
            {
                "exercises": [
                    {
                        "lesson": one.lesson,
                        "exercise": one.exercise,
                        "status": one.status,
                        "holds": one.holds,
                        "counts": one.counts,
                        "sealed": one.sealed,
                        "stage": one.stage,
                        "stages": one.stages,
                        "why": one.why or reason(one),
                        "mistake": one.mistake,
                        "verdicts": [asdict(verdict) for verdict in one.verdicts],
                    }
                    for one in results
                ],
                "totals": {
                    "hold": sum(one.holds for one in counting),
                    "count": len(counting),
                    "cannot_judge": sum(one.status == "unknown" for one in counting),
                },
            },
            indent=2,
        )
        + "\n"
    )
