"""``{new: true}``: which new objects the checks mean, in an exercise and in a mistake."""

from __future__ import annotations

from checks_reading import BUSYBOX, checks, container, ended, facts, judged
from hypothesis import given, settings
from hypothesis import strategies as st

from dockertutor.checks import first_mistake, judge
from dockertutor.facts import Inspect, Logs, New, Object, Typed, TypedLine

NEW = New("container")
BLOG = Object("image", "sha256:2", "blog", {"Id": "sha256:2"})
IMAGES = {Inspect("image", "blog"): BLOG}
TWO = (
    "[{container: {new: true}, image: busybox, state: running}, {container: {new: true}, image: blog, state: running}]"
)


def test_each_check_has_a_container_of_its_own() -> None:
    a, b = container("a"), container("b", image="sha256:2")
    assert judged(TWO, {NEW: (a, b), **IMAGES}).status == "pass"
    assert judged(TWO, {NEW: (b, a), **IMAGES}).status == "pass"
    twice = "[{container: {new: true}, state: running}, {container: {new: true}, state: running}]"
    assert judged(twice, {NEW: (a, b)}).status == "pass"
    assert judged(twice, {NEW: (a,)}).status == "fail"


def test_containers_are_chosen_so_that_all_hold() -> None:
    either, first_only = container("either"), container("first", Config={"Tty": True})
    text = "[{container: {new: true}, state: running}, {container: {new: true}, tty: true}]"
    assert judged(text, {NEW: (first_only, either)}).status == "pass"


def test_the_best_match_is_told_when_none_holds() -> None:
    far, near = container("far", image="sha256:9", State=ended()), container("near", image="sha256:2", State=ended())
    done = judged("[{container: {new: true}, image: blog, state: running}]", {NEW: (far, near), **IMAGES})
    assert [(v.status, v.object) for v in done.verdicts] == [("pass", "near"), ("fail", "near")]


def test_a_container_of_another_image_is_told_as_such() -> None:
    done = judged(
        "[{container: {new: true}, image: blog, state: running}]",
        {NEW: (container("x", Config={"Image": "busybox"}),), **IMAGES},
    )
    assert (done.verdicts[0].expected, done.verdicts[0].found) == ("from blog", "from busybox")


def test_no_new_container_at_all() -> None:
    done = judged("[{container: {new: true}, image: blog, state: running}]", {NEW: (), **IMAGES})
    assert (done.verdicts[0].expected, done.verdicts[0].found) == ("a new container from blog", "none")
    assert done.verdicts[1].status == "skipped"


def test_one_may_be_compared_with_another() -> None:
    text = (
        "[{container: {new: true}, state: running, as: one},"
        " {container: {new: true}, command: {not: {from: one, get: command}}}]"
    )
    a, b, c = (container(name, Path="show", Args=[word]) for name, word in (("a", "hi"), ("b", "hi"), ("c", "ho")))
    assert judged(text, {NEW: (a, b)}).status == "fail"
    assert judged(text, {NEW: (a, b, c)}).status == "pass"


def test_output_of_all_that_may_be_meant_is_asked_for_at_once() -> None:
    boxes = tuple(container(f"c{number}") for number in range(4))
    text = "[{container: {new: true}, logs: {contains: yes}, state: running}]"
    done = judge(checks(text), facts({NEW: boxes}))
    assert done.needs == {Logs(f"id-c{number}") for number in range(4)}
    logs = {Logs(f"id-c{number}"): "yes" if number == 3 else "no" for number in range(4)}
    assert judged(text, {NEW: boxes, **logs}).verdicts[0].object == "c3"


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(["ab", "a", "b", ""]), max_size=5), st.permutations(["a", "b"]))
def test_a_choice_is_found_whenever_there_is_one(boxes: list[str], wanted: list[str]) -> None:
    things = tuple(container(f"c{n}", Config={"Labels": dict.fromkeys(labels, "x")}) for n, labels in enumerate(boxes))
    text = ", ".join(f"{{container: {{new: true}}, labels: {{{label}: x}}}}" for label in wanted)
    possible = any(
        wanted[0] in one and wanted[1] in two for i, one in enumerate(boxes) for j, two in enumerate(boxes) if i != j
    )
    assert (judged(f"[{text}]", {NEW: things}).status == "pass") == possible


# ------------------------------------------------------------------ mistakes
def when(*texts: str) -> list:  # type: ignore[type-arg]
    return [(f"m{number}", tuple(checks(text, "when"))) for number, text in enumerate(texts)]


def test_in_a_mistake_the_first_is_the_newest_and_the_second_the_next() -> None:
    newest, older = container("new", Config={"Tty": True}), container("old", Config={"Tty": False})
    seen = facts({NEW: (newest, older)})
    right = "[{container: {new: true}, tty: true}, {container: {new: true}, tty: false}]"
    wrong = "[{container: {new: true}, tty: false}, {container: {new: true}, tty: true}]"
    assert first_mistake(when(wrong, right), seen) == ("m1", frozenset())


def test_the_first_mistake_whose_checks_all_hold_speaks() -> None:
    seen = facts({NEW: (container(State=ended(3)),)})
    texts = ("[{container: {new: true}, exit_code: 1}]", "[{container: {new: true}, exit_code: 3}]",
             "[{container: {new: true}, state: exited}]")  # fmt: skip
    assert first_mistake(when(*texts), seen) == ("m1", frozenset())


def test_no_mistake_speaks_when_nothing_was_done() -> None:
    seen = facts({NEW: (), Typed(): None, Inspect("container", "web"): None})
    texts = ("[{container: {new: true}, published: {present: false}}]", "[{typed: {contains: run}, failed: true}]",
             "[{container: web, tty: {not: true}}]")  # fmt: skip
    assert first_mistake(when(*texts), seen) == (None, frozenset())


def test_all_that_is_missing_for_all_mistakes_is_asked_for_at_once() -> None:
    texts = ("[{container: {new: true}, tty: true}]", "[{typed: {contains: run}}]")
    assert first_mistake(when(*texts), facts({})) == (None, {NEW, Typed()})
    seen = facts({NEW: (container(),), Typed(): TypedLine("docker run", 1)})
    assert first_mistake(when(*texts), seen) == ("m1", frozenset())


def test_output_is_asked_for_only_where_all_else_holds() -> None:
    texts = ("[{container: {new: true}, tty: true, logs: {contains: x}}]",)
    assert first_mistake(when(*texts), facts({NEW: (container(Config={"Tty": False}),)})) == (None, frozenset())
    asked = first_mistake(when(*texts), facts({NEW: (container(Config={"Tty": True}),)}))
    assert asked == (None, {Logs("id-web")})


def test_images_are_compared_by_id_in_mistakes_too() -> None:
    seen = facts({NEW: (container(image=BUSYBOX.id),)})
    assert first_mistake(when("[{container: {new: true}, image: busybox}]"), seen)[0] == "m0"


def test_a_later_mistake_does_not_speak_while_an_earlier_one_cannot_be_told_yet() -> None:
    texts = ("[{container: {new: true}, logs: {contains: red}}]", "[{container: {new: true}, state: running}]")
    seen = {NEW: (container("a"),)}
    assert first_mistake(when(*texts), facts(seen)) == (None, {Logs("id-a")})
    assert first_mistake(when(*texts), facts({**seen, Logs("id-a"): "red"})) == ("m0", frozenset())
