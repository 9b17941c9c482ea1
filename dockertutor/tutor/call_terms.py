"""Which words of the glossary explain the fields of a call's bodies.

The tab shows those that the open lesson has introduced; the glossary's own text is the explanation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dockertutor.facts import Call
from dockertutor.tutor.call_shown import readable

FIELD_TERMS = {
    "AttachStdout": "detach",
    "Cmd": "command",
    "Containers": "container",
    "Digest": "digest",
    "Entrypoint": "entrypoint",
    "Env": "environment-variable",
    "ExitCode": "exit-code",
    "ExposedPorts": "port",
    "Healthcheck": "healthcheck",
    "HostPort": "port",
    "Hostname": "host-name",
    "Id": "id",
    "Image": "image",
    "Labels": "label",
    "Layers": "layer",
    "Mounts": "mount",
    "NetworkMode": "network",
    "PortBindings": "publish",
    "Ports": "port",
    "RepoDigests": "digest",
    "RepoTags": "tag",
    "RestartPolicy": "restart-policy",
    "State": "state",
    "Status": "state",
    "StatusCode": "exit-code",
    "Version": "version",
    "Volumes": "volume",
    "fromImage": "image",
    "repo": "repository",
    "tag": "tag",
}
"""API field or query key → glossary id. A word that the course does not have is passed over by whoever looks it up."""


def field_terms(call: Call) -> tuple[tuple[str, str], ...]:
    """``(field, glossary id)`` for the fields that the opened call shows, in the order of their first appearance."""
    fields = [*call.query, *_fields(readable(call.request, asked=True)), *_fields(readable(call.response))]
    return tuple((field, FIELD_TERMS[field]) for field in dict.fromkeys(fields) if field in FIELD_TERMS)


def _fields(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield str(name)
            yield from _fields(part)
    elif isinstance(value, list):
        for part in value[:5]:
            yield from _fields(part)
