"""What can be seen: frozen records, named as in Docker's documentation. A leaf that every room may read.

Judging is pure, so everything it looks at is here. A *need* says which fact a check wants (``Inspect``,
``New``, ``Logs`` …); ``Facts.seen`` maps each need to what was found. `checks.judge` returns the needs that
are missing, `tutor.gather` fetches each of them once, and the facts of a verdict are its evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["container", "image", "network", "volume", "plugin", "service", "node", "daemon"]
"""The kinds of engine object. ``daemon`` is the engine itself (``/info`` merged with ``/version``)."""


@dataclass(frozen=True)
class Event:
    """One engine event (``GET /events``). ``action`` is the bare word (``exec_create``, ``die``), without what
    follows the colon. ``time`` is seconds since the epoch (``timeNano``). ``id`` is ``Actor.ID``, ``name`` is
    ``Actor.Attributes.name``, ``attributes`` the rest (``exitCode``, ``image``, ``execID`` …)."""

    kind: str
    action: str
    id: str
    name: str = ""
    time: float = 0.0
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Object:
    """One engine object as last inspected.

    ``id``: the full Id (a volume's or plugin's name where it has no other). ``name``: as the CLI shows it, without
    a leading slash; for an image the reference it was asked by. ``inspect``: the API's JSON, untouched; for the
    daemon: ``/info`` with ``/version`` merged under ``"Version"``-style keys as `engine` documents. ``removed``:
    it existed and is gone, ``inspect`` is the last one seen. ``events``: actions since the stage's baseline, oldest
    first (our own looks left out). ``attached``: whether a client was attached when it was started, by the wire;
    None where the wire cannot tell.
    """

    kind: str
    id: str
    name: str
    inspect: Mapping[str, Any]
    removed: bool = False
    events: tuple[str, ...] = ()
    attached: bool | None = None


# ------------------------------------------------------------------ needs: what a check may ask for
@dataclass(frozen=True)
class Inspect:
    """The object with exactly this name or full Id → `Object`, or None where there is none (and was none in this
    stage). ``by_id``: ``ref`` is a full Id. An image's ref is a reference (``busybox``, ``a:1``) or an Id."""

    kind: str
    ref: str
    by_id: bool = False


@dataclass(frozen=True)
class New:
    """Objects absent from the baseline and made by this learner → tuple of `Object`, newest first, removed ones
    among them."""

    kind: str


@dataclass(frozen=True)
class Names:
    """Names of the objects of a kind that exist now, for near misses → tuple of str."""

    kind: str


@dataclass(frozen=True)
class Logs:
    """A container's whole output, stdout and stderr in order → str, or None where it cannot be had."""

    container_id: str


@dataclass(frozen=True)
class FileIn:
    """A file inside a container → its text (first 64 kB), or None where there is none."""

    container_id: str
    path: str


@dataclass(frozen=True)
class Changes:
    """What differs in a container's files from its image (``GET /containers/ID/changes``, as `docker diff` shows it) →
    mapping of path → ``added``, ``changed`` or ``deleted``, or None where the container is gone."""

    container_id: str


@dataclass(frozen=True)
class Exec:
    """A command run in the learner's container → `ExecAnswer`, or None where it cannot run."""

    container_id: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class ExecAnswer:
    """``exit_code`` as the API's ``/exec/ID/json`` says; ``output`` stdout and stderr in order."""

    exit_code: int
    output: str


@dataclass(frozen=True)
class History:
    """An image's history (``GET /images/ID/history``), newest first → tuple of mappings as the API gives them."""

    image_id: str


@dataclass(frozen=True)
class Http:
    """``GET http://HOST:PORT/PATH`` on the engine's host → `HttpAnswer`, or None where nobody answers."""

    port: int
    path: str = "/"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class HttpAnswer:
    """``status``: the HTTP status. ``headers``: names in lower case. ``body``: text, the first 64 kB."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True)
class Registry:
    """A registry's tags of one repository over its HTTP API on a published port (``GET /v2/REPO/tags/list``) →
    tuple of tags, or None where the repository or the registry does not answer."""

    port: int
    repository: str


@dataclass(frozen=True)
class Digest:
    """The digest that a tag has in a registry (``HEAD /v2/REPO/manifests/TAG``: Docker-Content-Digest) → str, or None
    where there is no such tag or the registry does not answer."""

    port: int
    repository: str
    tag: str


@dataclass(frozen=True)
class FileHere:
    """A file in the learner's folder → its text (first 64 kB), or None where there is none."""

    path: str


@dataclass(frozen=True)
class Typed:
    """The last command line that ended → `TypedLine`, or None where none was seen."""


@dataclass(frozen=True)
class TypedLine:
    """A command line as the shell's marks told it, and its exit status."""

    text: str
    exit_code: int


@dataclass(frozen=True)
class Answered:
    """What the learner answered (``answer VALUE``, or the field) → str, or None before an answer."""


@dataclass(frozen=True)
class Calls:
    """API calls seen on the wire since the stage began → tuple of `Call`, oldest first; None where the wire is off."""


@dataclass(frozen=True)
class Call:
    """One API call that passed through the wire.

    ``number`` counts from 1 in the wire's life. ``started``/``ended``: seconds since the epoch, ``ended`` None while
    it goes on. ``status``: HTTP status, 0 before an answer. ``sent``/``received``: body sizes in bytes. ``request``/
    ``response``: bodies as JSON values up to the wire's bound, secrets masked, else None. ``upgrade``: ``""``,
    ``"tcp"`` or ``"h2c"``. ``client``: the client process's command line; ``agent``: its User-Agent. ``session``: the
    process id of the shell (or whoever else leads) in whose terminal session the client runs, 0 where unknown.
    ``created``: objects made by it, as ``(kind, id)``. ``path`` has no API version prefix.
    """

    number: int
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    started: float = 0.0
    ended: float | None = None
    status: int = 0
    sent: int = 0
    received: int = 0
    request: Any = None
    response: Any = None
    upgrade: str = ""
    client: str = ""
    pid: int = 0
    agent: str = ""
    created: tuple[tuple[str, str], ...] = ()
    session: int = 0


Need = (
    Inspect | New | Names | Logs | FileIn | Changes | Exec | History | Http | Registry
    | Digest | FileHere | Typed | Answered | Calls
)  # fmt: skip


@dataclass(frozen=True)
class Unseen:
    """A need that could not be fetched because of an engine fault: whoever rests on it cannot be judged."""

    reason: str


@dataclass(frozen=True)
class Baseline:
    """What existed when the stage began, after what it is given had been made.

    ``ids``: for each kind the Ids that existed. ``names``: for each kind, name → Id (for images: every tag).
    """

    ids: Mapping[str, frozenset[str]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """All that a judgement rests on.

    ``time``: seconds since the epoch. ``given``: handle → ``(kind, id)`` of given objects, in the order they were
    given. ``seen``: need → what was found (see each need), or `Unseen`. ``quiet``: nothing has moved for a while and
    no command is under way, so a fail is final (until then a fail that may still turn is "waiting" for the screen).
    """

    time: float = 0.0
    baseline: Baseline = field(default_factory=Baseline)
    given: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    seen: Mapping[Need, Any] = field(default_factory=dict)
    quiet: bool = True
