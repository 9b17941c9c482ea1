"""One check and the object it means, as rows: one for the object, one a property."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from dockertutor.checks.kinds import KINDS
from dockertutor.checks.look import CannotSee, NotYet
from dockertutor.checks.match import FromAbsent, holds
from dockertutor.checks.model import Check, Matcher, Status, Verdict
from dockertutor.checks.scope import Scope
from dockertutor.checks.table import Prop
from dockertutor.checks.values import short_id
from dockertutor.checks.words import expected, found, found_for
from dockertutor.engine.references import familiar
from dockertutor.facts import Object

NOT_YET = "not looked at yet"


@dataclass(frozen=True)
class Row:
    """A verdict, and how a later row names it ("the port")."""

    verdict: Verdict
    after: str = ""


def see(read: Callable[[], Any]) -> Any:
    """What a reader gives, or None where a fact is missing or cannot be had (for texts, not for judging)."""
    try:
        return read()
    except (NotYet, CannotSee, FromAbsent):
        return None


def shown_in_title(check: Check) -> Matcher | None:
    """A new container's image stands in the title of its row: it says which container is meant."""
    for name, matcher in check.properties:
        if check.subject.new and check.kind == "container" and name == "image" and matcher.op == "equal":
            return matcher
    return None


def title(check: Check, thing: Object | None) -> str:
    """The title of an object's row: "A new container from busybox", "Container web"."""
    if check.subject.new:
        image = shown_in_title(check)
        return f"A new {check.kind}" + (f" from {image.arg}" if image is not None else "")
    if check.kind == "daemon":
        return "The engine"
    # an image that has lost its tags is called by its ID
    name = check.subject.name or (short_id(thing.name) if thing is not None else check.subject.given) or ""
    words = f"{check.kind.capitalize()} {name}"
    return f"{words} is gone" if check.exists is False else words


def property_row(check: Check, prop: Prop, matcher: Matcher, thing: Object, scope: Scope) -> Row:
    """One property of one object, judged."""
    row = Verdict("pass", prop.label, thing.name if check.kind != "daemon" else "", prop.name)
    try:
        value = prop.read(thing, scope.look)
        said = found_for(matcher, value, prop.type, see)  # reads every name: all that is missing is asked for at once
        good = holds(matcher, value, prop.type, scope.resolve)
    except NotYet:
        return Row(replace(row, status="unknown", why=NOT_YET), prop.after)
    except CannotSee as fault:
        return Row(replace(row, status="unknown", why=str(fault)), prop.after)
    except FromAbsent as gone:
        value, good, said = None, False, found(see(lambda: prop.read(thing, scope.look)), prop.type)
        row = replace(row, why=f"there is no {gone.args[0]} to compare it with")
    wanted = see(lambda: expected(matcher, prop.type, scope.resolve)) or ""
    if not good and prop.name == "health" and value == "starting":
        why = "its health check is still starting"
        return Row(replace(row, status="waiting", expected=wanted, found=said, why=why), prop.after)
    if not good and prop.name == "exit_code" and value is None and not thing.removed:
        said = "still running" if (thing.inspect.get("State") or {}).get("Running") else "has not ended"
    if good:
        return Row(replace(row, found=said if len(said) <= 40 else ""), prop.after)
    near = thing.name if check.subject.new else ""
    return Row(replace(row, status="fail", expected=wanted, found=said, near=near), prop.after)


def event_row(check: Check, thing: Object) -> Row:
    """``events``: these actions in this order, others may lie between."""
    rest = iter(thing.events)
    good = all(any(action == wanted for action in rest) for wanted in check.events)
    row = Verdict("pass" if good else "fail", "What happened to it", thing.name, "events")
    if not good:
        row = replace(row, expected=" → ".join(check.events), found=" → ".join(thing.events[-12:]) or "nothing")
    return Row(row, "what happens to it")


def same_row(check: Check, thing: Object, scope: Scope) -> Row:
    """``same``: whether it has the Id that this name (or handle) had in the stage's baseline."""
    names = scope.look.facts.baseline.names.get(check.kind, {})
    name = check.subject.name or thing.name
    before = names.get(familiar(name) if check.kind == "image" else name)
    if check.subject.given is not None:
        before = scope.look.facts.given.get(check.subject.given, ("", before))[1]
    same = before == thing.id
    good = same == check.same and not (check.same and thing.removed and check.exists is not False)
    words = ("the one from before", "another one")
    row = Verdict("pass" if good else "fail", "The same one as before" if check.same else "Another one than before",
                  thing.name, "same")  # fmt: skip
    if not good:
        what = "removed" if same and thing.removed else words[0] if same else words[1]
        row = replace(row, expected=words[0] if check.same else words[1], found=what)
    return Row(row, "its identity")


def object_row(check: Check, thing: Object | None, scope: Scope) -> Row:
    """The object's own row: whether it is there (or gone, as the check asks), and for a new container its image."""
    row = Verdict("pass", title(check, thing), thing.name if thing is not None else "")
    after = f"the {check.kind}"
    further = bool(check.properties or check.events or check.same is not None)
    if check.exists is False:
        if thing is None:
            if not further:
                return Row(row, after)
            return Row(replace(row, status="fail", expected="made, then removed", found="never made"), after)
        if not thing.removed:
            return Row(replace(row, status="fail", expected="removed", found="still there"), after)
        return Row(row, after)
    if thing is None:
        what = f"a new {check.kind}" if check.subject.new else f"a {check.kind} of this name"
        what = what.replace("a image", "an image")
        image = shown_in_title(check)
        what += f" from {image.arg}" if image is not None else ""
        return Row(replace(row, status="fail", expected=what, found="none"), after)
    if check.exists and thing.removed:
        return Row(replace(row, status="fail", expected="there", found="removed"), after)
    image = shown_in_title(check)
    if image is not None:
        prop = KINDS["container"].find("image")
        assert prop is not None
        judged = property_row(check, prop, image, thing, scope).verdict
        if judged.status != "pass":
            text = f"from {judged.found}" if judged.found else ""
            row = replace(row, status=judged.status, why=judged.why, expected=f"from {image.arg}", found=text,
                          near=thing.name if judged.status == "fail" else "")  # fmt: skip
            return Row(row, "the image")
    return Row(row, after)


def object_rows(check: Check, thing: Object | None, scope: Scope) -> list[Row]:
    """All rows of a check on an engine object. After the first that fails, the others that do not hold are skipped;
    what needs a further look (output, files) is looked at only when all else holds."""
    rows = [] if check.kind == "daemon" and thing is not None else [object_row(check, thing, scope)]
    kind, shown = KINDS[check.kind], shown_in_title(check)
    properties = [(kind.find(name), matcher) for name, matcher in check.properties if matcher is not shown]
    wanted = [(prop, matcher) for prop, matcher in properties if prop is not None]
    if thing is None:
        if check.exists is False:
            return rows
        extra = [("same", "The same one as before" if check.same else "Another one than before")] * (
            check.same is not None
        ) + [("events", "What happened to it")] * bool(check.events)
        labels = [(prop.name, prop.label) for prop, _ in wanted] + extra
        return rows + [
            Row(Verdict("skipped", label, "", name, why=f"after the {check.kind}")) for name, label in labels
        ]
    cheap: dict[str, Row] = {p.name: property_row(check, p, m, thing, scope) for p, m in wanted if not p.asks}
    tail = [same_row(check, thing, scope)] if check.same is not None else []
    tail += [event_row(check, thing)] if check.events else []
    settled = all(may_hold(row.verdict) for row in (*rows, *cheap.values(), *tail))
    for prop, matcher in wanted:
        if prop.asks and not settled:
            rows.append(Row(Verdict("skipped", prop.label, thing.name, prop.name), prop.after))
        else:
            rows.append(property_row(check, prop, matcher, thing, scope) if prop.asks else cheap[prop.name])
    return after_first(rows + tail)


def after_first(rows: list[Row]) -> list[Row]:
    """The first row that does not hold speaks; a later one that does not hold waits for it."""
    first = next((row for row in rows if row.verdict.status not in ("pass", "skipped")), None)
    if first is None:
        return rows
    return [
        Row(replace(row.verdict, status="skipped", found="", near="", why=f"after {first.after}"), row.after)
        if row is not first and row.verdict.status in ("fail", "skipped")
        else row
        for row in rows
    ]


def may_hold(verdict: Verdict) -> bool:
    """It holds, or rests on something that was not looked at or chosen yet."""
    return verdict.status == "pass" or (verdict.status == "unknown" and verdict.why == NOT_YET)


def gravest(statuses: list[Status]) -> Status:
    """Pass only if all pass; else the gravest of fail, unknown, waiting, skipped."""
    order: tuple[Status, ...] = ("fail", "unknown", "waiting", "skipped")
    return next((status for status in order if status in statuses), "pass")
