"""The terminal's colours, taken from the theme: programs that print red print the tutor's red."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color, ColorParseError

from dockertutor.shell.screen import PLAIN, Pen

Rgb = tuple[int, int, int]

_OWN_DARK = {5: (199, 146, 234), 6: (88, 196, 216)}
_OWN_LIGHT = {5: (136, 52, 163), 6: (11, 112, 130)}
_THEMED = {1: "error", 2: "success", 3: "warning", 4: "primary"}


class Palette:
    """What a palette index and the terminal's own colours look like in a theme.

    ``variables``: the app's CSS variables (``surface`` is the well, ``foreground`` the ink, and so on).
    """

    def __init__(self, variables: Mapping[str, str], *, dark: bool) -> None:
        def read(name: str, fallback: str) -> Rgb:
            try:
                color = Color.parse(variables.get(name, fallback))
            except ColorParseError:  # "auto 60%" and the like have no colour of their own
                color = Color.parse(fallback)
            return color.r, color.g, color.b

        self.background = read("surface", "#0b0f15" if dark else "#ffffff")
        self.foreground = read("foreground", "#d7dee8" if dark else "#242d39")
        self.idle_cursor = read("border-blurred", "#3a4656" if dark else "#aab4c0")
        muted = read("text-muted", "#97a4b4" if dark else "#566373")
        page = read("background", "#11161d")
        strong = read("strong", "#f4f7fb" if dark else "#0d141d")
        first = {index: read(name, "#5aaeff") for index, name in _THEMED.items()} | (_OWN_DARK if dark else _OWN_LIGHT)
        # Black, white and their bright forms: each readable on the well, for programs that expect another ground.
        ends = (page, self.foreground, muted, strong) if dark else (strong, muted, muted, self.foreground)
        self._sixteen = [ends[0], *(first[i] for i in range(1, 7)), ends[1]]
        self._sixteen += [ends[2], *(first[i] for i in range(1, 7)), ends[3]]
        self.style = lru_cache(maxsize=4096)(self._style)
        self.blank = self.style(PLAIN)

    def rgb(self, index: int) -> Rgb:
        """Colour ``index`` (0..255): sixteen of the theme, then xterm's cube and greys."""
        if index < 16:
            return self._sixteen[index]
        if index >= 232:
            grey = 8 + 10 * (index - 232)
            return grey, grey, grey
        index -= 16
        red, green, blue = (0 if part == 0 else 55 + 40 * part for part in (index // 36, index // 6 % 6, index % 6))
        return red, green, blue

    def _style(self, pen: Pen) -> Style:
        fg = pen.fg if isinstance(pen.fg, tuple) else self.foreground if pen.fg is None else self.rgb(pen.fg)
        bg = pen.bg if isinstance(pen.bg, tuple) else self.background if pen.bg is None else self.rgb(pen.bg)
        if pen.reverse:
            fg, bg = bg, fg
        if pen.dim:
            # Mixed by hand: many terminals draw their own "dim" too faint to read.
            fg = tuple((3 * a + 2 * b) // 5 for a, b in zip(fg, bg, strict=True))  # type: ignore[assignment]
        if pen.hidden:
            fg = bg
        return Style(
            color=RichColor.from_rgb(*fg),
            bgcolor=RichColor.from_rgb(*bg),
            bold=pen.bold or None,
            italic=pen.italic or None,
            underline=pen.underline or None,
            strike=pen.strike or None,
            overline=pen.overline or None,
        )

    def cursor(self, *, focused: bool) -> Style:
        """A steady block in ink where the keys go, a quiet one where they do not."""
        block = self.foreground if focused else self.idle_cursor
        text = self.background if focused else self.foreground
        return Style(color=RichColor.from_rgb(*text), bgcolor=RichColor.from_rgb(*block))
