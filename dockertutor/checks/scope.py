"""Which object a check means, and the values of handles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dockertutor.checks.kinds import KINDS
from dockertutor.checks.look import Look, NotYet
from dockertutor.checks.match import FromAbsent
from dockertutor.checks.model import Check, Matcher
from dockertutor.checks.values import absent
from dockertutor.facts import Answered, Calls, FileHere, Http, Inspect, Need, New, Object, Registry, Typed

DAEMON = Inspect("daemon", "daemon")
"""The need for the engine itself."""


def asked_names(matcher: Matcher) -> Iterable[Matcher]:
    """The matcher and every matcher inside it."""
    yield matcher
    inner = matcher.arg.values() if isinstance(matcher.arg, Mapping) else matcher.arg
    for part in inner if not isinstance(inner, str | Matcher) else (inner,):
        if isinstance(part, Matcher):
            yield from asked_names(part)


def handles_of(check: Check) -> frozenset[str]:
    """Handles that the check speaks of, by ``given``, ``from`` or ``remaining`` (``daemon`` among them)."""
    used = {m.arg[0] for _, matcher in check.properties for m in asked_names(matcher) if m.op == "from"}
    used |= {check.subject.given} if check.subject.given else set()
    return frozenset(used | set(check.extra.get("remaining", ())))


class Scope:
    """One pass over a list of checks: facts, the objects of checks, and what handles stand for.

    ``objects`` holds, by position of the check, the object that it means (None: there is none). ``open`` positions
    have no object yet: they are new ones still to be chosen.
    """

    def __init__(self, checks: tuple[Check, ...], look: Look) -> None:
        self.checks = checks
        self.look = look
        self.objects: dict[int, Object | None] = {}

    def first_needs(self) -> None:
        """Note everything that is known to be needed before anything was seen."""
        for check in self.checks:
            for need in self._needs(check):
                self.look.has(need)

    def _needs(self, check: Check) -> Iterable[Need]:
        if KINDS[check.kind].object and (need := self.subject_need(check)) is not None:
            yield need
        if check.kind == "http":
            yield Http(int(check.extra["port"]), check.extra["path"])
        elif check.kind == "registry":
            yield Registry(int(check.extra["port"]), check.extra["repository"])
        elif check.kind == "file":
            yield FileHere(check.subject.name or "")
        elif check.kind in _PLAIN:
            yield _PLAIN[check.kind]
        for handle in handles_of(check):
            if (need := self.given_need(handle)) is not None:
                yield need
        for name, matcher in check.properties:
            if check.kind == "container" and name == "image":
                for part in asked_names(matcher):
                    if part.op in ("equal", "one-of"):
                        for text in part.arg if isinstance(part.arg, tuple) else (part.arg,):
                            if isinstance(text, str):
                                yield Inspect("image", text)

    def subject_need(self, check: Check) -> Need | None:
        """The need for the object that a check means, None where a handle stands for nothing."""
        subject = check.subject
        if subject.new:
            return New(check.kind)
        if subject.given is not None:
            return self.given_need(subject.given)
        return DAEMON if check.kind == "daemon" else Inspect(check.kind, subject.name or "")

    def given_need(self, handle: str) -> Need | None:
        """The need for what a given handle stands for."""
        if handle in self.look.facts.given:
            kind, ident = self.look.facts.given[handle]
            return Inspect(kind, ident, by_id=True)
        return DAEMON if handle == "daemon" else None

    def named_object(self, check: Check) -> Object | None:
        """The object of a check that names it or gives a handle. Raises NotYet or CannotSee."""
        given = check.subject.given
        if given is not None and given not in self.look.facts.given:
            return self.handle(given)
        need = self.subject_need(check)
        found: Object | None = self.look(need) if need is not None else None
        return found

    def handle(self, handle: str) -> Object | None:
        """What a handle stands for; NotYet while a new object is still to be chosen."""
        for position, check in enumerate(self.checks):
            if check.handle == handle:
                if position in self.objects:
                    return self.objects[position]
                if check.subject.new:
                    raise NotYet
                return self.named_object(check)
        need = self.given_need(handle)
        found: Object | None = self.look(need) if need is not None else None
        return found

    def resolve(self, handle: str, name: str) -> Any:
        """The value of a handle's property. Raises FromAbsent where there is none."""
        thing = self.handle(handle)
        prop = KINDS[thing.kind].find(name) if thing is not None and thing.kind in KINDS else None
        if thing is None or prop is None:
            raise FromAbsent(handle, name)
        value = prop.read(thing, self.look)
        if absent(value):
            raise FromAbsent(handle, name)
        return value


_PLAIN: dict[str, Need] = {"typed": Typed(), "answer": Answered(), "api-call": Calls()}
