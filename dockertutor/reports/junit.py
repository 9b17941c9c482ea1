"""Completion as JUnit XML: a suite a lesson, a case an exercise."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree

from dockertutor.reports.text import WORDS, reason
from dockertutor.tutor.stored import Checked
from dockertutor.visible import visible


def render(results: Sequence[Checked]) -> str:
    """``failure``: it does not hold; ``error``: it could not be judged; ``skipped``: not on this engine.

    All but ASCII is written as character references, so that the text is right in whatever encoding it is printed.
    """
    suites = ElementTree.Element("testsuites", {"name": "dockertutor", **_counts(results)})
    for lesson, group in groupby(results, key=lambda one: one.lesson):
        cases = list(group)
        suite = ElementTree.SubElement(suites, "testsuite", {"name": lesson, **_counts(cases)})
        for one in cases:
            case = ElementTree.SubElement(suite, "testcase", classname=lesson, name=one.exercise)
            if tag := _tag(one):
                said = ElementTree.SubElement(
                    case, tag, message=visible(reason(one) or one.mistake or WORDS[one.status])
                )
                said.text = visible(
                    "\n".join(
                        f"{v.title}: expected {v.expected}, found {v.found or 'nothing'}"
                        for v in one.verdicts
                        if v.status == "fail"
                    )
                )
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites).decode("ascii") + "\n"


def _counts(cases: Sequence[Checked]) -> dict[str, str]:
    tags = [_tag(one) for one in cases]
    counted = {"tests": len(tags), "failures": tags.count("failure"), "errors": tags.count("error")}
    return {name: str(count) for name, count in (counted | {"skipped": tags.count("skipped")}).items()}


def _tag(one: Checked) -> str:
    if one.holds:
        return ""
    return {"not-here": "skipped", "unknown": "error"}.get(one.status, "failure")
