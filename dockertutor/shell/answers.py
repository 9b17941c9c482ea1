"""`answer VALUE`: a command that tells the tutor something, in any shell and any window of the learner's.

It is a small script in the runtime folder that writes one line into a pipe there (both of this user only). Whoever can
write into it can as well type `answer` themselves.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

LONGEST = 2_000
"""Characters of an answer that are kept; one line of a pipe is whole up to 4,096 bytes."""

_SCRIPT = """\
#!/bin/sh
# Written by dockertutor: tells the tutor an answer. Usage: answer VALUE
if [ $# -eq 0 ]; then
    echo "Give the answer after the word, for instance: answer 42"
    exit 2
fi
pipe='@PIPE@'
if [ ! -p "$pipe" ]; then
    echo "The tutor is not open, so nobody hears this answer."
    exit 1
fi
value=$(printf '%s' "$*" | tr '\\n' ' ' | cut -c 1-@LONGEST@)
printf '%s\\n' "$value" 1<>"$pipe"
"""


class AnswerBox:
    """Where answers arrive. ``bin_folder`` belongs on the PATH of every shell that may answer.

    ``folder``: the tutor's runtime folder (0700). ``on_answer`` is called on a thread of its own.
    """

    def __init__(self, folder: Path, on_answer: Callable[[str], None]) -> None:
        self.bin_folder = folder / "bin"
        self.bin_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._pipe = folder / "answers"
        self._pipe.unlink(missing_ok=True)
        os.mkfifo(self._pipe, 0o600)
        # Opened for both: it never sees an end, and no writer waits for it.
        self._fd = os.open(self._pipe, os.O_RDWR)
        script = self.bin_folder / "answer"
        quoted = str(self._pipe).replace("'", "'\\''")
        script.write_text(_SCRIPT.replace("@PIPE@", quoted).replace("@LONGEST@", str(LONGEST)), encoding="utf-8")
        script.chmod(0o700)
        self._on_answer = on_answer
        self._open = True
        self._thread = threading.Thread(target=self._listen, name="answers", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and remove the pipe; `answer` then says that the tutor is not open."""
        if not self._open:
            return
        self._open = False
        with contextlib.suppress(OSError):
            os.write(self._fd, b"\n")
        self._thread.join()
        os.close(self._fd)
        self._pipe.unlink(missing_ok=True)

    def _listen(self) -> None:
        held = b""
        while self._open:
            held += os.read(self._fd, 65_536)
            *lines, held = held.split(b"\n")
            for line in lines:
                value = line.decode("utf-8", "replace").strip()
                if value:
                    self._on_answer(value)
