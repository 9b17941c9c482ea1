"""The engine's events as facts, and which of them are worth waking for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dockertutor.engine.faults import asking
from dockertutor.errors import EngineNotRunning
from dockertutor.facts import Event

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine

_OUR_LOOKS = frozenset({"archive-path", "top", "exec_create", "exec_start", "exec_die", "exec_detach"})


def wakes(event: Event) -> bool:
    """Whether an event may have changed what a check sees. Our own looks leave ``exec_*``, ``archive-path`` and
    ``top``, and a volume's ``mount`` and ``unmount``: judging again on them would never end."""
    if event.kind == "volume" and event.action in ("mount", "unmount"):
        return False
    return event.action not in _OUR_LOOKS


def event_from(record: dict[str, Any]) -> Event:
    """One line of ``GET /events`` as an Event."""
    actor = record.get("Actor") or {}
    attributes = {str(key): str(value) for key, value in (actor.get("Attributes") or {}).items()}
    action = str(record.get("Action") or record.get("status") or "").partition(":")[0]
    nano = record.get("timeNano")
    return Event(
        kind=str(record.get("Type") or ""),
        action=action,
        id=str(actor.get("ID") or record.get("id") or ""),
        name=attributes.get("name", ""),
        time=nano / 1e9 if nano else float(record.get("time") or 0),
        attributes={key: value for key, value in attributes.items() if key != "name"},
    )


class EventStream:
    """Events as they happen. Iterating waits for the next one and ends after `close`; it raises EngineNotRunning when
    the engine closes the stream (it was stopped or restarted: connect again, and listen from ``last``)."""

    def __init__(self, engine: Engine, since: float | None = None) -> None:
        self._endpoint = engine.endpoint
        self._closed = False
        self.last = since or 0.0
        """Time of the newest event that was delivered, in seconds since the epoch by the engine's clock."""
        with asking(self._endpoint, known=True):
            self._stream: Any = engine.api.events(since=f"{since:.9f}" if since else None, decode=True)

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        if self._closed:
            raise StopIteration
        try:
            with asking(self._endpoint, known=True):
                record = next(self._stream, None)
        except Exception:
            if self._closed:  # closing pulls the connection away under the reader
                raise StopIteration from None
            raise
        if self._closed:
            raise StopIteration
        if record is None:
            raise EngineNotRunning(
                "The engine closed its stream of events: it was stopped or restarted.",
                "Start it again if it does not come back by itself; nothing of yours is lost.",
            )
        event = event_from(record)
        self.last = max(self.last, event.time)
        return event

    def close(self) -> None:
        """End the stream; may be called from any thread, and more than once."""
        if self._closed:
            return
        self._closed = True
        from docker.errors import DockerException

        with contextlib.suppress(OSError, AttributeError, ValueError, DockerException):  # gone before, or ssh
            self._stream.close()
        # docker-py closes the socket, not the reader upon it: the descriptor would stay open until it is collected
        response = getattr(self._stream, "_response", None)
        if response is not None:
            with contextlib.suppress(OSError, AttributeError, ValueError):
                response.close()
