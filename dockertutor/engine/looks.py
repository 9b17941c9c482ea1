"""Looks that need more than an inspect: output, files, commands in containers, history; each with a deadline."""

from __future__ import annotations

import io
import struct
import tarfile
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dockertutor.engine import published
from dockertutor.engine.faults import refusal
from dockertutor.errors import EngineRefused, EngineTimeout
from dockertutor.facts import (
    Changes,
    Digest,
    Exec,
    ExecAnswer,
    FileIn,
    History,
    Http,
    Inspect,
    Logs,
    Names,
    Need,
    Registry,
)

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine

BOUND = 65536
"""How much of a file or a page is read, in bytes."""
LOG_LINES = 10_000
LOG_BYTES = 4 << 20
MOST_CHANGES = 10_000
"""How many changed paths of a container are kept."""
_CHANGES = {0: "changed", 1: "added", 2: "deleted"}
_CANNOT_RUN = (126, 127)


def look(engine: Engine, need: Need, deadline: float) -> Any:
    """Dispatches a need to its look; see `Engine.look`."""
    match need:
        case Inspect(kind, ref, by_id):
            return engine.inspect(kind, ref, by_id)
        case Names(kind):
            return engine.names(kind)
        case Logs(container_id):
            return logs(engine, container_id, deadline)
        case FileIn(container_id, path):
            return file_in(engine, container_id, path, deadline)
        case Changes(container_id):
            return changes(engine, container_id, deadline)
        case Exec(container_id, command):
            return exec_in(engine, container_id, command, deadline)
        case History(image_id):
            return history(engine, image_id)
        case Http(port, path, headers):
            return published.page(engine.host, port, path, headers, deadline=deadline)
        case Registry(port, repository):
            return published.registry_tags(engine.host, port, repository, deadline=deadline)
        case Digest(port, repository, tag):
            return published.registry_digest(engine.host, port, repository, tag, deadline=deadline)
    raise TypeError(f"the engine cannot answer {need}")


def logs(engine: Engine, container_id: str, deadline: float = 5.0) -> str | None:
    """A container's output (its last 10,000 lines, of these the last 4 MB), or None where it is gone or its log driver
    keeps none. A line may be of any length, so the size is bounded here, while it is read."""
    end = time.monotonic() + deadline
    try:
        with engine.asking("read a container's output", seconds=deadline) as api:
            config = api.inspect_container(container_id).get("Config") or {}
            asked = {"stdout": 1, "stderr": 1, "tail": LOG_LINES}
            place = f"{api.base_url}/v{api.api_version}/containers/{container_id}/logs"
            with api.get(place, params=asked, stream=True, timeout=deadline) as answer:
                if answer.status_code >= 400:
                    raise refusal(answer.text[:2000], answer.status_code, "read a container's output")
                found = _last(answer.iter_content(65536), end, framed=not config.get("Tty"))
    except EngineRefused as refused:
        if refused.status in (404, 409, 500, 501):
            return None
        raise
    return found.decode("utf-8", "replace")


def _last(chunks: Iterable[bytes], end: float, *, framed: bool) -> bytes:
    """The last LOG_BYTES of a raw stream, both streams in order; what comes after ``end`` is left out."""
    held, raw = bytearray(), bytearray()
    for chunk in chunks:
        raw += chunk
        at = 0 if framed else len(raw)
        held += b"" if framed else raw
        while framed and len(raw) >= at + 8 and len(raw) >= at + 8 + (size := struct.unpack_from(">L", raw, at + 4)[0]):
            held += raw[at + 8 : at + 8 + size]
            at += 8 + size
        del raw[:at], held[:-LOG_BYTES]
        if time.monotonic() > end:
            break
    return bytes(held)


def file_in(engine: Engine, container_id: str, path: str, deadline: float = 5.0) -> str | None:
    """The text of a file inside a container, or None where there is none (or it is no ordinary file).

    A file on a tmpfs cannot be had through the archive; it is read by ``cat`` where the container runs.
    """
    if not path.startswith("/") or "\0" in path:
        return None
    wanted = path
    for _ in range(5):  # links are followed inside the container: the archive brings the link itself
        try:
            with engine.asking("read a file in a container", seconds=deadline) as api:
                chunks, stat = api.get_archive(container_id, wanted)
                if target := str(stat.get("linkTarget") or ""):
                    chunks.close()
                    if target == wanted:
                        return None
                    wanted = target
                    continue
                return _text(_first_file(chunks, deadline))
        except EngineRefused as refused:
            if refused.status not in (400, 404):
                raise
            return _by_cat(engine, container_id, path, deadline)
    return None


def _first_file(chunks: Any, deadline: float) -> bytes | None:
    """The first BOUND bytes of the one file in a tar stream, without reading more than that needs."""
    end = time.monotonic() + deadline
    held = bytearray()
    try:
        for chunk in chunks:
            held += chunk
            if len(held) > BOUND + 20 * 512 or time.monotonic() > end:
                break
    finally:
        chunks.close()
    try:
        with tarfile.open(fileobj=io.BytesIO(bytes(held)), mode="r|") as archive:
            for member in archive:
                if not member.isfile():
                    return None
                handle = archive.extractfile(member)
                return handle.read(min(BOUND, member.size)) if handle is not None else None
    except tarfile.ReadError:
        return None
    return None


def _by_cat(engine: Engine, container_id: str, path: str, deadline: float) -> str | None:
    found = engine.inspect("container", container_id, by_id=True)
    if found is None or not any(path.startswith(f"{place.rstrip('/')}/") for place in _tmpfs(found.inspect)):
        return None
    answer = exec_in(engine, container_id, ("cat", path), deadline)
    return answer.output[:BOUND] if answer is not None and answer.exit_code == 0 else None


def _tmpfs(inspect: Mapping[str, Any]) -> list[str]:
    state = inspect.get("State") or {}
    if not state.get("Running") or state.get("Paused"):
        return []
    places = list((inspect.get("HostConfig") or {}).get("Tmpfs") or {})
    return places + [str(m["Destination"]) for m in inspect.get("Mounts") or () if m.get("Type") == "tmpfs"]


def _text(data: bytes | None) -> str | None:
    return None if data is None else data.decode("utf-8", "replace")


def changes(engine: Engine, container_id: str, deadline: float = 5.0) -> Mapping[str, str] | None:
    """What differs in a container's files from its image, by path (the first `MOST_CHANGES` of them), or None where it
    is gone or its storage cannot tell. The API's ``Kind`` is a number."""
    try:
        with engine.asking("read what changed in a container", seconds=deadline) as api:
            rows = api.diff(container_id) or ()
    except EngineRefused as refused:
        if refused.status in (404, 409, 500):
            return None
        raise
    return {str(row["Path"]): _CHANGES.get(row["Kind"], "") for row in rows[:MOST_CHANGES]}


def exec_in(engine: Engine, container_id: str, command: tuple[str, ...], deadline: float = 5.0) -> ExecAnswer | None:
    """Run a command in the learner's container, or None where it cannot run (no such program, paused, stopped).

    Its Id is noted as our own. Raises EngineTimeout when the command does not end in time (it goes on there).
    """
    end = time.monotonic() + deadline
    try:
        with engine.asking("run a command in a container", seconds=deadline) as api:
            made = str(api.exec_create(container_id, list(command), stdout=True, stderr=True)["Id"])
            engine.note_own_exec(made)
            output = _output(api.exec_start(made, socket=True), end)
            code = _exit_code(api, made, end)
    except EngineRefused as refused:
        if refused.status in (400, 404, 409, 500):
            return None
        raise
    if code is None:
        raise EngineTimeout(f"The command `{command[0]}` in the container does not end.", "Try again in a moment.")
    text = output.decode("utf-8", "replace")
    if code in _CANNOT_RUN and "OCI runtime exec failed" in text:
        return None
    return ExecAnswer(code, text)


def _exit_code(api: Any, exec_id: str, end: float) -> int | None:
    while True:
        found = api.exec_inspect(exec_id)
        if not found.get("Running") and found.get("ExitCode") is not None:
            return int(found["ExitCode"])
        if time.monotonic() > end:
            return None
        time.sleep(0.02)


def _output(handle: Any, end: float) -> bytes:
    """Both streams in order, from the raw stream's frames (1 byte stream, 3 zero, 4 length); at most BOUND bytes."""
    sock: Any = getattr(handle, "_sock", handle)
    held, raw = bytearray(), bytearray()
    try:
        while True:
            left = end - time.monotonic()
            if left <= 0:
                break
            sock.settimeout(left)
            try:
                data = sock.recv(65536)
            except TimeoutError:
                break
            if not data:
                break
            raw += data
            while len(raw) >= 8 and len(raw) >= 8 + (size := struct.unpack(">L", raw[4:8])[0]):
                if len(held) < BOUND:
                    held += raw[8 : 8 + size]
                del raw[: 8 + size]
    finally:
        if (response := getattr(handle, "_response", None)) is not None:
            response.close()  # before its socket: from Python 3.13 on, one that finds it closed complains
        handle.close()
        sock.close()
    return bytes(held[:BOUND])


def history(engine: Engine, image_id: str) -> tuple[Mapping[str, Any], ...] | None:
    """An image's history, newest first, or None where the image is gone."""
    try:
        with engine.asking("read an image's history") as api:
            return tuple(api.history(image_id))
    except EngineRefused as refused:
        if refused.status == 404:
            return None
        raise
