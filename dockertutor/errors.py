"""Everything that dockertutor raises on purpose. Front ends print ``what`` and ``do``, never a traceback.

TutorError                     what happened (one sentence), what to do (one sentence)
├── UsageError                 the command line asks for something that does not exist
├── ContentError               a lesson, course or glossary is broken: carries every Problem found
├── ProgressError              the progress file cannot be read or written (newer version, full disk)
├── SetupError                 Python, engine or images cannot be set up here
├── ShellError                 no shell or pseudo-terminal can be had
└── EngineFault                the engine cannot be asked: never the learner's failure ("cannot judge")
    ├── EngineNotRunning       nobody listens at the address
    ├── EngineNoPermission     the socket is there, this user may not open it
    ├── EngineUnreachable      TCP, DNS or proxy
    ├── EngineBadAddress       DOCKER_HOST or context is malformed or unknown
    ├── EngineTls              certificates are missing or not accepted
    ├── EngineTimeout          connected, but no answer in time
    ├── EngineVersion          too old or too new for this client
    ├── NotAnEngine            something answers, and it is not Docker
    └── EngineRefused          the engine answered with an error of its own (status and message kept)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class TutorError(Exception):
    """Something a person can read and act on.

    ``what``: one sentence, what happened. ``do``: one sentence, what to do next.
    ``detail``: technical text for a helper, shown only when asked for.
    """

    def __init__(self, what: str, do: str = "", *, detail: str = "") -> None:
        super().__init__(f"{what} {do}".strip())
        self.what = what
        self.do = do
        self.detail = detail


class UsageError(TutorError):
    """The command line or an action names something that does not exist (exit code 2)."""


class ProgressError(TutorError):
    """The progress file cannot be used; nothing in it was changed."""


class SetupError(TutorError):
    """The machine could not be made ready."""


class ShellError(TutorError):
    """No shell or pseudo-terminal can be had."""


class Place(NamedTuple):
    """A position in a content file. ``line`` and ``column`` count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Problem(NamedTuple):
    """One thing wrong in a content file: where, at which key, what was expected, and the nearest known key."""

    place: Place
    key: str
    message: str
    nearest: str = ""

    def __str__(self) -> str:
        hint = f" (did you mean `{self.nearest}`?)" if self.nearest else ""
        return f"{self.place}: {self.key}: {self.message}{hint}" if self.key else f"{self.place}: {self.message}{hint}"


class ContentError(TutorError):
    """A content file is broken. ``problems`` holds all that were found, in file order (exit code 3)."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)), "Mend the lines named here and load it again.")


class EngineFault(TutorError):
    """The engine cannot be asked. Whatever was judged meanwhile is "cannot judge"."""


class EngineNotRunning(EngineFault):
    """Nobody listens at the engine's address."""


class EngineNoPermission(EngineFault):
    """The engine's socket exists, but this user may not open it."""


class EngineUnreachable(EngineFault):
    """The engine's host cannot be reached over the network."""


class EngineBadAddress(EngineFault):
    """DOCKER_HOST is malformed, or a context is not known."""


class EngineTls(EngineFault):
    """TLS certificates are missing or were not accepted."""


class EngineTimeout(EngineFault):
    """The engine accepted the connection and did not answer in time."""


class EngineVersion(EngineFault):
    """Engine and client have no API version in common."""


class NotAnEngine(EngineFault):
    """Something answers at the address, and it is not a Docker Engine."""


class EngineRefused(EngineFault):
    """The engine answered a request with an error. ``status`` is the HTTP status."""

    def __init__(self, what: str, do: str = "", *, status: int = 0, detail: str = "") -> None:
        super().__init__(what, do, detail=detail)
        self.status = status
