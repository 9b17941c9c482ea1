"""Runs the learner's command lines one by one, in the folder where the last one left off."""

from __future__ import annotations

import codecs
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from dockertutor.plain.output import Cleaner
from dockertutor.shell.tty import exit_status

_DRAIN = 0.5
"""Seconds for what is still in the pipe when the command has ended; a job in the background may hold it open."""


class Runner:
    """``shell``: the program that runs the lines, with ``environment``. ``terminal``: the lines' input is the learner's
    terminal, else they have none. ``write`` takes what they write, clean, from a thread."""

    def __init__(
        self, shell: str, environment: Mapping[str, str], *, terminal: bool, write: Callable[[str], None]
    ) -> None:
        self._shell, self._environment, self._terminal, self._write = shell, dict(environment), terminal, write
        self._home: Path | None = None
        self._folder: Path | None = None
        self._line_open = False

    @property
    def shell_pid(self) -> int:
        """The process id of the shell in whose terminal session the lines run: in ours, as they are our children. 0
        where that shell cannot be seen from here."""
        return os.getsid(0)

    def run(self, line: str, home: Path | None) -> int:
        """Run one line; returns its status as a shell tells it. ``home``: the exercise's folder. A line begins there
        when it is the first one, and after that where a `cd` has led."""
        kept, told = os.pipe()
        try:
            status = run_clean(
                [self._shell, "-c", f"trap 'pwd -P >/dev/fd/{told}' EXIT\n{line}"],
                environment=self._environment,
                folder=self._where(home),
                terminal=self._terminal,
                write=self._pass_on,
                pass_fds=(told,),
            )
            os.set_blocking(kept, False)
            self._note_folder(kept)
        finally:
            os.close(kept)
            os.close(told)
        if self._line_open:
            self._pass_on("\n")
        return status

    def shell(self, home: Path | None) -> None:
        """A shell in this window, until it ends."""
        subprocess.run([self._shell, "-i"], env=self._environment, cwd=self._where(home), check=False)

    def _pass_on(self, text: str) -> None:
        self._line_open = not text.endswith("\n")
        self._write(text)

    def _where(self, home: Path | None) -> Path | None:
        if home != self._home:
            self._home = self._folder = home
        if self._folder is None or not self._folder.is_dir():
            self._folder = home
        return self._folder if self._folder is not None and self._folder.is_dir() else None

    def _note_folder(self, kept: int) -> None:
        try:
            said = os.read(kept, 65536).decode(errors="surrogateescape").rstrip("\n")
        except BlockingIOError:  # the shell was killed before it could tell
            return
        if said:
            self._folder = Path(said.split("\n")[-1])


def run_clean(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path | None,
    terminal: bool,
    write: Callable[[str], None],
    pass_fds: Sequence[int] = (),
) -> int:
    """Run a command, passing what it writes to ``write``, clean; returns its status as a shell tells it.

    ``terminal``: its input is the learner's terminal; else it has none. Ctrl-C is the command's: three of them end it.
    """
    with _Interrupts() as interrupts:
        process = subprocess.Popen(
            command,
            env=dict(environment),
            cwd=folder,
            stdin=None if terminal else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=pass_fds,
        )
        interrupts.process = process
        assert process.stdout is not None
        reader = threading.Thread(target=_pass_on, args=(process.stdout, write), name="output", daemon=True)
        reader.start()
        status = process.wait()
        reader.join(_DRAIN)
    return exit_status(status)


class _Interrupts:
    """While a command has the terminal, Ctrl-C goes to it (a program begins with the system's own way to take it) and
    not to us: at no moment may it end the tutor."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._count = 0
        self._before: object = None

    def __enter__(self) -> _Interrupts:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._heard)
        return self

    def __exit__(self, *_: object) -> None:
        if callable(self._before):
            signal.signal(signal.SIGINT, self._before)

    def _heard(self, _number: int, _frame: object) -> None:
        self._count += 1
        if self._count >= 3 and self.process is not None:
            self.process.kill()


def _pass_on(source: IO[bytes], write: Callable[[str], None]) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    cleaner = Cleaner()
    with source:
        while True:
            got = os.read(source.fileno(), 65536)
            text = cleaner.feed(decoder.decode(got, final=not got), last=not got)
            if text:
                write(text)
            if not got:
                return
