"""Check kinds and matchers, and judge(check, facts), pure. Import from here; the modules inside are private."""

from __future__ import annotations

from dockertutor.checks.evidence import facts_from_json, facts_to_json
from dockertutor.checks.judge import first_mistake, judge
from dockertutor.checks.model import Check, Judgement, Matcher, Status, Subject, Verdict
from dockertutor.checks.parse import Use, parse_check
from dockertutor.checks.schema import check_schema, schema_defs
from dockertutor.checks.scope import handles_of

__all__ = [
    "Check",
    "Judgement",
    "Matcher",
    "Status",
    "Subject",
    "Use",
    "Verdict",
    "check_schema",
    "facts_from_json",
    "facts_to_json",
    "first_mistake",
    "handles_of",
    "judge",
    "parse_check",
    "schema_defs",
]
