"""What a second terminal window needs: where the tutor's wire is, a wired environment, one wired command, a log."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dockertutor.engine.wire_door import AWAY, CARD, DOOR
from dockertutor.engine.wire_handle import Endpoint, Wire
from dockertutor.errors import UsageError
from dockertutor.visible import visible

if TYPE_CHECKING:
    from dockertutor.facts import Call

HOUR = 3600.0


class Running(NamedTuple):
    """A tutor that runs now. ``socket``: its wire. ``engine``: the address of the engine behind it."""

    socket: Path
    pid: int
    engine: str

    @property
    def docker_host(self) -> str:
        return f"unix://{self.socket}"


def runtime_folder(base: Path | None = None) -> Path:
    """A new private folder (0700) for this process's sockets, in $XDG_RUNTIME_DIR or a temporary folder of ours.

    What dead tutors left there is removed first.
    """
    base = base or _base()
    sweep(base)
    folder = base / f"{os.getpid()}-{secrets.token_hex(3)}"
    folder.mkdir(mode=0o700)
    return folder


def sweep(base: Path | None = None) -> None:
    """Remove the folders of tutors that ended without tidying up (``kill -9``, power loss), whatever is in them."""
    for folder in _folders(base or _base()):
        pid = folder.name.split("-", 1)[0]
        if not pid.isdigit() or _alive(int(pid)):
            continue
        # A process id says nothing across containers that share this folder: its doors, or age, must agree.
        doors = [path for path in folder.glob("*") if path.is_socket() or path.is_fifo()]
        if not any(map(_answers, doors)) if doors else time.time() - folder.stat().st_mtime > HOUR:
            shutil.rmtree(folder, ignore_errors=True)


def publish(wire: Wire, engine: str) -> None:
    """Let ``dockertutor shell`` in another window find this wire."""
    card = wire.socket.with_name(CARD)
    card.write_text(json.dumps({"socket": str(wire.socket), "pid": os.getpid(), "engine": engine}))
    card.chmod(0o600)


def running(base: Path | None = None) -> tuple[Running, ...]:
    """The tutors that run now under this user, the one started last first."""
    found: list[tuple[float, Running]] = []
    for folder in _folders(base or _base()):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            card = json.loads((folder / CARD).read_text())
            tutor = Running(Path(card["socket"]), int(card["pid"]), str(card["engine"]))
            if tutor.socket == folder / DOOR and (_answers(tutor.socket) or _answers(folder / AWAY)):
                found.append(((folder / CARD).stat().st_mtime, tutor))
    return tuple(tutor for _time, tutor in sorted(found, key=lambda pair: pair[0], reverse=True))


def wired_environment(docker_host: str, environment: Mapping[str, str]) -> dict[str, str]:
    """An environment whose docker client talks to ``docker_host``, whatever it was set to before."""
    unwired = ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH")
    kept = {name: value for name, value in environment.items() if name not in unwired}
    return {**kept, "DOCKER_HOST": docker_host}


def run_wired(command: Sequence[str], docker_host: str) -> int:
    """Run one command wired, in the foreground, and return its exit status (128 + N for signal N, 127 not found)."""
    import signal

    handed = [sign for sign in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(sign) == signal.SIG_DFL]
    ours = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, *handed)}
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, not for us who wait for it
    try:
        process = subprocess.Popen(
            list(command),
            env=wired_environment(docker_host, os.environ),
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
        )
        for sign in handed:  # who ends us by our id means the command
            signal.signal(sign, lambda number, _frame: process.send_signal(number))
        status = process.wait()
    except FileNotFoundError:
        raise UsageError(f"There is no command {command[0]!r}.", "Check how it is written.") from None
    except PermissionError:
        raise UsageError(f"{command[0]!r} cannot be run.", "Check that it is a program.") from None
    finally:
        for sign, handler in ours.items():
            signal.signal(sign, handler)
    return 128 - status if status < 0 else status


@contextlib.contextmanager
def wired(endpoint: Endpoint | None, log: Path | None = None, *, base: Path | None = None) -> Iterator[str]:
    """The DOCKER_HOST for a shell or command in this window, for as long as the block lasts.

    A running tutor's wire is used, so that its calls appear there; without one (or with ``log``, in between) a relay
    of our own is started to ``endpoint``. ``log`` gets each ended call as a JSON line in its log form.
    """
    tutor = next(iter(running(base)), None)
    if tutor is not None and log is None:
        yield tutor.docker_host
        return
    target = endpoint if tutor is None else _Through(tutor.docker_host)
    if target is None:
        raise UsageError("No tutor is running, and no engine was named.", "Start `dockertutor` first.")
    folder = runtime_folder(base)
    with contextlib.ExitStack() as stack:
        listener: Callable[[Call], None] = stack.enter_context(CallLog(log)).add if log else lambda _call: None
        wire = Wire.start(target, runtime=folder, on_call=listener)
        stack.callback(wire.close)
        yield wire.docker_host


class _Through(NamedTuple):
    """The way through a tutor's own wire."""

    url: str
    tls: None = None


class CallLog:
    """A file of calls, one JSON line each, in their log form (see `wire_secrets`). Made 0600; appended to. A full
    disk ends it, not the command: that is said once, when the log is closed."""

    def __init__(self, path: Path) -> None:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise UsageError(f"The log {path} cannot be written: {error.strerror}.", "Name another file.") from None
        self._path, self._lost = path, ""
        self._file = os.fdopen(descriptor, "wb", buffering=0)

    def add(self, call: Call) -> None:
        """Keep the call once it has ended."""
        from dockertutor.engine.wire_secrets import log_record

        if call.ended is not None and not self._lost and not self._file.closed:
            try:
                self._file.write(json.dumps(log_record(call)).encode() + b"\n")
            except OSError as error:
                self._lost = error.strerror or str(error)

    def __enter__(self) -> CallLog:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        if self._lost:
            print(visible(f"The log {self._path} is not whole: {self._lost}."), file=sys.stderr)


def _base() -> Path:
    """The folder of all our runtime folders: ours alone, or a new one that is."""
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    base = Path(given, "dockertutor") if given and Path(given).is_dir() else None
    base = base or Path(tempfile.gettempdir(), f"dockertutor-{os.getuid()}")
    with contextlib.suppress(OSError):
        base.mkdir(mode=0o700)
    with contextlib.suppress(OSError):
        state = base.lstat()
        if stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid() and not state.st_mode & 0o077:
            return base
    return Path(tempfile.mkdtemp(prefix="dockertutor-"))  # somebody else took the name


def _folders(base: Path) -> tuple[Path, ...]:
    try:
        return tuple(path for path in base.iterdir() if path.is_dir() and not path.is_symlink())
    except OSError:
        return ()


def _answers(door: Path) -> bool:
    """Whether somebody listens at a socket or a pipe."""
    if door.is_fifo():
        try:
            os.close(os.open(door, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            return False
        return True
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.settimeout(1)
        try:
            caller.connect(str(door))
        except OSError:
            return False
    return True


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
