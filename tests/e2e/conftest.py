"""A newcomer for every end-to-end test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from newcomer import Newcomer


@pytest.fixture
def newcomer(tmp_path: Path, engine_url: str, engine: docker.DockerClient) -> Iterator[Newcomer]:
    """A newcomer; the containers they make are removed afterwards, by Id."""
    before = {one["Id"] for one in engine.api.containers(all=True)}
    yield Newcomer(tmp_path, engine_url)
    for one in engine.api.containers(all=True):
        if one["Id"] not in before:
            engine.api.remove_container(one["Id"], force=True, v=True)
