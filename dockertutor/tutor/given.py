"""Makes what an exercise is given, through the Engine API, and verifies it with the same checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dockertutor.checks.model import Check

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine
    from dockertutor.facts import Object


def make(
    engine: Engine,
    checks: Sequence[Check],
    *,
    folder: Path,
    attempt_id: str,
    say: Callable[[str], None],
    note: Callable[[Object], None] = lambda made: None,
    earlier: dict[str, tuple[str, str]] | None = None,
) -> dict[str, tuple[str, str]]:
    """Make ``checks`` true and verify that they are. Returns handle → ``(kind, id)`` in the order of the file; an
    object without a handle stands under ``kind:name``.

    ``folder``: the learner's; bind mounts must lie in it. ``say``: told what is being waited for. ``note``: called
    with each object right after it was made (`Ledger.given`). ``earlier``: handles of the stages before.
    Raises TutorError when it cannot be made, after removing what was made of it.
    """
    from dockertutor.tutor.making import Maker

    return Maker(engine, folder, attempt_id, say, note, earlier or {}).make(checks)
