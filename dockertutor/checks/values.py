"""Types of values: how a text of a lesson becomes one, and how one is shown to a beginner.

A value as the engine has it is a ``str``, ``int``, ``float``, ``bool``, a tuple (a list), a mapping (names), one of
the three lazy values below, or None: absent. Empty lists, mappings and texts count as absent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Shape = Literal["one", "list", "names"]
"""``one`` value, a ``list`` in order, or ``names``: a mapping that a lesson asks by name."""


@dataclass(frozen=True)
class ImageValue:
    """What a container was made from: the image's Id, and the text with which it was asked for."""

    id: str
    text: str
    same: Callable[[str], bool]
    """Whether a reference means this image now."""


@dataclass(frozen=True)
class LazyNames:
    """A mapping that cannot be listed, only asked: files in a container, paths in an inspect."""

    get: Callable[[str], Any]


@dataclass(frozen=True)
class LazyExec:
    """A command that can be run in a container; gives ``{"exit_code": …, "output": …}`` or None."""

    run: Callable[[tuple[str, ...]], Mapping[str, Any] | None]


def to_text(value: Any) -> str:
    """A value as the text that a lesson would write for it (a list joined by spaces)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, ImageValue):
        return value.text
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, tuple | list):
        return " ".join(map(to_text, value))
    return "" if value is None else str(value)


def _number(text: str) -> Any:
    if re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    if re.fullmatch(r"-?[0-9]{1,18}\.[0-9]{1,9}", text):
        return float(text)
    raise ValueError("a number")


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("true or false")
    return text == "true"


_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


def _size(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,15})\s*([kmgt]?)b?", text.lower())
    if not found:
        raise ValueError("a size such as `64m`")
    return int(found[1]) * _UNITS[found[2]]


def version_of(text: str) -> tuple[int, ...]:
    """The numbers that a version begins with: ``20.10.24+dfsg1`` → ``(20, 10, 24)``."""
    return tuple(int(part) for part in re.findall(r"\d+", re.split(r"[^0-9.]", text, maxsplit=1)[0]))


def _version(text: str) -> str:
    if not version_of(text):
        raise ValueError("a version such as `20.10`")
    return text


_PORT = re.compile(r"([0-9]{1,5})(-[0-9]{1,5})?(/(tcp|udp|sctp))?")


def port_name(text: str) -> str:
    """The name of a container's port as the engine writes it: ``80`` is ``80/tcp``. ValueError where it is none."""
    found = _PORT.fullmatch(text)
    if not found or not 0 < int(found[1]) < 65536:
        raise ValueError("a port of the container such as `80/tcp`")
    return text if found[3] else f"{text}/tcp"


def _exposed(text: str) -> str:
    if "/" not in text:
        raise ValueError("a port with its protocol such as `80/tcp`")
    return port_name(text)


def _host_port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text[:9]) > 65535:
        raise ValueError("a port of the host (at most 65535)")
    return int(text)


def _show_size(value: Any) -> str:
    for unit, size in (("g", 1 << 30), ("m", 1 << 20), ("k", 1 << 10)):
        if value and value >= size:
            return f"{value / size:.1f}".removesuffix(".0") + unit
    return f"{value} bytes"


def _show_short_size(value: Any) -> str:
    """A size among others: without a blank, which stands between them."""
    return _show_size(value).replace(" bytes", "b")


def short_id(value: Any) -> str:
    """An Id as docker's lists show it: its first twelve signs."""
    found = re.fullmatch(r"(?:sha256:)?([0-9a-f]{12})[0-9a-f]{52}", to_text(value))
    return found[1] if found else to_text(value)


def quoted(text: str) -> str:
    """A text as it stands in a sentence: in quotes where its edges would be lost, one line, bounded."""
    line = text.replace("\r\n", "\n").rstrip("\n").replace("\n", " ⏎ ")
    line = line if len(line) <= 120 else line[:117] + "…"
    return f'"{line}"' if not line or line != line.strip() or " " in line else line


def _show_digest(value: Any) -> str:
    """Its first twelve signs, as of an Id, without the repository that it may stand behind."""
    return short_id(to_text(value).rpartition("@")[2])


@dataclass(frozen=True)
class Type:
    """A property's type. ``word``: as the reference and errors say it. ``convert``: a lesson's text to a value, raises
    ValueError with the words for what was expected. ``item``: the type of a list's items or of a name's value.
    ``unit``: what a learner calls one item of such a list. ``words``: the only ones that an engine says, none where it
    may say any. ``by_port``: its names are ports of a container."""

    word: str
    shape: Shape = "one"
    convert: Callable[[str], Any] = str
    show: Callable[[Any], str] = to_text
    item: Type | None = None
    unit: str = "item"
    words: tuple[str, ...] = ()
    by_port: bool = False

    @property
    def inner(self) -> Type:
        """The type of an item, itself where it has none."""
        return self.item or self


TEXT = Type("text", show=lambda value: quoted(to_text(value)))
WORD = Type("word")
STATE = Type("word", words=("created", "running", "paused", "restarting", "removing", "exited", "dead", "removed"))
HEALTH = Type("word", words=("starting", "healthy", "unhealthy"))
RESTART_POLICY = Type("word", words=("no", "always", "unless-stopped", "on-failure"))
NETWORK_SCOPE = Type("word", words=("local", "swarm", "global"))
VOLUME_SCOPE = Type("word", words=("local", "global"))
CGROUP_VERSION = Type("word", words=("1", "2"))
CGROUP_DRIVER = Type("word", words=("cgroupfs", "systemd", "none"))
SWARM = Type("word", words=("inactive", "pending", "active", "error", "locked"))
NUMBER = Type("number", convert=_number)
TRUTH = Type("true or false", convert=_truth, show=lambda value: "yes" if value else "no")
SIZE = Type("size", convert=_size, show=_show_size)
VERSION = Type("version", convert=_version)
IMAGE = Type("image reference")
ID = Type("Id", show=short_id)
ANSWER = Type("answer")
ANY = Type("any value")
WORDS = Type("list of texts", "list", item=TEXT)
COMMAND = Type("list of texts", "list", item=TEXT, unit="word")
EXPOSED = Type("list of ports", "list", item=Type("port", convert=_exposed, show=TEXT.show))
TEXTS_BY_NAME = Type("texts by name", "names", item=TEXT)
LISTS_BY_NAME = Type("lists by name", "names", item=WORDS)
MOUNT_TYPES = Type(
    "words by name", "names", item=Type("word", words=("bind", "volume", "tmpfs", "npipe", "cluster", "image"))
)
MOUNT_MODES = Type("words by name", "names", item=Type("word", words=("rw", "ro")))
_HOST_PORTS = Type("list of numbers", "list", item=Type("number", convert=_host_port))
PORTS = Type("host ports by port of the container", "names", item=_HOST_PORTS, by_port=True)
LISTS_BY_PORT = Type("lists by port of the container", "names", item=WORDS, by_port=True)
SIZES = Type("list of sizes", "list", item=Type("size", convert=_size, show=_show_short_size))
CHANGES = Type("words by path", "names", item=Type("word", words=("added", "changed", "deleted")))
DIGEST = Type("digest", show=_show_digest)
DIGESTS = Type("digests by tag", "names", item=DIGEST)
FILES = Type("texts by path", "names", item=TEXT)
ANY_BY_PATH = Type("any values by path", "names", item=ANY)
EXEC = Type("command and its answer", "names", item=ANY)


def absent(value: Any) -> bool:
    """Nothing there: None, an empty text, an empty list or mapping."""
    return value is None or (isinstance(value, str | tuple | list | Mapping) and not value)
