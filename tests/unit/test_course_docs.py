"""Every example of the author's guide works as it stands."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from dockertutor.authoring.lint import Advice, lint_text
from dockertutor.course import load_text, parse_glossary

GUIDE = (Path(__file__).parents[2] / "docs" / "lesson-language.md").read_text()
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
WHOLE = [text for text in EXAMPLES if text.startswith("format:")]
PARTS = [text for text in EXAMPLES if not text.startswith("format:")]


def test_the_whole_lesson_is_free_of_errors() -> None:
    (text,) = WHOLE
    assert [found for found in lint_text(text, "guide.yaml", None) if not isinstance(found, Advice)] == []


@pytest.mark.parametrize("part", PARTS, ids=range(len(PARTS)))
def test_each_part_of_an_exercise_loads(part: str) -> None:
    head = "format: 1\nid: guide\ntitle: Guide\nsteps:\n  - exercise:\n      id: part\n      kind: independent\n"
    (exercise,) = load_text(head + textwrap.indent(part, " " * 6), "guide.yaml").exercises
    assert exercise.stages[0].expect


def test_the_glossary_of_the_guide_loads() -> None:
    text = textwrap.dedent(GUIDE[GUIDE.index("    format: 1\n    terms:") :].split("\n\n")[0])
    assert parse_glossary(text, "guide")["container"].also == ("containers", "box")


@pytest.mark.parametrize("key", ["format", "was", "exclusive", "requires", "then", "predict", "also", "remembered"])
def test_the_guide_explains_each_key(key: str) -> None:
    assert re.search(rf"`[^`\n]*{key}[^`\n]*`", GUIDE)
