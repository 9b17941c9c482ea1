"""What the parser takes, and what it says of what it does not take."""

from __future__ import annotations

from typing import Any

import pytest
from checks_reading import checks, problems_of

from dockertutor.checks import Matcher, Subject, handles_of


def test_a_check_keeps_subject_properties_and_common_keys() -> None:
    (check,) = checks(
        "[{container: {new: true}, image: busybox, state: running, as: box, exists: true, events: [start, die],"
        " remember: {words: args}}]"
    )
    assert check.kind == "container"
    assert check.subject == Subject(new=True)
    assert check.properties == (("image", Matcher("equal", "busybox")), ("state", Matcher("equal", "running")))
    assert (check.handle, check.exists, check.events) == ("box", True, ("start", "die"))
    assert check.remember == {"words": "args"}
    assert (check.place.line, check.place.column) == (1, 2)


def test_image_is_the_kind_only_where_no_container_is_named() -> None:
    box, image = checks("[{image: busybox, container: web}, {image: busybox, layer_count: 1}]")
    assert (box.kind, image.kind) == ("container", "image")


def test_scalars_are_text_whatever_yaml_would_make_of_them() -> None:
    (check,) = checks("[{container: web, labels: {a: 1.10, b: no, c: 22:22, d: 2024-01-01}}]")
    each = check.properties[0][1].arg
    assert [each[name].arg for name in "abcd"] == ["1.10", "no", "22:22", "2024-01-01"]


def test_unbound_variables_are_taken_for_any_type() -> None:
    (check,) = checks('[{container: web, published: {80/tcp: "${port}"}, exit_code: "${n}"}]')
    assert len(check.properties) == 2


def test_given_takes_what_only_a_maker_needs() -> None:
    image, volume, network = checks(
        "[{image: 'a:1', dockerfile: 'FROM busybox'}, {volume: v, files: {a.txt: hello}}, {network: n}]", "given"
    )
    assert image.extra == {"dockerfile": "FROM busybox"}
    assert volume.extra == {"files": {"a.txt": "hello"}}
    assert network.properties == ()


def test_daemon_takes_its_properties_inside_or_beside() -> None:
    inside, beside = checks("[{daemon: {version: '20.10'}}, {daemon: true, version: '20.10'}]", "requires")
    assert inside.properties == beside.properties


def test_handles_that_a_check_speaks_of() -> None:
    one, two = checks("[{container: {given: a}, id: {not: {any: [{from: b, get: id}]}}}, {remaining: [c, d]}]")
    assert handles_of(one) == {"a", "b"}
    assert handles_of(two) == {"c", "d"}


WRONG: list[tuple[str, str, str, str, str]] = [
    # checks, use, key that is named, part of the message, nearest
    ("[{contaner: web, state: running}]", "expect", "contaner", "which kind of check", "container"),
    ("[{container: web, statte: running}]", "expect", "statte", "does not know this key", "state"),
    ("[{container: web, network: n, state: running}]", "expect", "network", "of one kind", ""),
    ("[{container: web}]", "expect", "container", "compares nothing", ""),
    ("[{container: web, labels: {}}]", "expect", "labels", "compares nothing", ""),
    ("[{container: web, published: '8317'}]", "expect", "published", "expected host ports by port", ""),
    ("[{container: web, exit_code: seven}]", "expect", "exit_code", "expected a number", ""),
    ("[{container: web, tty: yes}]", "expect", "tty", "expected true or false", ""),
    ("[{container: web, memory: lots}]", "expect", "memory", "expected a size", ""),
    ("[{container: web, command: {contains: []}}]", "expect", "contains", "compares nothing", ""),
    ("[{container: web, command: {starts-with: []}}]", "expect", "starts-with", "compares nothing", ""),
    ("[{container: web, logs: {contains: ''}}]", "expect", "contains", "compares nothing", ""),
    ("[{container: web, command: {contains: {starts-with: ''}}}]", "expect", "starts-with", "compares nothing", ""),
    ("[{file: a.txt, starts-with: ''}]", "expect", "starts-with", "compares nothing", ""),
    ("[{container: web, state: [running]}]", "expect", "state", "found a list", ""),
    ("[{container: web, state: {containz: x}}]", "expect", "containz", "not a matcher", "contains"),
    ("[{container: web, state: {matches: '['}}]", "expect", "matches", "not a regular expression", ""),
    ("[{container: web, state: {from: a}}]", "expect", "get", "missing", ""),
    ("[{container: web, state: {from: a, get: stat}}]", "expect", "get", "no object has", "state"),
    ("[{container: web, state: }]", "expect", "state", "found nothing", ""),
    ("[{container: web, events: [strat]}]", "expect", "events", "expected one of", "start"),
    ("[{container: web, exists: maybe}]", "expect", "exists", "expected one of true, false", ""),
    ("[{container: web, exists: true, as: 'A B'}]", "expect", "as", "expected a handle", ""),
    ("[{container: web, exists: true, remember: {a: argz}}]", "expect", "a", "expected one of", "args"),
    ("[{container: web, exists: true, remember: {Sen-tence: args}}]", "expect", "Sen-tence", "small letters", ""),
    ("[{container: [web], state: running}]", "expect", "container", "expected its exact name", ""),
    ("[{file: './a.txt', exists: true}]", "expect", "file", "leaves the learner's folder", ""),
    ("[{container: {new: false}, state: running}]", "expect", "new", "expected `true`", ""),
    ("[{container: {nwe: true}, state: running}]", "expect", "nwe", "unknown key", "new"),
    ("[{container: {new: true}, same: true}]", "expect", "same", "no Id from before", ""),
    ("[{container: {new: true}, state: created}]", "given", "new", "names its objects", ""),
    ("[{image: 'a:1', dockerfile: FROM busybox}]", "expect", "dockerfile", "only `given`", ""),
    ("[{typed: docker}]", "expect", "typed", "never proof", ""),
    ("[{service: web}]", "expect", "service", "comes with the lessons", ""),
    ("[{http: web}]", "expect", "http", "expected a port", ""),
    ("[{http: '99999'}]", "expect", "http", "expected a port", ""),
    ("[{http: '80', path: x}]", "expect", "path", "begins with `/`", ""),
    ("[{registry: '5000', tags: {contains: x}}]", "expect", "repository", "missing", ""),
    ("[{registry: '5000', repository: x}]", "expect", "registry", "compares nothing", ""),
    ("[{file: ../secret, exists: true}]", "expect", "file", "leaves the learner's folder", ""),
    ("[{file: a.txt}]", "expect", "file", "compares nothing", ""),
    ("[{api-call: containers}]", "expect", "api-call", "expected a method and a path", ""),
    ("[{api-call: GET /v1.41/info}]", "expect", "api-call", "the bare path", ""),
    ("[{api-call: 'GET /containers/json?all=1'}]", "expect", "api-call", "the bare path", ""),
    ("[{api-call: [POST /containers/create, GET /info/]}]", "expect", "api-call", "the bare path", ""),
    ("[{daemon: {versoin: '1'}}]", "requires", "versoin", "does not know this key", "version"),
    ("[{container: web, exec: {exit_code: 0}}]", "expect", "command", "missing", ""),
    ("[{daemon: {version: '1'}, version: '2'}]", "requires", "version", "inside `daemon` and beside it", ""),
    ("[{api-call: GET /info, exists: false, count: 2}]", "expect", "count", "nothing to count", ""),
    ("[{container: web, exec: []}]", "expect", "exec", "compares nothing", ""),
    ("[{container: web, exec: {command: [ls]}}]", "expect", "exec", "compares nothing", ""),
    ("[web]", "expect", "check", "expected a mapping", ""),
]  # fmt: skip

NEVER: list[tuple[str, str, str]] = [
    # properties of a container, key that is named, nearest
    ("state: runing", "state", "running"),
    ("state: {not: runing}", "state", "running"),
    ("state: {one-of: [exited, ded]}", "state", "dead"),
    ("state: {any: [{all: [ruining]}]}", "state", "running"),
    ("state: {exactly: runing}", "exactly", "running"),
    ("health: healty", "health", "healthy"),
    ("health: none", "health", ""),
    ("restart_policy: allways", "restart_policy", "always"),
    ("restart_policy: {not: {one-of: [on-failure, unless-stoped]}}", "restart_policy", "unless-stopped"),
    ("mount_types: {/data: volum}", "/data", "volume"),
    ("mount_types: {exactly: {/data: volum}}", "/data", "volume"),
    ("mount_modes: {/data: {not: roo}}", "/data", "ro"),
    ("published: {80/tpc: {present: true}}", "80/tpc", "80/tcp"),
    ("published: {at-least: 3}", "at-least", ""),
    ("published: {exactly: {80/tpc: '8317'}}", "80/tpc", "80/tcp"),
    ("published: {70000/tcp: {present: false}}", "70000/tcp", ""),
    ("published: {80/tcp: {not: '99999'}}", "80/tcp", ""),
    ("published_on: {tcp/80: {present: true}}", "tcp/80", ""),
    ("exposed: [80/tpc]", "exposed", ""),
    ("exposed: {contains: '80'}", "exposed", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key", "nearest"), NEVER, ids=[case[0] for case in NEVER])
def test_a_word_that_no_engine_says_is_refused_wherever_it_stands(text: str, key: str, nearest: str) -> None:
    (problem,) = problems_of(f"[{{container: web, {text}}}]")
    assert problem.key in (key, "contains")
    assert problem.message.startswith("expected")
    assert problem.nearest == nearest


@pytest.mark.parametrize(
    "text",
    [
        *[f"state: {word}" for word in ("created", "paused", "restarting", "removing", "exited", "dead", "removed")],
        "state: {contains: run}",
        "state: {starts-with: ex}",
        "state: {matches: '^(dead|exited)$'}",
        "state: '${state}'",
        "restart_policy: no",
        "mount_types: {/data: {one-of: [bind, volume, tmpfs, image, cluster, npipe]}}",
        "published: {'80': '8317', 53/udp: {present: true}, '${port}/tcp': '8317', 36412/sctp: {present: false}}",
        "published: {length: 1, exactly: {80: '8317'}, present: true}",
        "exposed: {contains: {starts-with: '80'}}",
        "exposed: [8000-8010/tcp, '${port}/udp']",
    ],
)
def test_what_an_engine_can_say_may_be_asked_for(text: str) -> None:
    assert not problems_of(f"[{{container: web, {text}}}]")


@pytest.mark.parametrize(("text", "use", "key", "message", "nearest"), WRONG, ids=[case[0] for case in WRONG])
def test_an_error_names_place_key_and_the_nearest_known_key(
    text: str, use: Any, key: str, message: str, nearest: str
) -> None:
    (problem,) = problems_of(text, use)
    assert problem.key == key
    assert message in problem.message
    assert problem.nearest == nearest
    assert problem.place.file == "x.yaml"
    assert problem.place.line == 1
    assert problem.place.column > 1


def test_all_errors_of_a_check_are_told_at_once() -> None:
    found = problems_of("[{container: web, statte: running, exit_code: seven, events: [strat]}]")
    assert len(found) == 3
