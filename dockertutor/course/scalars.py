"""The texts in a tree of nodes: walking them, finding a spot in them, putting variables into them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from dockertutor.errors import Place

VARIABLE = re.compile(r"\$\{([a-z][a-z0-9_]*)\}")
"""``${lower_case}``. ``${UPPER}``, ``${Mixed}`` and ``$HOME`` belong to the shell."""

Path = tuple[str, ...]
PROSE = frozenset({"title", "read", "ask", "say", "because", "task", "hints", "why", "done"})
"""Keys whose texts are Markdown for learners."""


def scalars(node: yaml.Node, path: Path = ()) -> Iterator[tuple[yaml.ScalarNode, Path]]:
    """Every scalar under ``node`` with the keys that lead to it; a key is its own last element."""
    if isinstance(node, yaml.ScalarNode):
        yield node, path
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from scalars(item, path)
    elif isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            key = str(name.value) if isinstance(name, yaml.ScalarNode) else ""
            yield from scalars(name, (*path, key))
            yield from scalars(value, (*path, key))


def spot(node: yaml.ScalarNode, offset: int, file: str, lines: Sequence[str] = ()) -> Place:
    """Where the character at ``offset`` of a scalar's text stands in its file.

    Exact in ``|`` blocks and on one line; in quoted or bare text of several lines, where the scalar begins. ``lines``
    are those of the file, and tell how far a block is indented.
    """
    line, column = node.start_mark.line, node.start_mark.column
    text = str(node.value)
    if node.style == "|":
        before = text[:offset]
        line += 1 + before.count("\n")
        within = offset - (before.rfind("\n") + 1)
        own = text.split("\n")[before.count("\n")]
        written = lines[line] if line < len(lines) else own
        return Place(file, line + 1, max(written.rstrip("\r\n").find(own), 0) + within + 1)
    if node.start_mark.line == node.end_mark.line:
        column += offset + (1 if node.style else 0)
    return Place(file, line + 1, column + 1)


def put(text: str, values: Mapping[str, str]) -> str:
    """``text`` with every ``${name}`` that ``values`` knows put in; others stay. One pass: what comes out of a value
    is never looked at again."""
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def as_prose(value: str) -> str:
    """A value as it may stand in Markdown: what a learner once wrote never becomes emphasis, code or a link."""
    return value.replace("`", "'").replace("**", "* *").replace("[[", "[ [").replace("]]", "] ]")


def filled(node: yaml.Node, values: Mapping[str, str], key: str = "") -> yaml.Node:
    """A copy of a tree with variables put into keys and texts. Marks stay, so that errors name the same place.
    ``key``: the key that ``node`` stands under."""
    start: Any = node.start_mark
    end: Any = node.end_mark
    if isinstance(node, yaml.ScalarNode):
        own = {name: as_prose(value) for name, value in values.items()} if key in PROSE else values
        return yaml.ScalarNode("", put(str(node.value), own), start, end, style=node.style)
    if isinstance(node, yaml.SequenceNode):
        return yaml.SequenceNode("", [filled(item, values, key) for item in node.value], start, end)
    pairs = [
        (filled(name, values), filled(value, values, name.value if isinstance(name, yaml.ScalarNode) else ""))
        for name, value in node.value
    ]
    return yaml.MappingNode("", pairs, start, end)
