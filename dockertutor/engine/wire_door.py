"""The name under which the wire's socket is found, and the one that it has while the engine is gone."""

from __future__ import annotations

import contextlib
import os

DOOR, AWAY = "wire.sock", "wire.away"
CARD = "wire.json"


class Door:
    """The socket at ``path``, which a client finds only while there is an engine behind it.

    Without us a client whose engine is gone finds no socket, and has words, exit codes and second thoughts of its own
    for that: `docker exec` ends with 255, `docker login` asks the registry itself. An answer of ours would be another
    thing: one of a daemon. The socket is renamed, not closed: it is the tutor's, and stays the same.
    """

    def __init__(self, path: str) -> None:
        self._path, self._folder = path, os.path.dirname(path)  # noqa: PTH120 - pathlib would cost the relay its start
        self._away = os.path.join(self._folder, AWAY)  # noqa: PTH118
        self.there = not os.path.exists(self._away)  # noqa: PTH110

    def set(self, there: bool) -> None:
        """Let clients find it, or not."""
        if there == self.there:
            return
        self.there = there
        with contextlib.suppress(OSError):  # somebody has tidied the folder up: then there is nothing to find
            os.rename(*((self._away, self._path) if there else (self._path, self._away)))  # noqa: PTH104

    def remove(self) -> None:
        """Take it away for good, with what lies beside it, and the folder if nothing else is in it."""
        for name in (self._path, self._away, os.path.join(self._folder, CARD)):  # noqa: PTH118
            with contextlib.suppress(OSError):
                os.unlink(name)  # noqa: PTH108
        with contextlib.suppress(OSError):
            os.rmdir(self._folder)  # noqa: PTH106
