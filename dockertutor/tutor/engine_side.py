"""The tutor's link to the engine: connects, listens, asks, and comes back after a loss; all on threads of its own.

The desk never waits for the engine: it hands over a job and gets what came of it posted back.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from dockertutor.errors import (
    EngineFault,
    EngineNotRunning,
    EngineRefused,
    EngineTimeout,
    EngineUnreachable,
    TutorError,
)
from dockertutor.tutor.view import EngineStatus

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine
    from dockertutor.engine.events import EventStream
    from dockertutor.facts import Event

T = TypeVar("T")
Post = Callable[[Callable[[], None]], None]

_LOST = (EngineNotRunning, EngineUnreachable, EngineTimeout)
"""Faults after which the connection is made anew; any other is about one request."""
_WAITS = (0.3, 0.5, 1.0, 1.0, 2.0)
"""Seconds between attempts to connect; the last goes on."""


def _breaking(error: Exception, failed: Callable[[TutorError], None]) -> Callable[[], None]:
    """A job for the desk: whoever waits for the engine learns that nothing comes, then the desk tells what broke."""

    def job() -> None:
        try:
            failed(TutorError(f"Something in the tutor broke ({type(error).__name__})."))
        finally:
            raise error

    return job


class EngineSide:
    """One engine, asked on one thread, listened to on another.

    ``factory`` connects (and raises an EngineFault). ``post`` hands a call to the desk; all of ``status``, ``event``
    and ``ready`` are called there. ``ready``: connected, for the first time or again: read everything anew.
    """

    def __init__(
        self,
        factory: Callable[[], Engine],
        post: Post,
        *,
        status: Callable[[EngineStatus], None],
        event: Callable[[Event, bool], None],
        ready: Callable[[], None],
    ) -> None:
        self._factory, self._post = factory, post
        self._status, self._event, self._ready = status, event, ready
        self._jobs: queue.SimpleQueue[Callable[[Engine], None] | None] = queue.SimpleQueue()
        self._engine: Engine | None = None
        self._stream: EventStream | None = None
        self._last_event = 0.0
        self._closed = threading.Event()
        self._again = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    @property
    def connected(self) -> bool:
        return self._engine is not None and not self._lost.is_set()

    def start(self) -> None:
        self._thread.start()

    def do(self, job: Callable[[Engine], T], then: Callable[[T], None], failed: Callable[[TutorError], None]) -> None:
        """Have ``job`` done with the engine when it is its turn; ``then`` or ``failed`` follow on the desk. Where the
        job itself breaks, ``failed`` is called, and then what broke is raised on the desk, which tells it."""

        def run(engine: Engine) -> None:
            try:
                found = job(engine)
            except TutorError as error:
                fault = error
                self._post(lambda: failed(fault))
                if isinstance(error, _LOST) and not isinstance(error, EngineRefused):
                    raise
                return
            except Exception as error:  # noqa: BLE001 - told on the desk; this thread goes on with the next job
                self._post(_breaking(error, failed))
                return
            self._post(lambda: then(found))

        self._jobs.put(run)

    def retry(self) -> None:
        """Try to connect now, without waiting for the next turn."""
        self._again.set()

    def close(self) -> None:
        """Stop listening and asking. What is under way may still end on its own."""
        self._closed.set()
        self._again.set()
        self._jobs.put(None)
        self._drop()
        if threading.current_thread() is not self._thread and self._thread.is_alive():
            self._thread.join(1)  # a pull under way may take longer: it ends by itself

    # ------------------------------------------------------------------ the engine's thread
    def _run(self) -> None:
        while not self._closed.is_set():
            engine = self._connect()
            if engine is None:
                return
            self._work(engine)
            self._engine = None
            engine.close()

    def _connect(self) -> Engine | None:
        attempt = 0
        while not self._closed.is_set():
            engine: Engine | None = None
            try:
                engine = self._factory()
                self._lost.clear()
                self._engine = engine
                self._listen(engine)
            except EngineFault as fault:
                self._engine = None
                if engine is not None:  # it answered once and went away again
                    engine.close()
                self._tell(EngineStatus("fault", what=fault.what, do=fault.do, detail=fault.detail))
                self._again.wait(_WAITS[min(attempt, len(_WAITS) - 1)])
                self._again.clear()
                attempt += 1
                continue
            self._tell(EngineStatus("ok", engine.label, engine.where))
            self._post(self._ready)
            return engine
        return None

    def _work(self, engine: Engine) -> None:
        while not self._closed.is_set() and not self._lost.is_set():
            job = self._jobs.get()
            if job is None:
                continue
            try:
                job(engine)
            except EngineFault as fault:
                self._tell(EngineStatus("fault", what=fault.what, do=fault.do, detail=fault.detail))
                self._lost.set()
        self._drop()

    def _drop(self) -> None:
        if self._stream is not None:
            with contextlib.suppress(EngineFault):
                self._stream.close()

    def _tell(self, status: EngineStatus) -> None:
        self._post(lambda: self._status(status))

    # ------------------------------------------------------------------ the listener's thread
    def _listen(self, engine: Engine) -> None:
        own = engine.clone()
        try:
            stream = own.events(self._last_event or None)
        except EngineFault:
            own.close()
            raise
        self._stream = stream
        heard = self._last_event

        def listen() -> None:
            fault: EngineFault | None = None
            try:
                for event in stream:
                    if event.time > heard:  # what was told before a loss is not told again
                        self._last_event = max(self._last_event, event.time)
                        mine = own.is_own(event)
                        self._post(lambda event=event, mine=mine: self._event(event, mine))  # type: ignore[misc]
            except EngineFault as error:
                fault = error
            finally:
                stream.close()
                own.close()
                if not self._closed.is_set() and stream is self._stream:
                    self._lost.set()
                    if fault is not None:
                        self._tell(EngineStatus("fault", what=fault.what, do=fault.do, detail=fault.detail))
                    self._jobs.put(None)

        threading.Thread(target=listen, name="events", daemon=True).start()
