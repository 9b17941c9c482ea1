"""Fixtures for tests that ask the engine through the code under test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dockertutor.engine.connection import Endpoint, connect
from dockertutor.engine.engine import Engine


@pytest.fixture
def asked(engine_url: str) -> Iterator[Engine]:
    """The test engine as the tutor sees it."""
    engine = connect(Endpoint(engine_url, "the tests"))
    yield engine
    engine.close()
