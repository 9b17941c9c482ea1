"""The two themes: tokens of the look, and how Textual names them. All text has a contrast of at least 4.5."""

from __future__ import annotations

from typing import NamedTuple

from textual.theme import Theme


class Tokens(NamedTuple):
    """Colours by what they are for, as ``#rrggbb``."""

    page: str
    well: str
    raised: str
    line: str
    ink: str
    strong: str
    muted: str
    accent: str
    passed: str
    failed: str
    waiting: str


DARK = Tokens(
    page="#11161d", well="#0b0f15", raised="#1c2530", line="#3a4656", ink="#d7dee8", strong="#f4f7fb",
    muted="#97a4b4", accent="#5aaeff", passed="#45cfa0", failed="#ff9277", waiting="#efc04f",
)  # fmt: skip
LIGHT = Tokens(
    page="#f6f7f9", well="#ffffff", raised="#e6eaf0", line="#aab4c0", ink="#242d39", strong="#0d141d",
    muted="#566373", accent="#1458d4", passed="#0a7350", failed="#b3360f", waiting="#855600",
)  # fmt: skip

PLAIN_LIGHT = Tokens(
    page="#ffffff", well="#ffffff", raised="#ffffff", line="#aaaaaa", ink="#000000", strong="#000000",
    muted="#555555", accent="#0000aa", passed="#000000", failed="#aa0000", waiting="#000000",
)  # fmt: skip
"""Light for terminals of 16 colours. The nearest of those to the light tokens are greys; green and yellow are too pale
on white, and what they say is said by a sign and a word."""


def _theme(name: str, t: Tokens, *, dark: bool) -> Theme:
    return Theme(
        name=name, dark=dark, primary=t.accent, secondary=t.accent, accent=t.accent, foreground=t.ink,
        background=t.page, surface=t.well, panel=t.raised, boost=t.raised,
        success=t.passed, error=t.failed, warning=t.waiting,
        variables={
            "text": t.ink, "text-muted": t.muted, "border": t.accent, "border-blurred": t.line, "strong": t.strong,
            "scrollbar": t.line, "scrollbar-background": t.page, "footer-background": t.raised,
            "input-selection-background": t.accent + "40", "block-cursor-background": t.raised,
            "block-cursor-foreground": t.strong, "input-cursor-background": t.ink,
        },
    )  # fmt: skip


THEMES = {"dark": _theme("tutor-dark", DARK, dark=True), "light": _theme("tutor-light", LIGHT, dark=False)}
"""The app's themes by the word in the settings."""
PLAIN = {"dark": THEMES["dark"], "light": _theme("tutor-light-plain", PLAIN_LIGHT, dark=False)}
"""The same where a terminal has 16 colours at most."""


def theme_name(word: str, *, tints: bool) -> str:
    """The theme for the word in the settings, in a terminal with or without tints."""
    return (THEMES if tints else PLAIN)[word].name
