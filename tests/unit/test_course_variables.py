"""How variables are drawn, and how they get into an exercise."""

from __future__ import annotations

import itertools
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockertutor.course import load_lesson, load_text
from dockertutor.course.model import Exercise
from dockertutor.course.scalars import as_prose
from dockertutor.course.variables import bind, complete, draw, draw_lesson, fill, tidy
from dockertutor.errors import ContentError

EXAMPLES = Path(__file__).parents[1] / "examples"


def exercise(body: str, lesson: str = "") -> Exercise:
    """An exercise with ``body`` as its further keys."""
    lines = "".join(f"      {line}\n" for line in body.splitlines())
    text = f"format: 1\nid: l\ntitle: L\n{lesson}steps:\n  - exercise:\n      id: e\n      kind: worked\n{lines}"
    return load_text(text, "l.yaml").exercises[0]


def drawn(of: Exercise, seed: int = 1, remembered: dict[str, str] | None = None) -> dict[str, str]:
    ports = itertools.count(8100)
    rng = random.Random(seed)
    return draw(
        of, lesson_values={"host": "localhost"}, remembered=remembered or {}, free_port=lambda: next(ports), rng=rng
    )


ALL = exercise(
    "vars: {a: name, b: name, t: token, p: free-port, q: free-port,\n"
    "       n: {number: {from: 3, to: 9}}, c: {one-of: [red, blue]}}\n"
    "task: x\nexpect: [{container: '${a}', exists: true}]"
)


@pytest.mark.parametrize("seed", range(20))
def test_each_kind_of_variable_is_drawn_as_it_says(seed: int) -> None:
    values = drawn(ALL, seed)
    assert re.fullmatch(r"[a-z]+-[a-z]+", values["a"])
    assert len(values["a"]) <= 14
    assert re.fullmatch(r"[a-z]{7}", values["t"])
    assert (values["p"], values["q"]) == ("8100", "8101")
    assert 3 <= int(values["n"]) <= 9
    assert values["c"] in ("red", "blue")


@pytest.mark.parametrize("seed", range(50))
def test_two_drawn_names_share_no_part(seed: int) -> None:
    values = drawn(ALL, seed)
    assert not set(values["a"].split("-")) & set(values["b"].split("-"))


def test_a_port_that_comes_twice_is_asked_for_again() -> None:
    ports = iter([8100, 8100, 8100, 8102])
    values = draw(ALL, lesson_values={}, remembered={}, free_port=lambda: next(ports), rng=random.Random(1))
    assert (values["p"], values["q"]) == ("8100", "8102")


def test_two_attempts_draw_different_names() -> None:
    assert len({drawn(ALL, seed)["a"] for seed in range(20)}) > 15


def test_a_lessons_values_are_among_those_of_its_exercises() -> None:
    lesson = load_text(
        "format: 1\nid: l\ntitle: L\nvars: {w: token}\nsteps:\n  - read: 'See ${w} at ${host}'\n"
        "  - exercise: {id: e, kind: worked, task: 'Do ${w}', expect: [{container: '${w}', exists: true}]}\n",
        "l.yaml",
    )
    values = draw_lesson(lesson, remembered={}, free_port=lambda: 1, rng=random.Random(1), host="10.0.0.2")
    own = draw(lesson.exercises[0], lesson_values=values, remembered={}, free_port=lambda: 1, rng=random.Random(2))
    assert own == values
    assert fill("See ${w} at ${host}", values) == f"See {values['w']} at 10.0.0.2"


SAID = exercise("vars: {said: {remembered: {default: hello}}}\ntask: 'You said ${said}'\nexpect: [{answer: '${said}'}]")


def test_what_was_remembered_is_used_and_else_the_default() -> None:
    assert drawn(SAID)["said"] == "hello"
    assert drawn(SAID, remembered={"said": "good morning"})["said"] == "good morning"


def test_a_remembered_text_is_one_short_line_without_control_signs() -> None:
    assert tidy("a\x1b[31m\n b\u202e\t c" + "x" * 500) == "a [31m b c" + "x" * 190


def test_binding_puts_values_into_texts_checks_and_keys() -> None:
    of = exercise(
        "vars: {n: name, p: free-port}\ntask: Make ${n}\nfiles: {'${n}.txt': 'port ${p}'}\n"
        "expect: [{container: '${n}', published: {'${p}/tcp': '80'}}]\nsolution: docker run ${n} $HOME ${X}"
    )
    stage = bind(of, {"n": "blu-otter", "p": "8317"}).stages[0]
    assert stage.task == "Make blu-otter"
    assert stage.files == {"blu-otter.txt": "port 8317"}
    assert stage.expect[0].subject.name == "blu-otter"
    assert "8317/tcp" in repr(stage.expect[0].properties)
    assert stage.solution.run == "docker run blu-otter $HOME ${X}"


def test_binding_leaves_the_exercise_as_it_was() -> None:
    before = repr(ALL.stages)
    first, second = bind(ALL, drawn(ALL, 1)), bind(ALL, drawn(ALL, 2))
    assert repr(ALL.stages) == before
    assert first.stages[0].expect[0].subject != second.stages[0].expect[0].subject
    assert bind(first, drawn(ALL, 2)).stages == second.stages


def test_keys_that_become_equal_are_refused() -> None:
    of = exercise(
        "vars: {a: name, b: name}\ntask: x\nfiles: {'${a}': '1', '${b}': '2'}\nexpect: [{file: x, exists: true}]"
    )
    with pytest.raises(ContentError, match="this key stands twice"):
        bind(of, {"a": "same", "b": "same"})


def test_an_exercise_with_values_in_it_is_checked_again() -> None:
    of = exercise("vars: {p: free-port}\ntask: x\nexpect: [{http: '${p}'}]")
    with pytest.raises(ContentError, match="expected a port"):
        bind(of, {"p": "no-port"})


def test_a_path_that_a_value_leads_out_of_the_folder_is_refused() -> None:
    of = exercise("vars: {p: {one-of: [in]}}\ntask: x\nfiles: {'${p}/x': '1'}\nexpect: [{file: x, exists: true}]")
    with pytest.raises(ContentError, match="leaves the learner's folder"):
        bind(of, {"p": ".."})


def test_a_missing_value_is_refused() -> None:
    with pytest.raises(ContentError, match="the variable has no value"):
        bind(ALL, {})
    with pytest.raises(ContentError, match="has no value"):
        fill("${n}", {})


def test_what_comes_out_of_a_value_is_not_looked_at_again() -> None:
    assert fill("${a}", {"a": "${b}", "b": "x"}) == "${b}"
    assert bind(SAID, {"said": "${HOME} ${said}"}).stages[0].task == "You said ${HOME} ${said}"


def test_a_why_shows_what_its_exercise_has_kept() -> None:
    why = (
        bind(
            exercise(
                "vars: {n: name}\ntask: x\nexpect: [{container: '${n}', exists: true, remember: {said: args}}]\n"
                "why: '${n} said ${said}'"
            ),
            {"n": "blu-otter"},
        )
        .stages[0]
        .why
    )
    assert why == "blu-otter said ${said}"
    assert complete(why, {"said": "hello\nyou"}) == "blu-otter said hello you"


@pytest.mark.parametrize("name", ["model-lesson.yaml", "hard-exercises.yaml", "api-calls.yaml"])
def test_every_exercise_of_the_examples_can_be_drawn_and_bound(name: str) -> None:
    for of in load_lesson(EXAMPLES / name).exercises:
        bound = bind(of, drawn(of))
        declared = set(of.vars)
        left = {
            found
            for stage in bound.stages
            for found in re.findall(r"\$\{([a-z_]+)\}", repr((stage.task, stage.expect)))
        }
        assert not left & declared


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_any_remembered_text_can_be_bound_or_is_refused_in_words(text: str) -> None:
    values = drawn(SAID, remembered={"said": text})
    assert values["said"]
    bound = bind(SAID, values).stages[0]
    assert bound.task == f"You said {as_prose(values['said'])}"
    assert bound.expect[0].properties[0][1].arg == values["said"]


def test_what_a_learner_wrote_is_no_markup_in_prose_and_is_compared_as_it_is() -> None:
    said = "**bold** `code` [[pane:terminal]]"
    stage = bind(SAID, {"said": said}).stages[0]
    assert stage.task == "You said * *bold* * 'code' [ [pane:terminal] ]"
    assert stage.expect[0].properties[0][1].arg == said
    assert fill("${a}", {"a": said}) == complete("${a}", {"a": said}) == "* *bold* * 'code' [ [pane:terminal] ]"


def test_a_drawn_value_opens_no_door_that_the_rules_for_courses_keep_shut() -> None:
    found = exercise(
        "vars: {mode: {one-of: [bridge, host]}}\n"
        "given: [{container: box, image: busybox, network_mode: '${mode}'}]\n"
        "task: Look\nexpect: [{container: box, state: running}]"
    )
    assert bind(found, {"mode": "bridge"}).stages[0].given
    with pytest.raises(ContentError, match="the host's namespaces"):
        bind(found, {"mode": "host"})
