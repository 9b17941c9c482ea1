"""A name that is there with nothing in it is there."""

from __future__ import annotations

import pytest

from dockertutor.checks import Check, Matcher, Subject, judge
from dockertutor.facts import Baseline, Facts, FileIn, Inspect, Object


@pytest.mark.parametrize(("wanted", "status"), [("true", "pass"), ("false", "fail")])
def test_an_empty_file_is_present(wanted: str, status: str) -> None:
    check = Check(
        "container", Subject(name="box"), (("files", Matcher("each", {"/tmp/x": Matcher("present", wanted)})),)
    )
    box = Object("container", "c1", "box", {"Id": "c1", "Name": "/box", "State": {"Running": True}})
    facts = Facts(baseline=Baseline(), seen={Inspect("container", "box"): box, FileIn("c1", "/tmp/x"): ""})

    judged = judge([check], facts)

    assert not judged.needs
    assert judged.status == status
