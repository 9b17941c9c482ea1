"""The prose of a lesson in the order of its file, and what its layout must keep to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from dockertutor.authoring.lint.finding import Advice
from dockertutor.course.glossary import LINK
from dockertutor.course.model import Variable
from dockertutor.course.names import LONGEST_NAME
from dockertutor.course.scalars import PROSE, VARIABLE, Path, scalars, spot
from dockertutor.errors import Place, Problem

SCRIPTS = frozenset({"solution", "also", "by", "run"})
READ_LINES, READ_COLUMNS, TYPED_COLUMNS, PICTURE_COLUMNS, DONE_COLUMNS = 16, 74, 59, 40, 60

_FENCE = re.compile(r"^ {0,3}```")
_KEYS = re.compile(r"\b(?:F(?:[1-9]|1[0-2])|Ctrl[-+](?![CDZPQ]\b)\w+|Alt[-+]\w+|Page ?(?:Up|Down)|Esc)\b")
"""Keys of the tutor. Ctrl-C, D and Z belong to the shell, Ctrl-P and Ctrl-Q to Docker: lessons are about them."""
_TONE = re.compile(r"\b(simply|just|obviously|of course|you forgot|you failed|you should have)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Prose:
    """One text for learners. ``role``: its key. ``path``: the keys that lead to it."""

    role: str
    text: str
    node: yaml.ScalarNode
    path: Path
    file: str
    lines: Sequence[str]

    def at(self, offset: int = 0) -> Place:
        return spot(self.node, offset, self.file, self.lines)


@dataclass(frozen=True)
class Line:
    """A line of Markdown. ``kind``: ``text``, ``heading``, ``typed`` (indented) or ``picture`` (fenced)."""

    kind: str
    text: str
    offset: int


def proses(root: yaml.Node, file: str, lines: Sequence[str]) -> Iterator[Prose]:
    """Every text for learners, in the order of the file."""
    for node, path in scalars(root):
        if path and path[-1] in PROSE and node.value != path[-1] and "vars" not in path and "files" not in path:
            yield Prose(path[-1], str(node.value), node, path, file, lines)


def markdown(text: str) -> Iterator[Line]:
    """The lines of a text, each with what it is; lines of fences themselves are left out."""
    offset, fenced, before = 0, False, ""
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        if _FENCE.match(bare):
            fenced = not fenced
        elif fenced:
            yield Line("picture", bare, offset)
        elif bare.startswith("    ") and (not before.strip() or before.startswith("    ")):
            yield Line("typed", bare, offset)
        else:
            yield Line("heading" if bare.startswith("#") else "text", bare, offset)
        before = bare
        offset += len(line)


def linked(text: str) -> str:
    """A text with links shown as their words."""
    return LINK.sub(lambda found: found[1].partition(":")[2] or found[1], text)


def plain(text: str) -> str:
    """A line of Markdown as it is read: links and emphasis without their signs."""
    return re.sub(r"\*\*|`", "", linked(text))


def widest(text: str, variables: dict[str, Variable]) -> str:
    """A text with the widest value that each variable can have."""

    def value(found: re.Match[str]) -> str:
        variable = variables.get(found[1])
        if variable is None:
            return "localhost" if found[1] == "host" else found[0]
        match variable.how:
            case "name":
                return "n" * LONGEST_NAME
            case "token":
                return "t" * 7
            case "free-port":
                return "p" * 4
            case "number":
                return str(variable.arg["to"])
            case "one-of":
                return str(max(variable.arg, key=len))
            case _:
                return str(variable.arg["default"])

    return VARIABLE.sub(value, text)


def read_lines(text: str, variables: dict[str, Variable]) -> int:
    """How many lines of 74 columns a page takes, blank ones between blocks included."""
    count, paragraph = 0, ""
    found = [(line.kind, widest(line.text, variables)) for line in markdown(text.strip())]
    for kind, line in [*found, ("end", "")]:
        shown = plain(line)
        starts = kind != "text" or not shown.strip() or re.match(r"\s*([-*>]|\d+\.)\s", shown)
        if paragraph and starts:
            count += _wrapped(paragraph)
            paragraph = ""
        if kind == "text" and shown.strip():
            paragraph = f"{paragraph} {shown.strip()}".strip()
        elif kind != "end":
            count += 1
    return count


def _wrapped(text: str) -> int:
    lines, width = 1, 0
    for word in text.split():
        if width and width + 1 + len(word) > READ_COLUMNS:
            lines, width = lines + 1, len(word)
        else:
            width += len(word) + (1 if width else 0)
    return lines


def layout(prose: Prose, variables: dict[str, Variable]) -> Iterator[Problem]:
    """Blocks that do not fit, pages that are too long, names of keys, words that the tutor does not say."""
    for line in markdown(prose.text):
        wide = widest(line.text, variables)
        if line.kind == "typed" and len(wide) - 4 > TYPED_COLUMNS:
            message = f"what is to be typed has {len(wide) - 4} columns; at most {TYPED_COLUMNS} fit"
            yield Problem(prose.at(line.offset), prose.role, message)
        if line.kind == "picture" and len(wide) > PICTURE_COLUMNS:
            message = f"the picture has {len(wide)} columns; at most {PICTURE_COLUMNS} fit"
            yield Problem(prose.at(line.offset), prose.role, message)
        if line.kind in ("text", "heading"):
            yield from _wording(prose, line)
    if prose.role == "read":
        count = read_lines(prose.text, variables)
        if count > READ_LINES:
            message = f"the page has {count} lines of {READ_COLUMNS} columns; at most {READ_LINES} fit: make two of it"
            yield Problem(prose.at(), "read", message)
    if prose.role == "done":
        columns = len(plain(widest(prose.text, variables)).strip())
        if columns > DONE_COLUMNS:
            message = f"it has {columns} columns; at most {DONE_COLUMNS} stand in one row above a small terminal"
            yield Advice(prose.at(), "done", message)


def _wording(prose: Prose, line: Line) -> Iterator[Problem]:
    for found in _KEYS.finditer(line.text):
        message = f"a key is named (`{found[0]}`), and it may be another one here: use `[[key:…]]`"
        yield Problem(prose.at(line.offset + found.start()), prose.role, message)
    quoted = [range(*code.span()) for code in re.finditer(r'`[^`]*`|"[^"]*"', line.text)]
    for found in _TONE.finditer(line.text):
        if not any(found.start() in span for span in quoted):
            message = f"`{found[0]}` makes learners feel small: leave it out, or say what happened and what to do"
            yield Advice(prose.at(line.offset + found.start()), prose.role, message)


def cut_off(root: yaml.Node, file: str, lines: Sequence[str]) -> Iterator[Problem]:
    """Bare texts that a `` #`` cuts off in silence."""
    for node, path in scalars(root):
        key = path[-1] if path else ""
        if node.style or node.value == key or not (key in PROSE or SCRIPTS & set(path)):
            continue
        end = node.end_mark
        rest = lines[end.line][end.column :] if end.line < len(lines) else ""
        if re.match(r"\s+#", rest):
            place = Place(file, end.line + 1, end.column + 1)
            yield Problem(place, key, "` #` cuts this text off in silence: put it in quotes or in a `|` block")
