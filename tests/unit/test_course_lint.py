"""What lint finds, and what it leaves alone."""

# A case is one line, however long: the tables are read as tables.
# ruff: noqa: E501

from __future__ import annotations

import io
from pathlib import Path

import pytest

from dockertutor.authoring.commands import cli_lint, cli_new, cli_preview, cli_schema
from dockertutor.authoring.lint import Advice, lint, lint_text
from dockertutor.authoring.lint.words import common_words, is_common
from dockertutor.errors import UsageError

EXAMPLES = Path(__file__).parents[1] / "examples"

GOOD = """\
format: 1
id: good
title: A good lesson
minutes: 5
images: [busybox]
steps:
  - read: |
      ## A need

      Two programs want one place.
  - quiz:
      ask: Which one wins?
      options:
        - {say: The old one, because: It was there first.}
        - {say: The new one, correct: true, because: It comes later.}
  - exercise:
      id: one
      kind: faded
      completes: lesson
      vars: {name: name}
      task: |
        **Run it.** Type this:

            docker run --name ${name} busybox
      expect: [{container: "${name}", exists: true}]
      mistakes:
        - {id: m, when: {container: "${name}", state: created}, say: It waits., by: "docker create --name ${name} busybox"}
      hints: [Look there., This command., Almost all of it.]
      solution: docker run --name ${name} busybox
      why: It ran.
"""


def found(text: str) -> list[str]:
    return [str(problem) for problem in lint_text(text, "l.yaml", None)]


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_a_good_lesson_has_nothing_to_say_about() -> None:
    assert found(GOOD) == []


def test_another_one_than_before_needs_one_before() -> None:
    text = changed('when: {container: "${name}", state: created}', 'when: {container: "${name}", same: false}')
    assert any("`same: false` always holds" in one for one in found(text))


@pytest.mark.parametrize(
    "stages",
    [
        """given: [{container: "${name}", image: busybox}]
      expect: [{container: "${name}", same: false}]""",
        """stages:
        - {task: "**Make it.** Now.", expect: [{container: "${name}", state: created}], solution: docker create --name ${name} busybox}
        - {task: "**Make it anew.** Now.", expect: [{container: "${name}", same: false}], solution: docker rm ${name}}""",
        """expect: [{image: busybox, same: false}]""",
    ],
)
def test_another_one_than_given_made_or_of_the_lesson_is_a_good_check(stages: str) -> None:
    text = changed('expect: [{container: "${name}", exists: true}]', stages)
    assert not any("same: false" in one for one in found(text))


def test_the_model_lesson_has_no_errors() -> None:
    errors = [problem for problem in lint([EXAMPLES / "model-lesson.yaml"]) if not isinstance(problem, Advice)]
    assert errors == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (changed("minutes: 5\n", ""), "minutes: missing"),
        (changed("hints: [Look there., This command., Almost all of it.]", "hints: []"), "l.yaml:17:7: hints: missing"),
        (changed(', by: "docker create --name ${name} busybox"', ""), "the mistake `m` has none"),
        (changed("{say: The old one, because: It was there first.}", "{say: The old one}"), "option 1 has no `because`"),
        (changed("say: The new one", "say: The old one"), "option 1 stands twice"),
        (changed("      solution: docker run --name ${name} busybox\n", ""), "solution: missing"),
        (changed("      why: It ran.\n", ""), "why: missing"),
        (changed("**Run it.** Type this:", "Run it. Type this:"), "its goal is missing"),
        (changed("ask: Which one wins?", "ask: Which one #1 or # two"), "l.yaml:12:21: ask: ` #` cuts this text off"),
        (changed("solution: docker run", "solution: docker run # it\n      also: ['x']\n      was: a # docker run"), "l.yaml:29:27: solution: ` #` cuts"),
        (changed("docker run --name ${name} busybox\n      expect", f"docker run {'x' * 49}\n      expect"), "what is to be typed has 60 columns"),
        (changed("Two programs want one place.", f"```\n      {'x' * 41}\n      ```"), "l.yaml:11:7: read: the picture has 41 columns"),
        (changed("Two programs want one place.", "\n\n      ".join(["a word"] * 9)), "the page has 19 lines"),
        (changed("Two programs want", "Press F3, two programs want"), "l.yaml:10:13: read: a key is named (`F3`)"),
        (changed("Two programs want", "Press Ctrl-G, two programs want"), "a key is named (`Ctrl-G`)"),
        (changed('[{container: "${name}", exists: true}]', '[{container: "${name}", exists: true}]\n      given: [{volume: mine}]'), "could be the learner's own"),
        (changed('[{container: "${name}", exists: true}]', '[{container: "${name}", exists: true}]\n      given: [{container: "${name}", image: nginx}]'), "the image `nginx` is not in the lesson's `images`"),
        (changed('[{container: "${name}", exists: true}]', '[{container: "${name}", exists: true}]\n      given: [{image: "${name}:1", dockerfile: "FROM busybox"}]'), "two images with equal content share one Id"),
    ],
)  # fmt: skip
def test_each_fault_is_found_where_it_stands(text: str, said: str) -> None:
    assert any(said in line for line in found(text)), found(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (changed("Two programs want", "You just need two programs that want"), "`just` makes learners feel small"),
        (changed("because: It was there first.", "because: No. It is old."), "say first where the belief is right"),
        (changed("hints: [Look there., This command., Almost all of it.]", "hints: [Look there.]"), "1 hints; three are usual"),
        (changed("kind: faded", "kind: worked"), "a worked exercise without a prediction"),
        (changed('when: {container: "${name}", state: created}', "when: {container: {new: true}, state: created}"), "fits any new container"),
        (changed("      completes: lesson\n", ""), "no exercise has `completes: lesson`"),
        (changed('expect: [{container: "${name}"', 'expect: [{container: web'), "the name `web` is the same for everyone"),
        (changed("vars: {name: name}", "vars: {name: name, other: name}"), "`other` is drawn and never used"),
        (changed("why: It ran.", f"done: {'words ' * 10}${{name}}\n      why: It ran."), "done: it has 73 columns"),
        (changed("solution: docker run --name ${name} busybox", "solution: docker stop ${name}"), "waits 10 s"),
    ],
)  # fmt: skip
def test_what_may_be_right_is_advice_and_no_error(text: str, said: str) -> None:
    advice = [problem for problem in lint_text(text, "l.yaml", None) if said in str(problem)]
    assert advice
    assert all(isinstance(problem, Advice) for problem in advice)


@pytest.mark.parametrize("stop", ["docker stop -t 1 ${name}", "docker run -d --init --name x busybox; docker stop x"])
def test_a_quick_stop_needs_no_advice(stop: str) -> None:
    assert found(changed("solution: docker run --name ${name} busybox", f"solution: {stop}")) == []


def test_an_answer_before_its_prediction_is_found() -> None:
    predict = "predict: {ask: What, options: [{say: It waits for a program, correct: true, because: x}, {say: b, because: y}]}"
    text = changed("vars: {name: name}", f"vars: {{name: name}}\n      {predict}")
    assert found(text) == []
    told = text.replace("Two programs want one place.", "A box: it waits for a program.")
    assert any("answers its prediction" in line for line in found(told))


@pytest.mark.parametrize(
    ("variables", "checks", "said"),
    [
        ("n: {one-of: [1, a]}", "exit_code: '${n}'", "exit_code: with `n: a`: expected a number, found `a`"),
        ("n: {one-of: [exited, ruining]}", "state: '${n}'", "state: with `n: ruining`: expected one of created"),
        (
            "n: {number: {from: 1, to: 99999}}",
            "published: {'${n}/tcp': {present: true}}",
            "with `n: 99999`: expected a port",
        ),
        ("n: {number: {from: 1, to: 99999}}", "published: {80/tcp: '${n}'}", "with `n: 99999`: expected a port"),
        (
            "a: {one-of: [x, y]}, b: {one-of: [z, y]}",
            "env: {'${a}': '1', '${b}': '2'}",
            "with `a: y` and `b: y`: this key stands twice",
        ),
        (
            "a: {number: {from: 1, to: 5}}, b: {number: {from: 4, to: 9}}",
            "env: {'A${a}': '1', 'A${b}': '2'}",
            "with `a: 4` and `b: 4`: this key",
        ),
        (
            "a: {number: {from: 1, to: 5}}, b: {one-of: [x, '3']}",
            "env: {'A${a}': '1', 'A${b}': '2'}",
            "with `a: 3` and `b: 3`: this key",
        ),
    ],
)
def test_what_some_draws_make_invalid_is_told_with_the_draw(variables: str, checks: str, said: str) -> None:
    (line,) = found(changed("vars: {name: name}", f"vars: {{name: name, {variables}}}").replace("exists: true", checks))
    assert said in line
    assert "(advice)" not in line


def test_draws_that_are_all_valid_have_nothing_said_about() -> None:
    variables = "name: name, n: {one-of: [1, 2]}, m: {number: {from: 3, to: 9}}, p: free-port, a: {one-of: [x]}, b: {one-of: [y]}"
    checks = "exit_code: '${n}', restart_count: '${m}', env: {'${a}': '${p}', '${b}': '2'}"
    assert found(changed("vars: {name: name}", f"vars: {{{variables}}}").replace("exists: true", checks)) == []


def test_keys_of_the_shell_may_be_named() -> None:
    assert found(changed("Two programs want", "Press Ctrl-C or Enter: two programs want")) == []


def test_a_lesson_that_does_not_load_is_told_with_the_loaders_problems() -> None:
    assert any("unknown key" in line for line in found(changed("minutes: 5", "minuets: 5")))


# ------------------------------------------------------------------ words and terms
@pytest.mark.parametrize(
    "word",
    ["the", "Programs", "running", "stopped", "tries", "written", "it's", "isn't", "bigger", "lying", "neighbours"],
)
def test_common_words_and_their_inflections_are_common(word: str) -> None:
    assert is_common(word)


@pytest.mark.parametrize("word", ["daemon", "Docker", "busybox", "localhost", "kernel", "registries"])
def test_words_of_the_trade_are_not_common(word: str) -> None:
    assert not is_common(word)


def test_the_list_has_five_thousand_headwords() -> None:
    assert len(common_words()) == 5000


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "course.yaml").write_text("format: 1\nid: c\ntitle: C\ntracks: {01-a: A}\n")
    (tmp_path / "glossary.yaml").write_text(
        "format: 1\nterms: {daemon: {text: x, also: [daemons]}, image: {text: y, also: [images]}, unused: {text: z}}\n"
    )
    (tmp_path / "01-a").mkdir()
    return tmp_path


def of_course(root: Path, first: str, second: str = "Nothing", introduces: str = "daemon") -> list[str]:
    for name, text, new in (("00-one", first, "[]"), ("01-two", second, f"[{introduces}]")):
        head = f"format: 1\nid: {name[3:]}\ntitle: T\nminutes: 1\nintroduces: {new}\n"
        (root / "01-a" / f"{name}.yaml").write_text(head + f"steps:\n  - read: |\n      {text}\n")
    return [
        str(problem).replace(f"{root}/", "") for problem in lint([root]) if "no lesson introduces" not in str(problem)
    ]


def test_a_word_outside_common_english_belongs_in_the_glossary(course: Path) -> None:
    (said,) = of_course(course, "A kernel", "A [[daemon]]")
    assert said.startswith("01-a/00-one.yaml:8:9: read: `kernel` is not common English")


def test_a_term_is_not_used_before_it_is_introduced(course: Path) -> None:
    (said,) = of_course(course, "Two daemons", "A [[daemon]]")
    assert said.startswith("01-a/00-one.yaml:8:11: read: `daemons` is used before it is introduced")


def test_a_term_may_be_used_on_the_page_that_links_to_it(course: Path) -> None:
    assert of_course(course, "A word", "Two daemons, each a [[daemon]]") == []


def test_a_common_word_that_is_a_term_too_is_only_advice(course: Path) -> None:
    (said,) = of_course(course, "An image", "A [[daemon]] and an [[image]]", "daemon, image")
    assert said.endswith("(advice)")


def picture(*rows: str) -> str:
    """A page with a drawn block, as `of_course` puts it into a lesson."""
    return "\n      ".join(("```", *rows, "```"))


def test_words_of_pictures_are_words(course: Path) -> None:
    (said,) = of_course(course, picture("┌ box ────┐", "│ kernel  │", "└─────────┘"), "A [[daemon]]")
    assert said.startswith("01-a/00-one.yaml:10:9: read: `kernel` is not common English")
    (said,) = of_course(course, picture("one <── daemon ──> two"), "A [[daemon]]")
    assert said.startswith("01-a/00-one.yaml:9:15: read: `daemon` is used before it is introduced")


@pytest.mark.parametrize(
    "row",
    ["docker run -d busybox  the program", "$ foobar kernel", "│ curl --unix-socket \\", "a flag: --hlep", "a FOOBAR",
     '"Cmd": ["echo"]', "sha 3f57dab401f8d", "kernel/today.txt"],
)  # fmt: skip
def test_what_a_picture_shows_of_code_is_no_word(course: Path, row: str) -> None:
    assert of_course(course, picture(row.replace("sha ", "")), "A [[daemon]]") == []


def test_images_that_a_lesson_lists_may_be_named_in_its_pictures(course: Path) -> None:
    of_course(course, picture("one busybox"), "A [[daemon]]")
    assert any("`busybox` is not common English" in str(problem) for problem in lint([course]))
    path = course / "01-a" / "00-one.yaml"
    path.write_text(path.read_text().replace("minutes: 1", 'minutes: 1\nimages: ["busybox:1.36"]'))
    assert not any("busybox" in str(problem) for problem in lint([course]))


def test_words_of_titles_are_words_and_may_be_explained_below(course: Path) -> None:
    of_course(course, "A word", "A [[daemon]]")
    for name, title in (("00-one", "One kernel"), ("01-two", "The daemon")):
        path = course / "01-a" / f"{name}.yaml"
        path.write_text(path.read_text().replace("title: T", f"title: {title}"))
    (said,) = [str(problem) for problem in lint([course]) if "introduces this term" not in str(problem)]
    assert "00-one.yaml:3:12: title: `kernel` is not common English" in said


def test_links_and_introductions_must_be_in_the_glossary(course: Path) -> None:
    lines = of_course(course, "A [[thing]]", "A [[daemon]] [[image]]", "daemon, other")
    assert any("no term for `[[thing]]`" in line for line in lines)
    assert any("the glossary has no term `other`" in line for line in lines)
    assert any("`image` is not introduced yet" in line for line in lines)


def test_a_term_that_is_introduced_is_linked_to(course: Path) -> None:
    (said,) = of_course(course, "A word")
    assert "no text links to it" in said


def test_an_image_of_the_course_needs_a_folder_to_build_it_from(course: Path) -> None:
    of_course(course, "A word", "A [[daemon]]")
    path = course / "01-a" / "00-one.yaml"
    path.write_text(path.read_text().replace("minutes: 1", "minutes: 1\nimages: [tutor-blog]"))
    assert any("`tutor-blog` has no Dockerfile" in str(problem) for problem in lint([course]))
    (course / "images" / "tutor-blog").mkdir(parents=True)
    (course / "images" / "tutor-blog" / "Dockerfile").write_text("FROM busybox\n")
    assert not any("tutor-blog" in str(problem) for problem in lint([course]))


def test_only_the_lessons_that_were_named_are_told_about(course: Path) -> None:
    of_course(course, "A kernel", "A [[daemon]] and a kernel")
    told = lint([course / "01-a" / "01-two.yaml"])
    assert [Path(problem.place.file).name for problem in told] == ["01-two.yaml"]


def test_a_lesson_that_the_course_leaves_out_is_told_of(course: Path) -> None:
    left_out = "01-a/my-topic.yaml:1:1: not a part of the course: expected a name as `01-track/01-lesson.yaml` (advice)"
    (course / "01-a" / "my-topic.yaml").write_text("format: 1\nid: Wrong\n")
    assert [one for one in of_course(course, "A kernel") if "my-topic" in one] == [left_out]
    named = [str(one).replace(f"{course}/", "") for one in lint([course / "01-a" / "my-topic.yaml"])]
    assert left_out in named
    assert any(one.startswith("01-a/my-topic.yaml:2:5: id: ") for one in named)


def test_the_name_of_a_file_steers_no_terminal(tmp_path: Path) -> None:
    (tmp_path / "01-\x1b[31mred\x9b0m.yaml").write_text("format: 1\n")
    out = io.StringIO()
    assert cli_lint([tmp_path], out) == 3
    assert "red" in out.getvalue()
    assert not [char for char in out.getvalue() if not char.isprintable() and char != "\n"]


def test_a_folder_without_lessons_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There are no lessons in"):
        cli_lint([tmp_path], io.StringIO())


def test_the_glossary_explains_in_everyday_words(course: Path) -> None:
    (course / "glossary.yaml").write_text("format: 1\nterms:\n  daemon: {text: A kernel daemon of `dockerd`.}\n")
    (said,) = of_course(course, "A word", "A [[daemon]]")
    assert said == "glossary.yaml:3:3: daemon: `kernel` is not common English, and no term either (advice)"


def test_code_addresses_and_panes_are_not_prose(course: Path) -> None:
    text = "See `dockerd`, http://localhost:80, [[pane:terminal]], daemon.json:\n\n          dockerd\n"
    assert of_course(course, text, "A [[daemon]]") == []


# ------------------------------------------------------------------ the commands
def test_lint_of_the_command_line_counts_and_fails_for_errors_only(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(changed("kind: faded", "kind: worked"))
    bad.write_text(changed("minutes: 5\n", ""))
    out = io.StringIO()
    assert cli_lint([good], out) == 0
    assert out.getvalue().endswith("0 errors, 1 piece of advice\n")
    assert cli_lint([good, bad], out) == 3
    assert out.getvalue().endswith("1 error, 1 piece of advice\n")
    with pytest.raises(UsageError):
        cli_lint([tmp_path / "none.yaml"], out)


def test_the_lesson_to_begin_with_needs_nothing_in_a_course_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "course.yaml").write_text("format: 1\nid: mine\ntitle: Mine\ntracks: {01-start: Start}\n")
    out = io.StringIO()
    assert cli_new(tmp_path / "01-start" / "01-first.yaml", out) == 0
    said = io.StringIO()
    assert cli_lint([tmp_path], said) == 0
    assert said.getvalue() == "0 errors, 0 pieces of advice\n"


def test_a_new_lesson_is_free_of_errors_and_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "05-my-topic.yaml"
    out = io.StringIO()
    assert cli_new(path, out) == 0
    assert "id: my-topic" in path.read_text()
    assert cli_lint([path], out) == 0
    with pytest.raises(UsageError, match="exists already"):
        cli_new(path, out)
    with pytest.raises(UsageError, match="no name for a lesson"):
        cli_new(tmp_path / "My Topic.yaml", out)


def test_a_preview_shows_every_part_with_names_drawn() -> None:
    out = io.StringIO()
    cli_preview(str(EXAMPLES / "model-lesson.yaml"), out, seed=7)
    text = out.getvalue()
    for part in (
        "Boxes for programs",
        "(x) One long line, then the prompt",
        "Mistake reversed:",
        "Hint 3:",
        "Why:",
        '"(sentence)"',
    ):
        assert part in text
    assert "${" not in text
    assert "[[" not in text


def test_the_same_seed_draws_the_same_preview() -> None:
    texts = []
    for seed in (1, 1, 2):
        out = io.StringIO()
        cli_preview(str(EXAMPLES / "model-lesson.yaml"), out, seed=seed)
        texts.append(out.getvalue())
    assert texts[0] == texts[1] != texts[2]


def test_the_schema_is_printed_as_json() -> None:
    import json

    out = io.StringIO()
    assert cli_schema(out) == 0
    assert json.loads(out.getvalue())["$schema"].endswith("2020-12/schema")
