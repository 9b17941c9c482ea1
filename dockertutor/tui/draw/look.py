"""What the learner's terminal and settings allow: signs, tints, and what the leader key is called."""

from __future__ import annotations

from typing import NamedTuple

ASCII = {
    "✓": "+", "✗": "x", "□": "-", "◐": "~", "–": "/", "?": "?", "●": "*", "○": "o", "‖": '"', "›": ">",
    "+": "+", "−": "-", "→": "->", "━": "=", "─": "-", "▌": "|", "↑": "Up", "↓": "Down", "←": "<-", "·": "-",
    "…": "...",
}  # fmt: skip
"""Each sign of the look, and what stands for it where only ASCII can be drawn."""


class Look(NamedTuple):
    """``ascii``: draw signs with ASCII. ``tints``: backgrounds can be seen (else typed code is indented and bold).
    ``leader``: the leader key's name on the screen ("Ctrl-G"). ``typing``: the keys belong to the terminal, so every
    other key needs the leader first."""

    ascii: bool = False
    tints: bool = True
    leader: str = "Ctrl-G"
    typing: bool = False

    def sign(self, sign: str) -> str:
        """The sign, or its ASCII form."""
        return ASCII.get(sign, sign) if self.ascii else sign

    def value(self, value: str) -> str:
        """What a check or a row says of the engine, with its arrows as signs of this look."""
        return value.replace("→", self.sign("→"))

    def key(self, letter: str) -> str:
        """How the learner reaches an action now: "h", or "Ctrl-G h" while the terminal has the keys."""
        return f"{self.leader} {letter}" if self.typing else letter

    @property
    def code(self) -> str:
        """The style of inline code."""
        return "$strong on $panel" if self.tints else "$strong bold"


def key_name(key: str) -> str:
    """A Textual key as people write it: ``ctrl+g`` → ``Ctrl-G``."""
    *modifiers, last = key.split("+")
    names = {"backslash": "\\", "right_square_bracket": "]", "underscore": "_", "circumflex_accent": "^"}
    return "-".join([*(m.capitalize() for m in modifiers), names.get(last, last).upper()])
