"""API calls as the learner sees them: grouped, folded, in plain words, drawn, to be repeated by hand."""

from __future__ import annotations

import shlex

import pytest

from dockertutor.facts import Call
from dockertutor.tutor.call_picture import WIDTH
from dockertutor.tutor.call_shown import hides, not_shown
from dockertutor.tutor.calls import CallBook, curl_line, fields_of, picture, readable, sentence, short_path, words
from dockertutor.tutor.engine_view import CallGroup

ID = "3f9c0d8a4b1e" + "7" * 52


def call(number: int, line: str, started: float = 0.0, **more: object) -> Call:
    method, path = line.split(" ", 1)
    given = {"ended": started + 0.1, "status": 200, "client": "docker run busybox", "pid": 7, **more}
    return Call(number, method, path, started=started, **given)


def paths(group: CallGroup) -> list[str]:
    return [it.path for it in group.calls]


# ------------------------------------------------------------------ groups
def test_calls_group_under_the_command_that_was_typed():
    book = CallBook()
    book.command_began("docker run busybox", 10.0)
    book.add(call(1, "POST /containers/create", 10.1))
    book.command_ended("docker run busybox", 11.0)
    book.command_began("docker ps", 12.0)
    book.add(call(2, "GET /containers/json", 12.1, pid=8, client="docker ps"))
    assert [(group.command, paths(group)) for group in book.groups()] == [
        ("docker ps", ["/containers/json"]),
        ("docker run busybox", ["/containers/create"]),
    ]


def test_a_call_that_arrives_after_its_command_ended_still_belongs_to_it():
    book = CallBook()
    book.command_began("docker run busybox", 10.0)
    book.command_ended("docker run busybox", 11.0)
    book.add(call(1, "POST /containers/create", 10.5))
    assert [group.command for group in book.groups()] == ["docker run busybox"]


def test_a_call_that_arrives_before_its_commands_mark_is_moved_to_it():
    book = CallBook()
    book.add(call(1, "POST /containers/create", 9.9))
    book.command_began("docker run busybox", 10.0)
    book.add(call(2, "POST /containers/x/start", 10.2))
    assert [(group.command, len(group.calls)) for group in book.groups()] == [("docker run busybox", 2)]


def test_calls_of_a_script_belong_to_the_script():
    book = CallBook()
    book.command_began("./go.sh", 10.0)
    book.add(call(1, "GET /containers/json", 10.1, pid=8, client="docker ps"))
    book.add(call(2, "GET /images/json", 10.2, pid=9, client="docker images"))
    assert [(group.command, len(group.calls)) for group in book.groups()] == [("./go.sh", 2)]


def test_calls_from_another_window_group_under_the_clients_own_command_line():
    book = CallBook()
    book.add(call(1, "GET /containers/json", 5.0, pid=8, client="docker ps"))
    book.add(call(2, "GET /images/json", 6.0, pid=9, client="docker images"))
    book.add(call(3, "GET /info", 6.0, pid=9, client="docker images"))
    assert [(group.command, len(group.calls)) for group in book.groups()] == [("docker images", 2), ("docker ps", 1)]


def test_of_two_commands_typed_fast_the_one_that_names_the_client_gets_the_call():
    book = CallBook()
    book.command_began("docker ps -a", 10.0)
    book.command_ended("docker ps -a", 10.3)
    book.command_began("docker images", 10.31)
    book.add(call(1, "GET /containers/json", 10.2, client="docker ps -a"))
    assert [group.command for group in book.groups()] == ["docker ps -a"]


def test_a_newer_picture_of_a_call_takes_the_place_of_the_older():
    book = CallBook()
    book.add(call(1, "GET /events", 1.0, ended=None, status=0))
    assert book.groups()[0].calls[0].ended is None
    book.add(call(1, "GET /events", 1.0, ended=9.0))
    assert [it.ended for it in book.groups()[0].calls] == [9.0]


def test_pings_are_folded_beside_other_calls_but_stand_when_they_are_all():
    book = CallBook()
    book.add(call(1, "HEAD /_ping", 1.0))
    assert paths(book.groups()[0]) == ["/_ping"]
    book.add(call(2, "GET /version", 1.1))
    assert (paths(book.groups()[0]), book.groups()[0].folded) == (["/version"], 1)


def test_a_question_asked_over_and_over_is_shown_twice():
    book = CallBook()
    for number in range(1, 30):
        book.add(call(number, "GET /containers/x/json", number / 10))
    book.add(call(30, "DELETE /containers/x", 4.0))
    group = book.groups()[0]
    assert [it.number for it in group.calls] == [1, 29, 30]
    assert group.folded == 27


def test_memory_is_bounded():
    book = CallBook(most=100, weight=1000)
    for number in range(1, 1001):
        body = {"n": number}
        book.add(call(number, f"GET /x/{number}", number, pid=number, request=body, sent=100))
    kept = [it for group in book.groups() for it in group.calls]
    assert [it.number for it in kept] == list(range(1000, 900, -1))
    assert sum(it.request is not None for it in kept) == 10
    assert kept[0].request == {"n": 1000}


def test_ten_thousand_calls_stay_quick_to_draw():
    book = CallBook()
    for number in range(1, 10_001):
        book.add(call(number, f"GET /x/{number}", number, pid=number // 5))
    first = {id(group): group for group in book.groups()}
    book.add(call(10_001, "GET /x", 10_001, pid=1))
    anew = [group for group in book.groups() if id(group) not in first]
    assert [group.calls[-1].number for group in anew] == [10_001]


# ------------------------------------------------------------------ words
@pytest.mark.parametrize(
    ("line", "does"),
    [
        ("POST /containers/create", "make a container"),
        (f"POST /containers/{ID}/start", "start it"),
        (f"POST /containers/{ID}/wait", "tell me when it ends"),
        ("GET /containers/json", "list containers"),
        ("GET /images/localhost:5000/a/b:1/json", "look closely at the image"),
        ("DELETE /images/localhost:5000/a/b:1", "remove the image or its name"),
        ("POST /images/a/b/push", "send the image to a registry"),
        ("HEAD /_ping", "are you there?"),
        ("GET /something/new", "ask"),
        ("POST /something/new", "do something"),
    ],
)
def test_each_path_has_its_plain_words(line, does):
    assert words(call(1, line)) == does
    assert sentence(call(1, line)).endswith((".", "?"))


def test_what_cannot_be_read_is_called_a_stream():
    assert words(Call(1, "", "stream")) == "a stream"


def test_ids_are_short_and_names_whole():
    assert short_path(call(1, f"POST /containers/{ID}/wait")) == "/containers/3f9c…/wait"
    assert short_path(call(1, "GET /containers/my-blog/json")) == "/containers/my-blog/json"


def test_bodies_are_read_without_what_says_nothing():
    asked = {"Image": "a", "Cmd": None, "Tty": False, "HostConfig": {"Memory": 0, "Binds": None}, "Env": []}
    assert readable(asked, asked=True) == {"Image": "a"}
    assert readable({"StatusCode": 0, "Error": None}) == {"StatusCode": 0}


# ------------------------------------------------------------------ curl
@pytest.mark.parametrize(
    ("made", "line"),
    [
        (call(1, "GET /info"), "curl --unix-socket /s http://localhost/info"),
        (call(1, "HEAD /_ping"), "curl --unix-socket /s -I http://localhost/_ping"),
        (call(1, "POST /containers/x/start"), "curl --unix-socket /s -X POST http://localhost/containers/x/start"),
        (
            call(1, "GET /containers/json", query={"all": "1"}),
            "curl --unix-socket /s 'http://localhost/containers/json?all=1'",
        ),
        (
            call(1, "POST /containers/create", request={"Image": "a", "Tty": False}),
            "curl --unix-socket /s -X POST -H 'Content-Type: application/json' -d '{\"Image\":\"a\"}' "
            "http://localhost/containers/create",
        ),
    ],
)
def test_a_call_can_be_made_again_with_curl(made, line):
    assert curl_line(made, "/s") == line


@pytest.mark.parametrize("nasty", ["'; rm -rf / #", "$(reboot)", "`x`", "a\nb", "a\x1b[2Jb", "\x07", "a\rb", "é"])
def test_nothing_in_a_call_can_break_out_of_its_curl_line(nasty):
    made = call(1, f"POST /containers/{nasty}/x", query={"name": nasty, nasty: "v"}, request={"Cmd": [nasty]})
    line = curl_line(made, "/run/it's/wire.sock")
    assert line.isprintable()
    argv = shlex.split(line)
    assert argv[:5] == ["curl", "--unix-socket", "/run/it's/wire.sock", "-X", "POST"]
    assert len(argv) == 10
    assert argv[-1].startswith("http://localhost/containers/")


# ------------------------------------------------------------------ the picture
def run_of_an_absent_image() -> CallGroup:
    told = [{"status": "Pulling from library/busybox"}, {"status": "Pull complete", "id": "a"}]
    return CallGroup(
        "docker run busybox",
        0.0,
        (
            call(2, "POST /containers/create", 1.0, status=404, response={"message": "No such image"}),
            call(3, "POST /images/create", 2.0, query={"fromImage": "busybox", "tag": "latest"}, response=told),
            call(4, "POST /containers/create", 3.0, status=201, response={"Id": ID}),
            call(5, f"POST /containers/{ID}/attach", 4.0, status=101, upgrade="tcp", ended=9.0),
            call(6, f"POST /containers/{ID}/wait", 5.0, ended=8.0, response={"StatusCode": 0}),
            call(7, f"POST /containers/{ID}/start", 6.0, status=204),
        ),
    )


def test_the_picture_tells_what_happened_in_its_order():
    drawn = picture(run_of_an_absent_image())
    steps = [
        "make a container",
        "there is none (404)",
        "get an image",
        "give me busybox:latest",
        "1 layer",
        "done: 3f9c0d8a4b1e",
        "connect to its output",
        "tell me when it ends",
        "start it",
        "it ended with 0",
    ]
    at = [drawn.index(step) for step in steps]
    assert at == sorted(at)


def test_what_the_daemon_only_reports_is_drawn_with_a_broken_line_and_said_so():
    lines = picture(run_of_an_absent_image()).splitlines()
    shaft = lines[next(n for n, line in enumerate(lines) if "give me busybox" in line) + 1]
    assert "╌" in shaft
    assert "─" not in shaft
    assert "not seen by us" in lines[-1]


def test_the_picture_fits_its_width_whatever_is_in_it():
    long = CallGroup("x", 0.0, (call(1, "POST /images/create", query={"fromImage": "x" * 200}, response=[]),))
    for group in (run_of_an_absent_image(), long):
        assert max(map(len, picture(group).splitlines())) <= WIDTH


def test_a_command_without_a_registry_has_two_lines_only():
    drawn = picture(CallGroup("docker ps", 0.0, (call(1, "GET /containers/json"),)))
    assert "registry" not in drawn
    assert "list containers" in drawn


# What `DOCKER_BUILDKIT=0 docker build --pull` reported with docker 28.2.2 and engine 20.10, of two stages from one base
# that was in a registry; the wire leaves out what only moves a progress bar.
DIGEST = {"status": "Digest: sha256:be603360fd920e7a50165191207c3fe2d54ffac4160ea7056249e51c25f85b62"}
BUILT = [
    {"stream": "Step 1/3 : FROM 127.0.0.1:5871/base:1 AS a"},
    {"stream": "\n"},
    {"status": "Pulling from base", "id": "1"},
    {"status": "Already exists", "progressDetail": {}, "id": "76d9034b5490"},
    {"status": "Pulling fs layer", "progressDetail": {}, "id": "93ba3128686b"},
    {"status": "Verifying Checksum", "progressDetail": {}, "id": "93ba3128686b"},
    {"status": "Download complete", "progressDetail": {}, "id": "93ba3128686b"},
    {"status": "Pull complete", "progressDetail": {}, "id": "93ba3128686b"},
    DIGEST,
    {"status": "Status: Downloaded newer image for 127.0.0.1:5871/base:1"},
    {"stream": " ---> 148d69823ae1\n"},
    {"stream": "Step 2/3 : RUN echo hi"},
    {"stream": "\n"},
    {"stream": " ---> Running in cf0e62391101\n"},
    {"stream": "hi\n"},
    {"stream": "Removing intermediate container cf0e62391101\n"},
    {"stream": " ---> 828bc4e32a72\n"},
    {"aux": {"ID": "sha256:828bc4e32a72d2f3c765a8aaa394cd197d07bb144fe55bae6fb20b5ba290d1a0"}},
    {"stream": "Step 3/3 : FROM 127.0.0.1:5871/base:1"},
    {"stream": "\n"},
    {"status": "Pulling from base", "id": "1"},
    DIGEST,
    {"status": "Status: Image is up to date for 127.0.0.1:5871/base:1"},
    {"stream": " ---> 148d69823ae1\n"},
    {"aux": {"ID": "sha256:148d69823ae126ca8a9e73d7b76d5c76ea77a6983673e414f6d40b8566b41f77"}},
    {"stream": "Successfully built 148d69823ae1\n"},
    {"stream": "Successfully tagged x:latest\n"},
]
MANIFEST = "manifest for 127.0.0.1:5871/nosuch:1 not found: manifest unknown: manifest unknown"
NOT_THERE = [
    {"stream": "Step 1/2 : FROM 127.0.0.1:5871/nosuch:1"},
    {"stream": "\n"},
    {"errorDetail": {"message": MANIFEST}, "error": MANIFEST},
]


def reported(response: object) -> list[str]:
    """What the registry is asked for in the picture of a build, and what it says."""
    drawn = picture(CallGroup("docker build .", 0.0, (call(1, "POST /build", response=response),)))
    right = [row.split("│")[2].strip() for row in drawn.splitlines() if row.count("│") == 3]
    return [text for text in right if text]


def test_a_build_that_pulls_its_base_is_drawn_with_the_registry():
    base = "give me 127.0.0.1:5871/base:1"
    assert reported(BUILT) == [base, "1 layer", base, "you have it already"]


def test_a_build_whose_base_is_not_there_is_drawn_with_the_registrys_no():
    assert reported(NOT_THERE) == ["give me 127.0.0.1:5871/nosuc…", "no"]
    failed = picture(CallGroup("docker build .", 0.0, (call(1, "POST /build", response=NOT_THERE),)))
    assert "it failed" in failed
    assert "done" not in failed
    broken_off = [*BUILT[:5], {"errorDetail": {"message": "unexpected EOF"}, "error": "unexpected EOF"}]
    assert reported(broken_off) == ["give me base:1", "no"]


def test_a_build_from_what_is_here_asks_no_registry():
    told = [message for message in BUILT if "status" not in message]
    assert "registry" not in picture(CallGroup("docker build .", 0.0, (call(1, "POST /build", response=told),)))


def test_a_call_under_way_has_no_answer_yet():
    drawn = picture(CallGroup("docker events", 0.0, (call(1, "GET /events", status=0, ended=None),)))
    assert "<" not in drawn


# ------------------------------------------------------------------ safe to show
def test_control_characters_do_not_reach_the_screen():
    nasty = "a\x1b[2J\x9b31mb\x07"
    assert short_path(call(1, f"GET /containers/{nasty}/json")).isprintable()
    assert readable({nasty: [nasty, "two\nlines"]}) == {"a�[2J�31mb�": ["a�[2J�31mb�", "two\nlines"]}
    book = CallBook()
    book.add(call(1, "GET /info", 1.0, client=nasty))
    assert book.groups()[0].command.isprintable()
    drawn = picture(CallGroup("x", 0.0, (call(1, "POST /images/create", query={"fromImage": nasty}),)))
    assert drawn.replace("\n", "").isprintable()


def test_a_typed_credential_is_not_shown_a_second_time():
    book = CallBook()
    book.command_began("docker run -e DB_PASSWORD=hunter2 busybox", 1.0)
    book.add(call(1, "GET /info", 1.1))
    assert book.groups()[0].command == "docker run -e DB_PASSWORD=(hidden) busybox"


def test_the_fields_that_are_shown_are_to_be_explained():
    made = call(1, "POST /containers/create", request={"Image": "a", "Tty": False, "Cmd": None}, response={"Id": ID})
    assert fields_of(made) == ("Image", "Id")


@pytest.mark.parametrize(
    "typed",
    [
        "docker login -u me -p hunter2 x",
        "docker login -phunter2",
        "docker login --password hunter2",
        "docker login --password=hunter2 x",
        "curl -u me:hunter2 http://x/",
        "docker login -p 'hunter2' && docker ps",
    ],
)
def test_a_password_that_no_name_tells_is_not_shown_in_the_heading(typed):
    book = CallBook()
    book.command_began(typed, 1.0)
    book.add(call(1, "POST /auth", 1.1, client=""))
    assert "hunter2" not in book.groups()[0].command


def test_a_port_is_no_password():
    book = CallBook()
    book.command_began("docker run -p 80:80 -u 1 me/login", 1.0)
    book.add(call(1, "GET /info", 1.1, client=""))
    assert book.groups()[0].command == "docker run -p 80:80 -u 1 me/login"


def test_another_windows_command_is_no_part_of_one_that_holds_the_terminal():
    book = CallBook()
    book.command_began("docker logs -f web", 1.0)
    book.add(call(1, "GET /containers/web/logs", 1.1, client="docker logs -f web", ended=None))
    book.add(call(2, "GET /containers/json", 9.0, pid=8, client="docker ps"))
    book.command_began("docker build .", 20.0)
    book.add(call(3, "POST /build", 20.1, pid=9, client="docker buildx build ."))
    assert [group.command for group in book.groups()] == ["docker build .", "docker ps", "docker logs -f web"]


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ({"Volumes": {"/data": {}}}, '{"Volumes":{"/data":{}}}'),
        ({"ExposedPorts": {"80/tcp": {}}, "Tty": False}, '{"ExposedPorts":{"80/tcp":{}}}'),
        ({"Mode": {"Global": {}}}, '{"Mode":{"Global":{}}}'),
        ({"Mode": {"Replicated": {"Replicas": 0}}}, '{"Mode":{"Replicated":{"Replicas":0}}}'),
        ({"StopTimeout": 0, "Volumes": {}, "ExposedPorts": None}, '{"StopTimeout":0}'),
        ({"Labels": {"keep": "", "User": ""}, "User": ""}, '{"Labels":{"keep":"","User":""}}'),
        ({"HostConfig": {"Tmpfs": {"/run1": ""}, "IpcMode": ""}}, '{"HostConfig":{"Tmpfs":{"/run1":""}}}'),
        (
            {"Driver": "", "Options": {"parent": ""}, "EnableIPv6": False},
            '{"Options":{"parent":""},"EnableIPv6":false}',
        ),
        ({"MemorySwappiness": 0, "PidsLimit": 0, "Memory": 0}, '{"MemorySwappiness":0,"PidsLimit":0}'),
        (
            {"MaskedPaths": [], "ReadonlyPaths": None, "Binds": [], "Entrypoint": []},
            '{"MaskedPaths":[],"Entrypoint":[]}',
        ),
        ({"ConsoleSize": [0, 0], "Tty": True}, '{"Tty":true}'),
        ({"ConsoleSize": [24, 80]}, '{"ConsoleSize":[24,80]}'),
        ({"EndpointsConfig": {"default": {"NetworkID": ""}}}, "{}"),
        ({"EndpointsConfig": {"a": {"NetworkID": ""}, "b": {}}}, '{"EndpointsConfig":{"a":{},"b":{}}}'),
        ({"PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": ""}]}}, '{"PortBindings":{"80/tcp":[{}]}}'),
    ],
)
def test_what_is_empty_and_says_something_stays(asked, sent):
    assert shlex.split(curl_line(call(1, "POST /containers/create", request=asked), "/s"))[8] == sent


def test_what_the_caller_named_is_shown_though_its_value_is_empty():
    asked = {"Labels": {"keep": ""}, "Tmpfs": {"/run1": ""}, "Options": {"parent": ""}, "User": "", "Memory": 0}
    shown = {"Labels": {"keep": ""}, "Tmpfs": {"/run1": ""}, "Options": {"parent": ""}}
    assert readable(asked, asked=True) == shown


def test_an_inspected_containers_empty_fields_are_not_shown():
    assert readable({"Config": {"User": "", "Env": ["A=b"]}}) == {"Config": {"Env": ["A=b"]}}
    log = {"LogConfig": {"Type": "syslog", "Config": {"tag": ""}}}
    assert readable(log, asked=True) == log


def test_it_is_known_where_a_curl_line_lacks_what_was_hidden():
    assert hides(call(1, "POST /containers/create", request={"Env": ["PASSWORD=(hidden)"]}))
    assert hides(call(1, "POST /build", query={"buildargs": '{"TOKEN":"(hidden)"}'}))
    assert not hides(call(1, "POST /containers/create", request={"Env": ["A=b"]}))


def test_a_curl_line_names_each_image_by_itself():
    line = curl_line(call(1, "GET /images/get", query={"names": "a,b:1"}), "/s")
    assert line.endswith("'http://localhost/images/get?names=a&names=b%3A1'")


@pytest.mark.parametrize(
    ("line", "upgrade", "file"),
    [
        ("POST /build", "", "@archive.tar"),
        ("PUT /containers/x/archive", "", "@archive.tar"),
        ("POST /secrets/create", "", "@body.json"),
        ("POST /auth", "", "@body.json"),
        ("POST /containers/x/attach", "tcp", ""),
    ],
)
def test_a_curl_line_sends_what_the_call_sent(line, upgrade, file):
    argv = shlex.split(curl_line(call(1, line, sent=9, upgrade=upgrade, status=101 if upgrade else 200), "/s"))
    assert ([part for part in argv if part.startswith("@")] or [""]) == [file]


def test_an_import_is_no_pull():
    made = call(1, "POST /images/create", query={"fromSrc": "-", "repo": "a"})
    assert "registry" not in sentence(made)
    assert "registry" not in picture(CallGroup("docker import", 0.0, (made,)))


def test_the_picture_names_an_image_as_people_do():
    group = CallGroup(
        "x",
        0.0,
        (
            call(
                1, "POST /images/create", query={"fromImage": "docker.io/library/busybox", "tag": "latest"}, response=[]
            ),
        ),
    )
    assert "give me busybox:latest" in picture(group)


def test_a_call_from_elsewhere_after_a_command_ended_is_not_put_to_it():
    book = CallBook()
    book.command_began("docker run busybox", 10.0)
    book.command_ended("docker run busybox", 11.0)
    book.add(call(1, "GET /containers/json", 20.0, pid=9, client="docker ps"))
    assert [group.command for group in book.groups()] == ["docker ps"]


PANE, WINDOW = 100, 200
"""Terminal sessions: the one of the shell in which commands are typed, and a second window's."""


def grouped(book: CallBook) -> list[tuple[str, list[int]]]:
    return [(group.command, [it.number for it in group.calls]) for group in book.groups()]


@pytest.mark.parametrize(
    ("typed", "elsewhere"),
    [
        ("vi box.json", "docker ps"),
        ("sleep 100", "docker ps"),
        ("docker logs -f web", "curl --unix-socket wire.sock http://localhost/info"),
        ("docker logs -f web", "docker logs -f other"),
    ],
)
def test_a_second_windows_calls_are_no_part_of_what_runs_in_the_pane(typed, elsewhere):
    book = CallBook()
    book.command_began(typed, 1.0, PANE)
    book.add(call(1, "GET /containers/web/logs", 1.1, client=typed, session=PANE))
    book.add(call(2, "GET /info", 9.0, pid=8, client=elsewhere, session=WINDOW))
    book.add(call(3, "GET /version", 9.1, pid=8, client=elsewhere, session=WINDOW))
    assert grouped(book) == [(elsewhere, [2, 3]), (typed, [1])]


def test_calls_of_a_scripts_clients_in_the_panes_session_belong_to_the_script():
    book = CallBook()
    book.command_began("./go.sh", 1.0, PANE)
    book.add(call(1, "GET /containers/json", 1.1, pid=8, client="docker ps", session=PANE))
    book.command_ended("./go.sh", 2.0)
    book.add(call(2, "GET /images/json", 1.9, pid=9, client="docker images", session=PANE))
    assert grouped(book) == [("./go.sh", [1, 2])]


@pytest.mark.parametrize(("shell", "session"), [(PANE, 0), (0, WINDOW), (0, 0)])
def test_a_call_belongs_to_what_runs_where_one_of_their_sessions_is_unknown(shell, session):
    book = CallBook()
    book.command_began("./go.sh", 1.0, shell)
    book.add(call(1, "GET /containers/json", 1.1, pid=8, client="docker ps", session=session))
    assert grouped(book) == [("./go.sh", [1])]


def test_only_calls_of_the_panes_session_are_moved_to_a_command_whose_mark_comes_late():
    book = CallBook()
    book.add(call(1, "GET /info", 9.8, pid=8, client="docker info", session=WINDOW))
    book.add(call(2, "POST /containers/create", 9.9, client="docker run busybox", session=PANE))
    book.command_began("docker run busybox", 10.0, PANE)
    assert grouped(book) == [("docker run busybox", [2]), ("docker info", [1])]


def test_a_command_whose_shell_went_without_a_word_gets_none_of_the_next_shells_calls():
    book = CallBook()
    book.command_began("vi box.json", 1.0, PANE)
    book.add(call(1, "GET /containers/json", 5.0, client="docker ps", session=WINDOW))
    book.command_began("docker images", 6.0, WINDOW)
    book.add(call(2, "GET /images/json", 6.1, pid=8, client="docker images", session=WINDOW))
    assert grouped(book) == [("docker images", [2]), ("docker ps", [1])]


def test_the_bodies_of_calls_that_are_gone_do_not_count_any_more():
    book = CallBook(most=2, weight=350)
    for number in range(1, 15):
        book.add(call(number, f"POST /containers/{number}/x", 1.0, sent=30 if number < 13 else 100, request={}))
    assert [(it.number, it.request) for group in book.groups() for it in group.calls] == [(13, {}), (14, {})]


@pytest.mark.parametrize(
    ("line", "more", "asked", "why"),
    [
        ("POST /build", {"sent": 2048, "response": []}, True, "not JSON"),
        ("GET /containers/x/logs", {"received": 12}, False, "not JSON"),
        ("GET /containers/x/export", {"received": 9_000_000}, False, "not JSON"),
        ("POST /containers/x/attach", {"received": 12, "upgrade": "tcp", "status": 101}, False, "not JSON"),
        ("POST /containers/create", {"sent": 40, "response": {}}, True, "not JSON"),
        ("GET /containers/json", {"received": 300_000}, False, "too long to keep here"),
        ("POST /containers/create", {"sent": 70_000, "response": {}}, True, "too long to keep here"),
        ("POST /auth", {"sent": 70}, True, "never looked into here, as it may be secret"),
        ("GET /containers/json", {"received": 300}, False, "not kept here"),  # forgotten, perhaps
        ("GET /containers/json", {"received": 300, "response": []}, False, ""),
        ("GET /containers/json", {"received": 300, "ended": None}, False, ""),
        ("POST /containers/x/start", {}, True, ""),
        ("POST /containers/create", {"sent": 300, "status": 0}, True, ""),
    ],
)
def test_it_is_told_why_a_body_that_came_is_not_shown(line, more, asked, why):
    assert not_shown(call(1, line, **more), asked=asked) == why
