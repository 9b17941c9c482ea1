"""What lint finds: problems (errors) and advice."""

from __future__ import annotations

from dataclasses import dataclass

from dockertutor.errors import Problem


@dataclass(frozen=True)
class Advice(Problem):
    """Something that may be right as it is: it is told, and fails nothing."""

    def __str__(self) -> str:
        return f"{super().__str__()} (advice)"
