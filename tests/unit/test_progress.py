"""The progress file: append-only, alive after anything, read by no older version than its own."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dockertutor.errors import ProgressError
from dockertutor.tutor.progress import VERSION, Store, data_home


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "progress.db"


def begun(store: Store, attempt: str = "a1", exercise: str = "one") -> None:
    store.add("begun", lesson="l", exercise=exercise, attempt=attempt, body={"values": {"name": "blu-otter"}})


def test_what_was_written_is_there_after_opening_again(path: Path) -> None:
    store = Store(path)
    begun(store)
    store.add("passed", lesson="l", exercise="one", attempt="a1", body={"rows": [["A container", "blu-otter"]]})
    store.close()

    again = Store(path)
    record = again.record().exercise("l", "one")
    again.close()

    assert record.state == "passed"
    assert record.current is not None
    assert record.current.values == {"name": "blu-otter"}
    assert record.current.rows == [["A container", "blu-otter"]]


def test_file_is_for_its_owner_alone(path: Path) -> None:
    store = Store(path)
    store.add("moved", lesson="l", body={"step": 1})

    modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    store.close()

    assert modes == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_nothing_can_be_rewritten(path: Path) -> None:
    store = Store(path)
    begun(store)
    store.close()
    base = sqlite3.connect(path)

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        base.execute("UPDATE entries SET kind = 'passed'")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        base.execute("DELETE FROM entries")
    base.close()


def test_every_entry_says_who_when_and_of_which_course(path: Path) -> None:
    store = Store(path, course="c0ffee", clock=lambda: 12.5)
    begun(store)
    begun(store, "a2")

    first, second = store.entries()
    store.close()

    assert first.uuid != second.uuid
    assert (first.device, first.course, first.time, first.version) == (store.device, "c0ffee", 12.5, VERSION)


def test_newer_versions_file_is_refused_and_left_alone(path: Path) -> None:
    Store(path).close()
    base = sqlite3.connect(path)
    base.execute(f"PRAGMA user_version = {VERSION + 1}")
    base.close()
    before = path.read_bytes()

    with pytest.raises(ProgressError, match="newer dockertutor"):
        Store(path)
    assert path.read_bytes() == before


def test_something_else_is_refused_with_a_sentence(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("this is a shopping list, not a data base " * 100)

    with pytest.raises(ProgressError, match="not a progress file"):
        Store(path)


def test_a_full_disk_is_said_and_loses_nothing_that_was_written(path: Path) -> None:
    store = Store(path)
    begun(store)
    room = sum(file.stat().st_size for file in path.parent.iterdir()) + 4096
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        with pytest.raises(ProgressError):
            store.add("answered", attempt="a1", body={"stage": 0, "value": "x" * 1_000_000})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    store.add("passed", lesson="l", exercise="one", attempt="a1")
    store.close()

    again = Store(path)
    assert again.record().exercise("l", "one").state == "passed"
    again.close()


WRITER = """
import sys
from pathlib import Path
from dockertutor.tutor.progress import Store
store = Store(Path(sys.argv[1]))
number = 0
while True:
    store.add("chose", lesson="l", body={"step": 0, "option": number})
    print(number, flush=True)
    number += 1
"""


def test_killed_at_any_moment_it_keeps_all_that_it_said_it_had_written(path: Path) -> None:
    total = 0
    for round_ in range(50):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        for _ in range(1 + round_ % 7):
            writer.stdout.readline()
        os.kill(writer.pid, signal.SIGKILL)
        said = 1 + round_ % 7 + len(writer.stdout.read().split())
        writer.wait()
        writer.stdout.close()

        store = Store(path)
        kept = len(store.entries())
        store.close()
        assert said <= kept - total <= said + 1
        total = kept


def test_two_at_once_lose_nothing_and_see_each_other(path: Path) -> None:
    one, two = Store(path), Store(path)

    def write(store: Store, name: str) -> None:
        for number in range(50):
            begun(store, f"{name}{number}", name)

    threads = [threading.Thread(target=write, args=pair) for pair in ((one, "one"), (two, "two"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert one.record().exercise("l", "two").attempts == 50
    assert two.record().exercise("l", "one").attempts == 50
    one.close()
    two.close()


@pytest.mark.parametrize(
    ("scope", "left"),
    [
        ({"lesson": "l", "exercise": "one"}, {("l", "two"), ("m", "one")}),
        ({"lesson": "l"}, {("m", "one")}),
        ({}, set()),
    ],
)
def test_a_reset_forgets_its_scope_and_keeps_the_ledger(path: Path, scope: dict[str, str], left: set) -> None:
    store = Store(path)
    for number, key in enumerate((("l", "one"), ("l", "two"), ("m", "one"))):
        store.add("begun", lesson=key[0], exercise=key[1], attempt=str(number), body={"values": {}})
    store.add("made", lesson="l", body={"kind": "container", "id": "c1", "name": "blu-otter"})

    store.add("reset", **scope)

    record = store.record()
    store.close()
    assert set(record.exercises) == left
    assert [(row["kind"], row["id"]) for row in record.ledger] == [("container", "c1")]
    assert ("l" in record.lessons) == ("exercise" in scope)


def test_a_clock_that_goes_backwards_changes_no_order(path: Path) -> None:
    times = iter([5000.0, 4000.0, 3000.0, 2000.0])
    store = Store(path, clock=lambda: next(times))
    begun(store, "a1")
    begun(store, "a2")
    store.add("passed", lesson="l", exercise="one", attempt="a2")
    store.add("moved", lesson="m", body={"step": 1})

    record = store.record()
    store.close()

    assert record.exercise("l", "one").current is record.attempts["a2"]
    assert record.exercise("l", "one").state == "passed"
    assert record.exercise("l", "one").seconds == 0.0
    assert record.last == "m"


def test_data_home_is_where_the_desktop_says() -> None:
    assert data_home({"XDG_DATA_HOME": "/data", "HOME": "/home/ada"}) == Path("/data/dockertutor")
    assert data_home({"HOME": "/home/ada"}) == Path("/home/ada/.local/share/dockertutor")
    assert data_home({"XDG_DATA_HOME": "relative", "HOME": "/home/ada"}) == Path("/home/ada/.local/share/dockertutor")
