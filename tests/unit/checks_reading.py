"""Short ways to write checks and objects down in tests."""

from __future__ import annotations

from typing import Any

from dockertutor.checks import Check, Judgement, judge, parse_check
from dockertutor.checks.nodes import compose
from dockertutor.errors import Problem
from dockertutor.facts import Facts, Inspect, Object


def problems_of(text: str, use: Any = "expect") -> list[Problem]:
    """What the parser says of a list of checks."""
    problems: list[Problem] = []
    node = compose(text, "x.yaml", problems)
    assert node is not None, problems
    for item in node.value:
        parse_check(item, file="x.yaml", problems=problems, use=use)
    return problems


def checks(text: str, use: Any = "expect") -> list[Check]:
    """Checks from a YAML list; whatever is wrong with them fails the test."""
    problems: list[Problem] = []
    node = compose(text, "x.yaml", problems)
    assert node is not None, problems
    found = [parse_check(item, file="x.yaml", problems=problems, use=use) for item in node.value]
    assert not problems, problems
    return [check for check in found if check is not None]


def container(
    name: str = "web", *, ident: str = "", image: str = "sha256:1", removed: bool = False, **more: Any
) -> Object:
    """A running container; ``State`` and all else of its inspect can be changed by name."""
    events, attached = more.pop("events", ()), more.pop("attached", None)
    state = {"Status": "running", "Running": True, "ExitCode": 0, **more.pop("State", {})}
    inspect = {"Image": image, "State": state, **more}
    return Object("container", ident or f"id-{name}", name, inspect, removed, tuple(events), attached)


def ended(code: int = 0, **more: Any) -> dict[str, Any]:
    """The state of a container whose program has ended."""
    return {"Status": "exited", "Running": False, "ExitCode": code, **more}


BUSYBOX = Object("image", "sha256:1", "busybox", {"Id": "sha256:1"})


def facts(seen: dict[Any, Any], **more: Any) -> Facts:
    """Facts with an image busybox, and what is given."""
    return Facts(seen={Inspect("image", "busybox"): BUSYBOX, **seen}, **more)


def judged(text: str, seen: dict[Any, Any], **more: Any) -> Judgement:
    """A judgement that misses no facts."""
    done = judge(checks(text), facts(seen, **more))
    assert not done.needs, done.needs
    return done


def one(text: str, thing: Object | None, **seen: Any) -> Judgement:
    """Judges properties (``{state: running}``) of one container."""
    list_ = f"[{{container: web, {text[1:]}]"
    return judged(list_, {Inspect("container", "web"): thing, **seen})
