"""What an attempt remembers of objects, whatever the order in which events and inspects reach it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import cast

from dockertutor.engine.engine import Engine
from dockertutor.facts import Baseline, Call, Event, Object
from dockertutor.tutor.context import AttemptContext


class Watching:
    """An engine of which nothing is asked but whether an event is the tutor's own."""

    def is_own(self, event: Event) -> bool:
        return False


def test_a_container_that_was_inspected_as_it_went_counts_as_made_and_gone(tmp_path: Path) -> None:
    engine = cast(Engine, Watching())
    context = AttemptContext(tmp_path)
    for moment, action in enumerate(("create", "start", "die", "destroy"), start=1):
        context.note_event(Event("container", action, "c1", "short-lived", float(moment), {"exitCode": "0"}))

    # asked before it was destroyed, answered after that was told: `docker run --rm` on a busy computer
    inspect = {"Id": "c1", "Name": "/short-lived", "State": {"Running": True}, "HostConfig": {"AutoRemove": True}}
    context.remember(Object("container", "c1", "short-lived", inspect))

    gone = context.gone(engine, "container", "short-lived")
    assert gone is not None
    assert gone.removed
    assert gone.events == ("create", "start", "die", "destroy")
    assert gone.inspect["State"]["ExitCode"] == 0


def test_an_image_that_was_deleted_and_came_back_is_not_gone(tmp_path: Path) -> None:
    context = AttemptContext(tmp_path)
    context.note_event(Event("image", "delete", "sha256:1", "", 1.0))

    context.remember(Object("image", "sha256:1", "blog:1", {"Id": "sha256:1", "RepoTags": ["blog:1"]}))

    assert context._record("image", "sha256:1").removed == 0.0


def test_a_call_that_began_before_the_stage_is_no_call_of_it() -> None:
    context = AttemptContext(folder=Path(), wire=True)
    now = time.time()
    context.begin_stage(Baseline(), {}, since=now + 500)  # the engine's clock may be another
    under_way = Call(1, "GET", "/events", started=now - 1)
    after = Call(2, "GET", "/info", started=now + 1, ended=now + 2)
    for one in (under_way, after, replace(under_way, ended=now + 3)):
        context.note_call(one)
    assert context.calls == (after,)
