"""What the loader takes, and what it says about what it does not take."""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dockertutor.authoring.lint import lint_text
from dockertutor.checks.nodes import MANY
from dockertutor.course import load_lesson, load_text
from dockertutor.course.model import Exercise, Lesson, Question, Read
from dockertutor.errors import ContentError, Problem

EXAMPLES = Path(__file__).parents[1] / "examples"

EXERCISE = """\
  - exercise:
      id: one
      kind: worked
      task: Do it
      expect: [{container: web, state: running}]
"""
LESSON = f"""\
format: 1
id: small
title: A small one
steps:
{EXERCISE}"""


def problems(text: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(ContentError) as caught:
        load_text(text, "lesson.yaml")
    return caught.value.problems


def only(text: str | bytes) -> str:
    (problem,) = problems(text)
    return str(problem)


# ------------------------------------------------------------------ what loads
def test_the_model_lesson_loads_in_full() -> None:
    lesson = load_lesson(EXAMPLES / "model-lesson.yaml")
    kinds = [type(step) for step in lesson.steps]
    assert lesson.id == "boxes-for-programs"
    assert [exercise.id for exercise in lesson.exercises] == ["say", "letter", "page", "two-pages"]
    assert kinds[:4] == [Read, Exercise, Read, Question]
    assert lesson.exercises[2].stages[0].expect[0].remember == {"sentence": "args"}


def test_the_hard_exercises_load_in_full() -> None:
    lesson = load_lesson(EXAMPLES / "hard-exercises.yaml")
    stages = [stage for exercise in lesson.exercises for stage in exercise.stages]
    assert len(lesson.exercises) == 18
    assert len(stages) == 19
    assert all(stage.expect for stage in stages)
    assert all(mistake.when and mistake.by for stage in stages for mistake in stage.mistakes)


def test_every_scalar_is_what_was_written() -> None:
    text = LESSON.replace("title: A small one", "title: 22:22").replace("task: Do it", "task: no")
    lesson = load_text(text, "lesson.yaml")
    assert (lesson.title, lesson.exercises[0].stages[0].task) == ("22:22", "no")


@pytest.mark.parametrize("written", [LESSON.replace("\n", "\r\n"), "\ufeff" + LESSON], ids=["windows lines", "bom"])
def test_files_written_on_windows_load(written: str) -> None:
    assert load_text(written.encode(), "lesson.yaml").exercises[0].id == "one"


def test_the_why_of_an_exercise_with_stages_comes_after_its_last() -> None:
    text = LESSON + "      why: Because\n      then: [{task: More, expect: [{container: web, exists: true}]}]\n"
    stages = load_text(text, "lesson.yaml").exercises[0].stages
    assert [stage.why for stage in stages] == ["", "Because"]


def test_an_exercise_says_what_has_been_reached() -> None:
    assert load_text(LESSON + "      done: It runs.\n", "lesson.yaml").exercises[0].done == "It runs."


def test_texts_of_an_exercise_keep_their_variables_until_it_is_bound() -> None:
    text = LESSON.replace("task: Do it", "task: Make ${n}\n      vars: {n: name}\n      why: See ${n}")
    stage = load_text(text, "lesson.yaml").exercises[0].stages[0]
    assert (stage.task, stage.why) == ("Make ${n}", "See ${n}")


def test_the_digest_tells_two_texts_apart() -> None:
    first, second = load_text(LESSON, "a"), load_text(LESSON + "\n", "a")
    assert first.digest != second.digest


# ------------------------------------------------------------------ what is wrong is named
def test_an_unknown_key_is_named_with_its_place_and_the_nearest_known() -> None:
    text = LESSON.replace("      task:", "      taks:")
    first, second = map(str, problems(text))
    assert first.startswith("lesson.yaml:6:7: task: missing")
    assert second.startswith("lesson.yaml:8:7: taks: unknown key;")
    assert second.endswith("(did you mean `task`?)")


def test_an_error_inside_a_check_names_its_own_line_and_key() -> None:
    said = str(problems(LESSON.replace("state: running", "stat: running"))[-1])
    assert said.startswith("lesson.yaml:9:33: stat: ")
    assert "did you mean `state`?" in said


def test_all_errors_of_a_file_are_told_at_once() -> None:
    text = (
        LESSON.replace("format: 1", "format: 2").replace("kind: worked", "kind: hard").replace("id: small", "id: A B")
    )
    assert [problem.key for problem in problems(text)] == ["format", "id", "kind"]


def test_a_wrong_word_names_the_words_that_are_known() -> None:
    said = only(LESSON.replace("kind: worked", "kind: fade"))
    assert "expected one of worked, faded, independent, question, found `fade`" in said
    assert "did you mean `faded`?" in said


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (LESSON.replace("task: Do it", "task: Do: it"), "a bare `: ` in a text"),
        (LESSON.replace("task: Do it", "task: `it`"), "a text may not begin with ```"),
        (LESSON.replace("      kind", "\tkind"), "a tab: indent with spaces"),
        (LESSON.replace("task: Do it", "task: &x it"), "anchors (`&x`) are not allowed"),
        (LESSON.replace("task: Do it", "task: *x"), "aliases (`*x`) are not allowed"),
        (LESSON.replace("task: Do it", "task: !!str it"), "tags"),
        (LESSON + "---\nmore: 1\n", "a second document"),
        (LESSON.replace("task: Do it", "task: Do it\n      task: It"), "this key stands twice (first in line 8)"),
        (LESSON.replace("task: Do it", "task: [a]"), "expected text, found a list"),
        (LESSON.replace("task: Do it", "task:"), "expected text, found nothing"),
        (LESSON + EXERCISE, "an exercise `one` stands in line 6 already"),
        (LESSON + EXERCISE.replace("id: one", "id: two\n      was: one"), "an exercise `one` stands in line 6 already"),
        ("[" * 3000, "nested more than"),
        ("{" * 3000, "nested more than"),
        ("a: " + "[1, " * 40 + "]" * 40, "nested more than"),
        ("", "the file is empty"),
        ("# nothing\n", "the file is empty"),
        ("a word", "expected a mapping"),
        (b"\xff\xfea\0", "the file is UTF-16"),
        (LESSON.encode() + b"\xe9", "the byte 0xe9 is not UTF-8"),
        (LESSON + "\0", "a control character (0x00)"),
        ("x" * 200_001, "at most 200,000 are read"),
        ("- " + "[1," * 22 + "a" * 100, "not YAML"),
        ("a: [" + "1," * 20_001 + "]", "more than 20,000 values"),
    ],
)
def test_each_kind_of_broken_file_gets_one_clear_error(broken: str | bytes, said: str) -> None:
    found = [str(problem) for problem in problems(broken)]
    assert any(said in line for line in found)
    if not isinstance(broken, str) or not broken.startswith("a word"):
        assert len(found) == 1


def test_an_alias_bomb_is_refused_before_anything_is_built_from_it() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    assert "anchors (`&a`) are not allowed" in only(bomb)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        load_lesson(tmp_path / "none.yaml")
    assert "none.yaml:1:1: there is no such file" in str(caught.value)


def test_what_never_ends_is_not_read(tmp_path: Path) -> None:
    pipe = tmp_path / "01-pipe.yaml"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(ContentError, match="a pipe or a device"):
            load_lesson(path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "01-huge.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(ContentError, match="at most 200,000 are read: split it"):
        load_lesson(path)


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="it cannot be read: is a directory"):
        load_lesson(tmp_path)


def test_a_question_has_exactly_one_correct_option() -> None:
    text = "format: 1\nid: q\ntitle: Q\nsteps:\n  - quiz: {ask: Why, options: [{say: a}, {say: b}]}\n"
    assert "expected exactly one option with `correct: true`, found 0" in only(text)


@pytest.mark.parametrize("pattern", ["(", "[[a]", "a{99999999999999999999}", "(" * 2000])
def test_a_pattern_that_python_cannot_take_is_refused_in_words(pattern: str) -> None:
    text = LESSON.replace("state: running", f"image: {{matches: '{pattern}'}}")
    assert "not a regular expression" in str(problems(text)[-1])


def test_a_number_without_a_bound_is_refused() -> None:
    assert only(LESSON.replace("task: Do it", "task: Do it\n      vars: {n: {number: {from: 3}}}")).endswith(
        "needs this key"
    )


def test_a_step_is_of_one_kind() -> None:
    text = "format: 1\nid: q\ntitle: Q\nsteps:\n  - {read: a, quiz: {ask: b, options: []}}\n"
    assert "expected exactly one of read, quiz, exercise" in only(text)


# ------------------------------------------------------------------ variables and handles
def test_an_undeclared_variable_is_named_where_it_stands() -> None:
    text = LESSON.replace(
        "task: Do it", "vars: {port: free-port}\n      task: |\n        Visit\n        http://x:${prot}/"
    )
    said = only(text)
    assert said.startswith("lesson.yaml:11:18: task: the variable `${prot}` is not declared")
    assert "did you mean `port`?" in said


def test_after_many_problems_the_nearest_name_is_no_longer_looked_for() -> None:
    lines = "".join(f"        ${{prot}} {number}\n" for number in range(MANY + 5))
    found = problems(LESSON.replace("task: Do it", f"vars: {{port: free-port}}\n      task: |\n{lines}"))
    assert [problem.nearest for problem in found] == ["port"] * MANY + [""] * 5


def test_upper_case_and_bare_names_belong_to_the_shell() -> None:
    load_text(LESSON.replace("task: Do it", "task: 'echo ${HOME} $HOME $x ${Mixed}'"), "lesson.yaml")


def test_an_exercise_may_not_draw_a_name_of_the_lesson_again() -> None:
    text = LESSON.replace("steps:", "vars: {n: name}\nsteps:").replace(
        "task: Do it", "task: Do it\n      vars: {n: name}"
    )
    assert "the lesson draws `n` already" in only(text)


def test_what_an_exercise_keeps_may_stand_in_its_own_why_and_nowhere_else() -> None:
    kept = LESSON.replace("state: running}", "state: running, remember: {said: args}}")
    load_text(kept + "      why: You said ${said}\n", "lesson.yaml")
    assert "`${said}` is not declared" in only(kept + "      hints: ['${said}']\n")


@pytest.mark.parametrize(
    "place",
    [
        "solution: docker run busybox echo ${said}",
        "also: ['echo ${said}']",
        "mistakes: [{id: m, when: {container: {new: true}, exists: true}, say: s, by: 'echo ${said}'}]",
        "given: [{container: '${n}', image: busybox, command: [sh, -c, 'echo ${said}']}]",
        'hints: ["Type:\\n\\n    echo ${said}"]',
        "files: {run.sh: 'echo ${said}'}",
        "mistakes: [{id: m, when: {container: web, exec: {command: [sh, '${said}'], exit_code: 0}}, say: s, by: y}]",
        "mistakes: [{id: m, when: {container: web, logs: {matches: '${said}'}}, say: s, by: x}]",
    ],
)
def test_a_remembered_text_never_gets_into_a_shell(place: str) -> None:
    declared = "vars: {n: name, said: {remembered: {default: hello}}}"
    text = LESSON.replace("task: Do it", f"task: Do it with ${{said}}\n      {declared}\n      {place}")
    assert "`${said}` is a learner's text" in only(text)


SAME = [
    # written in the small lesson, written instead, the key that is named
    ("id: one", "id: '${c}'", "id"),
    ("id: one", "id: one\n      was: '${c}'", "was"),
    ("kind: worked", "kind: '${k}'", "kind"),
    ("kind: worked", "kind: worked\n      completes: '${l}'", "completes"),
    ("state: running}", "state: running, as: '${c}'}", "as"),
    ("state: running}", "state: running, remember: {'${c}': args}}", "${c}"),
    ("state: running}", "state: running, remember: {said: '${a}'}}", "said"),
    ("task: Do it", "task: Do it\n      mistakes: [{id: '${c}', when: {container: web, exists: false}, say: s}]", "id"),
    ("task: Do it", "task: Do it\n      given: [{container: x, image: busybox, as: '${c}'}]", "as"),
    (
        "task: Do it",
        "task: Do it\n      then: [{task: x, expect: [{container: web, as: '${c}', state: exited}]}]",
        "as",
    ),
    ("k: {one-of: [worked]}", "k: {one-of: [worked, '${c}']}", "one-of"),
    ("k: {one-of: [worked]}", "k: {remembered: {default: '${c}'}}", "default"),
]


@pytest.mark.parametrize(("old", "new", "key"), SAME, ids=[case[1] for case in SAME])
def test_no_variables_in_what_is_the_same_in_each_attempt(old: str, new: str, key: str) -> None:
    drawn = "k: {one-of: [worked]}, c: {one-of: [red]}, l: {one-of: [lesson]}, a: {one-of: [args]}"
    text = LESSON.replace("kind: worked", f"kind: worked\n      vars: {{{drawn}}}")
    load_text(text, "lesson.yaml")
    (problem,) = problems(text.replace(old, new))
    assert problem.key == key
    assert problem.message.startswith("no variables here")


def test_no_variables_in_how_a_lesson_draws_its_own() -> None:
    said = only(LESSON.replace("steps:", "vars: {a: name, b: {one-of: ['${a}', x]}}\nsteps:"))
    assert "vars: no variables here" in said


def test_a_label_may_be_called_as_what_is_the_same_in_each_attempt() -> None:
    checks = "[{container: web, labels: {as: '${c}', id: '${c}'}}]"
    load_text(with_checks(checks, "vars: {c: {one-of: [red]}}"), "lesson.yaml")


def test_a_handle_that_nothing_has_is_named() -> None:
    text = LESSON.replace(
        "expect: [{container: web, state: running}]",
        "given: [{container: web, as: old, image: busybox}]\n      expect: [{container: {given: odl}, exists: true}]",
    )
    said = only(text)
    assert "no object is called `odl` here" in said
    assert "did you mean `old`?" in said


def with_checks(expect: str, more: str = "") -> str:
    """The small lesson with other checks, and what else its exercise says."""
    return LESSON.replace("expect: [{container: web, state: running}]", f"expect: {expect}\n      {more}")


@pytest.mark.parametrize(
    ("expect", "more", "said"),
    [
        ("[{container: {given: a}, as: a, exists: true}]", "", "`a` is this check's own handle"),
        (
            "[{container: {given: v}, exists: true}]",
            "given: [{volume: v, as: v}]",
            "`v` is a volume, and this check is on a container",
        ),
        (
            "[{container: {given: b}, as: a, exists: true}, {container: {given: a}, as: b, exists: true}]",
            "",
            "`b` is the handle of a later check",
        ),
        (
            "[{container: web, exists: true}]",
            "mistakes: [{id: m, say: s, when: [{container: {given: b}, exists: true},"
            " {container: web, as: b, exists: true}]}]",
            "`b` is the handle of a later check",
        ),
        (
            "[{container: web, as: box, exists: true}]",
            "mistakes: [{id: m, when: {container: {given: box}, state: exited}, say: s}]",
            "no object is called `box` here",  # a mistake is judged alone, after a fail
        ),
    ],
    ids=["its own", "of another kind", "of a later check", "of a later check, in a mistake", "of expect, in a mistake"],
)
def test_a_handle_names_an_object_that_is_known_by_then(expect: str, more: str, said: str) -> None:
    assert said in only(with_checks(expect, more))


def test_a_mistake_knows_what_is_given_and_its_own_objects() -> None:
    given = "given: [{container: web, as: old, image: busybox}]"
    when = "[{container: {new: true}, as: box, exists: true}, {container: {given: old}, id: {from: box, get: id}}]"
    mistakes = f"mistakes: [{{id: m, when: {when}, say: s}}]"
    load_text(with_checks("[{container: web, as: web, state: running}]", f"{given}\n      {mistakes}"), "l.yaml")


# ------------------------------------------------------------------ rules for courses
@pytest.mark.parametrize(
    ("given_check", "said"),
    [
        ("{container: x, image: busybox, mounts: {/a: /etc}}", "nothing else"),
        ("{container: x, image: busybox, mounts: {/a: ../up}}", "nothing else"),
        ("{container: x, image: busybox, mounts: {/a: /var/run/docker.sock}}", "the engine's socket"),
        ("{container: x, image: busybox, privileged: true}", "may not have `privileged`"),
        ("{container: x, image: busybox, network_mode: host}", "the host's namespaces"),
        ("{container: x, image: busybox, pid_mode: host}", "the host's namespaces"),
        ("{container: x, image: busybox, network_mode: 'container:db'}", "the host's namespaces"),
        ("{container: x, image: busybox, aliases: {host: [a]}}", "the host's namespaces"),
        ("{container: x, image: busybox, ip_addresses: {host: 10.0.0.9}}", "the host's namespaces"),
        ("{volume: v, options: {exactly: {type: tmpfs, o: bind, device: /etc}}}", "device or folder of the host"),
    ],
)
def test_given_objects_may_not_reach_the_computer_under_them(given_check: str, said: str) -> None:
    found = problems(LESSON.replace("task: Do it", f"task: Do it\n      given: [{given_check}]"))
    assert any(said in str(problem) for problem in found)


def test_an_id_can_be_the_name_of_a_folder() -> None:
    assert "at most 80" in only(LESSON.replace("id: small", f"id: {'x' * 81}"))


def test_a_file_outside_the_learners_folder_is_told_once() -> None:
    assert "leaves the learner's folder" in only(with_checks("[{file: ../a, exists: true}]"))


@pytest.mark.parametrize("path", ["../up", "/etc/passwd", "~/x", "a/../../b", "a\\\\b", "C:/x", ""])
def test_files_stay_in_the_learners_folder(path: str) -> None:
    found = problems(LESSON.replace("task: Do it", f'task: Do it\n      files: {{"{path}": text}}'))
    assert any("leaves the learner's folder" in str(problem) for problem in found)


@pytest.mark.parametrize(
    "place",
    [
        "solution: {files: {../up: x}, run: y}",
        "also: [{files: {../up: x}, run: y}]",
        "mistakes: [{id: m, when: {container: web, state: exited}, say: s, by: {files: {../up: x}, run: y}}]",
        "then: [{task: More, expect: [{file: ../up, contains: x}], solution: y}]",
    ],
)
def test_no_file_anywhere_in_an_exercise_lies_outside_the_folder(place: str) -> None:
    found = problems(LESSON.replace("task: Do it", f"task: Do it\n      {place}"))
    assert any("leaves the learner's folder" in str(problem) for problem in found)


# ------------------------------------------------------------------ whatever comes
def loads_or_says_why(data: str | bytes) -> None:
    """Another exception than `ContentError` fails the test that calls this."""
    found: tuple[Problem, ...] = ()
    try:
        found_lesson: Lesson | None = load_text(data, "any.yaml")
    except ContentError as error:
        found, found_lesson = error.problems, None
    assert bool(found) == (found_lesson is None)
    assert all(problem.place.line >= 1 and problem.place.column >= 1 for problem in found)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_load_or_are_refused_in_words(data: bytes) -> None:
    loads_or_says_why(data)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("abc:-{}[]|>\"'\n\t #&*!%@`,?0.${}"), max_size=200))
def test_any_signs_of_yaml_load_or_are_refused_in_words(text: str) -> None:
    loads_or_says_why(text)


MODEL = (EXAMPLES / "hard-exercises.yaml").read_text()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_lesson_with_a_piece_cut_out_or_put_in_loads_or_is_refused_in_words(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(MODEL)))
    length = data.draw(st.integers(0, 60))
    piece = data.draw(st.text(alphabet=st.sampled_from("ab:-{}[]|\"'\n #$"), max_size=8))
    loads_or_says_why(MODEL[:start] + piece + MODEL[start + length :])


JUNK: tuple[Any, ...] = (
    "", "x", "true", "-1", "9" * 20, "${name}", "${nope}", "a: b", "[[x]]", "    x", "(", [], {}, ["x"], [["x"]],
    {"x": "y"}, {"new": "true"}, {"given": "a"}, {"from": "daemon", "get": "version"}, {"from": "9"}, {"not": {}},
    {"matches": "("}, {"number": {"x": "3"}}, {"number": {"from": "9", "to": "3"}}, {"one-of": []}, {"remembered": {}},
    {"files": {"../x": "y"}, "run": "x"}, {"all": [{"any": [{"not": {"not": "x"}}]}]}, {"${port}": "x"},
)  # fmt: skip
"""What may come to stand where something else belongs."""
TREES = [yaml.load(path.read_text(), yaml.BaseLoader) for path in sorted(EXAMPLES.glob("*.yaml"))]


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else []
    for key in keys:
        yield node, key
        yield from places(node[key])


@settings(max_examples=50, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_lesson_with_values_in_wrong_places_loads_or_is_refused_in_words(rng: random.Random) -> None:
    tree = copy.deepcopy(rng.choice(TREES))
    for _ in range(rng.choice((1, 1, 3))):
        holder, key = rng.choice(list(places(tree)))
        if isinstance(holder, dict) and rng.random() < 0.2:
            holder[rng.choice(("id", "when", "files", "image", "container", "vars", "as", "number"))] = holder.pop(key)
        else:
            holder[key] = copy.deepcopy(rng.choice(JUNK))
    text = yaml.dump(tree, allow_unicode=True)
    loads_or_says_why(text)
    lint_text(text, "any.yaml", None)


@pytest.mark.parametrize("sign", ["\\e]52;c;QQ==\\a", "\\x9b31m", "\\0", "a\\rb", "\\u202e"])
def test_no_text_holds_what_steers_a_terminal(sign: str) -> None:
    assert "a control character" in only(LESSON.replace("A small one", f'"{sign}"'))
    assert "a control character" in only(LESSON.replace("Do it", f'"{sign}"'))
