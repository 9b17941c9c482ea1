"""What `judge` says of checks, by facts that are written down here."""

from __future__ import annotations

from typing import Any

import yaml

from dockertutor.checks import Check, judge, parse_check
from dockertutor.facts import Facts, Inspect, Names, New, Object


def checks(text: str, use: Any = "expect") -> list[Check]:
    node = yaml.compose(text, Loader=yaml.BaseLoader)
    assert isinstance(node, yaml.SequenceNode)
    problems: list[Any] = []
    found = [parse_check(item, file="x.yaml", problems=problems, use=use) for item in node.value]
    assert not problems, problems
    return [check for check in found if check is not None]


def container(name: str = "web", *, ident: str = "", image: str = "sha256:1", **inspect: Any) -> Object:
    state = {"Status": "running", "Running": True, "ExitCode": 0, **inspect.pop("State", {})}
    return Object("container", ident or f"id-{name}", name, {"Image": image, "State": state, **inspect},
                  removed=inspect.pop("removed", False))  # fmt: skip


IMAGE = Object("image", "sha256:1", "busybox", {"Id": "sha256:1"})


def facts(seen: dict[Any, Any], **more: Any) -> Facts:
    return Facts(seen={Inspect("image", "busybox"): IMAGE, **seen}, **more)


def test_asks_for_the_object_and_the_image_at_once() -> None:
    judged = judge(checks("[{container: web, image: busybox, state: running}]"), Facts())
    assert judged.needs == {Inspect("container", "web"), Inspect("image", "busybox")}


def test_passes_when_state_and_image_are_right() -> None:
    seen = {Inspect("container", "web"): container()}
    judged = judge(checks("[{container: web, image: busybox, state: running}]"), facts(seen))
    assert judged.status == "pass"
    assert [(v.title, v.status) for v in judged.verdicts] == [
        ("Container web", "pass"), ("Image", "pass"), ("State", "pass"),
    ]  # fmt: skip


def test_says_what_was_expected_and_found() -> None:
    seen = {Inspect("container", "web"): container(State={"Status": "exited", "Running": False})}
    judged = judge(checks("[{container: web, state: running}]"), facts(seen))
    assert judged.status == "fail"
    assert (judged.verdicts[1].expected, judged.verdicts[1].found) == ("running", "exited")


def test_a_missing_container_fails_and_names_the_closest() -> None:
    list_ = checks("[{container: web, state: running}]")
    seen = {Inspect("container", "web"): None}
    assert judge(list_, facts(seen)).needs == {Names("container")}
    judged = judge(list_, facts({**seen, Names("container"): ("wbe", "other")}))
    assert [v.status for v in judged.verdicts] == ["fail", "skipped"]
    assert judged.verdicts[0].near == "wbe"
    assert judged.verdicts[1].why == "after the container"


def test_a_reversed_port_reads_as_on_the_screen() -> None:
    ports = {"NetworkSettings": {"Ports": {"8317/tcp": [{"HostIp": "", "HostPort": "80"}]}}}
    list_ = checks('[{container: {new: true}, image: busybox, published: {80/tcp: "8317"}}]')
    judged = judge(list_, facts({New("container"): (container("quirky_hopper", **ports),)}))
    first, port = judged.verdicts
    assert (first.status, first.title, first.object) == ("pass", "A new container from busybox", "quirky_hopper")
    assert (port.status, port.title, port.expected, port.found, port.near) == (
        "fail", "Published port", "8317 → 80", "80 → 8317", "quirky_hopper",
    )  # fmt: skip
