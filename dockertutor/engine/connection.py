"""Which engine, and how to get to it: what docker's CLI would choose, then the usual sockets."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from dockertutor.errors import EngineBadAddress, EngineFault, EngineNoPermission, EngineNotRunning, EngineTls

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine

DEFAULT_SOCKET = Path("/var/run/docker.sock")
SCHEMES = ("unix", "tcp", "ssh", "npipe", "http", "https")
LOCAL_NAMES = ("", "localhost", "127.0.0.1", "::1")


class Tls(NamedTuple):
    """Certificates for a TCP engine: paths of ``ca.pem``, ``cert.pem``, ``key.pem``; ``verify``: check the engine's."""

    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None
    verify: bool = True


class Endpoint(NamedTuple):
    """An engine's address. ``url``: as DOCKER_HOST takes it. ``source``: who said so ("DOCKER_HOST", "--host", "the
    context `colima`", "the usual socket"), for the learner. ``context``: the context's name, or ""."""

    url: str
    source: str = "the usual socket"
    tls: Tls | None = None
    context: str = ""

    @property
    def scheme(self) -> str:
        return self.url.partition("://")[0]

    @property
    def path(self) -> Path | None:
        """The socket's path, None for other addresses."""
        return Path(self.url.removeprefix("unix://")) if self.scheme == "unix" else None

    @property
    def local(self) -> bool:
        """Whether the engine is on this computer, as far as its address tells."""
        return self.scheme in ("unix", "npipe") or (urlsplit(self.url).hostname or "") in LOCAL_NAMES

    @property
    def named(self) -> str:
        """The host as the address names it."""
        return urlsplit(self.url).hostname or "localhost"

    @property
    def host(self) -> str:
        """The host at which published ports are found."""
        return "localhost" if self.local else self.named


def candidates(
    env: Mapping[str, str] | None = None,
    home: Path | None = None,
    *,
    host: str = "",
    context: str = "",
) -> list[Endpoint]:
    """Where an engine may be, in the order in which docker's CLI would look; ``host`` and ``context`` are its options.

    One endpoint where somebody chose one (``--host``, ``--context``, DOCKER_HOST, DOCKER_CONTEXT, the current
    context); else the usual sockets: the default one first, others as far as they exist. Raises EngineBadAddress
    (malformed address, unknown context).
    """
    env = os.environ if env is None else env
    home = Path.home() if home is None else home
    if host and context:
        raise EngineBadAddress("Both --host and --context were given.", "Give one of them.")
    if host:
        return [_from_url(host, "--host", env, home)]
    if context:
        return _context(context, "--context", env, home)
    if env.get("DOCKER_HOST"):
        return [_from_url(env["DOCKER_HOST"], "DOCKER_HOST", env, home)]
    if env.get("DOCKER_CONTEXT"):
        return _context(env["DOCKER_CONTEXT"], "DOCKER_CONTEXT", env, home)
    config = _read_json(_config_folder(env, home) / "config.json")
    if current := str(config.get("currentContext") or ""):
        return _context(current, "the current context", env, home)
    return _sockets(env, home)


def first_listening(places: Sequence[Endpoint]) -> Endpoint:
    """The first of several places where somebody listens, or the first of all; asks nobody who they are."""
    import socket

    for place in places if len(places) > 1 else ():
        if place.path is None:
            return place
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
            caller.settimeout(1)
            try:
                caller.connect(str(place.path))
            except OSError:
                continue
            return place
    return places[0]


def connect(endpoint: Endpoint | None = None, *, timeout: float = 10.0) -> Engine:
    """A connected engine; without ``endpoint`` the first of `candidates` that answers. ``timeout`` is in seconds and
    holds for every later request too. Raises an EngineFault: of several places, the most telling one."""
    from dockertutor.engine.engine import Engine

    first: EngineFault | None = None
    for place in [endpoint] if endpoint is not None else candidates():
        try:
            return Engine(place, timeout=timeout)
        except EngineFault as fault:
            telling = isinstance(fault, EngineNoPermission) and isinstance(first, EngineNotRunning)
            first = fault if first is None or telling else first
    assert first is not None
    raise first


# ------------------------------------------------------------------ addresses
def _from_url(text: str, source: str, env: Mapping[str, str], home: Path) -> Endpoint:
    return Endpoint(checked_url(text, source), source, _tls_from_env(text, env, home))


def checked_url(text: str, source: str = "DOCKER_HOST") -> str:
    """The address, with the CLI's default port where it has none. Raises EngineBadAddress that shows a right one."""
    text = text.strip()
    scheme, found, rest = text.partition("://")
    bad = f"The engine's address in {source} cannot be read: {text[:80]}"
    if not found:
        guess = f"unix://{text}" if text.startswith("/") else f"tcp://{text}"
        raise EngineBadAddress(f"{bad}.", f"Did you mean {guess[:90]}?")
    if scheme not in SCHEMES or not rest:
        raise EngineBadAddress(f"{bad}.", "It begins with unix://, tcp:// or ssh://, as unix:///var/run/docker.sock.")
    if scheme == "unix":
        if not rest.startswith("/"):
            raise EngineBadAddress(f"{bad}.", f"Did you mean unix:///{rest[:80].lstrip('/')}?")
        return text
    if scheme == "npipe":
        return text
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise EngineBadAddress(f"{bad}.", "A port is a number from 1 to 65535, as in tcp://HOST:2375.") from None
    if not parts.hostname or re.search(r"\s", text):
        raise EngineBadAddress(f"{bad}.", "Name a host, as in tcp://HOST:2375.")
    if scheme == "tcp" and port is None:
        return text.rstrip("/") + ":2375"
    return text


def _tls_from_env(url: str, env: Mapping[str, str], home: Path) -> Tls | None:
    verify = bool(env.get("DOCKER_TLS_VERIFY"))
    if not url.strip().startswith(("tcp://", "https://")) or not (verify or env.get("DOCKER_TLS")):
        return None
    folder = Path(env.get("DOCKER_CERT_PATH") or _config_folder(env, home))
    tls = Tls(folder / "ca.pem", folder / "cert.pem", folder / "key.pem", verify)
    missing = [path for path in (tls.ca, tls.cert, tls.key) if path is not None and not path.is_file()]
    if verify and missing:
        raise EngineTls(
            f"DOCKER_TLS_VERIFY asks for certificates, and {missing[0]} is not there.",
            "Set DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem.",
        )
    return tls if not missing else Tls(verify=False)


def _config_folder(env: Mapping[str, str], home: Path) -> Path:
    return Path(env.get("DOCKER_CONFIG") or home / ".docker")


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


# ------------------------------------------------------------------ contexts and sockets
def _context(name: str, source: str, env: Mapping[str, str], home: Path) -> list[Endpoint]:
    """A context of docker's CLI, from its store (``contexts/meta/SHA256(name)/meta.json``)."""
    if name == "default":
        return _sockets(env, home)[:1]
    store = _config_folder(env, home) / "contexts"
    digest = hashlib.sha256(name.encode()).hexdigest()
    meta = _read_json(store / "meta" / digest / "meta.json")
    found = (meta.get("Endpoints") or {}).get("docker") or {}
    url = found.get("Host") if isinstance(found, dict) else None
    if not url:
        known = sorted(
            str(_read_json(path).get("Name")) for path in store.glob("meta/*/meta.json") if _read_json(path).get("Name")
        )
        there = f"; there are default, {', '.join(known)}" if known else ""
        raise EngineBadAddress(
            f"The context `{name}` ({source}) is not known{there}.",
            "`docker context ls` lists them; `docker context use default` goes back to the usual one.",
        )
    folder = store / "tls" / digest / "docker"
    tls = None
    if folder.is_dir() or found.get("SkipTLSVerify"):
        paths = [path if path.is_file() else None for path in (folder / f"{n}.pem" for n in ("ca", "cert", "key"))]
        tls = Tls(paths[0], paths[1], paths[2], not found.get("SkipTLSVerify"))
    return [Endpoint(checked_url(str(url), f"the context `{name}`"), f"the context `{name}`", tls, name)]


def _sockets(env: Mapping[str, str], home: Path) -> list[Endpoint]:
    runtime = env.get("XDG_RUNTIME_DIR")
    known = [
        (home / ".docker/run/docker.sock", "Docker Desktop's socket"),
        (home / ".colima/default/docker.sock", "Colima's socket"),
        (home / ".orbstack/run/docker.sock", "OrbStack's socket"),
        (home / ".rd/docker.sock", "Rancher Desktop's socket"),
        *([(Path(runtime) / "docker.sock", "the rootless engine's socket")] if runtime else []),
        *([(Path(runtime) / "podman/podman.sock", "Podman's socket")] if runtime else []),
        (Path("/run/podman/podman.sock"), "Podman's socket"),
    ]
    there = [Endpoint(f"unix://{path}", source) for path, source in known if _exists(path)]
    return [Endpoint(f"unix://{DEFAULT_SOCKET}"), *there]


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False
