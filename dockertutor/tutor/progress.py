"""Progress: an append-only log in SQLite, and nothing else. What it means is read from it by `record.Record`.

One row is one `Entry`: written once, in one transaction, never changed (triggers refuse it). Two processes may write
at once; ``kill -9`` at any moment loses at most the entry under way.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dockertutor.course.heads import Course
from dockertutor.course.library import is_shipped
from dockertutor.errors import ProgressError
from dockertutor.tutor.record import Entry, Record

VERSION = 1
"""The file's schema version (SQLite's ``user_version``). A file with a higher one is refused."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid     TEXT NOT NULL UNIQUE,
    version  INTEGER NOT NULL,
    device   TEXT NOT NULL,
    course   TEXT NOT NULL,
    time     REAL NOT NULL,
    kind     TEXT NOT NULL,
    lesson   TEXT NOT NULL,
    exercise TEXT NOT NULL,
    attempt  TEXT NOT NULL,
    body     TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS device (id TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS entries_stay BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'progress is append-only'); END;
CREATE TRIGGER IF NOT EXISTS entries_remain BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'progress is append-only'); END;
"""

_COLUMNS = "number, uuid, version, device, course, time, kind, lesson, exercise, attempt, body"


def data_home(environ: Mapping[str, str] = os.environ) -> Path:
    """Where progress and the learner's folders live: ``$XDG_DATA_HOME/dockertutor``."""
    home = environ.get("XDG_DATA_HOME", "")
    base = Path(home) if home.startswith("/") else Path(environ.get("HOME") or Path.home()) / ".local" / "share"
    return base / "dockertutor"


def course_home(course: Course) -> Path:
    """Where this course's progress and folders live. Other courses than ours have a place of their own: lessons and
    exercises are known by their ids, and those of a stranger's course may be called like ours."""
    return data_home() if is_shipped(course) else data_home() / "courses" / course.id


@dataclass
class _Kept:
    """The record as far as it was read, and the number of the last entry in it."""

    record: Record = field(default_factory=Record)
    number: int = 0


class Store:
    """The progress file. Safe to use from several threads and processes.

    ``path``: ``progress.db`` in `course_home`; made with its folder (0700, file 0600) where it is missing.
    ``course``: the course's digest, written into each entry. Raises `ProgressError` where the file cannot be used.
    """

    def __init__(self, path: Path, *, course: str = "", clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self.course = course
        self._clock = clock
        self._lock = threading.RLock()
        self._kept = _Kept()
        self._closed = False
        with self._faults("opened"):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._base = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
            try:
                self.device = self._prepare()
            except BaseException:
                self._base.close()
                raise

    def _prepare(self) -> str:
        base = self._base
        found = int(base.execute("PRAGMA user_version").fetchone()[0])
        if found > VERSION:
            raise ProgressError(
                f"Your progress in {self.path} was written by a newer dockertutor.",
                "Update dockertutor; the file was left as it is.",
            )
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = FULL")
        if found == VERSION and (row := base.execute("SELECT id FROM device").fetchone()):
            return str(row[0])
        base.execute("BEGIN IMMEDIATE")
        try:
            for statement in _statements(_SCHEMA):
                base.execute(statement)
            base.execute(f"PRAGMA user_version = {VERSION}")
            row = base.execute("SELECT id FROM device").fetchone()
            device = row[0] if row else str(uuid.uuid4())
            if not row:
                base.execute("INSERT INTO device VALUES (?)", (device,))
            base.execute("COMMIT")
        except BaseException:
            if base.in_transaction:
                base.execute("ROLLBACK")
            raise
        return str(device)

    def add(
        self,
        kind: str,
        *,
        lesson: str = "",
        exercise: str = "",
        attempt: str = "",
        body: Mapping[str, Any] | None = None,
    ) -> None:
        """Write one entry; when this returns, it is on the disk. ``body``: JSON values."""
        text = json.dumps(dict(body or {}), separators=(",", ":"), ensure_ascii=False)
        about = (self._clock(), kind, lesson, exercise, attempt, text)
        row = (str(uuid.uuid4()), VERSION, self.device, self.course, *about)
        with self._lock, self._faults("written"):
            self._base.execute(
                "INSERT INTO entries (uuid, version, device, course, time, kind, lesson, exercise, attempt, body)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )

    def entries(self, after: int = 0, *, evidence: bool = True) -> list[Entry]:
        """All entries with a number above ``after``, oldest first; without the verdicts' evidence where nobody asks for
        it: that is most of the file after a while."""
        columns = _COLUMNS if evidence else _COLUMNS.replace("body", "json_remove(body, '$.evidence')")
        with self._lock, self._faults("read"):
            rows = self._base.execute(f"SELECT {columns} FROM entries WHERE number > ? ORDER BY number", (after,))
            return [_entry(row) for row in rows]

    def record(self) -> Record:
        """Where the learner stands, with what other processes have written by now. Do not keep it: ask again."""
        with self._lock:
            for entry in self.entries(self._kept.number, evidence=False):
                self._kept.record.take(entry)
                self._kept.number = entry.number
            return self._kept.record

    @property
    def open(self) -> bool:
        """Whether it was not closed yet."""
        return not self._closed

    def close(self) -> None:
        """Close the file. Everything was on the disk before."""
        with self._lock:
            self._closed = True
            self._base.close()

    def _faults(self, done: str) -> _Faults:
        return _Faults(self.path, done)


class _Faults:
    """Turns SQLite's and the system's errors into one sentence."""

    def __init__(self, path: Path, done: str) -> None:
        self.path, self.done = path, done

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, (sqlite3.Error, OSError, ValueError)):
            return
        text = str(error)
        what = f"Your progress in {self.path} cannot be {self.done}: {text}."
        do = "Nothing in it was changed. See that the disk works and has room, and that the file is yours."
        if "full" in text or getattr(error, "errno", None) == 28:
            what = f"The disk is full, so your progress in {self.path} cannot be {self.done}."
            do = "Make room and try again; what was written before is safe."
        elif "not a database" in text or "malformed" in text:
            what = f"{self.path} is not a progress file, or it is damaged."
            do = "Move it away and start again; a new one is made."
        raise ProgressError(what, do, detail=f"{type(error).__name__}: {text}") from error


def _entry(row: tuple[Any, ...]) -> Entry:
    values: tuple[Any, ...] = (*row[:10], json.loads(row[10]))
    return Entry(*values)


def _statements(script: str) -> list[str]:
    """A script's statements one by one: ``executescript`` would end the transaction."""
    found, part = [], ""
    for line in script.strip().splitlines():
        part += line + "\n"
        if sqlite3.complete_statement(part):
            found.append(part)
            part = ""
    return found
