"""Output that cannot hold every character (an ASCII or Latin-1 locale, a pipe): each sign gets a plain stand-in."""

from __future__ import annotations

import codecs
import io
import sys

_LINES = "─━═│║┃┌┐└┘├┤┬┴┼╔╗╚╝╭╮╰╯╴╵╶╷"
_STAND_INS = {
    **dict(zip(_LINES, "-==|||+++++++++++++++++-|-|", strict=True)),
    "→": "->", "←": "<-", "↔": "<->", "↑": "^", "↓": "v", "▶": ">", "◀": "<", "▲": "^", "▼": "v",
    "✓": "+", "✗": "x", "…": "...", "–": "-", "—": "-", "−": "-", "·": "-", "›": ">",
    "“": '"', "”": '"', "„": '"', "’": "'", "‘": "'",
}  # fmt: skip
_NAME = "dockertutor-stand-ins"


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_STAND_INS.get(char, "?") for char in error.object[error.start : error.end]), error.end


def widen_output() -> None:
    """From here on no character is too much for stdout or stderr: one that does not fit is written as its stand-in."""
    codecs.register_error(_NAME, _stand_in)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_NAME)
