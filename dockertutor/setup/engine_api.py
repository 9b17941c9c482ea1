"""The few Engine API calls that set-up makes, over a unix or TCP address, with the standard library alone.

Set-up runs before every start of the tutor, so it must not pay for the import of docker-py to learn that all is well.
"""

from __future__ import annotations

import http.client
import io
import json
import socket
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from dockertutor.errors import (
    EngineFault,
    EngineNoPermission,
    EngineNotRunning,
    EngineRefused,
    EngineTimeout,
    NotAnEngine,
)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("docker", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class EngineApi:
    """An engine at ``url`` (``unix:///…`` or ``tcp://HOST:PORT``). Every call may raise an `EngineFault`."""

    def __init__(self, url: str, timeout: float = 10.0) -> None:
        self.url = url
        self._timeout = timeout

    def ping(self) -> None:
        """Return if a Docker Engine answers. Raises the `EngineFault` that says why not."""
        answer = self._request("GET", "/_ping")
        if answer.getheader("Api-Version") is None:
            raise NotAnEngine(f"What answers at {self.url} is not Docker.", "Check DOCKER_HOST.")
        answer.close()

    def identity(self) -> str:
        """The engine's Id (``/info`` ID)."""
        return str(self._json("GET", "/info").get("ID", ""))

    def images(self) -> dict[str, str]:
        """Tag → image Id, for every tag on the engine."""
        return {tag: image["Id"] for image in self._json("GET", "/images/json") for tag in image.get("RepoTags") or []}

    def load(self, archive: Path) -> None:
        """``docker load`` of a docker-archive."""
        with archive.open("rb") as tar:
            headers = {"Content-Type": "application/x-tar", "Content-Length": str(archive.stat().st_size)}
            for _ in self._stream("POST", "/images/load?quiet=1", tar, headers):
                pass

    def pull(self, name: str) -> Iterator[dict[str, Any]]:
        """``docker pull``: the progress messages as the engine gives them (status, id, progressDetail)."""
        image, _, tag = name.partition(":")
        yield from self._stream("POST", f"/images/create?fromImage={quote(image)}&tag={quote(tag or 'latest')}")

    def build(self, folder: Path, name: str) -> Iterator[dict[str, Any]]:
        """``docker build -t NAME FOLDER`` with the engine's own builder: the messages as the engine gives them."""
        context = io.BytesIO()
        with tarfile.open(fileobj=context, mode="w") as tar:
            for path in sorted(folder.rglob("*")):
                info = tar.gettarinfo(path, str(path.relative_to(folder)))
                info.mtime, info.uid, info.gid, info.uname, info.gname = 0, 0, 0, "root", "root"
                with path.open("rb") if path.is_file() else io.BytesIO() as data:
                    tar.addfile(info, data if info.isreg() else None)
        query = f"/build?t={quote(name)}&rm=1&forcerm=1"
        yield from self._stream("POST", query, context.getvalue(), {"Content-Type": "application/x-tar"})

    def untag(self, name: str) -> None:
        """Take a tag away; the image goes with its last one. Nothing is forced."""
        self._request("DELETE", f"/images/{quote(name, safe='')}").close()

    def _json(self, method: str, path: str) -> Any:
        with self._request(method, path) as answer:
            try:
                return json.loads(answer.read())
            except ValueError as error:
                raise NotAnEngine(f"What answers at {self.url} is not Docker.", "Check DOCKER_HOST.") from error

    def _stream(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Iterator[Any]:
        """Messages of a call that goes on for a while; one with ``error`` raises `EngineRefused`."""
        with self._request(method, path, body, headers, timeout=600) as answer:
            for line in answer:
                if not line.strip():
                    continue
                message = json.loads(line)
                if "error" in message:
                    raise EngineRefused(f"The engine says: {message['error']}.", status=500)
                yield message

    def _request(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, timeout: float = 0
    ) -> http.client.HTTPResponse:
        connection = self._connection(timeout or self._timeout)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise self._fault(error) from error
        if answer.status >= 400:
            text = answer.read(4096).decode(errors="replace")
            connection.close()
            raise EngineRefused(
                f"The engine refused {method} {path.split('?')[0]}: {text.strip()}", status=answer.status
            )
        return answer

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        if parts.scheme == "unix":
            return _UnixConnection(parts.path, timeout)
        return http.client.HTTPConnection(parts.hostname or "", parts.port or 2375, timeout=timeout)

    def _fault(self, error: Exception) -> EngineFault:
        if isinstance(error, PermissionError):
            return EngineNoPermission(
                f"You may not open the engine's socket {self.url}.",
                "Join its group (`sudo adduser $USER docker`), log in again, then run ./run again.",
            )
        if isinstance(error, (FileNotFoundError, ConnectionRefusedError)):
            return EngineNotRunning(f"No engine listens at {self.url}.", "Start it.")
        if isinstance(error, TimeoutError):
            return EngineTimeout(f"The engine at {self.url} does not answer in time.", "Wait a little; try again.")
        return NotAnEngine(f"What answers at {self.url} does not speak as Docker does: {error}.", "Check DOCKER_HOST.")
