"""Checks on what is no engine object."""

from __future__ import annotations

from typing import Any

import pytest
from checks_reading import checks, facts, judged

from dockertutor.checks import first_mistake
from dockertutor.facts import (
    Answered,
    Call,
    Calls,
    Digest,
    FileHere,
    Http,
    HttpAnswer,
    Inspect,
    Object,
    Registry,
    Typed,
    TypedLine,
    Unseen,
)

PAGE = HttpAnswer(200, {"content-type": "text/html"}, "hello from here")


@pytest.mark.parametrize(
    ("text", "answer", "status"),
    [
        ('[{http: "80"}]', PAGE, "pass"),
        ('[{http: "80"}]', HttpAnswer(404, {}, ""), "fail"),
        ('[{http: "80"}]', None, "fail"),
        ('[{http: "80"}]', Unseen("x"), "unknown"),
        ('[{http: "80", status: "404"}]', HttpAnswer(404, {}, ""), "pass"),
        ('[{http: "80", body: {contains: hello}}]', PAGE, "pass"),
        ('[{http: "80", body: {contains: bye}}]', PAGE, "fail"),
        ('[{http: "80", headers: {Content-Type: {starts-with: text/}}}]', PAGE, "pass"),
        ('[{http: "80", headers: {X-Other: {present: true}}}]', PAGE, "fail"),
        ('[{http: "80", headers: {exactly: {Content-Type: text/html}}}]', PAGE, "pass"),
        ('[{http: "80", headers: {length: 1, Content-Type: text/html}}]', PAGE, "pass"),
        ('[{http: "80", headers: {present: true, X-Other: {present: true}}}]', PAGE, "fail"),
    ],
)
def test_http(text: str, answer: Any, status: str) -> None:
    assert judged(text, {Http(80): answer}).status == status


def test_http_says_who_answers() -> None:
    assert judged('[{http: "80", path: /a}]', {Http(80, "/a"): None}).verdicts[0].found == "nobody answers"
    verdict = judged('[{http: "80"}]', {Http(80): HttpAnswer(500, {}, "")}).verdicts[0]
    assert (verdict.expected, verdict.found) == ("answers with 200", "answers with 500")


@pytest.mark.parametrize(
    ("tags", "wanted", "status"),
    [
        (("1", "2"), "{contains: '1'}", "pass"),
        (("2",), "{contains: '1'}", "fail"),
        (None, "{contains: '1'}", "fail"),
        (None, "{present: false}", "pass"),
        (("1",), "{present: false}", "fail"),
        (None, "{any: [{present: false}, {contains: '2'}]}", "pass"),
        (("1",), "{any: [{present: false}, {contains: '2'}]}", "fail"),
        (None, "{all: [{not: {contains: '2'}}]}", "pass"),
        (None, "{present: true}", "fail"),
    ],
)
def test_registry(tags: Any, wanted: str, status: str) -> None:
    text = f'[{{registry: "5000", repository: blog, tags: {wanted}}}]'
    assert judged(text, {Registry(5000, "blog"): tags}).status == status


ONE, OTHER = f"sha256:{'1' * 64}", f"sha256:{'2' * 64}"


@pytest.mark.parametrize(
    ("digest", "wanted", "status"),
    [
        (ONE, f"'{ONE}'", "pass"),
        (OTHER, f"'{ONE}'", "fail"),
        (ONE, "{present: true}", "pass"),
        (None, "{present: true}", "fail"),
        (None, "{present: false}", "pass"),
        (ONE, "{from: img, get: digests}", "pass"),
        (OTHER, "{from: img, get: digests}", "fail"),
        (Unseen("x"), "{present: true}", "unknown"),
    ],
)
def test_digests_in_a_registry(digest: Any, wanted: str, status: str) -> None:
    text = f'[{{image: a, as: img, exists: true}}, {{registry: "5000", repository: blog, digests: {{"1": {wanted}}}}}]'
    image = Object("image", "sha256:9", "a", {"RepoDigests": [f"other/x@{OTHER[:-1]}3", f"localhost:5000/blog@{ONE}"]})
    seen = {Inspect("image", "a"): image, Registry(5000, "blog"): ("1",), Digest(5000, "blog", "1"): digest}
    assert judged(text, seen).status == status


def test_digests_are_told_by_their_first_twelve_signs() -> None:
    check = '{registry: "5000", repository: b, digests: {"1": {from: img, get: digests}}}'
    text = f"[{{image: a, as: img, exists: true}}, {check}]"
    image = Object("image", "sha256:9", "a", {"RepoDigests": [f"localhost:5000/b@{ONE}"]})
    seen = {Inspect("image", "a"): image, Registry(5000, "b"): ("1",), Digest(5000, "b", "1"): OTHER}
    row = judged(text, seen).verdicts[-1]
    assert (row.expected, row.found) == ("1: 111111111111", "1=222222222222")


@pytest.mark.parametrize(
    ("keys", "text", "status"),
    [
        ("contains: abc", "xabcx", "pass"),
        ("contains: abc", "x", "fail"),
        ("contains: abc", None, "fail"),
        ("present: true", None, "fail"),
        ("present: false", None, "pass"),
        ("any: [{present: false}, {contains: abc}]", None, "pass"),
        ("any: [{present: false}, {contains: abc}]", "abc", "pass"),
        ("any: [{present: false}, {contains: abc}]", "x", "fail"),
        ("all: [{not: {contains: abc}}, {not: {contains: x}}]", None, "pass"),
        ("contains: abc, not: {contains: x}", None, "fail"),
        ("exists: false", None, "pass"),
        ("exists: false", "", "fail"),
        ("exists: true", "", "pass"),
        ("starts-with: a, not: {contains: b}", "ac", "pass"),
        ("starts-with: a, not: {contains: b}", "ab", "fail"),
    ],
)
def test_file(keys: str, text: Any, status: str) -> None:
    assert judged(f"[{{file: a.txt, {keys}}}]", {FileHere("a.txt"): text}).status == status


DAEMON = {
    Inspect("daemon", "daemon"): Object("daemon", "", "", {"Version": "20.10.24", "Containers": 3, "ID": "a" * 64})
}


@pytest.mark.parametrize(
    ("wanted", "said", "status"),
    [
        ("blue", "blue", "pass"),
        ("blue", " blue\n", "pass"),
        ("blue", "red", "fail"),
        ("blue", None, "fail"),
        ("{from: daemon, get: version}", "20.10.24", "pass"),
        ("{from: daemon, get: version}", "28.2.2", "fail"),
        ("{from: daemon, get: containers}", "3", "pass"),
        ("{from: daemon, get: containers}", "03", "pass"),
        ("{from: daemon, get: containers}", "4", "fail"),
        ("{from: daemon, get: id}", "a" * 12, "pass"),
        ("{from: daemon, get: id}", "a" * 11, "fail"),
        ("{matches: '^b'}", "blue", "pass"),
        ("{at-least: 5}", "7", "pass"),
        ("{at-least: 5}", "4", "fail"),
        ("{at-least: 5}", "many", "fail"),
    ],
)
def test_answer(wanted: str, said: Any, status: str) -> None:
    assert judged(f"[{{answer: {wanted}}}]", {Answered(): said, **DAEMON}).status == status


def test_a_wrong_answer_is_not_told_the_right_one() -> None:
    done = judged("[{answer: {from: daemon, get: version}}]", {Answered(): "28", **DAEMON})
    assert (done.verdicts[0].expected, done.verdicts[0].found) == ("", "28")


@pytest.mark.parametrize(
    ("text", "line", "holds"),
    [
        ("[{typed: {matches: 'run +echo'}, failed: true}]", TypedLine("docker run echo", 125), True),
        ("[{typed: {matches: 'run +echo'}, failed: true}]", TypedLine("docker run echo", 0), False),
        ("[{typed: {contains: ps}, exit_code: 0}]", TypedLine("docker ps", 0), True),
        ("[{typed: {contains: ps}}]", None, False),
    ],
)
def test_typed(text: str, line: Any, holds: bool) -> None:
    found, needs = first_mistake([("m", tuple(checks(text, "when")))], facts({Typed(): line}))
    assert ((found == "m"), needs) == (holds, frozenset())


def call(number: int, text: str, status: int = 200, agent: str = "Docker-Client/28", **query: str) -> Call:
    method, _, path = text.partition(" ")
    return Call(number, method, path, query, status=status, agent=agent, client="docker ps")


RUN = (
    call(1, "POST /containers/create", 404),
    call(2, "POST /images/create"),
    call(3, "POST /containers/create", 201, name="web"),
    call(4, "POST /containers/abc/start", 204),
    call(5, "GET /containers/json", agent="curl/8", all="1"),
)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("POST /containers/*/start", "pass"),
        ("POST /containers/start", "fail"),
        ("GET /containers/*/start", "fail"),
        ("'* /containers/*/start'", "pass"),
        ("[POST /containers/create, POST /images/create, POST /containers/create, POST /containers/*/start]", "pass"),
        ("[POST /containers/*/start, POST /images/create]", "fail"),
        ("POST /containers/create, status: '201'", "pass"),
        ("POST /containers/create, status: '500'", "fail"),
        ("POST /containers/create, count: '2'", "pass"),
        ("POST /containers/create, count: {at-most: 1}", "fail"),
        ("DELETE /containers/*, count: '0'", "pass"),
        ("GET /containers/json, query: {all: '1'}", "pass"),
        ("GET /containers/json, query: {all: '0'}", "fail"),
        ("GET /containers/json, agent: {starts-with: curl}", "pass"),
        ("POST /containers/create, agent: {starts-with: curl}", "fail"),
        ("'* /containers/*', agent: {starts-with: Docker-Client}, exists: false", "fail"),
        ("DELETE /containers/*, exists: false", "pass"),
        ("GET /containers/json, client: {starts-with: docker}", "pass"),
    ],
)
def test_api_calls(text: str, status: str) -> None:
    assert judged(f"[{{api-call: {text}}}]", {Calls(): RUN}).status == status


def test_a_missing_call_says_what_was_asked_for_and_what_comes_near() -> None:
    done = judged("[{api-call: POST /containers/create, status: '409', agent: {starts-with: curl}}]", {Calls(): RUN})
    assert done.verdicts[0].expected == "POST /containers/create → 409, by curl"
    assert done.verdicts[0].found.startswith("POST /containers/create → 201, by ")
    done = judged("[{api-call: [POST /containers/*/start, POST /images/create]}]", {Calls(): RUN})
    assert done.verdicts[0].expected == "POST /containers/*/start, then POST /images/create"


def test_where_the_wire_is_off_calls_cannot_be_judged() -> None:
    done = judged("[{api-call: GET /info}]", {Calls(): None})
    assert (done.status, "wire" in done.verdicts[0].why) == ("unknown", True)
    found = first_mistake(
        [("m", tuple(checks("[{api-call: GET /info, exists: false}]", "when")))], facts({Calls(): None})
    )
    assert found == (None, frozenset())


def test_a_file_has_one_row_whether_it_is_there_or_not() -> None:
    text = "[{file: copy.txt, contains: word}]"
    found = [judged(text, {FileHere("copy.txt"): said}).verdicts for said in (None, "other", "a word")]
    assert [[(one.title, one.status) for one in rows] for rows in found] == [
        [("The file copy.txt", "fail")],
        [("The file copy.txt", "fail")],
        [("The file copy.txt", "pass")],
    ]
