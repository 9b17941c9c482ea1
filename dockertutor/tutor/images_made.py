"""Which images the learner's calls made: what calls tell of them, and what an engine says of an image."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from dockertutor.engine.references import familiar
from dockertutor.facts import Call

_NO_BUILD = re.compile(r"\bbuildx (ls|du|inspect|prune|version|history|imagetools|create|rm|use|stop)\b")
"""Commands of buildx that talk to the builder and build nothing."""


def bare(id_: str) -> str:
    """An image's Id as Docker and Podman both write it."""
    return id_.removeprefix("sha256:")


def references_made(call: Call) -> frozenset[str]:
    """References that a call that has ended gave to images, as it tells itself; of a pull whose engine does not tell
    (Podman's) those that were asked for."""
    if call.method != "POST" or call.ended is None:
        return frozenset()
    told = {id_ for kind, id_ in call.created if kind == "image" and not id_.startswith("sha256:")}
    asked = call.query.get("fromImage", "")
    if call.path == "/images/create" and asked and not told and call.status == 200 and not _tells(call.response):
        tag = call.query.get("tag", "")
        told = {f"{asked}{'@' if tag.startswith('sha256:') else ':'}{tag}" if tag else asked}
    return frozenset(told)


def _tells(answer: Any) -> bool:
    """Whether a pull's answer says what became of it, as Docker's does: a new image, none, or an error."""
    messages = answer if isinstance(answer, list) else [answer]
    return any(
        "error" in one or str(one.get("status") or "").startswith("Status: ")
        for one in messages
        if isinstance(one, Mapping)
    )


def is_called(inspect: Mapping[str, Any], references: Collection[str]) -> bool:
    """Whether an image has one of these references. One without a tag is that of a pull of all tags."""
    names = {familiar(str(name)) for key in ("RepoTags", "RepoDigests") for name in inspect.get(key) or ()}
    repositories = {name.rpartition(":")[0] for name in names if "@" not in name}
    for reference in references:
        whole = familiar(reference)
        every = ":" not in reference.rpartition("/")[2] and whole.rpartition(":")[0] in repositories
        if whole in names or every:
            return True
    return False


def untold_build(calls: Collection[Call], known: Collection[str]) -> bool:
    """Whether a build passed that told no Id of an image that is among ``known``. Builders talk through more than one
    connection: what one of a client's calls tells, it tells for all of them."""
    ids = {bare(id_) for id_ in known}
    builds = [call for call in calls if call.method == "POST" and call.path in ("/build", "/grpc")]
    telling = [call for call in builds if any(kind == "image" and bare(id_) in ids for kind, id_ in call.created)]
    told = {call.pid for call in telling if call.pid}
    return any(
        call.ended is not None
        and (200 <= call.status < 300 or call.status == 101)
        and call not in telling
        and call.pid not in told
        and not _NO_BUILD.search(call.client)
        and not _failed(call.response)
        for call in builds
    )


def _failed(answer: Any) -> bool:
    messages = answer if isinstance(answer, list) else [answer]
    return any(isinstance(one, Mapping) and "error" in one for one in messages)
