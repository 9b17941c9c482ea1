"""Colours for the editor: Dockerfiles by patterns, YAML and shell by tree-sitter grammars where they are installed."""

from __future__ import annotations

import re
from pathlib import PurePath

from rich.style import Style
from textual.widgets.text_area import TextAreaTheme

KEYWORDS = tuple(
    "FROM RUN CMD LABEL MAINTAINER EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR ARG ONBUILD STOPSIGNAL "  # noqa: SIM905
    "HEALTHCHECK SHELL AS".split()
)
_TOKENS = re.compile(
    r"""^(?P<comment>\s*\#.*)|^\s*(?P<keyword>(?i:{words}))\b|(?P<string>"(?:\\.|[^"\\])*"|'[^']*')"""
    r"""|(?P<variable>\$\{{[^}}]*\}}|\$\w+)|(?<=\s)(?P<flag>--[\w-]+)|\s(?P<again>AS)\s""".format(
        words="|".join(KEYWORDS)
    ),
    re.X,
)
_NAMES = {"again": "keyword", "flag": "variable"}

Highlight = tuple[int, int, str]
"""(first byte, byte after the last, name) in one row, as TextArea keeps them."""


def language_of(name: str) -> str:
    """ "dockerfile", "yaml", "bash", or "" where nothing is coloured."""
    path = PurePath(name)
    if path.name.lower().startswith(("dockerfile", "containerfile")) or path.suffix.lower() == ".dockerfile":
        return "dockerfile"
    return {".yaml": "yaml", ".yml": "yaml", ".sh": "bash", ".bash": "bash"}.get(path.suffix.lower(), "")


def dockerfile_row(row: str) -> list[Highlight]:
    """What is coloured in a row of a Dockerfile."""
    out: list[Highlight] = []
    for match in _TOKENS.finditer(row):
        name = match.lastgroup or ""
        first, last = match.span(name)
        out.append((len(row[:first].encode()), len(row[:last].encode()), _NAMES.get(name, name)))
    return out


def editor_theme(variables: dict[str, str]) -> TextAreaTheme:
    """The editor's colours from the app's theme."""
    ink, well, strong = variables["text"], variables["surface"], variables["strong"]
    muted, accent = variables["text-muted"], variables["primary"]
    quiet, bright, said = Style(color=muted), Style(color=strong, bold=True), Style(color=accent)
    return TextAreaTheme(
        "tutor",
        base_style=Style(color=ink, bgcolor=well),
        gutter_style=Style(color=muted, bgcolor=well),
        cursor_style=Style(color=well, bgcolor=ink),
        cursor_line_style=Style(bgcolor=well),
        cursor_line_gutter_style=Style(color=muted, bgcolor=well),
        selection_style=Style(bgcolor=variables["panel"]),
        bracket_matching_style=Style(bold=True),
        syntax_styles={
            "keyword": bright, "function": bright, "property": bright, "tag": bright, "yaml.field": bright,
            "string": said, "comment": quiet, "variable": Style(color=strong), "number": said, "boolean": said,
            "operator": quiet, "punctuation.delimiter": quiet,
        },
    )  # fmt: skip
