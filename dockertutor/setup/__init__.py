"""The second half of ./run: finds or starts an engine, makes images available, uninstalls what it installed.

May be called from outside: `ensure`, `stop_engine`, `uninstall`. Everything else is this room's own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dockertutor.engine.connection import Endpoint


def ensure(
    lessons: Path,
    *,
    say: Callable[[str], None],
    ask: Callable[[str], bool],
    yes: bool = False,
    host: str = "",
    context: str = "",
) -> Endpoint:
    """Make an engine and the lesson images available; the engine's address.

    ``lessons``: the folder with ``images/``. ``say`` gets each line to show; nothing is said where nothing is to be
    done. ``ask`` answers a question with yes or no, and is not asked where ``yes``. ``host``, ``context``: the engine
    that the learner chose, as docker's options. Raises `SetupError` or an `EngineFault`.
    """
    from dockertutor.setup.flow import Setup

    return Setup(lessons, say, (lambda _: True) if yes else ask, host, context).ensure()


def stop_engine(say: Callable[[str], None]) -> None:
    """Stop the engine that `ensure` started; another is left alone. Raises `SetupError`."""
    from dockertutor.setup.flow import Setup

    Setup(Path(), say, lambda _: True).stop_engine()


def uninstall(say: Callable[[str], None]) -> None:
    """Remove what `ensure` installed, and only that. Raises `SetupError`."""
    from dockertutor.setup.flow import Setup

    Setup(Path(), say, lambda _: True).uninstall()
