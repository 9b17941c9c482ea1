"""Which images count as new, by what engines tell of them."""

from __future__ import annotations

from pathlib import Path

from dockertutor.facts import Call, Event
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
