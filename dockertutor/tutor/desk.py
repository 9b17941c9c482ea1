"""The tutor's own thread: it owns all state, takes one small job after another, and wakes when something is due."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable

Job = Callable[[], None]


class Desk:
    """A queue of jobs and a clock, in one daemon thread.

    ``due``: asked after each job for the time (monotonic seconds) at which ``wake`` is to be called, or None.
    ``broke``: called with what a job raised; the desk goes on with the next one (a thread that dies is silent).
    """

    def __init__(self, *, due: Callable[[], float | None], wake: Job, broke: Callable[[Exception], None]) -> None:
        self._due, self._wake, self._broke = due, wake, broke
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="tutor", daemon=True)
        self._closed = False

    def start(self) -> None:
        self._thread.start()

    def post(self, job: Job) -> None:
        """Have ``job`` done; returns at once. After `close` it is dropped."""
        if not self._closed:
            self._jobs.put(job)

    def close(self) -> None:
        """Do what was posted, then end; waits for it, unless called from the desk itself."""
        if self._closed:
            return
        self._closed = True
        self._jobs.put(None)
        if threading.current_thread() is not self._thread and self._thread.is_alive():
            self._thread.join(5)

    def _run(self) -> None:
        while True:
            due = self._due()
            try:
                job = self._jobs.get(timeout=None if due is None else max(0.0, due - time.monotonic()))
            except queue.Empty:
                job = self._wake
            if job is None:
                return
            try:
                job()
            except Exception as error:  # noqa: BLE001 - told to the learner by `broke`, and the tutor goes on
                with contextlib.suppress(Exception):  # what tells of it may break on the same thing
                    self._broke(error)
