"""One API call as text: its words, its path, its bodies, and the curl line that makes it again."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from dockertutor.engine.wire_bodies import NEVER, REQUEST_LIMIT, RESPONSE_LIMIT
from dockertutor.engine.wire_secrets import HIDDEN
from dockertutor.facts import Call
from dockertutor.tutor.call_words import row_of

TELLING = frozenset(("EnableIPv4", "Init", "MaxAttempts", "Parallelism", "Replicas", "StopTimeout"))
"""Fields that say something even with 0 or false: left out, the engine would take a value of its own."""
SETS = frozenset((
    "Annotations", "AuxiliaryAddresses", "DriverOpts", "ExposedPorts", "Labels", "Mode", "Options",
    "PortBindings", "StorageOpt", "Sysctls", "Tmpfs", "Volumes",
))  # fmt: skip
"""Fields whose keys are the caller's own and say it all, though what stands under them may be empty:
``{"80/tcp": {}}``, ``{"keep": ""}``."""
PLAIN = frozenset((
    "AttachStderr", "AttachStdin", "AttachStdout", "Attachable", "AutoRemove", "BlkioWeight", "Cgroup",
    "CgroupParent", "CgroupnsMode", "CheckDuplicate", "ConfigOnly", "ContainerIDFile", "CpuCount", "CpuPercent",
    "CpuPeriod", "CpuQuota", "CpuRealtimePeriod", "CpuRealtimeRuntime", "CpuShares", "CpusetCpus", "CpusetMems",
    "Detach", "DetachKeys", "Domainname", "Driver", "EndpointID", "Gateway", "GlobalIPv6Address",
    "GlobalIPv6PrefixLen", "GwPriority", "HostIp", "HostPort", "Hostname", "IOMaximumBandwidth",
    "IOMaximumIOps", "IPAddress", "IPPrefixLen", "IPv6Gateway", "Ingress", "Internal", "IpcMode", "Isolation",
    "MacAddress", "MaximumRetryCount", "Memory", "MemoryReservation", "MemorySwap", "Name", "NanoCpus",
    "NetworkDisabled", "NetworkID", "OomScoreAdj", "OpenStdin", "PidMode", "Privileged", "PublishAllPorts",
    "ReadonlyRootfs", "Runtime", "Scope", "ShmSize", "StdinOnce", "StopSignal", "Tty", "Type", "UTSMode",
    "User", "UsernsMode", "VolumeDriver", "WorkingDir",
))  # fmt: skip
"""Fields in which the engine cannot tell "", 0 and false from nothing: they are plain values in its source. The client
sends all of them, every time. In others (``PidsLimit``, ``MemorySwappiness``) 0 is an order of its own."""
TELLING_LISTS = frozenset(("Entrypoint", "MaskedPaths", "ReadonlyPaths"))
"""Fields in which [] means "none", and nothing means the engine's or the image's own."""
REPEATED = frozenset(("names", "t"))
"""Keys of a query that stand there once for each image; the wire has joined them by commas."""
ARCHIVES = re.compile(r"/build|/images/(load|create)|/.*/archive")
"""Paths to which an archive is sent."""
RAW = re.compile(
    r"/.*/(archive|attach|attach/ws|export|get|logs)|/exec/[^/]+/start|/images/get|/_ping|/session|/grpc|stream"
)
"""Paths whose answers are no JSON."""


def words(call: Call) -> str:
    """What the call does, in a few plain words: "make a container"."""
    return row_of(call).does


def sentence(call: Call) -> str:
    """One or two sentences for the opened call: "The engine makes the box. It does not run yet."."""
    return row_of(call).sentence


def short_path(call: Call) -> str:
    """The path with Ids cut to four figures: ``/containers/3f9c…/wait``."""
    parts = printable(call.path).split("/")
    return "/".join(f"{part[:4]}…" if len(part) >= 32 and _is_hex(part) else part for part in parts)


def readable(value: Any, *, asked: bool = False) -> Any:
    """A body without what says nothing (null, "", [], {}), its texts `printable`. ``asked``: it is a request's, where
    false and 0 say nothing either: the client sends a long form in which almost all is left empty."""

    def silent(key: str, part: Any) -> bool:
        if isinstance(part, (bool, int, float)):
            return asked and not part and key not in TELLING
        return part is None or part in ("", [], {}) or key == "ConsoleSize"

    return _printable_body(_pruned(value, silent))


def needed(value: Any) -> Any:
    """A request's body without what the engine takes for nothing: it orders the same, in fewer words."""

    def silent(key: str, part: Any) -> bool:
        if part == []:
            return key not in TELLING_LISTS
        return part is None or part == {} or (key in PLAIN and not part) or (key == "ConsoleSize" and not any(part))

    return _pruned(value, silent)


def hides(call: Call) -> bool:
    """Whether something in what the call sends is not shown, so that its `curl_line` lacks it."""
    return HIDDEN in json.dumps([call.request, *call.query.values()])


def not_shown(call: Call, *, asked: bool) -> str:
    """Why a body that came, the request's where ``asked``, is not there to be shown: a few words, or "" where it is
    there, or none came."""
    body, other = (call.request, call.response) if asked else (call.response, call.request)
    count, limit = (call.sent, REQUEST_LIMIT) if asked else (call.received, RESPONSE_LIMIT)
    if body is not None or not count or not call.status or (call.ended is None and not asked):
        return ""
    if call.upgrade or (ARCHIVES if asked else RAW).fullmatch(call.path):
        return "not JSON"
    if NEVER.fullmatch(call.path):
        return "never looked into here, as it may be secret"
    if count > limit:
        return "too long to keep here"
    # the bodies of old calls are forgotten, both at a time
    return "not JSON" if other is not None else "not kept here"


def printable(text: str) -> str:
    """A text without control characters: what comes from a client must not steer a terminal."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _printable_body(value: Any) -> Any:
    if isinstance(value, dict):
        return {printable(key): _printable_body(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_printable_body(part) for part in value]
    return "\n".join(map(printable, value.split("\n"))) if isinstance(value, str) else value


def _pruned(value: Any, silent: Callable[[str, Any], bool], *, keys: bool = False) -> Any:
    """Without the fields that are ``silent``. ``keys``: the keys are what is said, and all of them stay."""
    if isinstance(value, dict):
        pruned = {key: _pruned(part, silent, keys=_keys_say_it(key, part)) for key, part in value.items()}
        return {key: part for key, part in pruned.items() if keys or not silent(key, part)}
    if isinstance(value, list):
        return [_pruned(part, silent) for part in value]
    return value


def _keys_say_it(key: str, value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    if key == "EndpointsConfig":
        return len(value) > 1  # one alone is named by NetworkMode, too
    if key == "Config":
        return all(isinstance(part, str) for part in value.values())  # a log driver's; a container's has other values
    return key in SETS


def curl_line(call: Call, socket: str) -> str:
    """A line for the shell that makes the same call through the unix socket at ``socket``, but for what the wire
    `hides`. Always one line, with nothing in it that a shell or a terminal would take for more than text."""
    path = quote(call.path, safe="/:@-._~%")
    pairs = [
        (key, part) for key, value in call.query.items() for part in (value.split(",") if key in REPEATED else [value])
    ]
    query = f"?{urlencode(pairs)}" if pairs else ""
    parts = ["curl", "--unix-socket", shlex.quote(socket)]
    if call.method == "HEAD":
        parts.append("-I")
    elif call.method != "GET":
        parts += ["-X", call.method]
    if call.upgrade or call.path in ("/events", "/images/create", "/build") or "follow" in call.query:
        parts.append("-N")
    if call.request is not None and call.method != "HEAD":
        body = json.dumps(needed(call.request), separators=(",", ":"))
        parts += ["-H", shlex.quote("Content-Type: application/json"), "-d", shlex.quote(body)]
    elif call.sent and not call.upgrade and call.method in ("POST", "PUT"):
        kind, file = ("x-tar", "archive.tar") if ARCHIVES.fullmatch(call.path) else ("json", "body.json")
        parts += ["-H", shlex.quote(f"Content-Type: application/{kind}"), "--data-binary", f"@{file}"]
    elif call.method == "GET" and call.path.endswith(("/archive", "/export", "/get")):
        parts += ["-o", "archive.tar"]
    parts.append(shlex.quote(f"http://localhost{path}{query}"))
    return " ".join(parts)


def _is_hex(text: str) -> bool:
    return all(sign in "0123456789abcdef" for sign in text)
