"""A learner's seat: what every shell of theirs needs. The wire, the `answer` command, and the environment."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from dockertutor.engine.connection import Endpoint
from dockertutor.engine.wire_handle import Wire
from dockertutor.engine.wire_shell import publish, runtime_folder, sweep, wired_environment
from dockertutor.errors import TutorError
from dockertutor.shell.answers import AnswerBox

if TYPE_CHECKING:
    from dockertutor.facts import Call


class Hears(Protocol):
    """Whom a seat tells (a `Session`)."""

    def call_seen(self, call: Call) -> None: ...
    def answer(self, value: str) -> None: ...


class Seat:
    """A seat with a private runtime folder (0700). Use as a context manager, or `close` it.

    ``environment``: for every shell here: DOCKER_HOST leads through the wire, DOCKER_SOCKET is the path of the same
    socket. ``bin_folder`` belongs on its PATH. ``trouble``: why there is no wire, or "".
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        wire: bool = True,
        later: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = runtime_folder()
        self._base = dict(os.environ if environ is None else environ)
        self._endpoint = endpoint
        self._hears: Hears | None = None
        self._wire: Wire | None = None
        self._answers: AnswerBox | None = None
        self._shells = 0
        self.trouble = ""
        if wire:
            try:
                self._wire = Wire.start(endpoint, runtime=self.folder, on_call=self._call, later=later)
                publish(self._wire, endpoint.url)
            except TutorError as error:
                self.trouble = f"{error.what} {error.do}"
        self._answers = AnswerBox(self.folder, self._answer)
        self.bin_folder = self._answers.bin_folder

    def begin(self) -> None:
        """Start the relay, where that was left for ``later``: after the first paint."""
        if self._wire is not None:
            self._wire.begin()

    @property
    def wired(self) -> bool:
        """Whether API calls are seen here."""
        return self._wire is not None

    @property
    def environment(self) -> dict[str, str]:
        if self._wire is not None:
            env = wired_environment(self._wire.docker_host, self._base)
        elif self._endpoint.source in ("DOCKER_HOST", "DOCKER_CONTEXT") or self._endpoint.tls is not None:
            env = dict(self._base)
        else:
            env = wired_environment(self._endpoint.url, self._base)
        path = self._wire.socket if self._wire is not None else self._endpoint.path
        return {**env, "DOCKER_SOCKET": str(path)} if path is not None else env

    def shell_folder(self) -> Path:
        """A new private folder for the start-up files of one shell."""
        self._shells += 1
        return self.folder / f"shell-{self._shells}"

    def serve(self, hears: Hears) -> None:
        """Tell ``hears`` of calls and answers from now on."""
        self._hears = hears

    def close(self) -> None:
        """End the wire and remove the runtime folder, and what tutors left that were killed."""
        if self._answers is not None:
            self._answers.close()
        if self._wire is not None:
            self._wire.close()
        with contextlib.suppress(OSError):
            shutil.rmtree(self.folder)
        sweep()

    def __enter__(self) -> Seat:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _call(self, call: Call) -> None:
        if self._hears is not None:
            self._hears.call_seen(call)

    def _answer(self, value: str) -> None:
        if self._hears is not None:
            self._hears.answer(value)
