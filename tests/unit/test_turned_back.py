"""What is said of a tick that turned back: the learner's own act, not its echo."""

from __future__ import annotations

import pytest

from dockertutor.facts import Object
from dockertutor.tutor.turned_back import _how

STATE = {"State": {"ExitCode": 137}}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (("start",), ("start", "kill", "die"), "was stopped"),
        (("start", "kill"), ("start", "kill", "die"), "was stopped"),  # newer engines tell the signal earlier
        (("start",), ("start", "die"), "ended again, with exit code 137"),
        (
            ("start", "kill", "die", "start"),
            ("start", "kill", "die", "start", "die"),
            "ended again, with exit code 137",
        ),
        (("start",), ("start", "kill", "die", "destroy"), "was removed"),
        (("start",), ("start", "pause"), "was paused"),
    ],
)
def test_the_last_thing_that_happened_is_named(before, after, said):
    then, now = (Object("container", "c1", "web", STATE, events=events) for events in (before, after))
    assert _how(then, now) == said
