"""What `judge` says of lists of checks: rows, order, objects that are gone, what is missing."""

from __future__ import annotations

import pytest
from checks_reading import BUSYBOX, checks, container, ended, facts, judged, one

from dockertutor.checks import judge
from dockertutor.facts import Baseline, Facts, FileIn, Http, HttpAnswer, Inspect, Logs, Names, New, Object, Unseen

WEB = Inspect("container", "web")


def rows(text: str, seen: dict, **more) -> list[tuple[str, str]]:  # type: ignore[type-arg]
    return [(verdict.title, verdict.status) for verdict in judged(text, seen, **more).verdicts]


# ------------------------------------------------------------------ needs
def test_asks_for_the_object_and_the_image_at_once() -> None:
    done = judge(checks("[{container: web, image: busybox, state: running}]"), Facts())
    assert done.needs == {WEB, Inspect("image", "busybox")}


def test_asks_for_output_only_when_all_else_holds() -> None:
    list_ = checks("[{container: web, logs: {contains: bye}, state: exited}]")
    assert judge(list_, facts({WEB: container()})).needs == frozenset()
    assert judge(list_, facts({WEB: container(State=ended())})).needs == {Logs("id-web")}


def test_asks_for_all_files_of_all_checks_at_once() -> None:
    list_ = checks("[{container: web, files: {/a: x, /b: y}}, {container: db, logs: {contains: x}}]")
    done = judge(list_, facts({WEB: container(), Inspect("container", "db"): container("db")}))
    assert len(done.needs) == 3


def test_an_object_is_asked_for_once_however_many_properties_there_are() -> None:
    done = judge(checks("[{container: web, state: running, tty: true}, {container: web, exists: true}]"), Facts())
    assert done.needs == {WEB}


# ------------------------------------------------------------------ rows
def test_a_row_for_the_object_and_one_for_each_property() -> None:
    assert rows("[{container: web, image: busybox, state: running}]", {WEB: container()}) == [
        ("Container web", "pass"), ("Image", "pass"), ("State", "pass"),
    ]  # fmt: skip


def test_a_fail_says_what_was_expected_and_found() -> None:
    verdict = one("{state: running}", container(State=ended())).verdicts[1]
    assert (verdict.status, verdict.expected, verdict.found) == ("fail", "running", "exited")


def test_what_fails_later_waits_for_what_failed_first() -> None:
    done = one("{state: running, tty: true, open_stdin: false}", container(State=ended(), Config={"Tty": False}))
    assert [v.status for v in done.verdicts] == ["pass", "fail", "skipped", "skipped"]
    done = one("{state: running, published: {80/tcp: '1'}, tty: false, logs: {contains: x}}",
               container(Config={"Tty": False}))  # fmt: skip
    assert [v.status for v in done.verdicts] == ["pass", "pass", "fail", "pass", "skipped"]
    assert done.verdicts[4].why == "after the port"


def test_a_missing_container_fails_and_names_the_closest() -> None:
    list_ = checks("[{container: web, state: running}]")
    assert judge(list_, facts({WEB: None})).needs == {Names("container")}
    done = judge(list_, facts({WEB: None, Names("container"): ("wbe", "other")}))
    assert [v.status for v in done.verdicts] == ["fail", "skipped"]
    assert done.verdicts[0].near == "wbe"
    assert done.verdicts[1].why == "after the container"


def test_a_reversed_port_reads_as_on_the_screen() -> None:
    ports = {"NetworkSettings": {"Ports": {"8317/tcp": [{"HostIp": "", "HostPort": "80"}]}}}
    seen = {New("container"): (container("quirky_hopper", **ports),), Http(8317): None}
    text = '[{container: {new: true}, image: busybox, published: {80/tcp: "8317"}}, {http: "8317"}]'
    first, port, page = judged(text, seen).verdicts
    assert (first.status, first.title, first.object) == ("pass", "A new container from busybox", "quirky_hopper")
    assert (port.title, port.expected, port.found, port.near) == (
        "Published port", "8317 → 80", "80 → 8317", "quirky_hopper",
    )  # fmt: skip
    assert (page.status, page.title, page.why) == ("skipped", "A page at http://localhost:8317", "after the port")


def test_when_all_holds_the_rows_say_what_was_found() -> None:
    ports = {"NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "", "HostPort": "8317"}]}}}
    seen = {New("container"): (container("box", **ports),), Http(8317): HttpAnswer(200, {}, "hi")}
    done = judged('[{container: {new: true}, published: {80/tcp: "8317"}}, {http: "8317"}]', seen)
    assert done.status == "pass"
    assert [verdict.found for verdict in done.verdicts] == ["", "8317 → 80", "answers"]


def test_a_health_check_that_is_starting_is_waited_for() -> None:
    done = one("{health: healthy}", container(State={"Health": {"Status": "starting"}}))
    assert (done.status, done.verdicts[1].why) == ("waiting", "its health check is still starting")


def test_a_fail_is_waiting_while_things_still_move() -> None:
    done = judged("[{container: web, state: exited}]", {WEB: container()}, quiet=False)
    assert (done.status, done.verdicts[1].why, done.verdicts[1].found) == ("waiting", "not settled yet", "running")


def test_an_engine_fault_is_never_a_fail() -> None:
    done = judged("[{container: web, state: running}]", {WEB: Unseen("the engine does not answer")})
    assert (done.status, done.verdicts[0].why) == ("unknown", "the engine does not answer")
    done = judged("[{container: web, logs: {contains: x}}]", {WEB: container(), Logs("id-web"): Unseen("timeout")})
    assert (done.status, done.verdicts[1].why) == ("unknown", "timeout")


def test_a_fail_is_graver_than_what_cannot_be_judged() -> None:
    text = "[{container: db, state: running}, {container: web, state: exited}]"
    done = judged(text, {Inspect("container", "db"): Unseen("x"), WEB: container()})
    assert done.status == "fail"


# ------------------------------------------------------------------ exists, same, events
def test_exists_false_holds_for_what_never_was_and_for_what_is_gone() -> None:
    assert one("{exists: false}", None).status == "pass"
    assert one("{exists: false}", container(removed=True)).status == "pass"
    assert one("{exists: false}", container()).status == "fail"


def test_exists_false_with_properties_means_that_it_existed_and_is_gone() -> None:
    text = "{exists: false, auto_remove: true}"
    assert one(text, None).status == "fail"
    assert one(text, container(removed=True, HostConfig={"AutoRemove": True})).status == "pass"
    assert one(text, container(removed=True, HostConfig={"AutoRemove": False})).status == "fail"
    assert one(text, container(HostConfig={"AutoRemove": True})).status == "fail"


def test_a_removed_object_is_judged_by_its_last_inspect() -> None:
    gone = container(removed=True, Path="echo", Args=["hi"], State=ended())
    assert one("{command: [echo, hi], exit_code: 0}", gone).status == "pass"
    assert one("{state: exited}", gone).verdicts[1].found == "removed"
    assert one("{exists: true}", gone).status == "fail"


def test_same_compares_with_the_id_that_the_name_had() -> None:
    baseline = Baseline(names={"container": {"web": "id-1"}})
    for ident, right in (("id-1", "true"), ("id-2", "false")):
        wrong = "false" if right == "true" else "true"
        seen = {WEB: container(ident=ident)}
        assert judged(f"[{{container: web, same: {right}}}]", seen, baseline=baseline).status == "pass"
        assert judged(f"[{{container: web, same: {wrong}}}]", seen, baseline=baseline).status == "fail"


def test_a_container_that_was_removed_is_not_the_same_any_more() -> None:
    baseline = Baseline(names={"container": {"web": "id-1"}})
    seen = {WEB: container(ident="id-1", removed=True)}
    assert judged("[{container: web, same: true}]", seen, baseline=baseline).status == "fail"


@pytest.mark.parametrize("name", ["busybox", "busybox:latest", "docker.io/library/busybox"])
def test_an_image_has_its_familiar_name_in_the_baseline(name: str) -> None:
    baseline = Baseline(names={"image": {"busybox:latest": "sha256:1"}})
    done = judged(f'[{{image: "{name}", same: true}}]', {Inspect("image", name): BUSYBOX}, baseline=baseline)
    assert done.status == "pass"


def test_events_are_a_subsequence() -> None:
    happened = container(events=("create", "start", "kill", "die", "stop"))
    assert one("{events: [start, die]}", happened).status == "pass"
    done = one("{events: [die, start]}", happened)
    assert done.verdicts[1].expected == "die → start"
    assert done.verdicts[1].found == "create → start → kill → die → stop"


# ------------------------------------------------------------------ handles and what is given
GIVEN = {"old": ("container", "id-1"), "b": ("container", "id-2"), "img": ("image", "sha256:1")}


def by_id(ident: str) -> Inspect:
    return Inspect("container", ident, by_id=True)


def test_a_given_object_is_meant_by_its_id_whatever_its_name_is_now() -> None:
    seen = {by_id("id-1"): container("renamed", ident="id-1", events=("rename",))}
    done = judged("[{container: {given: old}, exists: true, events: [rename]}]", seen, given=GIVEN)
    assert (done.status, done.verdicts[0].title) == ("pass", "Container renamed")


def test_remaining_means_exactly_these_of_the_given_ones() -> None:
    left, gone = container("b", ident="id-2"), container("a", ident="id-1", removed=True)
    seen = {by_id("id-1"): gone, by_id("id-2"): left}
    assert judged("[{remaining: [b]}]", seen, given=GIVEN).status == "pass"
    assert judged("[{remaining: []}]", seen, given=GIVEN).status == "fail"
    done = judged("[{remaining: [old, b]}]", seen, given=GIVEN)
    assert (done.verdicts[0].expected, done.verdicts[0].found) == ("a, b", "b")


@pytest.mark.parametrize(("gone", "status"), [(False, "fail"), (True, "pass")])
def test_nothing_remains_of_images_where_only_images_are_given(gone: bool, status: str) -> None:
    seen = {Inspect("image", "sha256:1", by_id=True): Object("image", "sha256:1", "shop:1", {}, gone)}
    assert judged("[{remaining: []}]", seen, given={"img": ("image", "sha256:1")}).status == status


def test_from_reads_a_property_of_another_check_a_given_object_and_the_engine() -> None:
    seen = {
        WEB: container(image="sha256:1"),
        Inspect("image", "sha256:1", by_id=True): BUSYBOX,
        Inspect("daemon", "daemon"): Object("daemon", "", "", {"OSType": "linux"}),
        Inspect("container", "db"): container("db", Config={"Hostname": "linux"}, image="sha256:1"),
    }
    text = (
        "[{container: web, as: web, inspect: {Image: {from: img, get: id}}},"
        " {container: db, image: {from: web, get: image}, hostname: {from: daemon, get: os}}]"
    )
    done = judged(text, seen, given=GIVEN)
    assert done.status == "pass", done.verdicts
    assert done.handles["web"].name == "web"


def test_a_comparison_with_what_is_not_right_yet_comes_later() -> None:
    text = "[{container: db, as: db, state: running}, {container: web, hostname: {from: db, get: hostname}}]"
    seen = {Inspect("container", "db"): container("db", State=ended()), WEB: container(Config={"Hostname": "x"})}
    done = judged(text, seen)
    assert [v.status for v in done.verdicts] == ["pass", "fail", "pass", "skipped"]
    assert done.verdicts[3].why == "after the state"


def test_values_are_remembered_only_after_a_pass() -> None:
    text = "[{container: web, state: running, remember: {words: args}}]"
    assert judged(text, {WEB: container(Args=["I", "made it"])}).remembered == {"words": "I made it"}
    assert judged(text, {WEB: container(Args=["x"], State=ended())}).remembered == {}


def test_the_judgement_names_the_objects_it_rests_on() -> None:
    assert judged("[{container: web, image: busybox}]", {WEB: container()}).objects == {"id-web"}


# ------------------------------------------------------------------ words
def test_words_that_a_beginner_reads() -> None:
    box = container(Path="sh", Args=["-c", "echo hi"], Config={"Tty": False, "Labels": {"a": "x"}}, State=ended(3))
    said = {
        "{command: [sh]}": ("sh", 'sh -c "echo hi"'),
        "{command: {contains: echo}}": ("has echo", 'sh -c "echo hi"'),
        "{tty: true}": ("yes", "no"),
        "{exit_code: 0}": ("0", "3"),
        "{exit_code: {at-least: 5}}": ("at least 5", "3"),
        "{labels: {a: b}}": ("a=b", "a=x"),
        "{labels: {b: c}}": ("b=c", "no b"),
        "{state: {one-of: [running, paused]}}": ("running or paused", "exited"),
        "{state: {not: exited}}": ("not exited", "exited"),
        "{published: {80/tcp: {present: true}}}": ("a port → 80", "none"),
        "{command: [cat, {matches: 'letter\\.txt$'}]}": ("cat …letter.txt", 'sh -c "echo hi"'),
        "{command: {matches: '\\bcat\\b|\\bls\\b'}}": ("cat or ls", 'sh -c "echo hi"'),
        "{command: {matches: '^a+$'}}": ("like ^a+$", 'sh -c "echo hi"'),
        "{command: {all: [{contains: sh}, {not: {contains: -c}}]}}": ("has sh and without -c", 'sh -c "echo hi"'),
        "{exit_code: {not: {at-least: 3}}}": ("below 3", "3"),
        "{command: {length: 1}}": ("1 word", 'sh -c "echo hi"'),
        "{command: {length: {at-least: 4}}}": ("at least 4 words", 'sh -c "echo hi"'),
        "{networks: {length: 2}}": ("2 items", "none"),
    }
    for text, words in said.items():
        verdict = one(text, box).verdicts[1]
        assert (text, verdict.expected, verdict.found) == (text, *words)


def test_a_program_that_still_runs_has_no_exit_code() -> None:
    assert one("{exit_code: 0}", container()).verdicts[1].found == "still running"


def test_escape_codes_of_a_container_do_not_get_through() -> None:
    seen = {WEB: container(), Logs("id-web"): "\x1b]0;title\x07\x1b[31mred"}
    done = judged("[{container: web, logs: {contains: green}}]", seen)
    assert not any(sign in done.verdicts[1].found for sign in "\x1b\x07")


def test_long_ids_are_shown_as_dockers_lists_show_them() -> None:
    (row,) = [row for row in one("{id: " + "b" * 64 + "}", container()).verdicts if row.key == "id"]
    assert (row.expected, row.found) == ("b" * 12, "id-web")
    seen = {Inspect("image", "web"): Object("image", "sha256:" + "c" * 64, "web", {})}
    row = judged("[{image: web, id: 'sha256:" + "b" * 64 + "'}]", seen).verdicts[-1]
    assert (row.title, row.expected, row.found) == ("ID", "b" * 12, "c" * 12)


def test_an_empty_file_is_empty_and_not_missing() -> None:
    seen = {WEB: container(), FileIn("id-web", "/a"): ""}
    row = judged("[{container: web, files: {/a: {present: true}}}]", seen).verdicts[-1]
    assert (row.status, row.found) == ("pass", "/a: empty")


def test_an_image_without_a_name_is_called_by_its_short_id() -> None:
    long = "sha256:" + "d" * 64
    seen = {Inspect("image", long, by_id=True): Object("image", long, long, {}, removed=True)}
    done = judged("[{image: {given: img}, exists: false}]", seen, given={"img": ("image", long)})
    assert done.verdicts[0].title == f"Image {'d' * 12} is gone"


def test_letters_that_turn_the_direction_of_writing_do_not_get_through() -> None:
    seen = {WEB: container(), Logs("id-web"): "red\u202egnp.exe\u2066"}
    done = judged("[{container: web, logs: {contains: green}}]", seen)
    assert not any(sign in done.verdicts[1].found for sign in "\u202e\u2066")
