"""The tutor's own thread, which nothing may end but `close`."""

from __future__ import annotations

import threading

from dockertutor.tutor.desk import Desk


def fails(*_: object) -> None:
    raise RuntimeError("broken")


def test_it_outlives_what_breaks_even_where_telling_of_it_breaks_too() -> None:
    desk = Desk(due=lambda: None, wake=lambda: None, broke=fails)
    desk.start()
    done = threading.Event()

    desk.post(fails)
    desk.post(done.set)

    assert done.wait(20)
    desk.close()
