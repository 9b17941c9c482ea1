"""The few Engine API calls that set-up makes, over a unix or TCP address, with the standard library alone.

Set-up runs before every start of the tutor, so it must not pay for the import of docker-py to learn that all is well.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import socket
import ssl
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from dockertutor.called import SETUP
from dockertutor.engine.connection import Endpoint, Tls
from dockertutor.errors import (
    EngineFault,
    EngineNoPermission,
    EngineNotRunning,
    EngineRefused,
    EngineTimeout,
    EngineTls,
    EngineUnreachable,
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
    """An engine at an endpoint (unix or TCP, with TLS or without). Every call may raise an `EngineFault`."""

    def __init__(self, endpoint: Endpoint, timeout: float = 10.0) -> None:
        self.url = endpoint.url
        self._endpoint = endpoint
        self._timeout = timeout

    def ping(self) -> None:
        """Return if a Docker Engine answers. Raises the `EngineFault` that says why not."""
        try:
            with self._request("GET", "/_ping") as answer:
                docker = answer.getheader("Api-Version") is not None
        except EngineRefused as error:
            docker = error.status >= 500
            if docker:
                raise
        if not docker:
            raise NotAnEngine(f"What answers at {self.url} is not Docker.", "Check DOCKER_HOST.")

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

    def _json(self, method: str, path: str) -> Any:
        with self._request(method, path) as answer:
            try:
                return json.loads(answer.read())
            except ValueError as error:
                raise NotAnEngine(f"What answers at {self.url} is not Docker.", "Check DOCKER_HOST.") from error

    def _stream(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Iterator[Any]:
        """Messages of a call that goes on for a while; one with ``error`` raises `EngineRefused`."""
        with self._request(method, path, body, headers, timeout=600) as answer:
            for line in self._lines(answer):
                if not line.strip():
                    continue
                try:
                    message = json.loads(line)
                except ValueError as error:
                    raise NotAnEngine(f"What answers at {self.url} is not Docker.", "Check DOCKER_HOST.") from error
                if "error" in message:
                    raise EngineRefused(f"The engine says: {message['error']}.", status=500)
                yield message

    def _lines(self, answer: http.client.HTTPResponse) -> Iterator[bytes]:
        """The lines of an answer. Not by iterating over it: that takes one cut off between chunks for a whole one."""
        held = b""
        try:
            while part := answer.read1(65536):
                *lines, held = (held + part).split(b"\n")
                yield from lines
            if answer.length:  # of a body of a length that was told
                raise http.client.IncompleteRead(held, answer.length)
            yield held
        except (OSError, http.client.HTTPException) as error:
            raise EngineUnreachable(
                f"The engine at {self.url} broke off in the middle of its answer.",
                f"See that it runs, then run {SETUP} again: it goes on from here.",
            ) from error

    def _request(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, timeout: float = 0
    ) -> http.client.HTTPResponse:
        connection = self._connection(timeout or self._timeout)
        try:
            with contextlib.suppress(BrokenPipeError):  # an engine that refuses a body stops reading, and says why
                connection.request(method, path, body=body, headers={"Connection": "close", **(headers or {})})
            answer = connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise self._fault(error) from error
        if answer.status >= 400:
            text = answer.read(4096).decode(errors="replace")
            connection.close()
            told = f"The engine refused {method} {path.split('?')[0]}: {_message(text)}"
            raise EngineRefused(told, status=answer.status)
        return answer

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        parts, path = urlsplit(self.url), self._endpoint.path
        if path is not None:
            return _UnixConnection(str(path), timeout)
        if parts.scheme not in ("tcp", "http", "https") or not parts.hostname:
            raise EngineUnreachable(
                f"Set-up cannot reach an engine at a {parts.scheme}:// address yet.",
                "Set DOCKER_HOST to a unix:// or tcp:// address.",
            )
        if self._endpoint.tls or parts.scheme == "https":
            context = _tls_context(self._endpoint.tls or Tls())
            return http.client.HTTPSConnection(parts.hostname, parts.port or 2376, timeout=timeout, context=context)
        return http.client.HTTPConnection(parts.hostname, parts.port or 2375, timeout=timeout)

    def _fault(self, error: Exception) -> EngineFault:
        where = f"{self.url} ({self._endpoint.source})"
        if isinstance(error, PermissionError):
            return EngineNoPermission(
                f"You may not open the engine's socket {self.url}.",
                f"Join its group (`sudo adduser $USER docker`), log in again, then run {SETUP} again.",
            )
        if isinstance(error, (FileNotFoundError, ConnectionRefusedError)):
            return EngineNotRunning(
                f"No engine listens at {where}.",
                "Start it, or choose another with DOCKER_HOST or `docker context use`.",
            )
        if isinstance(error, TimeoutError):
            return EngineTimeout(f"The engine at {self.url} does not answer in time.", "Wait a little; try again.")
        if isinstance(error, ssl.SSLError):
            return EngineTls(
                f"The engine at {where} and we do not trust each other: {error}.", "Check DOCKER_CERT_PATH."
            )
        if isinstance(error, OSError):
            return EngineUnreachable(
                f"The engine at {where} cannot be reached: {error}.", "Check its name and network."
            )
        return NotAnEngine(f"What answers at {self.url} does not speak as Docker does: {error}.", "Check DOCKER_HOST.")


def _message(text: str) -> str:
    """What an engine says in the body of an error, ``{"message": "…"}``; any other body as it is."""
    try:
        return str(json.loads(text)["message"]).strip()
    except (ValueError, KeyError, TypeError):
        return text.strip()


def _tls_context(tls: Tls) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=str(tls.ca) if tls.ca else None)
        if not tls.verify:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if tls.cert and tls.key:
            context.load_cert_chain(tls.cert, tls.key)
    except OSError as error:
        raise EngineTls(f"The engine's certificates cannot be read: {error}.", "Check DOCKER_CERT_PATH.") from error
    return context
