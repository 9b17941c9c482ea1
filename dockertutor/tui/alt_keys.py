"""Alt with a letter, digit or sign, which is the same on the wire as Escape and then that sign: ``Esc :`` in vi.

Textual guesses Alt with letters after a pause. Of the others it drops the Escape, or writes ``^`` or ``º`` instead, so
that a quick ``Esc :wq`` would be typed into the text. There is no public way to teach it; its table of sequences is
extended here.
"""

from __future__ import annotations

import string
import unicodedata
from types import SimpleNamespace
from typing import Any, cast

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS

SEQUENCES = "[]OP_^X"
"""What begins a longer sequence after Escape: these cannot be told apart."""
SIGNS = [sign for sign in string.digits + string.ascii_letters + string.punctuation + " " if sign not in SEQUENCES]


def key_of(sign: str) -> str:
    """The key for Alt with ``sign`` in Textual's names: ``alt+colon``, ``alt+0``, ``alt+shift+a``."""
    if sign.isalpha():
        return f"alt+shift+{sign.lower()}" if sign.isupper() else f"alt+{sign}"
    name = sign if sign.isdigit() else unicodedata.name(sign).lower().replace(" ", "_").replace("-", "_")
    return f"alt+{name}"


def teach_textual() -> None:
    """Have Textual's parser tell Alt with each of `SIGNS`, and with Enter. Twice is harmless."""
    table = cast(dict[str, Any], ANSI_SEQUENCES_KEYS)
    for sign in SIGNS:
        # Alt-F and Alt-B are a word forward and back to Textual, and so they are to a shell.
        if sign not in "fb":
            table[f"\x1b{sign}"] = (SimpleNamespace(value=key_of(sign)),)
    table["\x1b\r"] = (SimpleNamespace(value="alt+enter"),)
