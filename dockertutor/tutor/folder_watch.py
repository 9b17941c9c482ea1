"""Changes in the learner's folder, told by the system: an editor of their own ends no command."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any


class FolderWatch:
    """Calls ``tell`` when something in the folder was made, written, moved or removed; on a thread of its own.

    On Linux inotify tells (by the library watchdog). ``works`` is False where nobody can tell: on other systems, where
    all of the system's watches are in use, and while no folder is watched.
    """

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self._observer: Any = None

    @property
    def works(self) -> bool:
        return self._observer is not None

    def begin(self, folder: Path) -> None:
        """Watch this folder, and what is in it, instead of the one before."""
        self.end()
        try:
            from watchdog import events
            from watchdog.observers import Observer
        except ImportError:
            return
        log = logging.getLogger("watchdog")
        if not log.handlers:  # what it has to say of its own threads is for nobody's screen
            log.addHandler(logging.NullHandler())
        tell = self._tell

        class Changes(events.FileSystemEventHandler):
            def on_any_event(self, event: events.FileSystemEvent) -> None:
                tell()

        changes = [
            events.FileCreatedEvent, events.FileClosedEvent, events.FileModifiedEvent, events.FileMovedEvent,
            events.FileDeletedEvent, events.DirCreatedEvent, events.DirMovedEvent, events.DirDeletedEvent,
        ]  # fmt: skip
        observer = Observer()
        try:
            observer.schedule(Changes(), str(folder), recursive=True, event_filter=changes)
            observer.start()
        except OSError:  # no such folder, or no watch is left
            return
        self._observer = observer

    def end(self) -> None:
        """Watch nothing."""
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            observer.join(1.0)
