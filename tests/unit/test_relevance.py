"""Which events concern an exercise: others who use the engine must not keep a verdict from being final."""

from __future__ import annotations

from pathlib import Path

import pytest

from dockertutor.checks import Check, Matcher, Subject
from dockertutor.course.model import Stage
from dockertutor.facts import Baseline, Call, Event
from dockertutor.tutor.context import AttemptContext
from dockertutor.tutor.relevance import Concern, Relevance

NAMED = Check("container", Subject(name="web"), (("image", Matcher("equal", "busybox")),))
NEW = Check("container", Subject(new=True), (("state", Matcher("equal", "running")),))
COUNT = Check("daemon", properties=(("containers", Matcher("equal", "3")),))


def concern(check: Check, event: Event, *, wire: bool = False, mine: str = "", judged: str = "") -> Concern:
    context = AttemptContext(Path("/nowhere"), wire=wire)
    context.begin_stage(Baseline({"container": frozenset({"old"})}, {}), {"box": ("container", "given")})
    if mine:
        context.note_call(Call(1, "POST", "/containers/create", ended=1.0, status=201, created=(("container", mine),)))
    return Relevance(Stage("", (check,)), context).of(event, frozenset({judged} - {""}))


def event(action: str, id_: str, name: str = "", kind: str = "container") -> Event:
    return Event(kind, action, id_, name, 1.0)


@pytest.mark.parametrize(
    ("check", "what", "expected"),
    [
        (NAMED, event("start", "c1", "web"), "surely"),
        (NAMED, event("die", "given", "box"), "surely"),
        (NAMED, event("start", "c1", "wbe"), "perhaps"),
        (NAMED, event("die", "old", "restarts-for-ever"), "none"),
        (NEW, event("start", "c1", "any"), "surely"),
        (NEW, event("die", "old", "restarts-for-ever"), "none"),
        (NAMED, event("create", "n1", "net", "network"), "perhaps"),
        (NAMED, event("tag", "sha256:1", "busybox:latest", "image"), "surely"),
        (NAMED, event("pull", "redis:latest", "redis", "image"), "none"),
        (COUNT, event("die", "old", "any"), "surely"),
    ],
)
def test_concern(check: Check, what: Event, expected: Concern) -> None:
    assert concern(check, what) == expected


def test_with_the_wire_only_what_the_learner_made_is_new() -> None:
    assert concern(NEW, event("start", "c1", "any"), wire=True) == "none"
    assert concern(NEW, event("start", "c1", "any"), wire=True, mine="c1") == "surely"


def test_what_happens_to_a_judged_object_concerns_it_whatever_its_name() -> None:
    assert concern(NAMED, event("die", "old", "any"), judged="old") == "surely"


def test_a_new_name_concerns_who_speaks_of_the_old_one() -> None:
    renamed = Event("container", "rename", "old", "other", 1.0, {"oldName": "/web"})
    assert concern(NAMED, renamed) == "surely"
