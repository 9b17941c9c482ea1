"""Judging what is no engine object: pages, registries, files, answers, command lines, API calls, what remains."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dockertutor.checks.kinds import KINDS
from dockertutor.checks.look import CannotSee, NotYet
from dockertutor.checks.match import FromAbsent, holds
from dockertutor.checks.model import Check, Matcher, Verdict
from dockertutor.checks.rows import NOT_YET, Row, after_first, property_row
from dockertutor.checks.scope import Scope
from dockertutor.checks.values import LazyNames
from dockertutor.checks.words import expected
from dockertutor.facts import (
    Answered,
    Call,
    Calls,
    Digest,
    FileHere,
    Http,
    HttpAnswer,
    Inspect,
    Object,
    Registry,
    Typed,
    TypedLine,
)

NO_ANSWER = "no answer yet"
"""What was found where an answer is asked for and none was given."""
HANDLE = re.compile(r"[a-z][a-z0-9_-]*")


def outside_rows(check: Check, scope: Scope) -> list[Row]:
    """All rows of a check that is not on an engine object."""
    head, judge = _KINDS[check.kind]
    try:
        return after_first(judge(check, scope))
    except NotYet:
        return [Row(Verdict("unknown", head(check), why=NOT_YET))]
    except CannotSee as fault:
        return [Row(Verdict("unknown", head(check), why=str(fault)))]


def _values(check: Check, scope: Scope, values: Mapping[str, Any], skip: tuple[str, ...] = ()) -> list[Row]:
    """A row for each property, read from a stand-in object that holds the values."""
    stand_in = Object(check.kind, "", "", values)
    rows = []
    for name, matcher in check.properties:
        prop = KINDS[check.kind].find(name)
        if prop is not None and name not in skip:
            rows.append(property_row(check, prop, matcher, stand_in, scope))
    return rows


def _holds_of_nothing(check: Check, scope: Scope) -> bool:
    """Whether all that is asked for holds of what is absent, as ``present: false`` and ``not`` do."""
    pairs = [(KINDS[check.kind].find(name), matcher) for name, matcher in check.properties]
    try:
        return all(prop is not None and holds(matcher, None, prop.type, scope.resolve) for prop, matcher in pairs)
    except FromAbsent:
        return False


def http_title(check: Check) -> str:
    path = check.extra["path"]
    return f"A page at http://localhost:{check.extra['port']}{'' if path == '/' else path}"


def _http(check: Check, scope: Scope) -> list[Row]:
    answer: HttpAnswer | None = scope.look(Http(int(check.extra["port"]), check.extra["path"]))
    wanted = dict(check.properties).get("status", Matcher("equal", "200"))
    prop = KINDS["http"].find("status")
    assert prop is not None
    row = Verdict("pass", http_title(check), found="answers")
    says = f"answers with {expected(wanted, prop.type, scope.resolve)}"
    if answer is None:
        row = replace(row, status="fail", expected=says, found="nobody answers")
        return [Row(row, "the page"), *_skipped(check, ("status",))]
    if not holds(wanted, answer.status, prop.type, scope.resolve):
        row = replace(row, status="fail", expected=says, found=f"answers with {answer.status}")
    values = {"headers": answer.headers, "body": answer.body}
    return [Row(row, "the page"), *_values(_lower_headers(check), scope, values, ("status",))]


def _lower_headers(check: Check) -> Check:
    changed = tuple((name, _lower(matcher) if name == "headers" else matcher) for name, matcher in check.properties)
    return replace(check, properties=changed)


def _lower(part: Any) -> Any:
    """A matcher with the names in it in lower case, as far as it is one of a mapping of names."""
    if isinstance(part, tuple):
        return tuple(map(_lower, part))
    if not isinstance(part, Matcher):
        return part
    if part.op == "each":
        return Matcher("each", {name.lower(): value for name, value in part.arg.items()})
    return Matcher(part.op, _lower(part.arg))


def _skipped(check: Check, but: tuple[str, ...]) -> list[Row]:
    found = [(name, KINDS[check.kind].find(name)) for name, _ in check.properties if name not in but]
    return [Row(Verdict("skipped", prop.label, key=name), prop.after) for name, prop in found if prop is not None]


def registry_title(check: Check) -> str:
    return f"Repository {check.extra['repository']} in the registry at localhost:{check.extra['port']}"


def _registry(check: Check, scope: Scope) -> list[Row]:
    tags = scope.look(Registry(int(check.extra["port"]), check.extra["repository"]))
    row = Verdict("pass", registry_title(check))
    if tags is None and not _holds_of_nothing(check, scope):
        return [
            Row(replace(row, status="fail", expected="this repository", found="none"), "the repository"),
            *_skipped(check, ()),
        ]
    port, repository = int(check.extra["port"]), check.extra["repository"]
    digests = LazyNames(lambda tag: scope.look(Digest(port, repository, tag)))
    return _values(check, scope, {"tags": tags, "digests": digests})


def file_title(check: Check) -> str:
    return f"The file {check.subject.name}"


def _file(check: Check, scope: Scope) -> list[Row]:
    text = scope.look(FileHere(check.subject.name or ""))
    there = text is not None
    row = Verdict("pass", file_title(check), check.subject.name or "")
    if check.exists is not None and there != check.exists:
        words = {True: "in your folder", False: "not in your folder"}
        return [Row(replace(row, status="fail", expected=words[check.exists], found=words[there]), "the file")]
    if not check.properties:
        return [Row(row, "the file")]
    if not there and not _holds_of_nothing(check, scope):
        # one row, as when it is there: what is to be in it comes up when there is something to compare
        key = check.properties[0][0]
        absent = replace(row, status="fail", key=key, expected="in your folder", found="no such file")
        return [Row(absent, "the file")]
    first = _values(check, scope, {"text": text})[0]
    return [Row(replace(first.verdict, title=file_title(check), object=check.subject.name or ""), "the file")]


def answer_title(check: Check) -> str:
    return "Your answer"


def _answer(check: Check, scope: Scope) -> list[Row]:
    said = scope.look(Answered())
    if said is None:
        return [Row(Verdict("fail", "Your answer", key="answer", expected="", found=NO_ANSWER), "your answer")]
    (row,) = _values(check, scope, {"answer": said.strip()})
    # what is right stays hidden: a wrong answer must not be told the right one
    return [Row(replace(row.verdict, expected=""), row.after)] if row.verdict.status == "fail" else [row]


def typed_title(check: Check) -> str:
    return "Command line"


def _typed(check: Check, scope: Scope) -> list[Row]:
    line: TypedLine | None = scope.look(Typed())
    if line is None:
        return [Row(Verdict("fail", "Command line", found="none yet"), "the command line")]
    values = {"text": line.text, "failed": line.exit_code != 0, "exit_code": line.exit_code}
    return _values(check, scope, values)


def calls_title(check: Check) -> str:
    words = " → ".join(f"{method} {path}" for method, path in check.extra["calls"])
    return f"No API call {words}" if check.exists is False else f"API call {words}"


def _path_matches(pattern: str, path: str) -> bool:
    parts, wanted = path.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatch.fnmatchcase, parts, wanted))


def _api_calls(check: Check, scope: Scope) -> list[Row]:
    calls: tuple[Call, ...] | None = scope.look(Calls())
    head = calls_title(check)
    if calls is None:
        return [Row(Verdict("unknown", head, why="the API calls are not watched here (the wire is off)"), "the call")]
    filters = {name: matcher for name, matcher in check.properties if name != "count"}
    count = dict(check.properties).get("count")
    fits = [call for call in calls if _fits(check, call, filters, scope)]
    number, near = _sequences(check, calls, fits)
    row = Verdict("pass", head)
    if check.exists is False or count is not None:
        wanted = count or Matcher("equal", "0")
        prop = KINDS["api-call"].find("count")
        assert prop is not None
        good, words = holds(wanted, number, prop.type, scope.resolve), expected(wanted, prop.type, scope.resolve)
    else:
        good, words = number > 0, "seen"
    if good:
        return [Row(row, "the call")]
    said = "none" if number == 0 and words == "seen" else f"{number} such call{'' if number == 1 else 's'}"
    if number == 0 and near is not None:
        said = f"{near.method} {near.path} → {near.status}, by {near.agent or near.client or 'an unknown client'}"
    words = f"{words} such calls" if words != "seen" else _asked(check, filters, scope)
    return [Row(replace(row, status="fail", expected=words, found=said), "the call")]


def _asked(check: Check, filters: Mapping[str, Matcher], scope: Scope) -> str:
    """The call as it should have been: ``POST /containers/create → 409, by curl``."""
    words = ", then ".join(f"{method} {path}" for method, path in check.extra["calls"])
    for name, before in (("status", " → "), ("agent", ", by "), ("client", ", by ")):
        prop, matcher = KINDS["api-call"].find(name), filters.get(name)
        if prop is not None and matcher is not None:
            said = expected(matcher, prop.type, scope.resolve)
            words += before + said.removeprefix("begins with ")
    return words


def _fits(check: Check, call: Call, filters: Mapping[str, Matcher], scope: Scope) -> bool:
    values = {"query": call.query, "status": call.status or None, "agent": call.agent, "client": call.client}
    for name, matcher in filters.items():
        prop = KINDS["api-call"].find(name)
        if prop is not None and not holds(matcher, values[name], prop.type, scope.resolve):
            return False
    return True


def _sequences(check: Check, calls: tuple[Call, ...], fits: list[Call]) -> tuple[int, Call | None]:
    """How often the calls asked for were made in this order, and a call that comes near."""
    pattern = check.extra["calls"]

    def one(call: Call, wanted: tuple[str, str]) -> bool:
        return wanted[0] in ("*", call.method) and _path_matches(wanted[1], call.path)

    number, at = 0, 0
    for call in fits:
        if one(call, pattern[at]):
            at += 1
            if at == len(pattern):
                number, at = number + 1, 0
    near = next((call for call in reversed(calls) if any(one(call, wanted) for wanted in pattern)), None)
    return number, near


def remaining_title(check: Check) -> str:
    return "What is left"


def _remaining(check: Check, scope: Scope) -> list[Row]:
    """Of the given objects of the kinds that are named, exactly these are left. Where none is named: of containers,
    and where none of those are given, of all."""
    given, wanted = scope.look.facts.given, check.extra["remaining"]
    named = {handle: kind for handle, (kind, _) in given.items() if HANDLE.fullmatch(handle)}
    kinds = {named[handle] for handle in wanted if handle in named}
    kinds = kinds or ({"container"} if "container" in named.values() else set(named.values()))
    counted = [handle for handle, kind in named.items() if kind in kinds]
    objects: dict[str, Object | None] = {}
    for handle in counted:
        kind, ident = given[handle]
        scope.look.has(Inspect(kind, ident, by_id=True))
    for handle in counted:
        kind, ident = given[handle]
        objects[handle] = scope.look(Inspect(kind, ident, by_id=True))
    left = [handle for handle, thing in objects.items() if thing is not None and not thing.removed]
    row = Verdict("pass", "What is left", key="remaining")
    if set(left) == set(wanted):
        return [Row(row, "what is left")]

    def names(handles: Any) -> str:
        found = [objects.get(handle) for handle in handles]
        return ", ".join(thing.name for thing in found if thing is not None) or "nothing"

    return [Row(replace(row, status="fail", expected=names(wanted), found=names(left)), "what is left")]


_KINDS: dict[str, tuple[Callable[[Check], str], Callable[[Check, Scope], list[Row]]]] = {
    "http": (http_title, _http),
    "registry": (registry_title, _registry),
    "file": (file_title, _file),
    "answer": (answer_title, _answer),
    "typed": (typed_title, _typed),
    "api-call": (calls_title, _api_calls),
    "remaining": (remaining_title, _remaining),
}
