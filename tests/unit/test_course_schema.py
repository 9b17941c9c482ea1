"""The JSON Schema agrees with the loader, and is what editors can work with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from dockertutor.course import find_root, load_text, schema
from dockertutor.errors import ContentError

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.yaml"))
LESSONS = sorted(find_root().glob("*/*.yaml"))

LESSON = """\
format: 1
id: small
title: A small one
steps:
  - exercise:
      id: one
      kind: worked
      task: Do it
      expect: [{container: web, state: running}]
"""


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    found = schema()
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


@pytest.mark.parametrize("path", [*EXAMPLES, *LESSONS], ids=lambda path: path.stem)
def test_every_lesson_that_loads_is_valid(path: Path, validator: jsonschema.Draft202012Validator) -> None:
    assert [error.message for error in validator.iter_errors(yaml.safe_load(path.read_text()))] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("format: 1", "format: 2"),
        ("title: A small one\n", ""),
        ("kind: worked", "kind: hard"),
        ("task: Do it", "taks: Do it"),
        ("state: running", "stat: running"),
        ("task: Do it", "task: [Do it]"),
        ("task: Do it", "task: ''"),
        ("  - exercise:", "  - exercice:"),
        ("id: small", "id: Not an id"),
        ("[{container: web, state: running}]", "[]"),
        ("task: Do it", "task: Do it\n      vars: {n: nmae}"),
        ("task: Do it", "task: Do it\n      predict: {ask: a, options: [{say: b, correct: true}]}"),
    ],
)
def test_what_the_loader_refuses_is_not_valid(old: str, new: str, validator: jsonschema.Draft202012Validator) -> None:
    text = LESSON.replace(old, new)
    with pytest.raises(ContentError):
        load_text(text, "l.yaml")
    assert not validator.is_valid(yaml.safe_load(text))


def test_texts_may_be_written_as_numbers_and_truths(validator: jsonschema.Draft202012Validator) -> None:
    text = (
        LESSON.replace("title: A small one", "title: 12")
        .replace("format: 1", 'format: "1"')
        .replace("task: Do it", "task: true")
    )
    assert validator.is_valid(yaml.safe_load(text))
    load_text(text, "l.yaml")


def parts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from parts(value)
    elif isinstance(node, list):
        for value in node:
            yield from parts(value)


def test_kinds_are_told_apart_by_a_required_key_and_allow_no_other_keys() -> None:
    for name in ("step", "variable", "check-expect"):
        for branch in schema()["$defs"][name]["oneOf"]:
            assert branch["required"]
            assert branch["additionalProperties"] is False


def test_no_branch_is_null_and_every_key_of_a_lesson_is_explained() -> None:
    found = schema()
    assert not any("null" in str(part.get("type")) for part in parts(found))
    for name in ("lesson", "exercise", "stage", "mistake", "option"):
        assert all(key.get("description") for key in found["$defs"][name]["properties"].values())
