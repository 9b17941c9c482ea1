"""A saved verdict can be judged again: facts survive JSON, and the verdict is the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from checks_reading import BUSYBOX, checks, container, facts
from hypothesis import given
from hypothesis import strategies as st

from dockertutor.checks import facts_from_json, facts_to_json, judge
from dockertutor.checks.evidence import verdicts_to_keep
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


def kept(text: str, need: Any, found: Any) -> str:
    """What is stored of one fact where these checks were judged; judging it again gives the same verdict."""
    judged, before = checks(text), facts({need: found})
    stored = json.loads(json.dumps(facts_to_json(before, judged)))
    again, first = judge(judged, facts_from_json(stored)), judge(judged, before)
    assert [v.status for v in again.verdicts] == [v.status for v in first.verdicts]
    assert again.status == first.status
    return json.dumps(stored, ensure_ascii=False)


WEB = Inspect("container", "web")
PAIRS = ["PASSWORD=secret", "GREETING=hello", "EMPTY="]


@pytest.mark.parametrize(
    "check",
    [
        "{state: running}",
        "{env: {GREETING: hello}}",
        "{env: {length: '3'}}",
        "{inspect: {Driver: {present: false}}}",
    ],
)
@pytest.mark.parametrize("place", ["Config", "ContainerConfig"])
def test_environment_values_are_left_out_wherever_they_stand(place: str, check: str) -> None:
    stored = kept(f"[{{container: web, {check[1:]}]", WEB, container(**{place: {"Env": PAIRS}}))
    assert "secret" not in stored
    assert "PASSWORD=(left out)" in stored
    assert '"EMPTY="' in stored
    assert ("GREETING=hello" in stored) == ("GREETING" in check)


def test_label_values_are_left_out_but_for_those_that_a_check_names_and_the_tutors_own() -> None:
    labels = {"owner": "secret", "course": "docker", "dockertutor.attempt": "a1"}
    service = {"TaskTemplate": {"ContainerSpec": {"Labels": labels, "Env": PAIRS}}}
    web = container(Config={"Labels": labels}, Spec=service)
    stored = kept("[{container: web, labels: {course: docker}}]", WEB, web)
    assert "secret" not in stored
    assert '"owner": "(left out)"' in stored
    assert '"course": "docker"' in stored
    assert '"dockertutor.attempt": "a1"' in stored


@pytest.mark.parametrize(
    ("path", "value", "there"),
    [
        ("Config.Labels.com.example.a", "one", "one"),
        ("Config.Env.1", "GREETING=hello", "GREETING=hello"),
        ("Config.Env", "{contains: GREETING=hello}", "GREETING=hello"),
        ("Config.Env", "{length: '3'}", "GREETING=(left out)"),
    ],
)
def test_a_path_keeps_the_entry_that_it_names(path: str, value: str, there: str) -> None:
    web = container(Config={"Env": PAIRS, "Labels": {"com.example.a": "one", "b": "secret"}})
    stored = kept(f"[{{container: web, inspect: {{{path}: {value}}}}}]", WEB, web)
    assert "secret" not in stored
    assert there in stored


@pytest.mark.parametrize(
    ("step", "stored"),
    [
        ("ENV PASSWORD=secret", "ENV PASSWORD=(left out)"),
        ("ENV PASSWORD=a secret OTHER=secret", "ENV PASSWORD=(left out) OTHER=(left out)"),
        ("LABEL owner=secret", "LABEL owner=(left out)"),
        ("ARG TOKEN=secret", "ARG TOKEN=(left out)"),
        ("ARG TOKEN", "ARG TOKEN"),
        ("/bin/sh -c #(nop)  ENV PASSWORD=secret", "/bin/sh -c #(nop)  ENV PASSWORD=(left out)"),
        ("/bin/sh -c #(nop)  ONBUILD ENV PASSWORD secret", "/bin/sh -c #(nop)  ONBUILD ENV PASSWORD (left out)"),
        ("|1 TOKEN=a secret /bin/sh -c make x=y", "|1 TOKEN=(left out) /bin/sh -c make x=y"),
        ("RUN |1 TOKEN=secret /bin/sh -c make # buildkit", "RUN |1 TOKEN=(left out) /bin/sh -c make # buildkit"),
        ("RUN |1 TOKEN=secret python -c x # buildkit", "RUN |1 TOKEN=(left out) # buildkit"),
        ("ENV GREETING=hello", "ENV GREETING=hello"),
        ("RUN /bin/sh -c echo ENV A=b", "RUN /bin/sh -c echo ENV A=b"),
    ],
)
def test_values_in_an_images_history_are_left_out(step: str, stored: str) -> None:
    seen = {Inspect("image", "busybox"): BUSYBOX, History("sha256:1"): ({"CreatedBy": step, "Size": 0},)}
    judged = checks("[{image: busybox, history: {matches: 'ENV +GREETING=hello'}}]")
    again = facts_from_json(json.loads(json.dumps(facts_to_json(Facts(seen=seen), judged))))
    assert again.seen[History("sha256:1")] == ({"CreatedBy": stored, "Size": 0},)
    told = verdicts_to_keep(judge(judged, Facts(seen=seen)).verdicts, judged, Facts(seen=seen), judged)
    assert judge(judged, again).verdicts == told
    assert [one.status for one in told] == [one.status for one in judge(judged, Facts(seen=seen)).verdicts]


def test_values_in_the_commands_of_the_older_builder_are_left_out() -> None:
    cmd, run = ["/bin/sh", "-c", "#(nop) ", "LABEL owner=secret"], ["|1", "TOKEN=secret", "/bin/sh", "-c", "make"]
    config = {"Cmd": run, "OnBuild": ["ENV A=secret"]}
    image = container(ContainerConfig={"Cmd": cmd}, Config=config, Path="|1", Args=run[1:])
    stored = kept("[{container: web, state: running}]", WEB, image)
    assert "secret" not in stored
    assert stored.count('"TOKEN=(left out)", "/bin/sh", "-c", "make"') == 2


@pytest.mark.parametrize(
    ("line", "stored"),
    [
        ("docker run -e PASSWORD=hunter2 -it busybox", "docker run -e PASSWORD=(left out) -it busybox"),
        ("docker run -itePASSWORD=hunter2 busybox", "docker run -itePASSWORD=(left out) busybox"),
        ("docker run --env 'A=hunter2 x' --env=B=hunter2 b", "docker run --env A=(left out) --env=B=(left out) b"),
        ('docker run -e A="hunter2 x" -e B b', "docker run -e A=(left out) -e B b"),
        ("docker build --build-arg A=hunter2 .", "docker build --build-arg A=(left out) ."),
        ("docker run --label b=hunter2 -l c=hunter2 x", "docker run --label b=(left out) -l c=(left out) x"),
        ("docker commit -c 'ENV A=hunter2' web", "docker commit -c 'ENV A=(left out)' web"),
        ("docker login -u me -p hunter2", "docker login -u me -p (hidden)"),
        ("A=hunter2 docker ps; export B=hunter2", "A=(left out) docker ps; export B=(left out)"),
        ("docker run -e GREETING=hello --name web x", "docker run -e GREETING=hello --name web x"),
        ("docker run --mount type=bind,src=/a,dst=/b x", "docker run --mount type=bind,src=/a,dst=/b x"),
    ],
)
def test_values_in_a_command_line_are_left_out(line: str, stored: str) -> None:
    judged = checks("[{container: web, env: {GREETING: hello}}, {typed: {contains: '-it'}}]", "when")
    again = facts_from_json(facts_to_json(facts({Typed(): TypedLine(line, 1)}), judged))
    assert again.seen[Typed()] == TypedLine(stored, 1)


def test_what_a_check_looks_for_in_a_command_line_stays() -> None:
    line = TypedLine("docker run -e PASSWORD=secret -e OTHER=hunter2 busybox", 1)
    judged = checks("[{typed: {matches: 'PASSWORD=secret'}}]", "when")
    again = facts_from_json(facts_to_json(facts({Typed(): line}), judged))
    assert again.seen[Typed()].text == "docker run -e PASSWORD=secret -e OTHER=(left out) busybox"


def test_what_a_verdict_found_is_kept_without_them_too() -> None:
    judged = checks("[{container: web, env: {present: false}}]")
    web = container(Config={"Env": ["PASSWORD=secret", "A=b c"]})
    seen = facts({WEB: web})
    verdicts = judge(judged, seen).verdicts
    assert "secret" in verdicts[1].found
    assert verdicts_to_keep(verdicts, judged, seen, judged)[1].found == 'PASSWORD="(left out)", A="(left out)"'
