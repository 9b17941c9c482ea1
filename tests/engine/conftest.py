"""Fixtures for tests that ask the engine through the code under test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dockertutor.engine.connection import Endpoint, connect
from dockertutor.engine.engine import Engine
from tests.engine.fake_engine import certificates, fake, wire
from tests.engine.ledger_world import baseline, commit, ledger, store
from tests.engine.wired import context, docker, image, old_docker

__all__ = [
    "baseline",
    "certificates",
    "commit",
    "context",
    "docker",
    "fake",
    "image",
    "ledger",
    "old_docker",
    "store",
    "wire",
]


@pytest.fixture
def asked(engine_url: str) -> Iterator[Engine]:
    """The test engine as the tutor sees it."""
    engine = connect(Endpoint(engine_url, "the tests"))
    yield engine
    engine.close()
