"""What one look at an attempt found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dockertutor.checks.model import Status, Verdict
from dockertutor.course.model import Mistake
from dockertutor.facts import Facts, Object


@dataclass(frozen=True)
class Outcome:
    """One judgement of one stage. ``number`` counts the looks of a session; ``stage`` counts from 0.

    ``final``: things were quiet when the look began and nothing happened during it; only then a fail is a fail, and
    only then ``mistake`` is looked for. ``objects``: Ids that the judgement rests on. ``slow``: it rests on something
    that gives no signal. ``lost``: names of given objects that are needed and gone for good; ``gone``: names of those
    that are gone and may be made again. ``facts``: the evidence. ``began``/``ended``: monotonic seconds.
    """

    number: int
    attempt: str
    stage: int
    status: Status
    verdicts: tuple[Verdict, ...]
    facts: Facts
    final: bool = False
    mistake: Mistake | None = None
    objects: frozenset[str] = frozenset()
    remembered: Mapping[str, str] = field(default_factory=dict)
    slow: bool = False
    lost: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    began: float = 0.0
    ended: float = 0.0


def objects_in(facts: Facts) -> Iterator[Object]:
    """Every object that was seen, new ones too; one that several needs asked for comes more than once."""
    for value in facts.seen.values():
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Object):
                yield one
