"""What must not be seen is not seen: on the screen, and more strictly in whatever is kept."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from dockertutor.engine.wire_observer import Observer
from dockertutor.engine.wire_secrets import (
    first_words,
    for_keeping,
    log_form,
    log_record,
    masked_line,
    masked_text,
    screen_body,
    screen_client,
)
from dockertutor.facts import Call, Calls, Facts, Typed

SECRET = "hunter2-very-secret"


def reports(ask: bytes, answer: bytes) -> str:
    """Everything the relay says of one exchange."""
    lines: list[bytes] = []
    observer = Observer(lines.append, 0)
    observer.saw(memoryview(ask), True)
    observer.saw(memoryview(answer), False)
    observer.ended(False)
    observer.close()
    assert lines
    return b"".join(lines).decode()


def request(line: str, body: object, *fields: str) -> bytes:
    data = json.dumps(body).encode()
    head = "\r\n".join([line, "Host: d", "Content-Type: application/json", f"Content-Length: {len(data)}", *fields])
    return head.encode() + b"\r\n\r\n" + data


def answer(body: object) -> bytes:
    data = json.dumps(body).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(data) + data


@pytest.mark.parametrize("field", ["X-Registry-Auth", "X-Registry-Config", "Authorization", "Cookie"])
def test_header_fields_are_never_reported(field):
    said = reports(request("POST /images/x/push HTTP/1.1", {}, f"{field}: {SECRET}"), answer({}))
    assert SECRET not in said


@pytest.mark.parametrize(
    "line",
    [
        "POST /v1.41/auth HTTP/1.1",
        "POST /secrets/create HTTP/1.1",
        "POST /secrets/abc/update?version=1 HTTP/1.1",
        "POST /configs/create HTTP/1.1",
        "POST /swarm/join HTTP/1.1",
        "POST /swarm/unlock HTTP/1.1",
        "POST /plugins/a/b:latest/set HTTP/1.1",
    ],
)
def test_bodies_that_hold_secrets_are_never_reported(line):
    said = reports(request(line, {"username": "u", "Data": SECRET}), answer({"IdentityToken": SECRET, "x": SECRET}))
    assert SECRET not in said
    assert SECRET.encode().hex() not in said


def test_join_tokens_are_never_reported():
    said = reports(b"GET /swarm HTTP/1.1\r\nHost: d\r\n\r\n", answer({"JoinTokens": {"Worker": f"SWMTKN-1-{SECRET}"}}))
    assert SECRET not in said


def test_what_passes_a_builds_session_is_never_reported():
    ask = b"POST /session HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    said = reports(
        ask + SECRET.encode(), b"HTTP/1.1 101 X\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n" + SECRET.encode()
    )
    assert SECRET not in said


def test_a_builds_arguments_that_look_like_credentials_are_hidden():
    query = "buildargs=%7B%22NPM_TOKEN%22%3A%22" + SECRET + "%22%2C%22COLOUR%22%3A%22blue%22%7D"
    said = reports(f"POST /build?{query} HTTP/1.1\r\nHost: d\r\n\r\n".encode(), answer({}))
    assert SECRET not in said
    assert "blue" in said


def test_the_screen_shows_environment_values_but_credentials():
    shown = screen_body({"Env": ["COLOUR=blue", f"DB_PASSWORD={SECRET}", f"API_KEY={SECRET}", "PWD=/home"]})
    assert shown == {"Env": ["COLOUR=blue", "DB_PASSWORD=(hidden)", "API_KEY=(hidden)", "PWD=/home"]}


def test_the_screen_shows_labels_but_credentials():
    shown = screen_body({"Labels": {"course": "docker", "deploy.token": SECRET}})
    assert shown == {"Labels": {"course": "docker", "deploy.token": "(hidden)"}}


@pytest.mark.parametrize(
    "value",
    ["ghp_abcdefghijklmnop1234", "eyJhbGciOiJI.eyJzdWIiOiIx.abc", "AKIAABCDEFGHIJKLMNOP", "-----BEGIN RSA PRIVATE KEY"],
)
def test_values_known_as_credentials_are_hidden_whatever_their_name(value):
    assert value not in json.dumps(screen_body({"Env": [f"COLOUR={value}"], "Labels": {"a": value}}))


def test_variables_of_services_are_hidden_too():
    assert screen_body({"Env": [{"Name": "SECRET_KEY", "Value": SECRET}]}) == {
        "Env": [{"Name": "SECRET_KEY", "Value": "(hidden)"}]
    }


def test_logins_in_addresses_and_steps_of_builds_are_hidden():
    assert masked_text(f"https://me:{SECRET}@example.org/x") == "https://(hidden)@example.org/x"
    assert SECRET not in masked_text(f"Step 2/3 : ENV DB_PASSWORD {SECRET}")
    assert SECRET not in masked_text(f"|1 NPM_TOKEN={SECRET} /bin/sh -c true")


@pytest.mark.parametrize(
    "argv",
    [
        ["docker", "login", "-u", "me", "-p", SECRET],
        ["docker", "login", f"--password={SECRET}"],
        ["docker", "login", f"-p{SECRET}"],
        ["docker", "run", "-e", f"DB_PASSWORD={SECRET}", "busybox"],
        ["docker", "run", f"-eDB_PASSWORD={SECRET}", "busybox"],
        ["docker", "run", f"-ePASS={SECRET}", "busybox"],
        ["docker", "run", f"-diteTOKEN={SECRET} and more", "busybox"],
        ["docker", "run", f"-ldeploy.key={SECRET}", "busybox"],
        ["docker", "run", f"-e=PASS={SECRET}", "busybox"],
        ["docker", "run", f"--env=PASS=more and {SECRET}", "busybox"],
        ["docker", "run", "--mount", f"type=volume,volume-opt=o=password={SECRET}", "busybox"],
        ["docker", "volume", "create", "-o", f"o=addr=1.2.3.4,password={SECRET}"],
        ["docker", "build", "--build-arg", f"NPM_TOKEN={SECRET}", "."],
        ["curl", "-u", f"me:{SECRET}", "http://x"],
        ["curl", "-d", f'{{"username": "me", "password": "{SECRET}"}}', "http://x/auth"],
        ["curl", "-H", f"X-Registry-Auth: {SECRET}", "http://x/images/a/push"],
        ["curl", "-H", f"Authorization: Bearer {SECRET}", "http://x"],
    ],
)
def test_command_lines_are_shown_without_credentials(argv):
    assert SECRET not in screen_client(argv)


@pytest.mark.parametrize(
    "line",
    [
        "docker run -e X=1 -eCOLOUR=blue --env=LEVEL=9 busybox",
        "docker run -eMONKEY=1 -lcourse=docker -dit busybox",
        "docker run --mount type=volume,src=a,dst=/b,volume-opt=o=size=5m busybox",
        "docker ps --filter label=course=docker --format a=b",
        "docker run -v a:/b -w /c --name=keyboard busybox echo a=b=c",
    ],
)
def test_what_is_no_credential_is_shown_as_it_was_typed(line):
    assert screen_client(line.split()) == line
    assert masked_line(line) == line


@pytest.mark.parametrize(
    "typed", [f"docker run -ePASS={SECRET} x", f"docker run --env=PASS={SECRET} x", f"docker run -eTOKEN='a {SECRET}'"]
)
def test_a_value_that_is_glued_to_its_option_is_hidden_in_a_typed_line_too(typed):
    assert SECRET not in masked_line(typed)


def test_a_long_row_of_names_is_gone_through_once():
    assert masked_text("a=" * 200_000) == "a=" * 200_000


def create(**query: str) -> Call:
    return Call(
        number=1,
        method="POST",
        path="/containers/create",
        query=query,
        ended=2.0,
        status=201,
        request={"Image": "busybox", "Env": ["COLOUR=blue"], "Labels": {"a": "mine"}, "Cmd": ["true"]},
        response={"Id": "c1", "Warnings": []},
        client="docker run -e COLOUR=blue busybox true",
    )


def test_the_log_has_no_environment_values_and_no_labels():
    kept = log_record(create())
    assert kept["request"]["Env"] == ["COLOUR=(hidden)"]
    assert kept["request"]["Labels"] == {"a": "(hidden)"}
    assert "blue" not in json.dumps(kept)
    assert kept["request"]["Image"] == "busybox"


@pytest.mark.parametrize("field", ["Cmd", "Entrypoint", "Command", "Args", "Test"])
def test_the_log_has_a_programs_first_word_only(field):
    call = Call(1, "POST", "/containers/create", ended=2.0, status=201)
    call = replace(call, request={"Healthcheck": {field: ["mysqladmin", f"-p{SECRET}"]}, field: ["sh", "-c", SECRET]})
    kept = log_record(call)["request"]
    assert kept == {"Healthcheck": {field: ["mysqladmin", "(hidden)"]}, field: ["sh", "(hidden)"]}


def test_the_log_does_not_tell_of_terminal_sessions():
    assert "session" not in log_record(replace(create(), session=100))


def test_the_log_keeps_a_program_that_is_one_word():
    assert log_record(create())["request"]["Cmd"] == ["true"]


def test_the_log_has_no_values_in_queries():
    call = create(buildargs='{"COLOUR":"blue"}', labels='{"a":"mine"}', changes="ENV COLOUR=blue")
    kept = json.dumps(log_record(call))
    assert "blue" not in kept
    assert "mine" not in kept
    filters = Call(1, "GET", "/containers/json", {"filters": '{"label":["a=mine"],"name":["x"]}'})
    assert log_form(filters).query == {"filters": '{"label":["a=(hidden)"],"name":["x"]}'}


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/containers/x/json"), ("GET", "/images/json"), ("POST", "/images/create"), ("GET", "/images/search")],
)
def test_the_log_has_no_bodies_of_other_peoples_objects_and_no_registrys_answers(method, path):
    call = Call(1, method, path, ended=1.0, status=200, request={"a": SECRET}, response=[{"status": SECRET}])
    assert SECRET not in json.dumps(log_record(call))


def test_a_verdicts_evidence_keeps_calls_in_their_log_form():
    kept = for_keeping(Facts(seen={Calls(): (create(),), Typed(): None}))
    assert kept.seen == {Calls(): (log_form(create()),), Typed(): None}


@pytest.mark.parametrize(
    ("client", "kept"),
    [
        ("docker run -e A=b busybox", "docker run"),
        ("docker run busybox sh -c 'x'", "docker run"),
        ("docker compose up -d", "docker compose up"),
        ("curl --unix-socket x http://localhost/info", "curl"),
        ("", ""),
    ],
)
def test_the_log_has_a_command_lines_first_words_only(client, kept):
    assert first_words(client) == kept


def test_texts_without_credentials_stay_as_they_are():
    for text in (
        "docker run -p 80:80 busybox echo 'note: it = 4'",
        '{"Image": "busybox", "Keys": "a", "Monkey": "b"}',
        "http://localhost:5000/v2/",
        "COLOUR=blue PATH=/bin",
    ):
        assert masked_text(text) == text
