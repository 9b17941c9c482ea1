"""Text from elsewhere (names, labels, logs, paths, learners' words) that is printed on somebody's terminal."""

from __future__ import annotations


def visible(text: str) -> str:
    """``text`` without what would steer the terminal: each sign that cannot be seen is shown as U+FFFD. Lines and tabs
    stay."""
    return "".join(char if char.isprintable() or char in "\n\t" else "\ufffd" for char in text)
