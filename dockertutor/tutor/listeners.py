"""Who wants to hear of new views, panels and calls, and who waits for one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Listener = Callable[[object], None]
T = TypeVar("T")


class Listeners:
    """Subscriptions by topic, and a condition that every new picture notifies. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._news = threading.Condition()
        self._by_topic: dict[str, list[Listener]] = {}

    def subscribe(self, topic: str, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with each new picture of ``topic``; returns the way to stop it."""
        with self._lock:
            self._by_topic.setdefault(topic, []).append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._by_topic.get(topic, []):
                    self._by_topic[topic].remove(listener)

        return stop

    def tell(self, topic: str, picture: object) -> None:
        with self._lock:
            listeners = list(self._by_topic.get(topic, ()))
        with self._news:
            self._news.notify_all()
        for listener in listeners:
            listener(picture)

    def wait(self, read: Callable[[], T], good: Callable[[T], bool], timeout: float) -> T:
        """Wait until ``good`` of what ``read`` gives; returns it as it is then, or as it is after ``timeout`` s."""
        end = time.monotonic() + timeout
        with self._news:
            while True:
                found = read()
                left = end - time.monotonic()
                if good(found) or left <= 0:
                    return found
                self._news.wait(min(left, 0.5))
