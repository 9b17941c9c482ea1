"""One engine, asked by one thread: exact inspects, lists, events, and looks into containers."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dockertutor.engine.connection import Endpoint
from dockertutor.engine.faults import asking
from dockertutor.engine.references import familiar
from dockertutor.errors import EngineRefused, EngineTls
from dockertutor.facts import Baseline, Event, Need, Object

if TYPE_CHECKING:
    from dockertutor.engine.events import EventStream
    from dockertutor.engine.rows import Row

KINDS = ("container", "image", "network", "volume")
"""The kinds that a baseline and the live panel hold."""

_REFERENCE = re.compile(r"[A-Za-z0-9][\w.:/@+-]*", re.ASCII)


@dataclass
class _Own:
    """What all clones of an engine share: exec Ids of our own looks."""

    execs: set[str] = field(default_factory=set)


class Engine:
    """A connected engine. Not thread-safe: each thread takes a `clone` of its own.

    ``label``: "Engine 28.5". ``where``: "on this computer" or the host's name. ``local``: whether it is on this
    computer. ``host``: where published ports are found. ``endpoint``: how it is reached. Every method raises an
    EngineFault and nothing else.
    """

    def __init__(self, endpoint: Endpoint, *, timeout: float = 10.0, own: _Own | None = None) -> None:
        self.endpoint = endpoint
        self.timeout = timeout
        self._id = ""
        self._own = own or _Own()
        with asking(endpoint):
            self.api = _client(endpoint, timeout)
            version = dict(self.api.version())
            self.version = str(version["Version"])
            self.api_version = str(version["ApiVersion"])
        self.label = _label(version)
        self.local = endpoint.local
        self.host = endpoint.host
        self.where = "on this computer" if self.local else endpoint.host

    def clone(self) -> Engine:
        """The same engine for another thread, with a connection of its own."""
        return Engine(self.endpoint, timeout=self.timeout, own=self._own)

    def close(self) -> None:
        """Give the connections back."""
        self.api.close()

    @contextmanager
    def asking(self, doing: str = "", *, seconds: float | None = None) -> Iterator[Any]:
        """docker-py's client, with its errors turned into ours; ``seconds``: another time limit for a long request."""
        kept = self.api.timeout
        if seconds is not None:
            self.api.timeout = seconds
        try:
            with asking(self.endpoint, doing, known=True):
                yield self.api
        finally:
            self.api.timeout = kept

    # ------------------------------------------------------------------ objects
    def inspect(self, kind: str, ref: str, by_id: bool = False) -> Object | None:
        """The object of exactly this kind and exactly this name (``by_id``: this full Id), or None.

        The engine takes prefixes of Ids and several kinds for a name; they are compared here. An image's ``ref`` is a
        reference; its ``name`` is the reference it was asked by.
        """
        if kind == "daemon":
            return self.daemon()
        if not _REFERENCE.fullmatch(ref) or ".." in ref.split("/"):
            return None
        found = self._inspect(kind, ref)
        if found is None:
            return None
        made = as_object(kind, found, ref)
        matches = made.id == ref if by_id else _means(kind, made, ref)
        return made if matches else None

    def _inspect(self, kind: str, ref: str) -> dict[str, Any] | None:
        method = f"inspect_{kind}"
        try:
            with self.asking() as api:
                return dict(getattr(api, method)(ref))
        except EngineRefused as refused:
            if refused.status in (400, 404) or (refused.status in (406, 503) and kind in ("service", "node")):
                return None
            raise

    def daemon(self) -> Object:
        """The engine itself: ``GET /info``, with ``Version``, ``ApiVersion`` and ``ServerVersionInfo`` (all of ``GET
        /version``) added."""
        with self.asking() as api:
            info, version = dict(api.info()), dict(api.version())
        merged = {
            **info,
            "Version": version.get("Version", info.get("ServerVersion", "")),
            "ApiVersion": version.get("ApiVersion", ""),
            "ServerVersionInfo": version,
        }
        return Object("daemon", str(info.get("ID") or ""), str(info.get("Name") or ""), merged)

    @property
    def id(self) -> str:
        """The engine's own Id (``/info``: ID): the same images have the same Ids on every engine."""
        if not self._id:
            with self.asking() as api:
                self._id = str(api.info().get("ID") or "")
        return self._id

    def names(self, kind: str) -> tuple[str, ...]:
        """Names of the objects of a kind that exist now (images: every tag), sorted."""
        return tuple(sorted(self._listing(kind)[1]))

    def ids(self, kind: str) -> frozenset[str]:
        """Full Ids of the objects of a kind that exist now; of images those that stand in between are left out."""
        return self._listing(kind, between=False)[0]

    def now(self) -> float:
        """The engine's clock, in seconds since the epoch (``/info``: SystemTime): events are stamped by it."""
        from dockertutor.engine.rows import seconds

        with self.asking() as api:
            return seconds(api.info().get("SystemTime")) or time.time()

    def baseline(self) -> Baseline:
        """What exists now, of all kinds of `KINDS`."""
        found = {kind: self._listing(kind) for kind in KINDS}
        return Baseline({kind: ids for kind, (ids, _) in found.items()}, {kind: n for kind, (_, n) in found.items()})

    def _listing(self, kind: str, *, between: bool = True) -> tuple[frozenset[str], dict[str, str]]:
        with self.asking() as api:
            if kind == "container":
                rows = [(c["Id"], [n.lstrip("/") for n in c.get("Names") or () if n.count("/") == 1])
                        for c in api.containers(all=True)]  # fmt: skip
            elif kind == "image":
                rows = [(i["Id"], [t for t in i.get("RepoTags") or () if t != "<none>:<none>"])
                        for i in api.images(all=between)]  # fmt: skip
            elif kind == "network":
                rows = [(n["Id"], [n["Name"]]) for n in api.networks()]
            elif kind == "volume":
                rows = [(v["Name"], [v["Name"]]) for v in api.volumes().get("Volumes") or ()]
            else:
                rows = []
        return frozenset(id_ for id_, _ in rows), {name: id_ for id_, names in rows for name in names}

    def rows(self) -> list[Row]:
        """All containers, images, networks and volumes as rows of the live panel, newest first of each kind."""
        from dockertutor.engine.rows import rows

        with self.asking() as api:
            return rows(api)

    # ------------------------------------------------------------------ events and looks
    def events(self, since: float | None = None) -> EventStream:
        """What happens from now on (or from ``since``, seconds since the epoch by the engine's clock): iterate it in
        a thread of its own; ``close()`` from another thread ends it."""
        from dockertutor.engine.events import EventStream

        return EventStream(self, since)

    def is_own(self, event: Event) -> bool:
        """Whether one of our own looks caused this event (known once that look has returned)."""
        return event.attributes.get("execID", "") in self._own.execs

    def note_own_exec(self, exec_id: str) -> None:
        """Remember an exec of our own, so that its events are never taken for the learner's."""
        self._own.execs.add(exec_id)

    def look(self, need: Need, *, deadline: float = 5.0) -> Any:
        """What a need is answered with (see `facts`): Inspect, Names, Logs, FileIn, Changes, Exec, History,
        Http, Registry, Digest.
        ``deadline``: seconds until it is given up with EngineTimeout. Raises TypeError for needs of other rooms."""
        from dockertutor.engine.looks import look

        return look(self, need, deadline)


def _client(endpoint: Endpoint, timeout: float) -> Any:
    import docker
    from docker.errors import DockerException
    from docker.tls import TLSConfig

    tls: Any = False
    if endpoint.tls is not None:
        given = endpoint.tls
        for path in (given.ca, given.cert, given.key):
            if path is not None and not path.is_file():
                raise EngineTls(
                    f"The certificate {path} for the engine at {endpoint.url} is not there.",
                    "Set DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem.",
                )
        pair = (str(given.cert), str(given.key)) if given.cert and given.key else None
        tls = TLSConfig(client_cert=pair, ca_cert=str(given.ca) if given.ca else None, verify=given.verify)
    if endpoint.path is not None:
        with socket.socket(socket.AF_UNIX) as probe:  # tells plainly what docker-py hides
            probe.settimeout(timeout)
            probe.connect(str(endpoint.path))
    try:
        client = docker.APIClient(base_url=endpoint.url, timeout=timeout, tls=tls, use_ssh_client=False)  # type: ignore[arg-type]
    except NameError as error:  # docker-py's way to say that paramiko is not there
        raise DockerException(f"NameError: {error}") from error
    if endpoint.path is not None:
        from dockertutor.engine.unix_adapter import UnixAdapter

        client.get_adapter("http+docker://").close()  # it has asked for the engine's version
        client.mount("http+docker://", UnixAdapter(str(endpoint.path), timeout))  # type: ignore[arg-type]
    return client


def _label(version: Mapping[str, Any]) -> str:
    """ "Engine 28.5", "Podman 4.3"."""
    names = [str(part.get("Name") or "") for part in version.get("Components") or ()]
    word = "Podman" if any("Podman" in name for name in names) else "Engine"
    numbers = re.findall(r"\d+", str(version.get("Version") or ""))
    return f"{word} {'.'.join(numbers[:2])}".strip()


def as_object(kind: str, found: Mapping[str, Any], ref: str = "") -> Object:
    """An inspect as an Object."""
    if kind == "volume":
        return Object(kind, str(found.get("Name") or ref), str(found.get("Name") or ref), found)
    id_ = str(found.get("Id") or found.get("ID") or ref)
    if kind == "image":
        tags = [tag for tag in found.get("RepoTags") or () if tag != "<none>:<none>"]
        name = ref if ref and ref != id_ else (tags[0] if tags else id_)
    elif kind in ("service", "node"):
        spec = found.get("Spec") or {}
        name = str(spec.get("Name") or (found.get("Description") or {}).get("Hostname") or ref)
    else:
        name = str(found.get("Name") or ref).lstrip("/")
    return Object(kind, id_, name, found)


def _means(kind: str, found: Object, ref: str) -> bool:
    """Whether ``ref`` is this object's exact name or full Id."""
    if ref == found.id:
        return True
    if kind == "image":
        wanted = familiar(ref)
        return wanted in (found.inspect.get("RepoTags") or ()) or (
            "@" in ref and familiar(ref) in (found.inspect.get("RepoDigests") or ())
        )
    return found.name == ref
