"""Whatever a file says and whatever an engine answers: words, never a traceback."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from checks_reading import checks
from hypothesis import given, settings
from hypothesis import strategies as st

from dockertutor.checks import judge, parse_check
from dockertutor.checks.kinds import KINDS
from dockertutor.checks.matchers import OPERATORS
from dockertutor.checks.nodes import compose
from dockertutor.checks.reference import example_line
from dockertutor.facts import Facts, Inspect, Names, New, Object

WORDS = st.sampled_from(
    [*KINDS, *OPERATORS, "state", "labels", "files", "exec", "command", "path", "get", "given", "new", "as", "exists",
     "events", "remember", "inspect", "published", "80/tcp", "true", "${x}", "", "a.b", "POST /x", "7", "["]
)  # fmt: skip
TREES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4), max_leaves=12
)


@settings(deadline=None, max_examples=300)
@given(TREES, st.sampled_from(["expect", "given", "when", "requires"]))
def test_any_yaml_gives_a_check_or_problems(tree: Any, use: Any) -> None:
    problems: list[Any] = []
    node = compose(yaml.safe_dump(tree), "x", problems)
    check = parse_check(node, file="x", problems=problems, use=use) if node is not None else None
    assert (check is None) == bool(problems)


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(WORDS, TREES, min_size=1, max_size=4), st.sampled_from(list(KINDS)))
def test_whatever_is_taken_can_be_judged(keys: dict[str, Any], kind: str) -> None:
    problems: list[Any] = []
    node = compose(yaml.safe_dump({kind: "80", **keys}), "x", problems)
    check = parse_check(node, file="x", problems=problems, use="when") if node is not None else None
    if check is not None and "${" not in str(check.extra):
        facts = Facts()
        for _ in range(4):
            done = judge([check], facts)
            if not done.needs:
                break
            nothing = {need: () if isinstance(need, Names | New) else None for need in done.needs}
            facts = Facts(seen={**facts.seen, **nothing})
        assert not done.needs


PROPERTIES = [
    (kind.name, example_line(prop))
    for kind in KINDS.values()
    if kind.object
    for prop in kind.properties
    if not prop.asks
]


@pytest.mark.parametrize(("kind", "line"), PROPERTIES)
def test_an_inspect_that_lacks_everything_can_be_judged(kind: str, line: str) -> None:
    text = f"[{{daemon: {{{line}}}}}]" if kind == "daemon" else f"[{{{kind}: web, {line}}}]"
    empty = {Inspect(kind, "daemon" if kind == "daemon" else "web"): Object(kind, "id", "web", {})}
    done = judge(checks(text), Facts(seen={**empty, Inspect("image", "busybox"): None}))
    assert not done.needs
    assert done.status in ("pass", "fail")
