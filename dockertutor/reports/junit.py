"""Completion as JUnit XML: a suite a lesson, a case an exercise."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree

from dockertutor.tutor.stored import Checked


def render(results: Sequence[Checked]) -> str:
    """``failure``: it does not hold; ``error``: it could not be judged; ``skipped``: not on this engine."""
    suites = ElementTree.Element("testsuites", name="dockertutor")
    for lesson, group in groupby(results, key=lambda one: one.lesson):
        cases = list(group)
        suite = ElementTree.SubElement(
            suites,
            "testsuite",
            name=lesson,
            tests=str(len(cases)),
            failures=str(sum(_tag(one) == "failure" for one in cases)),
            errors=str(sum(_tag(one) == "error" for one in cases)),
            skipped=str(sum(_tag(one) == "skipped" for one in cases)),
        )
        for one in cases:
            case = ElementTree.SubElement(suite, "testcase", classname=lesson, name=one.exercise)
            if tag := _tag(one):
                said = ElementTree.SubElement(case, tag, message=_xml(one.why or one.mistake or one.status))
                said.text = _xml(
                    "\n".join(
                        f"{v.title}: expected {v.expected}, found {v.found or 'nothing'}"
                        for v in one.verdicts
                        if v.status == "fail"
                    )
                )
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _tag(one: Checked) -> str:
    if one.holds:
        return ""
    return {"not-here": "skipped", "unknown": "error"}.get(one.status, "failure")


def _xml(text: str) -> str:
    """Characters that XML 1.0 cannot hold are replaced."""
    return "".join(c if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff") else "\ufffd" for c in text)
