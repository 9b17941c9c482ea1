"""``dockertutor check`` on an engine whose API calls cannot be seen."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from dockertutor.course.library import load_course
from dockertutor.engine.connection import Endpoint
from dockertutor.engine.engine import Engine
from dockertutor.engine.wire_upstream import UpstreamError, parse_upstream
from dockertutor.tutor.progress import Store
from dockertutor.tutor.stored import judge_stored

EXERCISE = """
  - exercise:
      id: {id}
      kind: independent
      task: "**List the containers.**"
      expect: [{check}]
      solution: docker ps
"""


@pytest.mark.parametrize(
    ("url", "relayed"),
    [("ssh://me@host", False), ("npipe:////./pipe/docker_engine", False), ("unix:///run/docker.sock", True),
     ("tcp://host:2375", True)],
)  # fmt: skip
def test_an_exercise_that_watches_calls_is_not_for_an_engine_without_a_wire(
    tmp_path: Path, url: str, relayed: bool
) -> None:
    folder = tmp_path / "course"
    (folder / "01-first").mkdir(parents=True)
    (folder / "course.yaml").write_text("format: 1\nid: c\ntitle: The course\ntracks: {01-first: First}\n")
    steps = EXERCISE.format(id="calls", check="{api-call: GET /containers/json}")
    steps += EXERCISE.format(id="other", check="{container: web, state: running}")
    head = "format: 1\nid: lesson\ntitle: A lesson\nminutes: 5\nsteps:"
    (folder / "01-first" / "01-lesson.yaml").write_text(head + steps)
    engine = cast(Engine, SimpleNamespace(endpoint=Endpoint(url)))
    store = Store(tmp_path / "progress.db")

    found = judge_stored(load_course(folder), store, engine, "lesson", folder_root=tmp_path / "work")
    store.close()

    assert [one.status for one in found] == ["new" if relayed else "not-here", "new"]
    assert [one.counts for one in found] == [relayed, True]
    assert relayed or found[0].why == "This exercise watches API calls, and they cannot be seen on this engine."
    try:
        parse_upstream(url)
    except UpstreamError:
        assert not relayed, "the two must agree"
    else:
        assert relayed, "the two must agree"
