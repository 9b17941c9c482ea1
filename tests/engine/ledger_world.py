"""What tests of the ledger share: a store in memory, calls, and images of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

from dockertutor.engine.engine import Engine
from dockertutor.facts import Baseline, Call
from dockertutor.tutor.ledger import Ledger
from dockertutor.tutor.ledger_rows import Owned
from dockertutor.tutor.step_view import Leftover


class Kept:
    """A store in memory."""

    def __init__(self) -> None:
        self.rows: list[Owned] = []

    def add(self, row: Owned) -> None:
        self.rows.append(row)

    def all(self, start: int = 0) -> Sequence[Owned]:
        return tuple(self.rows[start:])


@pytest.fixture
def store() -> Kept:
    return Kept()


@pytest.fixture
def ledger(store: Kept) -> Ledger:
    return Ledger(store)


@pytest.fixture
def baseline(asked: Engine) -> Baseline:
    return asked.baseline()


@pytest.fixture
def commit(run_docker, prefix) -> Iterator[Callable[[str], str]]:
    """Commits a new image under a tag; gives its Id. All tags with the prefix are removed afterwards."""
    run_docker("create", "--name", f"{prefix}seed", "busybox", "true")

    def call(tag: str) -> str:
        return run_docker("commit", "-m", tag, f"{prefix}seed", tag).stdout.strip()

    yield call
    found = run_docker("images", "--format", "{{.Repository}}:{{.Tag}}").stdout.split()
    for tag in found:
        if tag.startswith(prefix):
            run_docker("rmi", tag)


def made(kind: str, id_: str, path: str = "/x/create", **query: str) -> Call:
    """A call that has made something."""
    return Call(1, "POST", path, query=query, ended=1.0, status=201, created=((kind, id_),) if kind else ())


def names(left: Sequence[Leftover]) -> set[tuple[str, str, bool]]:
    return {(one.kind, one.name, one.ours) for one in left}
