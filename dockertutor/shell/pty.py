"""A shell on a pseudo-terminal: spawned, read, written, resized and ended. Works without any front end.

One thread a shell reads and writes; callbacks come on it, in the order in which the shell wrote. Writes are queued and
go out as the terminal takes them, so a paste of any size arrives whole. A consumer with a loop of its own may do the
reading there instead (see `Shell.pump`): it reads when it has time, and a flood costs no change of threads.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import threading
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dockertutor.errors import ShellError
from dockertutor.shell import tty
from dockertutor.shell.early import EarlyKeys
from dockertutor.shell.marks import Ended, MarkReader, Output, Prompt, Started

READ_BYTES = 65_536


@dataclass(frozen=True)
class Listeners:
    """What a consumer is told. ``status`` is the exit status (0..255). With ``readable`` the consumer reads: it is
    called once when there is something, and `Shell.pump` is then expected."""

    output: Callable[[bytes], None] = lambda data: None
    prompt: Callable[[int], None] = lambda status: None
    command_began: Callable[[str], None] = lambda text: None
    command_ended: Callable[[str, int], None] = lambda text, status: None
    exited: Callable[[int], None] = lambda status: None
    readable: Callable[[], None] | None = None


class Shell:
    """A running shell.

    ``where``: see `startup.Launch`. ``marks``: reads the shell's private marks, or None for a shell without.
    Raises `ShellError` when the program cannot be started.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        size: tuple[int, int],
        listeners: Listeners,
        marks: MarkReader | None = None,
        where: Path | None = None,
    ) -> None:
        self._where = where
        self._listeners = listeners
        self._marks = marks
        self._out = bytearray()
        self._lock = threading.Lock()
        self._read_lock = threading.RLock()
        self._closing = False
        self._reading = True
        self._ended = False
        self._over = False
        self._tail = b""
        self.bracketed_paste = False
        self.at_prompt: bool | None = None
        self.running = ""
        self.exit_status: int | None = None
        self._master, follower = os.openpty()
        self._wake_read, self._wake_write = os.pipe()
        try:
            tty.set_size(follower, *size)
            tty.expect_utf8(follower)
            for fd in (self._master, self._wake_read, self._wake_write):
                os.set_blocking(fd, False)
            with warnings.catch_warnings():
                # Python warns of fork in a process with threads; the function below only makes system calls.
                warnings.simplefilter("ignore", DeprecationWarning)
                self._process = subprocess.Popen(
                    list(argv),
                    stdin=follower,
                    stdout=follower,
                    stderr=follower,
                    env=dict(env),
                    cwd=cwd,
                    start_new_session=True,
                    preexec_fn=tty.own_terminal,
                )
        except (OSError, subprocess.SubprocessError) as error:
            for fd in (self._master, self._wake_read, self._wake_write):
                os.close(fd)
            raise ShellError(
                f"The shell {argv[0]} cannot be started.", "Set SHELL to a shell of this machine.", detail=str(error)
            ) from error
        finally:
            os.close(follower)
        self._early = EarlyKeys(
            self.write, lambda: self._closing or self.raw, lambda: self.bracketed_paste, hold=marks is not None
        )
        self._thread = threading.Thread(target=self._serve, name="shell", daemon=True)
        self._thread.start()
        # A job in the background may keep the terminal open long after the shell has gone, so its end is awaited too.
        threading.Thread(target=self._await_end, name="shell end", daemon=True).start()

    # --- what the owner does

    @property
    def pid(self) -> int:
        return self._process.pid

    def write(self, data: bytes) -> None:
        """Queue bytes for the shell's keyboard; ignored after the end."""
        with self._lock:
            if self._closing or not data:
                return
            self._out += data
        self._wake()

    def type(self, data: bytes) -> None:
        """What a person types; before the shell's first prompt it waits."""
        self._early.type(data)

    def paste(self, text: str) -> None:
        """Give text as a paste: bracketed when the program asked for it, newlines as Enter."""
        self._early.paste(text)

    def put(self, text: str) -> bool:
        """Put a command at the prompt in place of what stands there, without running it. False while a program
        has the terminal, or when the text would run (several lines into a shell without bracketed paste)."""
        text = text.rstrip("\n")
        busy = self.at_prompt is False or (self._marks is None and not self.in_front)
        if busy or ("\n" in text and not self.bracketed_paste):
            return False
        self.type(b"\x05\x15")  # to the end of the line, then erase to its beginning
        if "\n" in text:
            self.paste(text)
        else:
            self.type("".join(c for c in text if c.isprintable()).encode())
        return True

    def go(self, folder: Path) -> bool:
        """Have the shell go to a folder without a line in its history: at once when it waits at its prompt, else
        before its next one. False for a shell that cannot be told (it has no marks)."""
        if self._where is None:
            return False
        with open(self._where, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(f"{folder}\n")
        if self.at_prompt and not self._press_go():
            later = threading.Timer(0.2, self._press_go)  # the mark comes a moment before the prompt can take keys
            later.daemon = True
            later.start()
        return True

    def _press_go(self) -> bool:
        if not (self.at_prompt and self.raw):
            return False
        self.write(b"\x1b[7717~")
        return True

    def resize(self, columns: int, rows: int) -> None:
        """Tell the program of a new size in cells; a size with a zero in it is ignored."""
        with self._lock:
            if columns > 0 and rows > 0 and not self._closing:
                with contextlib.suppress(OSError):
                    tty.set_size(self._master, columns, rows)

    def pump(self, seconds: float) -> bool:
        """Read and hand out what is there, for ``seconds`` at most; callbacks come on the calling thread. True when
        there may be more (call again); False when all is read, and ``readable`` tells of the next."""
        until = time.perf_counter() + seconds
        with self._read_lock:
            while not self._over:
                try:
                    data = os.read(self._master, READ_BYTES)
                except OSError:  # nothing now, or (EIO) nothing ever again, which the thread will see as well
                    data = b""
                if not data:
                    self._reading = True
                    self._wake()
                    return False
                self._hand_out(data)
                if time.perf_counter() > until:
                    return True
        return False

    def close(self, patience: float = 1.0) -> None:
        """Hang up: the shell and its foreground program get SIGHUP, after ``patience`` seconds SIGKILL. Returns
        when the shell is gone. Twice is harmless."""
        with self._lock:
            self._closing = True
        self._wake()
        if threading.current_thread() is not self._thread:
            self._thread.join(patience + 2)

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit status once the shell has ended, or None after ``timeout`` seconds."""
        self._thread.join(timeout)
        return self.exit_status

    @property
    def in_front(self) -> bool:
        """Whether the terminal belongs to the shell itself, and to no program in it."""
        with self._lock, contextlib.suppress(OSError):
            return not self._closing and os.tcgetpgrp(self._master) == self._process.pid
        return False

    @property
    def raw(self) -> bool:
        """Whether the program takes each key itself, see `tty.is_raw`."""
        with self._lock:
            return not self._closing and tty.is_raw(self._master)

    # --- the threads

    def _await_end(self) -> None:
        self._process.wait()
        self._ended = True
        self._wake()

    def _wake(self) -> None:
        with self._lock:
            if not self._over:
                with contextlib.suppress(BlockingIOError):  # full: it is awake anyway
                    os.write(self._wake_write, b"w")

    def _serve(self) -> None:
        try:
            self._pump()
        finally:
            status = self._reap()
            with self._read_lock, self._lock:
                self._closing = self._over = True
                for fd in (self._master, self._wake_read, self._wake_write):
                    os.close(fd)
            self.exit_status = status
            if self.running:
                self._end(status)
            self._listeners.exited(status)

    def _pump(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_read, selectors.EVENT_READ)
            interest = 0
            while not self._closing:
                if self._ended:
                    self._receive()
                    return
                with self._lock:
                    wanted = selectors.EVENT_READ * self._reading | selectors.EVENT_WRITE * bool(self._out)
                if wanted != interest:
                    if not interest:
                        selector.register(self._master, wanted)
                    elif not wanted:
                        selector.unregister(self._master)
                    else:
                        selector.modify(self._master, wanted)
                    interest = wanted
                for key, ready in selector.select():
                    if key.fd == self._wake_read:
                        with contextlib.suppress(BlockingIOError):
                            os.read(self._wake_read, 4096)
                        continue
                    if ready & selectors.EVENT_WRITE:
                        self._send()
                    if ready & selectors.EVENT_READ and not self._take():
                        return

    def _send(self) -> None:
        with self._lock:
            try:
                sent = os.write(self._master, self._out[:4096])
            except BlockingIOError:
                return
            except OSError:
                sent = len(self._out)  # nobody reads any more
            del self._out[:sent]

    def _take(self) -> bool:
        """Read, or tell the consumer to; False at the end."""
        if self._listeners.readable is None:
            return self._receive()
        self._reading = False
        self._listeners.readable()
        return True

    def _receive(self) -> bool:
        """Read what is there; False at the end."""
        with self._read_lock:
            return self._receive_locked()

    def _receive_locked(self) -> bool:
        parts, size, alive = [], 0, True
        while size < READ_BYTES:
            try:
                part = os.read(self._master, READ_BYTES)
            except BlockingIOError:
                break
            except OSError:  # EIO: the last program closed the terminal
                part = b""
            if not part:
                alive = False
                break
            parts.append(part)
            size += len(part)
        if parts:
            self._hand_out(b"".join(parts))
        return alive

    def _hand_out(self, data: bytes) -> None:
        for event in self._marks.feed(data) if self._marks else (Output(data),):
            match event:
                case Output(data):
                    self._watch_paste_mode(data)
                    self._listeners.output(data)
                case Started(text):
                    self.at_prompt, self.running = False, text
                    self._early.began()
                    self._listeners.command_began(text)
                case Ended(status):
                    self._end(status)
                case Prompt(status):
                    self.at_prompt = True
                    self._early.prompted()
                    self._listeners.prompt(status)

    def _end(self, status: int) -> None:
        text, self.running = self.running, ""
        self._listeners.command_ended(text, status)

    def _watch_paste_mode(self, data: bytes) -> None:
        seen = self._tail + data
        on, off = seen.rfind(b"\x1b[?2004h"), seen.rfind(b"\x1b[?2004l")
        if on != off:
            self.bracketed_paste = on > off
        self._tail = seen[-7:]

    def _reap(self) -> int:
        """Hang up what is left and return the exit status as a shell would say it."""
        process = self._process
        try:
            return tty.exit_status(process.wait(0.2 if not self._closing else 0.0))
        except subprocess.TimeoutExpired:
            pass
        with contextlib.suppress(OSError):
            os.killpg(os.tcgetpgrp(self._master), signal.SIGHUP)
        deadline = time.monotonic() + 1.0
        while process.poll() is None and time.monotonic() < deadline:
            # Again and again: a shell that is still reading its start-up files misses the first.
            for number in (signal.SIGHUP, signal.SIGCONT):
                with contextlib.suppress(OSError):
                    os.killpg(process.pid, number)
            with contextlib.suppress(OSError):  # a program that still writes must not be stuck in it
                os.read(self._master, READ_BYTES)
            time.sleep(0.01)
        if process.poll() is None:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
        return tty.exit_status(process.wait())
