"""What a kind of check is made of: one declarative row a property. Adding a property touches its table only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dockertutor.checks.look import Look
from dockertutor.checks.values import Type
from dockertutor.facts import Object

Read = Callable[[Object, Look], Any]


@dataclass(frozen=True)
class Prop:
    """A property of a kind.

    ``label``: its name on the screen ("Published port"). ``field``: the Engine API field it reads. ``doc``: one
    sentence. ``example``: a value in YAML that holds for the kind's `Kind.sample`, or that at least can be judged
    there. ``read``: from the object to a value; None is absent. ``asks``: reading needs more than the inspect, so it
    is read only when the others hold. ``short``: as in "after the port".
    """

    name: str
    type: Type
    label: str
    field: str
    doc: str
    example: str
    read: Read
    asks: bool = False
    short: str = ""

    @property
    def after(self) -> str:
        """How a row that comes later names this one: "the port"."""
        return f"the {self.short or self.label[0].lower() + self.label[1:]}"


@dataclass(frozen=True)
class Kind:
    """A kind of check.

    ``name``: its key in a lesson. ``object``: whether it is an engine object with the common keys (``exists``,
    ``same``, ``events``, ``inspect``). ``takes``: what stands behind the key, in words. ``settings``: further keys that
    are not judged but say where to look (name → what it is). ``maker``: keys that only ``given`` may use.
    """

    name: str
    doc: str
    takes: str
    properties: tuple[Prop, ...]
    object: bool = True
    settings: tuple[tuple[str, str], ...] = ()
    maker: tuple[tuple[str, str], ...] = ()
    example: str = ""

    def find(self, name: str) -> Prop | None:
        """The property of this name, or None."""
        return next((prop for prop in self.properties if prop.name == name), None)


def dig(value: Any, *path: str) -> Any:
    """The value at a path of mappings, or None where the path ends early."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def at(*path: str) -> Read:
    """Reads one value of the inspect; a list becomes a tuple."""

    def read(thing: Object, look: Look) -> Any:
        value = dig(thing.inspect, *path)
        return tuple(value) if isinstance(value, list) else value

    return read


def keys_at(*path: str) -> Read:
    """Reads the keys of a mapping in the inspect, sorted."""
    return lambda thing, look: tuple(sorted(dig(thing.inspect, *path) or ()))


def pairs_at(*path: str) -> Read:
    """Reads a list of ``KEY=VALUE`` in the inspect as a mapping."""

    def read(thing: Object, look: Look) -> Any:
        found = dig(thing.inspect, *path) or ()
        return {name: value for name, _, value in (str(pair).partition("=") for pair in found)}

    return read


def walk(value: Any, path: str) -> Any:
    """The value at a dotted path, as ``HostConfig.RestartPolicy.Name`` or ``Mounts.0.Type``; a key that itself has
    dots (a label) is found too. None where there is none."""
    if not path:
        return tuple(value) if isinstance(value, list) else value
    parts = path.split(".")
    for count in range(1, len(parts) + 1):
        head, rest = ".".join(parts[:count]), ".".join(parts[count:])
        if isinstance(value, list) and head.isdigit() and int(head) < len(value):
            return walk(value[int(head)], rest)
        if isinstance(value, dict) and head in value:
            return walk(value[head], rest)
    return None
