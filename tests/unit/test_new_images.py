"""Which images count as new, by what engines tell of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dockertutor.facts import Baseline, Call, Event, Object
from dockertutor.tutor.context import AttemptContext


def told(*events: tuple[str, str]) -> AttemptContext:
    context = AttemptContext(folder=Path(), wire=True)
    for number, (action, identity) in enumerate(events, 1):
        context.note_event(Event("image", action, f"sha256:{identity}", "", float(number), {}))
    return context


def test_images_on_the_way_to_another_are_not_new():
    context = told(("create", "step"), ("create", "result"), ("tag", "result"))
    assert context.new_ids("image") == {"sha256:result"}


def test_an_image_that_a_call_has_made_is_new_without_an_event():
    context = told(("create", "result"))
    context.note_call(Call(1, "POST", "/grpc", ended=1.0, status=101, created=(("image", "sha256:result"),)))
    assert context.new_ids("image") == {"sha256:result"}


IMAGE = f"sha256:{'1' * 64}"
OTHER = f"sha256:{'2' * 64}"


def seen(context: AttemptContext, identity: str, *names: str) -> None:
    key = "RepoDigests" if names and "@" in names[0] else "RepoTags"
    context.remember(Object("image", identity, identity, {"Id": identity, key: list(names)}))


def theirs(call: Call, *names: str, before: bool = False) -> bool:
    """Whether an image with these names counts after a call; ``before``: it was seen before the call was told."""
    context = AttemptContext(folder=Path(), wire=True)
    if before:
        seen(context, IMAGE, *names)
    context.note_call(call)
    if not before:
        seen(context, IMAGE, *names)
    return context.is_theirs("image", IMAGE)


def call(path: str, *created: str, query: dict[str, str] | None = None, answer: Any = None, **more: Any) -> Call:
    made = tuple(("image", one) for one in created)
    return Call(1, "POST", path, query or {}, ended=1.0, **{"status": 200, "response": answer, "created": made, **more})


@pytest.mark.parametrize("before", [True, False])
def test_an_image_is_theirs_by_a_name_that_a_call_told(before: bool) -> None:
    pull = call("/images/create", "blog:1", answer=[{"status": "Status: Downloaded newer image for blog:1"}])
    assert theirs(pull, "blog:1", before=before)
    assert not theirs(pull, "blog:2", before=before)
    assert not theirs(pull, before=before)
    assert theirs(call("/images/create", "blog"), "blog:2", before=before)
    assert theirs(call("/images/create", "blog@sha256:7"), "blog@sha256:7", before=before)
    assert theirs(call("/images/load", "blog:1"), "docker.io/library/blog:1", before=before)


def test_a_pull_that_does_not_tell_what_became_of_it_counts_by_what_it_asked_for() -> None:
    asked = {"fromImage": "docker.io/library/blog", "tag": "1"}
    assert theirs(call("/images/create", query=asked, answer=[{"id": "1"}]), "docker.io/library/blog:1")
    for said in ({"status": "Status: Image is up to date for blog:1"}, {"error": "no such image"}):
        assert not theirs(call("/images/create", query=asked, answer=said), "blog:1")


def test_a_build_that_does_not_tell_its_image_lets_a_new_one_count() -> None:
    assert theirs(call("/grpc", status=101))
    assert theirs(call("/grpc", OTHER, status=101)), "no image has this Id: it means another"
    assert not theirs(call("/grpc", status=101, client="docker buildx ls"))
    assert not theirs(call("/build", answer=[{"error": "no"}]))
    assert not theirs(call("/containers/create"))


def test_what_one_connection_of_a_build_tells_it_tells_for_all_of_them() -> None:
    context = AttemptContext(folder=Path(), wire=True)
    context.note_call(replace(call("/grpc", OTHER, status=101), pid=7))
    context.note_call(replace(call("/grpc", status=101), number=2, pid=7))
    seen(context, OTHER)
    seen(context, IMAGE)
    assert context.is_theirs("image", OTHER)
    assert not context.is_theirs("image", IMAGE)


def test_an_image_from_before_the_attempt_was_taken_up_counts() -> None:
    context = AttemptContext(folder=Path(), wire=True)
    context.begin_stage(Baseline(), {}, since=context.opened - 100, began=context.opened - 100)
    for number, (identity, tag) in enumerate(((IMAGE, "a:1"), (OTHER, "b:1"))):
        context.note_event(Event("image", "pull", tag, tag, context.opened - 10 + 20 * number, {}))
        context.remember(
            Object("image", identity, tag, {"Id": identity, "RepoTags": [tag], "Created": "2020-01-01T00:00:00Z"})
        )
    assert context.is_theirs("image", IMAGE)
    assert not context.is_theirs("image", OTHER)
