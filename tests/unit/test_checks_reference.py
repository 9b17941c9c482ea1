"""The reference page and the editors' schema are written from the same tables, and agree with the parser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from checks_reading import problems_of

from dockertutor.checks import check_schema, schema_defs
from dockertutor.checks.kinds import KINDS
from dockertutor.checks.reference import example_line, reference

ROOT = Path(__file__).parents[2]
SUBJECT = {
    "container": "container: web",
    "image": "image: busybox",
    "network": "network: n",
    "volume": "volume: v",
    "http": "http: '80'",
    "registry": "registry: '80', repository: x",
    "api-call": "api-call: GET /info",
}


def _validator(use: Any) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({"$defs": schema_defs(), **check_schema(use)})


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "checks.md").read_text() == reference(), (
        "python -m dockertutor.checks.reference > docs/checks.md"
    )


def test_every_kind_and_property_is_on_the_page() -> None:
    page = reference()
    for kind in KINDS.values():
        assert f"## {kind.name}\n" in page
        for prop in kind.properties if kind.object else ():
            assert f"| `{prop.name}` | {prop.type.word} | " in page


def test_every_example_is_taken_by_the_parser() -> None:
    for kind in KINDS.values():
        use = "when" if kind.name == "typed" else "expect"
        assert problems_of(f"[{kind.example}]", use) == []
        for prop in kind.properties:
            if kind.name in SUBJECT:
                assert problems_of(f"[{{{SUBJECT[kind.name]}, {example_line(prop)}}}]") == []
            if kind.name == "daemon":
                assert problems_of(f"[{{daemon: {{{example_line(prop)}}}}}]") == []


@pytest.mark.parametrize("name", ["hard-exercises.yaml", "model-lesson.yaml"])
def test_the_schema_takes_the_examples(name: str) -> None:
    lesson = yaml.safe_load((ROOT / "tests" / "examples" / name).read_text())
    count = 0
    for use, check in _checks(lesson):
        errors = [error.message for error in _validator(use).iter_errors(check)]
        assert errors == [], check
        count += 1
    assert count > 15


def _checks(value: Any) -> Any:
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if key in ("expect", "given", "when", "requires"):
            yield from ((key, check) for check in (inner if isinstance(inner, list) else [inner]))
        else:
            yield from _checks(inner)


@pytest.mark.parametrize(
    ("use", "check"),
    [
        ("expect", {"container": "web", "statte": "running"}),
        ("expect", {"container": "web", "state": {"containz": "x"}}),
        ("expect", {"container": {"newer": True}}),
        ("expect", {"image": "a:1", "dockerfile": "FROM x"}),
        ("expect", {"typed": "docker"}),
        ("expect", {"registry": 5000, "tags": "1"}),
        ("expect", {"registry": 5000, "repository": "blog"}),
        ("expect", {}),
        ("expect", {"container": "web"}),
        ("expect", {"file": "a.txt"}),
        ("expect", {"container": "web", "state": "runing"}),
        ("expect", {"container": "web", "mount_types": {"/data": "volum"}}),
        ("expect", {"container": "web", "published": {"80/tpc": {"present": True}}}),
        ("expect", {"container": "web", "state": {"any": []}}),
        ("expect", {"container": "web", "state": {"one-of": "running"}}),
        ("expect", {"container": "web", "command": {"contains": []}}),
        ("expect", {"container": "web", "logs": {"contains": ""}}),
        ("expect", {"container": "web", "logs": {"from": "a"}}),
        ("expect", {"container": "web", "logs": {"get": "logs"}}),
        ("expect", {"file": "a.txt", "from": "a"}),
        ("expect", {"container": "web", "exec": []}),
        ("expect", {"container": "web", "exec": {"command": ["ls"]}}),
        ("expect", {"container": "web", "exists": True, "remember": {"Sen-tence": "args"}}),
        ("requires", {"daemon": {"versoin": "1"}}),
        ("requires", {"daemon": {}}),
    ],
)
def test_the_schema_refuses_what_the_parser_refuses(use: Any, check: dict[str, Any]) -> None:
    assert not _validator(use).is_valid(check)
    assert problems_of(yaml.safe_dump([check]), use) != []


@pytest.mark.parametrize(
    ("use", "check"),
    [
        ("given", {"container": "web"}),
        ("expect", {"container": "web", "logs": {"matches": 3}}),
        ("expect", {"container": "web", "tty": "${flag}", "exists": "${flag}"}),
        ("expect", {"container": "web", "state": "${state}"}),
        ("expect", {"container": "web", "restart_policy": False}),  # what YAML makes of `no` for an editor
        ("expect", {"container": "web", "published": {"80": 8317, "${port}/tcp": {"present": True}, "length": 2}}),
        ("expect", {"container": "web", "command": {"any": [["ls"], {"contains": "ls"}]}}),
        ("requires", {"daemon": {"cgroup_version": 2}}),
        ("requires", {"daemon": True, "version": {"at-least": 20.10}}),
    ],
)
def test_the_schema_takes_what_the_parser_takes(use: Any, check: dict[str, Any]) -> None:
    assert [error.message for error in _validator(use).iter_errors(check)] == []
    text = yaml.safe_dump([check]).replace("restart_policy: false", "restart_policy: no")
    problems = problems_of(text.replace("${flag}", "true"), use)
    assert problems == []
