"""What proofs come to: one record a case, what all of them left behind, and what they touched that was not theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from dockertutor.checks.table import dig
from dockertutor.facts import Baseline

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine

Kind = Literal["untouched", "solution", "also", "mistake", "recovery"]


@dataclass(frozen=True)
class Case:
    """One proof. ``id``: the mistake's id, the number of the ``also``, or "", with ``stage N: `` before it where an
    exercise has several. ``verdict``: what was seen; ``seconds``: how long it took. ``why``: what is wrong, when not
    ``ok``."""

    lesson: str
    exercise: str
    case: Kind
    id: str
    ok: bool
    verdict: str
    seconds: float
    why: str = ""


@dataclass
class Totals:
    """What all cases came to. ``left``: objects of ours that are still there. ``touched``: foreign ones that are not,
    and foreign containers that are not as they were, with what is different.
    ``skipped``: exercises that cannot be proved on this engine."""

    cases: list[Case] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return all(case.ok for case in self.cases) and not self.left and not self.touched

    def compare(self, before: World, after: World, where: str) -> None:
        """Note what is there now and was not, what was there and is not (tags of images included), and which of the
        containers that were there are no longer as they were."""
        for kind in ("container", "network", "volume", "image"):
            then, now = before.there.ids.get(kind, frozenset()), after.there.ids.get(kind, frozenset())
            self.left += [f"{where}: {kind} {_name(after.there, kind, one)}" for one in sorted(now - then)]
            self.touched += [f"{where}: {kind} {_name(before.there, kind, one)}" for one in sorted(then - now)]
            names, still = before.there.names.get(kind, {}), after.there.names.get(kind, {})
            self.touched += [f"{where}: {kind} {n}" for n, one in names.items() if one in now and still.get(n) != one]
        for id_, standing in before.standings.items():
            other = "; ".join(_differences(standing, after.standings.get(id_, standing)))
            if other:
                self.touched.append(f"{where}: container {_name(before.there, 'container', id_)} ({other})")


@dataclass(frozen=True)
class World:
    """What is on an engine at one moment. ``there``: Ids, names and tags. ``standings``: by Id of each container how it
    stands (`_standing`)."""

    there: Baseline
    standings: Mapping[str, Mapping[str, str]]


def world(engine: Engine) -> World:
    """What is on the engine now: its lists, and one inspect a container (``GET /containers/ID/json``)."""
    there = engine.baseline()
    found = [engine.inspect("container", id_, by_id=True) for id_ in sorted(there.ids["container"])]
    return World(there, {one.id: _standing(one.inspect) for one in found if one is not None})


def _standing(inspect: Mapping[str, Any]) -> dict[str, str]:
    """What a command can do to a container that stays, by the Engine API's field: stop, pause, start it again, move it
    between networks (`docker network`), give it other limits (`docker update`).

    One that ends by itself in the midst of a proof is told as well: nothing here says who ended it.
    """
    standing = {
        name: str(dig(inspect, *name.split(".")) or "")
        for name in (
            "State.Status",
            "State.StartedAt",
            "RestartCount",
            "HostConfig.Memory",
            "HostConfig.NanoCpus",
            "HostConfig.PidsLimit",
            "HostConfig.RestartPolicy.Name",
        )
    }
    networks: Mapping[str, Any] = dig(inspect, "NetworkSettings", "Networks") or {}
    return standing | {"NetworkSettings.Networks": ", ".join(sorted(networks))}


def _differences(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """What is not as it was, in words. A container that its own restart policy started again was touched by nobody:
    ``RestartCount`` rises then, and every other start sets it to 0."""
    again = int(now["RestartCount"] or 0) > int(then["RestartCount"] or 0)
    for name, value in then.items():
        if name == "RestartCount" or (again and name.startswith("State.")):
            continue
        if now[name] != value:
            yield f"{name} was {value or 'empty'}, is {now[name] or 'empty'}"


def _name(baseline: Baseline, kind: str, id_: str) -> str:
    names = baseline.names.get(kind, {})
    return next((name for name, one in names.items() if one == id_), id_)
