"""Which engine events concern an exercise: on an engine that others use too, their comings and goings must neither
keep a fail from being final nor a pass from being recorded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from dockertutor.checks import Check, Matcher
from dockertutor.course.model import Stage
from dockertutor.facts import Event
from dockertutor.tutor.context import AttemptContext

Concern = Literal["none", "perhaps", "surely"]
"""``surely``: it may change the verdict. ``perhaps``: something new that nobody asked for, worth a look (a near miss),
but nothing to wait for."""


class Relevance:
    """What a stage speaks of: names, kinds with new objects, whether it counts everything on the engine."""

    def __init__(self, stage: Stage, context: AttemptContext) -> None:
        self._context = context
        checks = [*stage.expect, *(check for mistake in stage.mistakes for check in mistake.when)]
        self._kinds = {check.kind for check in checks}
        self._new = {check.kind for check in checks if check.subject.new}
        self._names = {check.subject.name for check in checks if check.subject.name}
        self._images = {text for check in checks for text in _image_texts(check)}
        self._given = {ident for _, ident in context.given.values()}

    def of(self, event: Event, judged: frozenset[str]) -> Concern:
        """How much an event concerns the stage. ``judged``: Ids that the last verdict rests on."""
        ids = {event.id, event.attributes.get("container", "")}
        names = {event.name, event.attributes.get("oldName", "").lstrip("/"), event.id} - {""}
        if ids & (judged | self._given) or names & self._names or "daemon" in self._kinds:
            return "surely"
        if event.kind == "image":
            return self._of_image(names)
        if event.kind not in ("container", "network", "volume"):
            return "surely" if event.kind in self._kinds else "none"
        if event.id in self._context.baseline.ids.get(event.kind, frozenset()):
            return "none"
        if self._context.wire and not self._context.is_theirs(event.kind, event.id):
            return "none"  # the call that makes an object of theirs is a signal itself
        return "surely" if event.kind in self._new else "perhaps"

    def _of_image(self, names: set[str]) -> Concern:
        speaks = self._kinds & {"image", "registry"}
        return "surely" if speaks or any(_same(name, text) for name in names for text in self._images) else "none"


def _image_texts(check: Check) -> Iterable[str]:
    if check.kind == "image" and check.subject.name:
        yield check.subject.name
    if check.kind == "container":
        for name, matcher in check.properties:
            if name == "image":
                yield from _texts(matcher)


def _texts(matcher: Matcher) -> Iterable[str]:
    parts = matcher.arg if isinstance(matcher.arg, tuple) else (matcher.arg,)
    for part in parts:
        if isinstance(part, Matcher):
            yield from _texts(part)
        elif isinstance(part, str):
            yield part


def _same(one: str, other: str) -> bool:
    return one.removesuffix(":latest") == other.removesuffix(":latest")
