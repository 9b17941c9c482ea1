"""The tutor's end of the wire: starts the relay process, keeps it alive, delivers the calls that it saw."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from dockertutor.engine.wire_door import DOOR, Door
from dockertutor.engine.wire_upstream import UpstreamError, parse_upstream
from dockertutor.errors import EngineTls, TutorError

if TYPE_CHECKING:
    from dockertutor.facts import Call

BACKLOG = 4096
"""With a backlog of 100, 49 of 150 clients failed while the relay was busy."""


class WireError(TutorError):
    """The engine cannot be reached through a relay here; the tutor works on without API calls."""


class Endpoint(Protocol):
    """What the wire needs to know of `engine.connection.Endpoint`. ``tls``: None, or an object with the paths
    ``ca``, ``cert`` and ``key`` and the flag ``verify``."""

    @property
    def url(self) -> str: ...
    @property
    def tls(self) -> Any: ...


class Wire:
    """A running relay. ``docker_host`` is what the learner's shell gets as DOCKER_HOST; ``socket`` is there while the
    engine is (see `wire_door`)."""

    def __init__(self, endpoint: Endpoint, runtime: Path, on_call: Callable[[Call], None]) -> None:
        self._upstream = (endpoint.url, *_tls_paths(endpoint.tls))
        self._on_call = on_call
        self.socket = runtime / DOOR
        self._listener = _listen(self.socket)
        self._process: subprocess.Popen[bytes] | None = None
        self._closing = False
        self._starting = threading.Lock()
        self._base = 0
        self._last = 0
        self._open: dict[int, Call] = {}
        self._reader = threading.Thread(target=self._read, name="wire", daemon=True)

    @classmethod
    def start(cls, endpoint: Endpoint, *, runtime: Path, on_call: Callable[[Call], None], later: bool = False) -> Wire:
        """Start a relay to ``endpoint`` with its socket in ``runtime`` (made 0700 if it is not there). ``later``: only
        open the socket; whoever calls there waits for `begin`.

        ``on_call`` is called on a thread of the wire's, at least twice for each call (see `facts.Call`): when it has
        begun (``ended`` None) and when it is over, with the same ``number``. Raises WireError (ssh, named pipes, a
        path too long for a socket) or EngineTls.
        """
        try:
            parse_upstream(endpoint.url, _tls_paths(endpoint.tls))
        except UpstreamError as error:
            raise WireError(str(error), "To see them, choose an engine at a socket or at a TCP address.") from None
        except OSError as error:
            raise EngineTls(
                "The certificates for the engine cannot be read.", "Check DOCKER_CERT_PATH.", detail=str(error)
            ) from None
        runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
        runtime.chmod(0o700)
        wire = cls(endpoint, runtime, on_call)
        if not later:
            wire.begin()
        return wire

    def begin(self) -> None:
        """Start the relay process, where that was left for later."""
        if self._process is None and not self._closing:
            self._launch()
            self._reader.start()

    @property
    def docker_host(self) -> str:
        """``unix://…/wire.sock``."""
        return f"unix://{self.socket}"

    @property
    def alive(self) -> bool:
        """Whether the relay process runs."""
        return not self._closing and self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The relay process's id, 0 when there is none."""
        return self._process.pid if self._process is not None else 0

    def close(self) -> None:
        """End the relay and remove its socket. Commands under way fail as they would if the engine closed."""
        if self._closing:
            return
        with self._starting:
            self._closing = True
            process = self._process
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.write(b"now\n")
                process.stdin.close()
            try:
                process.wait(2)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._listener.close()
        Door(str(self.socket)).remove()
        if self._reader.is_alive() and threading.current_thread() is not self._reader:
            self._reader.join(2)

    # ------------------------------------------------------------------ the process
    def _launch(self) -> None:
        command = [sys.executable, "-m", "dockertutor.engine.wire", str(self._listener.fileno()), str(self.socket)]
        self._process = subprocess.Popen(
            [*command, *self._upstream],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(self._listener.fileno(),),
            start_new_session=True,  # Ctrl-C in the terminal is for the learner's command
            env=_environment(),
        )

    def _read(self) -> None:
        """Deliver calls; start the relay again when it died. The listening socket is ours, so clients only wait."""
        pause = 0.0
        while True:
            process = self._process
            assert process is not None
            began = time.monotonic()
            assert process.stdout is not None
            self._deliver(process.stdout)
            process.wait()
            self._give_up_open_calls()
            if self._closing:
                process.stdout.close()
                return
            self._base = self._last
            pause = 0.0 if time.monotonic() - began > 1 else min(max(0.25, 2 * pause), 10)
            time.sleep(pause)
            process.stdout.close()
            if process.stdin is not None:
                process.stdin.close()
            with self._starting:
                if self._closing:
                    return
                self._launch()

    def _deliver(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError):
            for line in pipe:
                with contextlib.suppress(ValueError):  # cut off where the process died
                    self._tell(call_from(json.loads(line), self._base))

    def _tell(self, call: Call) -> None:
        self._last = max(self._last, call.number)
        if call.ended is None:
            self._open[call.number] = call
        else:
            self._open.pop(call.number, None)
        try:
            self._on_call(call)
        except Exception:  # a listener's fault must not end the delivery of calls
            logging.getLogger(__name__).exception("a listener of the wire failed")

    def _give_up_open_calls(self) -> None:
        from dataclasses import replace

        for call in list(self._open.values()):
            self._tell(replace(call, ended=time.time()))


def call_from(record: dict[str, Any], base: int = 0) -> Call:
    """A `Call` from one of the relay's JSON lines; numbers go on from ``base``."""
    from dockertutor.facts import Call

    created = tuple((str(kind), str(made)) for kind, made in record.pop("created", ()))
    return Call(**{**record, "number": record["number"] + base, "created": created})


def _tls_paths(tls: Any) -> tuple[str, ...]:
    if not tls:
        return ()
    paths = [str(getattr(tls, name, None) or "") for name in ("ca", "cert", "key")]
    return (*paths, "verify" if getattr(tls, "verify", True) else "trust")


def _environment() -> dict[str, str]:
    """The relay's environment: without what could make its start slow or strange."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHONSTARTUP", "TEXTUAL"))}


def _listen(path: Path) -> socket.socket:
    if len(os.fsencode(path)) > 103:
        raise WireError(
            f"The path {path} is too long for a socket, so API calls cannot be shown.",
            "Set XDG_RUNTIME_DIR to a folder with a shorter path.",
        )
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))  # the folder is 0700: nobody can come in before the next line
    path.chmod(0o600)
    listener.listen(BACKLOG)
    return listener
