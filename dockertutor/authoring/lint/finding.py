"""What lint finds: problems (errors) and advice."""

from __future__ import annotations

from dockertutor.errors import Problem


class Advice(Problem):
    """Something that may be right as it is: it is told, and fails nothing."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"{super().__str__()} (advice)"
