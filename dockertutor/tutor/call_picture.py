"""The sequence picture of a command: client → daemon → registry, in text, drawn from the calls that were seen.

The daemon's own way to the registry is not on the wire: it is drawn with a broken line, as the daemon reports it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from dockertutor.engine.wire_bodies import familiar
from dockertutor.facts import Call
from dockertutor.tutor.call_shown import printable
from dockertutor.tutor.call_words import row_of
from dockertutor.tutor.engine_view import CallGroup

WIDTH = 76
CLIENT, DAEMON, REGISTRY = 3, 37, 71
"""Columns of the three lines of life."""
REFUSED = re.compile(r"(?:manifest for|pull access denied for) ([^\s,]+)")
"""How a build begins to say that a registry would not give its base; "Pulling from" has not been said then."""


class Arrow(NamedTuple):
    """One arrow. ``reported``: not seen by us, told by the daemon."""

    start: Literal["client", "daemon", "registry"]
    end: Literal["client", "daemon", "registry"]
    text: str
    reported: bool = False


def picture(group: CallGroup) -> str:
    """A sequence picture, at most 76 columns wide, without a line break at its end."""
    timed = [pair for call in group.calls for pair in _arrows(call)]
    arrows = [arrow for _time, arrow in sorted(timed, key=lambda pair: pair[0])]
    registry = any("registry" in arrow[:2] for arrow in arrows)
    heads = {CLIENT: "client", DAEMON: "daemon"} | ({REGISTRY: "registry"} if registry else {})
    lines = [_place({column - len(head) // 2: head for column, head in heads.items()})]
    for arrow in arrows:
        lines += _drawn(arrow, registry)
    if any(arrow.reported for arrow in arrows):
        lines += ["", "   ╌╌ not seen by us: this is what the daemon reports"]
    return "\n".join(line.rstrip() for line in lines)


def _arrows(call: Call) -> Iterator[tuple[float, Arrow]]:
    """A call's arrows and their times: an answer that the client waited for stands where it came."""
    yield call.started, Arrow("client", "daemon", row_of(call).does)
    ended = call.started if call.upgrade or call.ended is None else call.ended
    for arrow in _registry(call):
        yield ended, arrow
    answer = _answer(call)
    if answer:
        yield ended, Arrow("daemon", "client", answer)


def _answer(call: Call) -> str:
    if not call.status:
        return ""
    if call.status >= 400:
        if call.status == 404:
            return "there is none (404)"
        return f"no ({call.status})"
    if call.upgrade or call.status == 101:
        return "connected"
    if call.method == "POST" and any("error" in message for message in _told(call)):
        return "it failed"  # said in the answer: its head, with 200, had gone before
    answer = call.response if isinstance(call.response, dict) else {}
    if call.path.endswith("/wait"):
        code = answer.get("StatusCode")
        return f"it ended with {code}" if code is not None else "it waits"
    if isinstance(answer.get("Id"), str):
        return f"done: {answer['Id'].removeprefix('sha256:')[:12]}"
    return "here it is" if call.method == "GET" else "done"


def _registry(call: Call) -> Iterator[Arrow]:
    if call.method == "POST" and call.path == "/images/create" and "fromSrc" not in call.query:
        name = familiar(call.query.get("fromImage", "the image"))
        tag = call.query.get("tag", "")
        joint = "@" if ":" in tag else ":"
        yield Arrow("daemon", "registry", f"give me {name}{joint + tag if tag else ''}", reported=True)
        told = _told(call)
        refused = call.status >= 400 or any("error" in message for message in told)
        yield Arrow("registry", "daemon", "no" if refused else _given(told), reported=True)
    elif call.method == "POST" and call.path == "/build":
        yield from _bases(_told(call))
    elif call.method == "POST" and call.path.startswith("/images/") and call.path.endswith("/push"):
        name = familiar(call.path.removeprefix("/images/").removesuffix("/push"))
        yield Arrow("daemon", "registry", f"take {name}", reported=True)
        failed = any("error" in message for message in _told(call))
        yield Arrow("registry", "daemon", "no" if failed else "I have it", reported=True)
    elif call.path == "/auth":
        yield Arrow("daemon", "registry", "is this login right?", reported=True)
        yield Arrow("registry", "daemon", "yes" if 0 < call.status < 400 else "no", reported=True)


def _told(call: Call) -> list[dict[str, Any]]:
    """What an answer reports as it goes; one message alone stands for itself."""
    messages = call.response if isinstance(call.response, list) else [call.response]
    return [message for message in messages if isinstance(message, dict)]


def _given(told: Sequence[dict[str, Any]]) -> str:
    """What a registry gave, as the daemon reports a pull that went well."""
    texts = [str(message.get("status", "")) for message in told]
    if any(text.startswith("Status: Image is up to date") for text in texts):
        return "you have it already"
    layers = texts.count("Pull complete")
    return f"{layers} layer{'s' * (layers != 1)}" if layers else "its layers"


def _bases(told: Sequence[dict[str, Any]]) -> Iterator[Arrow]:
    """The pulls of a build: each base that is not here, from "Pulling from" to "Status: …" or an error."""
    begun = [at for at, message in enumerate(told) if str(message.get("status", "")).startswith("Pulling from ")]
    for at, after in pairwise([*begun, len(told)]):
        pull = told[at:after]
        name = f"{familiar(str(pull[0]['status']).removeprefix('Pulling from '))}:{pull[0].get('id', '')}".rstrip(":")
        ends = [text for message in pull if (text := str(message.get("status", ""))).startswith("Status: ")]
        if ends:  # it names the registry, too
            name = familiar(ends[0].rpartition(" for ")[2])
        yield Arrow("daemon", "registry", f"give me {name}", reported=True)
        refused = not ends and any("error" in message for message in pull)
        yield Arrow("registry", "daemon", "no" if refused else _given(pull), reported=True)
    error = str(told[-1].get("error", "")) if told else ""
    if refusal := REFUSED.match(error):
        yield Arrow("daemon", "registry", f"give me {familiar(refusal[1])}", reported=True)
        yield Arrow("registry", "daemon", "no", reported=True)


def _drawn(arrow: Arrow, registry: bool) -> list[str]:
    columns = {"client": CLIENT, "daemon": DAEMON, "registry": REGISTRY}
    left, right = sorted((columns[arrow.start], columns[arrow.end]))
    room = right - left - 5
    text = printable(arrow.text if len(arrow.text) <= room else arrow.text[: room - 1] + "…")
    forward = columns[arrow.start] < columns[arrow.end]
    at = left + 3 if forward else right - 2 - len(text)
    life = dict.fromkeys((CLIENT, DAEMON, *((REGISTRY,) if registry else ())), "│")
    shaft = ("╌" if arrow.reported else "─") * (right - left - 2)
    drawn = f"├{shaft}>" if forward else f"<{shaft}┤"
    return [_place({**life, at: text}), _place({**life, left if forward else left + 1: drawn})]


def _place(parts: dict[int, str]) -> str:
    row = [" "] * WIDTH
    for column, text in sorted(parts.items(), key=lambda part: len(part[1])):
        for offset, sign in enumerate(text):
            if column + offset < WIDTH:
                row[column + offset] = sign
    return "".join(row)
