"""From what docker-py and its libraries raise to our faults: one sentence what, one sentence do."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dockertutor.called import COMMAND, SETUP
from dockertutor.engine.connection import Endpoint
from dockertutor.errors import (
    EngineBadAddress,
    EngineFault,
    EngineNoPermission,
    EngineNotRunning,
    EngineRefused,
    EngineTimeout,
    EngineTls,
    EngineUnreachable,
    EngineVersion,
    NotAnEngine,
)


@contextmanager
def asking(endpoint: Endpoint, doing: str = "", *, known: bool = False) -> Iterator[None]:
    """Turns whatever a look at the engine raises into an EngineFault. ``doing``: "make the container `web`".
    ``known``: an engine has answered here before, so that one that breaks off has stopped."""
    import requests
    import urllib3
    from docker.errors import DockerException

    try:
        yield
    except EngineFault:
        raise
    except (
        DockerException,
        requests.exceptions.RequestException,
        urllib3.exceptions.HTTPError,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
    ) as error:
        found = fault(error, endpoint, doing)
        if known and isinstance(found, NotAnEngine) and _broke_off(error):
            found = _stopped(endpoint)
        raise found from error


def _broke_off(error: BaseException) -> bool:
    names = {type(one).__name__ for one in causes(error)}
    return bool(names & {"RemoteDisconnected", "IncompleteRead", "ConnectionResetError"})


def _stopped(endpoint: Endpoint) -> EngineNotRunning:
    return EngineNotRunning(f"The engine at {_place(endpoint)} broke off the connection.", _how_to_start(endpoint))


def causes(error: BaseException) -> list[BaseException]:
    """The error and all that stand behind it: its causes, its context, and errors among its arguments."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop(0)
        if one is None or any(one is other for other in found):
            continue
        found.append(one)
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None)]
        waiting += [arg for arg in one.args if isinstance(arg, BaseException)]
        waiting = [item for item in waiting if isinstance(item, BaseException)]
    return found


def fault(error: BaseException, endpoint: Endpoint, doing: str = "") -> EngineFault:
    """The fault that an error means at this endpoint."""
    chain = causes(error)
    names = {type(one).__name__ for one in chain}
    text = " | ".join(dict.fromkeys(str(one) for one in chain))
    for recognise in _RECOGNISERS:
        if (found := recognise(chain, names, text, endpoint, doing)) is not None:
            found.detail = found.detail or f"{endpoint.url} ({endpoint.source}): {text[:2000]}"
            return found
    return EngineRefused(
        f"The engine could not be asked{f' to {doing}' if doing else ''}: {_short(error)}.",
        f"Try again; `{COMMAND} doctor` looks closer.",
        detail=text[:2000],
    )


Chain = list[BaseException]


def _ssh(chain: Chain, names: set[str], text: str, endpoint: Endpoint, doing: str) -> EngineFault | None:
    if endpoint.scheme == "ssh" and ("paramiko" in text or "No module named" in text or "NameError" in names):
        return EngineBadAddress(
            f"The address {endpoint.url} needs ssh, and what speaks it is not installed.",
            "Install it with `pip install 'docker[ssh]'`, or forward the engine's socket with `ssh -L`.",
        )
    return None


def _permission(chain: Chain, names: set[str], text: str, endpoint: Endpoint, doing: str) -> EngineFault | None:
    if "PermissionError" not in names:
        return None
    where = endpoint.path or endpoint.url
    do = "Add yourself to the docker group (`sudo usermod -aG docker $USER`), then log out and in again."
    if sys.platform == "darwin":
        do = "Start Docker Desktop, and allow the default socket in its settings (Advanced)."
    return EngineNoPermission(f"You may not open the engine's socket {where}.", do)


def _tls(chain: Chain, names: set[str], text: str, endpoint: Endpoint, doing: str) -> EngineFault | None:
    if "TLSParameterError" in names or "SSLError" in names or "SSLCertVerificationError" in names:
        return EngineTls(
            f"The engine at {endpoint.url} and this computer do not agree on certificates.",
            "Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH to the folder with its ca.pem, cert.pem and key.pem.",
        )
    if "HTTP request to an HTTPS server" in text:
        return EngineTls(
            f"The engine at {endpoint.url} wants TLS.",
            "Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH to the folder with its ca.pem, cert.pem and key.pem.",
        )
    return None


def _version(chain: Chain, names: set[str], text: str, endpoint: Endpoint, doing: str) -> EngineFault | None:
    if "client version" in text and "too old" in text:
        return EngineVersion(
            "The engine is newer than this program can talk to.",
            "Upgrade it with `pip install --upgrade dockertutor docker`, and unset DOCKER_API_VERSION.",
        )
    if "InvalidVersion" in names or ("client version" in text and "too new" in text):
        return EngineVersion(
            "The engine is too old: its API is older than this program can speak.",
            "Upgrade Docker Engine to 20.10 or later.",
        )
    return None


def _timeout(chain: Chain, names: set[str], text: str, endpoint: Endpoint, doing: str) -> EngineFault | None:
    if names & {"ConnectTimeout", "ConnectTimeoutError"} and not endpoint.local:
        return _unreachable_at(endpoint)
    if names & {"ReadTimeout", "ReadTimeoutError", "TimeoutError", "ConnectTimeout"}:
        return EngineTimeout(
            f"The engine at {_place(endpoint)} does not answer in time.",
            "Nothing of yours is lost; wait a moment and try again, or restart the engine.",
        )
    return None


def _not_running(chain: Chain, names: set[str], text: str, endpoint: Endpoint, doing: str) -> EngineFault | None:
    if not endpoint.local or endpoint.scheme == "ssh":
        return None
    if names & {"FileNotFoundError", "ConnectionRefusedError", "NotADirectoryError"}:
        what = f"The engine is not running: nobody listens at {_place(endpoint)}."
        return EngineNotRunning(what, _how_to_start(endpoint))
    if names & {"ConnectionResetError", "BrokenPipeError"}:
        return _stopped(endpoint)
    return None


def _unreachable(chain: Chain, names: set[str], text: str, endpoint: Endpoint, doing: str) -> EngineFault | None:
    if "ProxyError" in names:
        return EngineUnreachable(
            f"A proxy stands between this computer and {endpoint.url}, and it refuses.",
            f"Add {endpoint.named} to NO_PROXY, or mend HTTP_PROXY and HTTPS_PROXY.",
        )
    network = {"NewConnectionError", "NameResolutionError", "gaierror", "ConnectionRefusedError"}
    if endpoint.scheme != "unix" and (names & network or "No route to host" in text):
        return _unreachable_at(endpoint)
    return None


def _unreachable_at(endpoint: Endpoint) -> EngineFault:
    return EngineUnreachable(
        f"The engine at {endpoint.url} cannot be reached.",
        f"Check the address in {endpoint.source}, and that the network or VPN is up.",
    )


def _credentials(chain: Chain, names: set[str], text: str, endpoint: Endpoint, doing: str) -> EngineFault | None:
    if names & {"StoreError", "InitializationError", "CredentialsNotFound"} and "docker-credential" in text:
        helper = text.split("docker-credential-")[1].split()[0].strip("'\",:.") if "docker-credential-" in text else ""
        return EngineRefused(
            f"The password helper `docker-credential-{helper}` named in ~/.docker/config.json is not there.",
            "Remove the entry `credsStore` (or `credHelpers`) from that file, then try again.",
        )
    return None


def _refused(chain: Chain, names: set[str], text: str, endpoint: Endpoint, doing: str) -> EngineFault | None:
    api = next((one for one in chain if hasattr(one, "explanation")), None)
    response = getattr(api, "response", None)
    if api is None or response is None:
        return None
    if not _speaks_docker(response):
        return _not_docker(endpoint)
    return refusal(str(getattr(api, "explanation", "") or ""), int(response.status_code), doing)


def refusal(message: str, status: int = 0, doing: str = "") -> EngineRefused:
    """The engine's own error message as a fault. ``status``: the HTTP status, 0 inside a stream (pull, build)."""
    lower = message.lower()
    if status == 429 or "toomanyrequests" in lower or "rate limit" in lower:
        return EngineRefused(
            "The registry allows no more pulls from this address for now.",
            "Log in with `docker login`, wait a few hours, or use the class's mirror or the offline kit.",
            status=status or 429,
            detail=message,
        )
    what = f"The engine refused{f' to {doing}' if doing else ''}: {message.strip().rstrip('.')[:300] or status}."
    return EngineRefused(what, f"Try again; `{COMMAND} doctor` looks closer.", status=status, detail=message)


def _speaks_docker(response: object) -> bool:
    """The engine's errors are JSON with a message."""
    try:
        found = json.loads(getattr(response, "text", "") or "")
    except (ValueError, OSError):
        return False
    return isinstance(found, dict) and "message" in found


def _not_an_engine(chain: Chain, names: set[str], text: str, endpoint: Endpoint, doing: str) -> EngineFault | None:
    strange = {
        "JSONDecodeError", "KeyError", "TypeError", "AttributeError", "BadStatusLine", "RemoteDisconnected",
        "InvalidURL", "HTTPError", "LineTooLong", "IncompleteRead", "UnicodeDecodeError", "HTTPException",
    }  # fmt: skip
    return _not_docker(endpoint) if names & strange else None


def _not_docker(endpoint: Endpoint) -> EngineFault:
    return NotAnEngine(
        f"Something answers at {_place(endpoint)}, but not as a Docker Engine does.",
        f"Is that really Docker? Check {endpoint.source}.",
    )


def _bad_address(chain: Chain, names: set[str], text: str, endpoint: Endpoint, doing: str) -> EngineFault | None:
    if "Invalid bind address" in text or "Invalid path" in text or "npipe" in text:
        return EngineBadAddress(
            f"The engine's address {endpoint.url} ({endpoint.source}) cannot be used.",
            "It begins with unix://, tcp:// or ssh://, as unix:///var/run/docker.sock.",
        )
    if "AF_UNIX path too long" in text:
        return EngineBadAddress(
            f"The path of the engine's socket is too long: {str(endpoint.path)[:100]}….",
            "Use a link with a shorter path.",
        )
    return None


_RECOGNISERS: tuple[Callable[[Chain, set[str], str, Endpoint, str], EngineFault | None], ...] = (
    _ssh,
    _permission,
    _tls,
    _version,
    _credentials,
    _refused,
    _bad_address,
    _unreachable,
    _not_running,
    _timeout,
    _not_an_engine,
)


def _place(endpoint: Endpoint) -> str:
    return str(endpoint.path or endpoint.url)


def _how_to_start(endpoint: Endpoint) -> str:
    """How an engine is started on this system."""
    desktop = next((name for name in ("colima", "orbstack", "docker/run", "rd") if f".{name}" in endpoint.url), "")
    if desktop == "colima":
        return "Start it with `colima start`."
    if desktop or sys.platform == "darwin":
        return "Start Docker Desktop (or OrbStack, Rancher Desktop) and wait until it says that it is running."
    if sys.platform == "win32":
        return "Start Docker Desktop and wait until it says that it is running."
    if Path("/proc/sys/fs/binfmt_misc/WSLInterop").exists():
        return "Start Docker Desktop in Windows and switch on its WSL integration for this distribution."
    if Path("/run/systemd/system").is_dir():
        return f"Start it with `sudo systemctl start docker`, or run `{SETUP}`, which can install it."
    return f"Start it with `sudo dockerd &`, or run `{SETUP}`, which can install and start it."


def _short(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200].rstrip(".") or type(error).__name__
