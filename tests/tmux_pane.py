"""A terminal that a test drives as a person would: keys in, screen out. It is a tmux pane with a server of its own."""

from __future__ import annotations

import os
import secrets
import shlex
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType


class Pane:
    """``command`` in a new terminal of ``size`` (columns, rows). Use it as a context manager: leaving ends it all."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        size: tuple[int, int] = (160, 48),
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._server = f"dockertutor-{secrets.token_hex(4)}"
        self._environment = {k: v for k, v in (environment or os.environ).items() if k not in ("TMUX", "TMUX_PANE")}
        columns, rows = size
        held = f"{shlex.join(command)}; printf '\\n[ended with %s]' $?; exec sleep 3600"
        place = ["-x", str(columns), "-y", str(rows), "-c", str(folder or Path.cwd())]
        self._tmux("-f", "/dev/null", "new-session", "-d", *place, "sh", "-c", held)
        self._tmux("set-option", "-g", "set-clipboard", "on")

    def __enter__(self) -> Pane:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tmux("kill-server", check=False)

    def screen(self) -> str:
        """What is on the screen now, line by line, without colours."""
        return self._tmux("capture-pane", "-p")

    def type(self, text: str) -> None:
        """Type text, letter by letter as it is."""
        self._tmux("send-keys", "-l", "--", text)

    def key(self, *names: str) -> None:
        """Press keys by tmux's names (``Enter``, ``C-g``, ``F1``)."""
        self._tmux("send-keys", "--", *names)

    def paste(self, text: str) -> None:
        """Paste text, in brackets if the program asked for them, as terminals do."""
        self._tmux("load-buffer", "-", given=text)
        self._tmux("paste-buffer", "-p")

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press the left button at ``start`` (column, row from 0), move to ``end``, and let go there."""
        for code, (x, y), last in ((0, start, "M"), (32, end, "M"), (0, end, "m")):
            self.type(f"\x1b[<{code};{x + 1};{y + 1}{last}")

    def clipboard(self) -> str:
        """What the program put on this terminal's clipboard (OSC 52), or ""."""
        return self._tmux("show-buffer", check=False)

    def resize(self, columns: int, rows: int) -> None:
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def wait_for(self, wanted: str | Callable[[str], bool], seconds: float = 30.0) -> str:
        """Wait until the screen holds a text (or satisfies a question); returns it. Fails with the screen."""
        end = time.monotonic() + seconds
        while True:
            seen = self.screen()
            if wanted in seen if isinstance(wanted, str) else wanted(seen):
                return seen
            if time.monotonic() > end:
                raise AssertionError(f"not on the screen after {seconds:.0f} s: {wanted}\n{seen}")
            time.sleep(0.1)

    def _tmux(self, *arguments: str, check: bool = True, given: str = "") -> str:
        done = subprocess.run(
            ["tmux", "-L", self._server, *arguments], env=self._environment, capture_output=True, text=True, input=given
        )
        if check and done.returncode:
            raise AssertionError(f"tmux {' '.join(arguments)}: {done.stderr}")
        return done.stdout
