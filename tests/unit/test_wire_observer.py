"""The observer reads calls out of copies of the bytes, however they are cut, with h11 as its oracle."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import h11
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dockertutor.engine.wire_observer import Observer, session_of


class Seen:
    """An observer and its reports, fed with pieces of a conversation."""

    def __init__(self) -> None:
        self.lines: list[dict] = []
        self.observer = Observer(lambda line: self.lines.append(json.loads(line)), 0)

    def asks(self, data: bytes) -> Seen:
        self.observer.saw(memoryview(data), True)
        return self

    def answers(self, data: bytes) -> Seen:
        self.observer.saw(memoryview(data), False)
        return self

    def close(self) -> Seen:
        self.observer.ended(False)
        self.observer.close()
        return self

    @property
    def calls(self) -> list[dict]:
        """The last picture of each call, oldest first."""
        return list({line["number"]: line for line in self.lines}.values())

    def summary(self) -> list[tuple]:
        return [(c["method"], c["path"], c["sent"], c["status"], c["received"]) for c in self.calls]


@dataclass(frozen=True)
class Talk:
    """One exchange as bytes."""

    ask: bytes
    answer: bytes
    until_end: bool = False


def framed(body: bytes, how: str, rng: random.Random) -> tuple[bytes, bytes]:
    """The fields and the framed body."""
    if how == "length":
        return b"Content-Length: %d\r\n" % len(body), body
    if how == "chunked":
        out, at = b"", 0
        while at < len(body):
            size = rng.randint(1, 40)
            part = body[at : at + size]
            out += b"%x%s\r\n%s\r\n" % (len(part), rng.choice([b"", b";a=b"]), part)
            at += size
        return b"Transfer-Encoding: chunked\r\n", out + b"0\r\n" + rng.choice([b"", b"X-T: y\r\n"]) + b"\r\n"
    return b"", b""


@st.composite
def conversations(draw: st.DrawFn) -> tuple[list[Talk], int]:
    rng = random.Random(draw(st.integers(0, 2**32)))
    talks = []
    for number in range(rng.randint(1, 5)):
        method = rng.choice([b"GET", b"POST", b"PUT", b"DELETE", b"HEAD"])
        body = rng.randbytes(rng.randint(0, 200))
        how = rng.choice(["length", "chunked"]) if method in (b"POST", b"PUT") else "none"
        fields, sent = framed(body, how, rng)
        ask = method + b" /v1.41/thing/%d?a=b%%20c HTTP/1.1\r\nHost: docker\r\n" % number + fields + b"\r\n" + sent
        status = rng.choice([200, 201, 204, 304, 404, 500])
        answer_body = rng.randbytes(rng.randint(0, 300))
        how = rng.choice(["length", "chunked"])
        fields, received = framed(answer_body, how, rng)
        if method == b"HEAD" or status in (204, 304):
            received = b""
            fields = fields if method == b"HEAD" else b""
        early = b"HTTP/1.1 100 Continue\r\n\r\n" if rng.random() < 0.2 else b""
        talks.append(Talk(ask, early + b"HTTP/1.1 %d Whatever\r\n" % status + fields + b"\r\n" + received))
    return talks, rng.randint(0, 2**32)


def oracle(talks: list[Talk]) -> list[tuple]:
    """What h11 makes of it."""
    found = []
    server, client = h11.Connection(h11.SERVER), h11.Connection(h11.CLIENT)
    for talk in talks:
        server.receive_data(talk.ask)
        sent = received = 0
        request = server.next_event()
        client.send(request)
        while not isinstance(event := server.next_event(), h11.EndOfMessage):
            sent += len(event.data)
            client.send(event)
        client.send(event)
        client.receive_data(talk.answer)
        while isinstance(response := client.next_event(), h11.InformationalResponse):
            pass
        while not isinstance(event := client.next_event(), h11.EndOfMessage):
            received += len(event.data)
        server.send(h11.Response(status_code=response.status_code, headers=[("Content-Length", "0")]))
        server.send(h11.EndOfMessage())
        target = request.target.decode().removeprefix("/v1.41").split("?")[0]
        found.append((request.method.decode(), target, sent, response.status_code, received))
        server.start_next_cycle()
        client.start_next_cycle()
    return found


@given(conversations())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_it_agrees_with_h11_at_random_splits(conversation):
    talks, seed = conversation
    rng = random.Random(seed)
    seen = Seen()
    for talk in talks:
        for data, feed in ((talk.ask, seen.asks), (talk.answer, seen.answers)):
            while data:
                size = rng.randint(1, 120)
                feed(data[:size])
                data = data[size:]
    assert seen.close().summary() == oracle(talks)


@given(conversations())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_it_agrees_with_h11_byte_by_byte(conversation):
    talks, _ = conversation
    seen = Seen()
    for talk in talks:
        for at in range(len(talk.ask)):
            seen.asks(talk.ask[at : at + 1])
        for at in range(len(talk.answer)):
            seen.answers(talk.answer[at : at + 1])
    assert seen.close().summary() == oracle(talks)


@given(conversations())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_pipelined_requests_are_told_apart(conversation):
    talks, _ = conversation
    seen = Seen().asks(b"".join(talk.ask for talk in talks)).answers(b"".join(talk.answer for talk in talks))
    assert seen.close().summary() == oracle(talks)


@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=300)), max_size=20))
@settings(max_examples=200, deadline=None)
def test_no_bytes_at_all_make_it_raise(pieces):
    seen = Seen()
    for from_client, data in pieces:
        (seen.asks if from_client else seen.answers)(data)
    seen.close()
    assert all(call["ended"] for call in seen.calls)


ATTACH = (
    b"POST /v1.41/containers/abc/attach?stream=1 HTTP/1.1\r\nHost: docker\r\nContent-Length: 0\r\n"
    b"Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
)
UPGRADED = (
    b"HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n"
    b"Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
)


def test_an_upgrade_is_a_tunnel_whose_bytes_are_only_counted():
    seen = Seen().asks(ATTACH).answers(UPGRADED + b"GET / HTTP").asks(b"\r\n\r\nGET").answers(b"more").close()
    assert seen.summary() == [("POST", "/containers/abc/attach", 7, 101, 14)]
    assert seen.calls[0]["upgrade"] == "tcp"


def test_bytes_sent_before_the_upgrade_was_answered_belong_to_the_tunnel():
    seen = Seen().asks(ATTACH + b"GET /not/a/request HTTP/1.1\r\n\r\n").answers(UPGRADED).asks(b"x").close()
    assert seen.summary() == [("POST", "/containers/abc/attach", 32, 101, 0)]


def test_a_refused_upgrade_goes_on_as_http():
    refused = b'HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"message":"x"}'
    seen = Seen().asks(ATTACH + b"GET /version HTTP/1.1\r\nHost: d\r\n\r\n").answers(refused)
    seen.answers(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").close()
    assert [(c["path"], c["status"], c["upgrade"]) for c in seen.calls] == [
        ("/containers/abc/attach", 404, ""),
        ("/version", 200, ""),
    ]
    assert seen.calls[0]["response"] == {"message": "x"}


def test_a_raw_stream_with_200_is_a_tunnel_even_without_an_upgrade_field():
    ask = b"POST /containers/abc/attach?stdin=1 HTTP/1.1\r\nHost: docker\r\n\r\n"
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n"
    seen = Seen().asks(ask).answers(answer).asks(b"ls\n").answers(b"out").close()
    assert seen.summary() == [("POST", "/containers/abc/attach", 3, 200, 3)]
    assert seen.calls[0]["upgrade"] == "tcp"


def test_buildkits_session_is_h2c():
    ask = b"POST /session HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    answer = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    seen = Seen().asks(ask).answers(answer).answers(b"\x00\x00\x00\x04").asks(b"PRI * HTTP/2.0\r\n\r\n").close()
    assert (seen.calls[0]["upgrade"], seen.calls[0]["sent"], seen.calls[0]["received"]) == ("h2c", 18, 4)


def test_an_exec_starts_json_is_read_though_the_connection_is_upgraded():
    body = b'{"Detach":false,"Tty":true}'
    ask = (
        b"POST /v1.41/exec/e1/start HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nConnection: Upgrade\r\n"
        b"Upgrade: tcp\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    )
    seen = Seen().asks(ask).answers(UPGRADED).close()
    assert seen.calls[0]["request"] == {"Detach": False, "Tty": True}


def test_an_http_1_0_answer_lasts_until_the_end():
    seen = Seen().asks(b"GET /info HTTP/1.0\r\n\r\n").answers(b"HTTP/1.0 200 OK\r\n\r\nab").answers(b"cd")
    assert seen.calls[0]["ended"] is None
    assert seen.close().summary() == [("GET", "/info", 0, 200, 4)]


def test_an_answer_that_comes_before_the_requests_end_is_the_requests():
    ask = b"POST /build HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
    seen = Seen().asks(ask).answers(b"HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n").asks(b"0\r\n\r\n")
    seen.asks(b"GET /info HTTP/1.1\r\nHost: d\r\n\r\n").answers(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert [(c["path"], c["status"]) for c in seen.close().calls] == [("/build", 400), ("/info", 200)]


def test_a_call_is_told_when_it_begins_when_it_is_answered_and_when_it_is_over():
    seen = Seen().asks(b"GET /events HTTP/1.1\r\nHost: d\r\n\r\n")
    seen.answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").answers(b"3\r\n{}\n\r\n").close()
    assert [(line["status"], line["ended"] is None) for line in seen.lines] == [(0, True), (200, True), (200, False)]


@pytest.mark.parametrize(
    "junk",
    [
        b"\x16\x03\x01 this is TLS\r\n\r\n",
        b"GET nothing\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\n folded: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1, 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"G" * 70_000,
    ],
)
def test_what_it_cannot_follow_is_shown_as_a_stream(junk):
    seen = Seen().asks(junk).answers(b"12345").close()
    assert seen.calls[-1]["path"] == "stream"
    assert seen.calls[-1]["received"] == 5
    assert seen.calls[-1]["ended"]


def test_an_answer_nobody_asked_for_is_a_stream():
    seen = Seen().answers(b"SSH-2.0-OpenSSH\r\n\r\n").close()
    assert [call["path"] for call in seen.calls] == ["stream"]


def test_a_body_beyond_the_bound_is_not_kept():
    head = b"POST /containers/create HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\n"
    body = b'{"Image":"' + b"x" * 100_000 + b'"}'
    seen = Seen().asks(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    seen.answers(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert seen.calls[0]["request"] is None
    assert seen.calls[0]["sent"] == len(body)


def answered(path: str, body: bytes, status: int = 201, method: str = "POST") -> dict:
    seen = Seen().asks(f"{method} {path} HTTP/1.1\r\nHost: d\r\n\r\n".encode())
    head = b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
    return seen.answers(head + body).close().calls[0]


@pytest.mark.parametrize(
    ("path", "body", "created"),
    [
        ("/v1.41/containers/create?name=x", b'{"Id":"c1","Warnings":[]}', [["container", "c1"]]),
        ("/networks/create", b'{"Id":"n1"}', [["network", "n1"]]),
        ("/volumes/create", b'{"Name":"v1","Driver":"local"}', [["volume", "v1"]]),
        ("/commit?container=c1", b'{"Id":"sha256:i1"}', [["image", "sha256:i1"]]),
        ("/images/a/tag?repo=b&tag=2", b"", [["image", "b:2"]]),
        ("/images/a/tag?repo=b", b"", [["image", "b:latest"]]),
        ("/build", b'{"stream":"x"}\r\n{"aux":{"ID":"sha256:i2"}}\r\n', [["image", "sha256:i2"]]),
        ("/build", b'{"id":"moby.image.id","aux":{"ID":"sha256:i3"}}\r\n', [["image", "sha256:i3"]]),
        ("/images/load", b'{"stream":"Loaded image: b:1\\n"}\n{"stream":"x"}\n', [["image", "b:1"]]),
        (
            "/images/create?fromImage=busybox&tag=1",
            b'{"status":"Pulling"}\r\n{"status":"Status: Downloaded newer image for busybox:1"}\r\n',
            [["image", "busybox:1"]],
        ),
        ("/images/create?fromImage=busybox", b'{"status":"Status: Image is up to date for busybox"}\r\n', []),
        ("/images/create?fromSrc=-", b'{"status":"sha256:%s"}\r\n' % (b"a" * 64), [["image", "sha256:" + "a" * 64]]),
        ("/containers/c1/start", b"", []),
    ],
)
def test_what_a_call_made_is_read_from_its_answer(path, body, created):
    assert answered(path, body)["created"] == created


def test_a_refused_create_made_nothing():
    assert answered("/containers/create", b'{"message":"No such image","Id":"x"}', status=404)["created"] == []


def test_progress_bars_are_left_out_of_a_pulls_answer():
    lines = [b'{"status":"Downloading","progressDetail":{"current":%d},"id":"a"}' % n for n in range(500)]
    body = b"\r\n".join([b'{"status":"Pulling from library/busybox","id":"latest"}', *lines, b'{"status":"Digest: x"}'])
    told = answered("/images/create?fromImage=busybox", body + b"\r\n", 200)["response"]
    assert [line["status"] for line in told] == ["Pulling from library/busybox", "Digest: x"]


def test_paths_lose_the_version_and_queries_are_read():
    call = answered("/v1.41/containers/json?all=1&filters=%7B%7D&t=a&t=b", b"[]", 200, "GET")
    assert (call["path"], call["query"]) == ("/containers/json", {"all": "1", "filters": "{}", "t": "a,b"})


def test_the_relays_process_starts_light():
    heavy = "{'docker', 'textual', 'asyncio', 'requests'}"
    code = f"import sys, dockertutor.engine.wire; print(*{heavy} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("path", ["/auth", "//auth", "/v1.41//auth", "/./auth", "/%61uth", "/auth/", "//swarm/join"])
def test_a_login_is_not_read_however_its_path_is_written(path: str) -> None:
    body = b'{"x": "SECRET"}'
    head = b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    seen = Seen().asks(b"POST %s HTTP/1.1\r\n" % path.encode() + head + body)
    seen.answers(b"HTTP/1.1 200 OK\r\n" + head + body).close()
    assert seen.calls
    assert "SECRET" not in json.dumps(seen.lines)


def test_an_empty_line_before_a_head_shifts_nothing():
    seen = Seen().asks(b"\r\nPOST /containers/create HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}GET /info HTTP/1.1\r\n\r\n")
    assert [(c["path"], c["sent"]) for c in seen.calls] == [("/containers/create", 2), ("/info", 0)]


def test_a_coding_on_top_of_chunks_is_not_followed():
    seen = Seen().asks(b"GET /info HTTP/1.1\r\n\r\n")
    seen.answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\nxx")
    assert seen.calls[-1]["path"] == "stream"


@pytest.fixture(params=["sleep", "a) R 1 2 3 (b"])
def led(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[int]:
    """A process that leads a session of its own, whatever its program is called."""
    program = tmp_path / request.param
    program.symlink_to("/bin/sleep")
    process = subprocess.Popen(["sleep", "60"], executable=program, start_new_session=True)
    yield process.pid
    process.kill()
    process.wait()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc")
def test_the_session_of_a_client_is_told(led: int) -> None:
    assert (session_of(led), session_of(os.getpid())) == (led, os.getsid(0))
    lines: list[bytes] = []
    Observer(lines.append, led).saw(memoryview(b"GET /info HTTP/1.1\r\n\r\n"), True)
    assert json.loads(lines[0])["session"] == led


def test_the_session_of_a_client_that_is_gone_is_unknown() -> None:
    process = subprocess.Popen(["true"])
    process.wait()
    assert session_of(process.pid) == 0
    assert Seen().asks(b"GET /info HTTP/1.1\r\n\r\n").calls[0]["session"] == 0
