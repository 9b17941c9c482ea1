"""Every matcher, on every shape of value: what satisfies it and what does not."""

from __future__ import annotations

from typing import Any

import pytest
from checks_reading import container, judged
from hypothesis import given
from hypothesis import strategies as st

from dockertutor.checks import Matcher
from dockertutor.checks.look import CannotSee
from dockertutor.checks.match import FromAbsent, holds
from dockertutor.checks.matchers import OPERATORS, MatcherParser
from dockertutor.checks.nodes import Reader, compose
from dockertutor.checks.values import (
    ANY,
    ID,
    NUMBER,
    PORTS,
    SIZE,
    TEXT,
    TEXTS_BY_NAME,
    TRUTH,
    VERSION,
    WORD,
    WORDS,
    Type,
)
from dockertutor.facts import Inspect


def resolve(handle: str, name: str) -> Any:
    if handle == "other":
        return {"name": "red", "layers": ("a", "b"), "size": 3}[name]
    raise FromAbsent(handle, name)


def matcher(text: str, type_: Type) -> Matcher:
    problems: list[Any] = []
    node = compose(text, "x", problems)
    assert node is not None
    found = MatcherParser(Reader("x", problems)).parse(node, type_, "key")
    assert not problems
    assert found is not None
    return found


CASES: list[tuple[str, Type, Any, Any]] = [
    # matcher, type, values that satisfy it, values that do not
    ("red", WORD, ["red"], ["Red", "redder", None, ""]),
    ("7", NUMBER, [7], [70, 0, None]),
    ("1.10", WORD, ["1.10"], ["1.1"]),
    ("22:22", WORD, ["22:22"], ["1342"]),
    ("no", WORD, ["no"], ["false", False]),
    ("true", TRUTH, [True], [False, None]),
    ("64m", SIZE, [64 << 20], [64, 64_000_000]),
    ("80", WORDS, [("80",)], [("80", "81"), ()]),
    ("[a, b]", WORDS, [("a", "b")], [("b", "a"), ("a",), ("a", "b", "c"), None]),
    ("[a, {matches: '^b'}]", WORDS, [("a", "bee")], [("a", "abb")]),
    ("{contains: ed}", TEXT, ["red"], ["green", None]),
    ("{contains: a}", WORDS, [("x", "a")], [("aa",), None]),
    ("{contains: {starts-with: a}}", WORDS, [("x", "aa")], [("ba",)]),
    ("{contains: {from: other, get: name}}", WORDS, [("x", "red")], [("blue",)]),
    ("{starts-with: re}", TEXT, ["red"], ["are"]),
    ("{starts-with: [a, b]}", WORDS, [("a", "b", "c"), ("a", "b")], [("a",), ("b", "a")]),
    ("{starts-with: {from: other, get: layers}}", WORDS, [("a", "b", "c")], [("a",), None]),
    ("{matches: '^r.d$'}", TEXT, ["red"], ["redder", None]),
    ("{matches: 'x$'}", WORDS, [("a", "ax")], [("xa",)]),
    ("{matches: '^7'}", NUMBER, [70], [17]),
    ("{one-of: [red, blue]}", WORD, ["blue"], ["green", None]),
    ("{one-of: ['7', '8']}", NUMBER, [8], [9]),
    ("{at-least: 3}", NUMBER, [3, 4], [2, None]),
    ("{at-most: 3}", NUMBER, [3, 2], [4, None]),
    ("{at-least: {from: other, get: size}}", NUMBER, [3], [2]),
    ("{at-least: 1k}", SIZE, [1024], [1023]),
    ('{at-least: "20.10"}', VERSION, ["20.10.24+dfsg1", "28.2", "20.10"], ["20.9.1", "19.03"]),
    ('{at-most: "20.10"}', VERSION, ["20.10.0", "19.3"], ["20.10.1"]),
    ("{length: 2}", WORDS, [("a", "b")], [("a",), None]),
    ("{length: {at-least: 2}}", WORDS, [("a", "b", "c")], [("a",)]),
    ("{length: 3}", TEXT, ["red"], ["blue"]),
    ("{length: 1}", TEXTS_BY_NAME, [{"a": "1"}], [{"a": "1", "b": "2"}, None]),
    ("{present: true}", TEXT, ["red"], ["", None]),
    ("{present: false}", WORDS, [(), None], [("a",)]),
    ("{present: false}", TEXTS_BY_NAME, [{}, None], [{"a": ""}]),
    ("{exactly: [a, b]}", WORDS, [("b", "a"), ("a", "b")], [("a",), ("a", "a"), ("a", "b", "b")]),
    ("{exactly: {a: '1'}}", TEXTS_BY_NAME, [{"a": "1"}], [{"a": "1", "b": "2"}, {"a": "2"}, {}]),
    ("{not: red}", WORD, ["blue", None], ["red"]),
    ("{not: {contains: a}}", WORDS, [("b",), None], [("a",)]),
    ("{all: [{contains: a}, {contains: b}]}", WORDS, [("b", "a")], [("a",), None]),
    ("{any: [red, {starts-with: bl}]}", WORD, ["red", "blue"], ["green", None]),
    ("{present: true, not: {contains: x}}", TEXT, ["abc"], ["axc", None]),
    ("{from: other, get: name}", WORD, ["red"], ["blue", None]),
    ("{from: other, get: layers}", WORDS, [("a", "b")], [("b", "a")]),
    ("{not: {from: other, get: name}}", WORD, ["blue", None], ["red"]),
    ("{a: '1'}", TEXTS_BY_NAME, [{"a": "1", "b": "2"}], [{"b": "1"}, {}, None]),
    ("{a: {present: false}}", TEXTS_BY_NAME, [{"b": "2"}, None], [{"a": "1"}]),
    ("{contains: '1'}", TEXTS_BY_NAME, [{"contains": "1"}], [{"a": "1"}]),
    ("{80/tcp: '8317'}", PORTS, [{"80/tcp": (8317,)}], [{"8317/tcp": (80,)}, {"80/tcp": (8317, 8318)}, {}]),
    ("{'80': '8317'}", PORTS, [{"80/tcp": (8317,)}], [{"80/udp": (8317,)}]),
    ("{80/tcp: {all: [{contains: '1'}, {contains: '2'}]}}", PORTS, [{"80/tcp": (2, 1)}], [{"80/tcp": (1,)}]),
    ("abc", ID, ["sha256:abc", "abc"], ["abcd"]),
    ("true", ANY, [True, "true"], [False, None]),
    ("['1', a]", ANY, [(1, "a")], [("a", 1)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "type_", "good", "bad"), CASES, ids=[f"{c[1].word}: {c[0]}" for c in CASES])
def test_matcher(text: str, type_: Type, good: list[Any], bad: list[Any]) -> None:
    wanted = matcher(text, type_)
    assert [value for value in good if not holds(wanted, value, type_, resolve)] == []
    assert [value for value in bad if holds(wanted, value, type_, resolve)] == []


def test_every_matcher_has_a_case() -> None:
    assert [name for name in OPERATORS if not any(f"{name}:" in text for text, *_ in CASES)] == []


@pytest.mark.parametrize(
    "text",
    ["{from: gone, get: id}", "{not: {from: gone, get: id}}", "{not: {contains: {from: gone, get: id}}}"],
)
@pytest.mark.parametrize("value", ["red", None])
def test_a_value_that_cannot_be_had_fails_under_not_too(text: str, value: Any) -> None:
    with pytest.raises(FromAbsent):
        holds(matcher(text, WORD), value, WORD, resolve)


def test_from_an_object_that_is_gone_fails_the_check() -> None:
    seen = {Inspect("container", "web"): container(), Inspect("container", "db"): None}
    done = judged("[{container: db, exists: false, as: db}, {container: web, id: {not: {from: db, get: id}}}]", seen)
    assert [verdict.status for verdict in done.verdicts] == ["pass", "pass", "fail"]


@given(st.lists(st.text(max_size=5), max_size=6), st.lists(st.text(max_size=5), max_size=6))
def test_a_list_means_the_whole_list_in_order(wanted: list[str], value: list[str]) -> None:
    whole = Matcher("list", tuple(Matcher("equal", text) for text in wanted))
    assert holds(whole, tuple(value), WORDS, resolve) == (wanted == value and value != [])


@given(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=5), st.lists(st.sampled_from("abc"), min_size=1, max_size=5)
)
def test_exactly_is_equality_whatever_the_order(wanted: list[str], value: list[str]) -> None:
    same = Matcher("exactly", Matcher("list", tuple(Matcher("equal", text) for text in wanted)))
    assert holds(same, tuple(value), WORDS, resolve) == (sorted(wanted) == sorted(value))


@given(st.sampled_from(["equal", "contains", "matches", "present", "starts-with"]),
       st.one_of(st.none(), st.text(max_size=8)))  # fmt: skip
def test_not_is_always_the_opposite(op: str, value: Any) -> None:
    plain = Matcher(op, "true" if op == "present" else "a")
    assert holds(Matcher("not", plain), value, TEXT, resolve) != holds(plain, value, TEXT, resolve)


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|aa)+$", r"(.*?,){20}P", r"(?:a?){40}a{40}b"])
def test_a_pattern_that_would_not_end_cannot_be_judged(pattern: str) -> None:
    with pytest.raises(CannotSee, match="takes too long"):
        holds(Matcher("matches", pattern), "a" * 60_000 + "!" + ",a" * 200, TEXT, resolve)


def test_a_pattern_that_would_not_end_makes_no_verdict() -> None:
    slow = judged(
        "[{container: web, command: {contains: {matches: '(a+)+$'}}}]",
        {Inspect("container", "web"): container(Path="a" * 5000 + "!")},
    )
    assert slow.status == "unknown"
    assert "takes too long" in slow.verdicts[-1].why


def test_a_pattern_has_a_length() -> None:
    problems: list[Any] = []
    node = compose("matches: '" + "a" * 4001 + "'", "x", problems)
    assert node is not None
    MatcherParser(Reader("x", problems)).parse(node, TEXT, "key")
    assert "too long" in problems[0].message


def test_exactly_pairs_matchers_and_items_so_that_all_fit() -> None:
    wanted = matcher("{exactly: [{starts-with: a}, ab]}", WORDS)
    assert holds(wanted, ("ab", "ac"), WORDS, resolve)
    assert not holds(wanted, ("ac", "ad"), WORDS, resolve)
