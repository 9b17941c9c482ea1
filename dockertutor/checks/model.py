"""A check as it is after loading, and a verdict as it is after judging. Both are plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dockertutor.errors import Place
from dockertutor.facts import Need, Object

Status = Literal["pass", "fail", "waiting", "skipped", "unknown"]
"""``unknown`` is "cannot judge": an engine fault, never the learner's failure."""


@dataclass(frozen=True)
class Matcher:
    """What a value must be. ``op``: ``equal``, ``contains``, ``starts-with``, ``matches``, ``one-of``, ``at-least``,
    ``at-most``, ``length``, ``present``, ``exactly``, ``not``, ``all``, ``any``, ``each`` (a mapping of names),
    ``list`` (a whole list in order) or ``from`` (the value of a property of a handle). ``arg`` is text, a Matcher, a
    tuple of Matchers, a mapping name → Matcher, or for ``from`` a pair ``(handle, property)``."""

    op: str
    arg: Any


@dataclass(frozen=True)
class Subject:
    """Which object. ``name``: exact name; ``given``: a handle; ``new``: absent from the baseline and made by this
    learner. Exactly one of them is set (kinds without an object, as ``answer``, set none)."""

    name: str | None = None
    given: str | None = None
    new: bool = False


@dataclass(frozen=True)
class Check:
    """One check of a lesson: an object of a kind, and what must hold for it.

    ``properties`` keep the order of the file; names are those of the reference page. ``exists``/``same``: None where
    the file does not say. ``events``: actions in order. ``remember``: name → property. ``extra`` holds what a kind
    has besides properties (http's port and path, registry's repository, api-call's pattern, ``remaining`` …) and what
    only a maker needs (dockerfile, contents). ``place``: where it stands in its file.
    """

    kind: str
    subject: Subject = Subject()
    properties: tuple[tuple[str, Matcher], ...] = ()
    handle: str = ""
    exists: bool | None = None
    same: bool | None = None
    events: tuple[str, ...] = ()
    remember: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    place: Place = Place("")


@dataclass(frozen=True)
class Verdict:
    """One row of what was judged: an object, or one property of it.

    ``title``: "A new container from busybox", "Published port", as the screen shows it. ``object``: the name of the
    object judged, "" where there is none. ``key``: the property's name in the lesson language ("" for the object's
    own row). ``expected``/``found``: short texts, "" on a pass where there is nothing to say. ``near``: an object that
    comes close ("blu-otter"), on a fail. ``why``: for waiting, skipped and unknown: what is waited for, which check
    comes first, which engine fault.
    """

    status: Status
    title: str
    object: str = ""
    key: str = ""
    expected: str = ""
    found: str = ""
    near: str = ""
    why: str = ""


@dataclass(frozen=True)
class Judgement:
    """What `judge` says of a list of checks.

    ``needs``: facts that are missing; when it is not empty, fetch them and judge again, and read nothing else here.
    ``status``: pass only if every verdict passes; else the gravest of fail, unknown, waiting, skipped. ``verdicts`` in
    the order of the checks. ``handles``: ``as`` names bound. ``remembered``: values to keep. ``objects``: Ids of
    the engine objects that the judgement rests on (events of these unsettle a tick).
    """

    status: Status = "pass"
    needs: frozenset[Need] = frozenset()
    verdicts: tuple[Verdict, ...] = ()
    handles: Mapping[str, Object] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)
    objects: frozenset[str] = frozenset()
