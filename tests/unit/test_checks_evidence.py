"""A saved verdict can be judged again: facts survive JSON, and the verdict is the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from checks_reading import BUSYBOX, checks, container, facts
from hypothesis import given
from hypothesis import strategies as st

from dockertutor.checks import facts_from_json, facts_to_json, judge
from dockertutor.errors import ProgressError
from dockertutor.facts import (
    Answered,
    Baseline,
    Call,
    Calls,
    Changes,
    Digest,
    Exec,
    ExecAnswer,
    Facts,
    FileHere,
    FileIn,
    History,
    Http,
    HttpAnswer,
    Inspect,
    Logs,
    Names,
    New,
    Registry,
    Typed,
    TypedLine,
    Unseen,
)

BOX = container("box", Path="sh", Args=["-c", "x"], Mounts=[{"Destination": "/d", "Name": "v"}], Config={"$": "odd"})
FULL = facts(
    {
        Inspect("container", "web"): container(events=("start", "die")),
        Inspect("container", "gone"): None,
        New("container"): (BOX,),
        Names("container"): ("web", "box"),
        Logs("id-web"): "hello\n",
        FileIn("id-web", "/a"): None,
        Changes("id-web"): {"/a": "added"},
        Exec("id-web", ("ls", "-l")): ExecAnswer(0, "x"),
        History("sha256:1"): ({"CreatedBy": "x", "Size": 0},),
        Http(80, "/"): HttpAnswer(200, {"a": "b"}, "body"),
        Registry(5000, "a"): ("1",),
        Digest(5000, "a", "1"): "sha256:1",
        FileHere("a"): "text",
        Typed(): TypedLine("docker ps", 0),
        Answered(): "7",
        Calls(): (Call(1, "GET", "/info", {"a": "b"}, request={"x": [1]}, created=(("container", "id"),)),),
        Inspect("network", "n"): Unseen("the engine does not answer"),
    },
    time=12.5,
    baseline=Baseline({"container": frozenset({"a", "b"})}, {"container": {"web": "id-web"}}),
    given={"old": ("container", "id-1")},
    quiet=True,
)


def replayed(before: Facts) -> Facts:
    return facts_from_json(json.loads(json.dumps(facts_to_json(before))))


def test_all_kinds_of_facts_survive() -> None:
    assert replayed(FULL) == FULL


@pytest.mark.parametrize(
    "text",
    [
        "[{container: web, state: running, same: true, events: [start], logs: {contains: hello}}]",
        "[{container: {new: true}, image: busybox, command: [sh, -c, y]}, {http: '80', body: {contains: nothing}}]",
        "[{network: n, driver: bridge}, {file: a, contains: text}, {api-call: GET /info}, {answer: '8'}]",
        "[{container: gone, state: running}]",
    ],
)
def test_the_same_facts_give_the_same_verdict(text: str) -> None:
    assert judge(checks(text), replayed(FULL)) == judge(checks(text), FULL)


@given(st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
                    max_leaves=8))  # fmt: skip
def test_any_inspect_survives(value: Any) -> None:
    before = Facts(seen={Inspect("image", "busybox"): BUSYBOX, Inspect("container", "web"): container(Any=value)})
    assert replayed(before) == before


@pytest.mark.parametrize(
    "value", [{}, {"format": 2, "seen": []}, {"format": 1}, {"format": 1, "seen": [{"need": {"$": "os"}}]}]
)
def test_damaged_or_foreign_evidence_is_refused_in_words(value: Any) -> None:
    with pytest.raises(ProgressError, match="cannot be read"):
        facts_from_json(value)


def test_environment_values_are_left_out_unless_a_check_reads_them() -> None:
    web = container(Config={"Env": ["PASSWORD=secret", "PATH=/bin"]})
    before = facts({Inspect("container", "web"): web, New("container"): (web,)})
    quiet = json.dumps(facts_to_json(before, checks("[{container: web, state: running}]")), ensure_ascii=False)
    assert "secret" not in quiet
    assert "PASSWORD=…" in quiet
    assert "secret" in json.dumps(facts_to_json(before, checks("[{container: web, env: {PASSWORD: secret}}]")))
