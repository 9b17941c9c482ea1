"""Types lines into a shell as a person would, and waits for each to end: for proofs and tests, without a screen."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from dockertutor.errors import ShellError
from dockertutor.shell.pty import Listeners, Shell
from dockertutor.shell.startup import clean_environment, find_shell, prepare

_KEY = re.compile(r"<([a-z0-9-]+)>")
_NAMED = {
    "enter": b"\r", "tab": b"\t", "esc": b"\x1b", "space": b" ", "backspace": b"\x7f",
    "up": b"\x1b[A", "down": b"\x1b[B", "right": b"\x1b[C", "left": b"\x1b[D",
}  # fmt: skip

_ENDLESS = 4.0
"""Seconds after which a program that never falls silent gets its keys all the same."""


def encode_keys(text: str) -> bytes | None:
    """The bytes of a line of keys such as ``<ctrl-p><ctrl-q>``; None when the line is not made of keys alone."""
    if not text or _KEY.sub("", text).strip():
        return None
    out = b""
    for name in _KEY.findall(text):
        letter = name.removeprefix("ctrl-")
        if letter != name and len(letter) == 1 and letter.isalpha():
            out += bytes([ord(letter.upper()) & 0x1F])
        elif name in _NAMED:
            out += _NAMED[name]
        else:
            return None
    return out


class Driver:
    """A shell at the end of a line, with marks. Use as a context manager, or `close` it.

    ``env``: the whole environment (DOCKER_HOST, HOME, PATH …). ``folder``: for start-up files, private to this shell.
    ``command_began``/``command_ended`` are called on the shell's thread, before `run` comes back.
    Raises `ShellError` when the shell does not start, or speaks no marks.
    """

    def __init__(
        self,
        *,
        folder: Path,
        cwd: Path,
        env: Mapping[str, str],
        shell: str = "",
        size: tuple[int, int] = (120, 40),
        bin_folder: Path | None = None,
        start_timeout: float = 20.0,
        command_began: Callable[[str], None] = lambda text: None,
        command_ended: Callable[[str, int], None] = lambda text, status: None,
    ) -> None:
        self._told = command_ended
        self._change = threading.Condition()
        self._output: list[bytes] = []
        self._prompts = 0
        self._quiet_since = time.monotonic()
        self._statuses: list[int] = []
        self._gone = False
        self._typed = 0
        launch = prepare(shell or find_shell(env), folder, env, bin_folder)
        if launch.marks is None:
            raise ShellError("This shell cannot tell when a command has ended.", "Use bash or zsh for proofs.")
        self.shell = Shell(
            launch.argv,
            env={**clean_environment(env), **launch.env},
            cwd=cwd,
            size=size,
            marks=launch.marks,
            where=launch.where,
            listeners=Listeners(
                output=self._heard,
                prompt=self._prompted,
                command_began=command_began,
                command_ended=self._ended,
                exited=self._exited,
            ),
        )
        if not self._await(lambda: self._prompts > 0, start_timeout):
            self.close()
            raise ShellError("The shell did not come up.", "Look at its start-up files.", detail=self.output())

    def run(self, line: str, timeout: float) -> tuple[str, int | None]:
        """Type one line and Enter, and wait for its end. Returns its output (as written, control sequences and
        all) and its exit status; None when it still runs after ``timeout`` seconds (a program that reads goes on and
        takes the next line), or the shell has gone."""
        self._reach_the_editor()
        self._output_clear()
        self.shell.write(line.encode() + b"\r")
        status = self._wait_for_prompt(timeout)
        return self.output(), status

    def keys(self, text: str, timeout: float = 10.0, settle: float = 0.3) -> tuple[str, int | None]:
        """Press keys such as ``<ctrl-p><ctrl-q>`` and wait for a prompt, as `run` does. Raises `ShellError` for
        text that is not made of keys."""
        data = encode_keys(text.strip())
        if data is None:
            raise ShellError(f"{text.strip()!r} is not made of keys.", "Write them like <ctrl-p><ctrl-q>.")
        self.settle(settle, min(timeout, 4 * settle))
        self._output_clear()
        self.shell.write(data)
        status = self._wait_for_prompt(timeout)
        return self.output(), status

    def script(self, text: str, timeout: float, *, waits: float = 0.5) -> tuple[str, int | None]:
        """Type every line of ``text`` in turn, each with ``timeout`` seconds; lines of keys are pressed. A line need
        not end before the next is typed: see `_run_or_settle`. ``waits``: how many seconds of silence mean that a
        program waits for input. Returns all output and the last status (None: still running, or the shell has gone)."""
        lines = [line for line in text.splitlines() if line.strip()]
        heard, status = "", None
        for line, after in zip(lines, [*lines[1:], ""], strict=True):
            if encode_keys(line.strip()) is not None:
                output, status = self.keys(line, timeout, waits)
            elif after:
                keys_follow = encode_keys(after.strip()) is not None
                output, status = self._run_or_settle(line, timeout, keys_follow=keys_follow, silence=waits)
            else:
                output, status = self.run(line, timeout)
            heard += output
            if self._gone:
                break
        return heard, status

    def settle(self, silence: float, timeout: float) -> None:
        """Wait until the shell has been silent for ``silence`` seconds."""
        deadline = time.monotonic() + timeout
        with self._change:
            while not self._gone and (now := time.monotonic()) < deadline:
                left = self._quiet_since + silence - now
                if left <= 0:
                    return
                self._change.wait(left)

    def output(self) -> str:
        """What was heard since the last line was typed."""
        with self._change:
            return b"".join(self._output).decode("utf-8", "replace")

    def close(self) -> None:
        """End the shell and whatever it runs in the foreground."""
        self.shell.close()

    def __enter__(self) -> Driver:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- inside

    def _reach_the_editor(self) -> None:
        """Wait until the shell's line editor has the terminal: before that a line is cut at 4,096 bytes."""
        until = time.monotonic() + 1.0
        while self.shell.at_prompt and not self.shell.raw and not self._gone and time.monotonic() < until:
            time.sleep(0.002)

    def _run_or_settle(self, line: str, timeout: float, *, keys_follow: bool, silence: float) -> tuple[str, int | None]:
        """As `run`, but come back as well when the next line is wanted: a program has put the terminal into raw mode
        and is silent (`docker run -it`), the shell shows its second prompt, or keys follow and all is silent (or never
        will be)."""
        self._reach_the_editor()
        self._output_clear()
        self.shell.write(line.encode() + b"\r")
        typed = time.monotonic()
        deadline = typed + timeout
        while (now := time.monotonic()) < deadline and not self._gone:
            if self._await(lambda: self._prompts > self._typed or self._gone, min(0.1, deadline - now)):
                return self.output(), None if self._gone else self._statuses[-1]
            silent = now - self._quiet_since
            if silent >= silence and (self.shell.raw or (keys_follow and silent >= 3 * silence)):
                break
            if keys_follow and now - typed >= _ENDLESS:
                break
        return self.output(), None

    def _wait_for_prompt(self, timeout: float) -> int | None:
        before = self._typed
        if not self._await(lambda: self._prompts > before or self._gone, timeout) or self._gone:
            return None
        return self._statuses[-1]

    def _output_clear(self) -> None:
        with self._change:
            self._output.clear()
            self._typed = self._prompts

    def _await(self, done: Callable[[], bool], timeout: float) -> bool:
        with self._change:
            return self._change.wait_for(done, max(0.0, timeout))

    def _heard(self, data: bytes) -> None:
        with self._change:
            self._output.append(data)
            self._quiet_since = time.monotonic()
            self._change.notify_all()

    def _prompted(self, status: int) -> None:
        with self._change:
            self._statuses.append(status)
            self._prompts += 1
            self._change.notify_all()

    def _ended(self, text: str, status: int) -> None:
        self._told(text, status)
        with self._change:
            self._quiet_since = time.monotonic()

    def _exited(self, status: int) -> None:
        with self._change:
            self._gone = True
            self._change.notify_all()
