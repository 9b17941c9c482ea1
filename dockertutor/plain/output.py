"""What a learner's command writes, as plain text: no escape codes, no control characters."""

from __future__ import annotations

import re

_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC: titles, clipboard
    r"|\x1b[PX^_][^\x1b]*\x1b\\"  # strings for the terminal itself
    r"|\x1b[ -/]*[0-OQ-WYZ\\`-~]"  # the short ones
)
_LONGEST = 4096
"""Characters of a sequence that has not ended, after which it is taken for text."""


class Cleaner:
    """Takes text in pieces and gives it back without escape codes; a carriage return begins a new line."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, text: str, *, last: bool = False) -> str:
        """The next piece, clean. What may be half a sequence waits for the next piece, or for the ``last``."""
        whole = _SEQUENCE.sub("", self._rest + text)
        self._rest = ""
        at = whole.find("\x1b")
        if at < 0 and whole.endswith("\r"):
            at = len(whole) - 1
        if at >= 0 and not last and len(whole) - at < _LONGEST:
            whole, self._rest = whole[:at], whole[at:]
        whole = whole.replace("\r\n", "\n").replace("\r", "\n")
        return "".join(char if char.isprintable() or char in "\n\t" else _substitute(char) for char in whole)


def _substitute(char: str) -> str:
    return "" if char in "\x07\x08\x1b\x00" else "\ufffd"
