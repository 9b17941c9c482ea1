"""How large a regular expression becomes when it is compiled: repeats are then written out, and those in each other
multiply. A pattern of sixty letters can so take all memory of the machine that judges it."""

from __future__ import annotations

import re

_REPEAT = re.compile(r"[*+?]|\{(\d*)(,?)(\d*)\}")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)


def pattern_size(pattern: str) -> int:
    """The number of parts of a valid ``pattern`` when each repeat stands as often as it must, and once more if it
    may. A little too high for what is no part of it (the ``?:`` of a group)."""
    sizes, last, at = [0], 0, 0
    while at < len(pattern):
        char = pattern[at]
        if repeat := _REPEAT.match(pattern, at):
            times = _times(repeat)
            sizes[-1] += last * (times - 1)
            last *= times
            at = repeat.end()
            continue
        if char == "(":
            sizes.append(0)
            last = 0
        elif char == ")" and len(sizes) > 1:
            last = sizes.pop()
            sizes[-1] += last
        else:
            last = 1
            sizes[-1] += 1
        found = _CLASS.match(pattern, at) if char == "[" else None
        at = found.end() if found else at + 1 + (char == "\\")
    return sum(sizes)


def _times(repeat: re.Match[str]) -> int:
    if repeat[0] in ("*", "?"):
        return 1
    if repeat[0] == "+":
        return 2
    low = int(repeat[1] or 0)
    more = bool(repeat[2]) and repeat[3] != repeat[1]
    return max(1, low + (more and low > 0))
