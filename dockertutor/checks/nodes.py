"""Walking YAML nodes: from text to nodes with marks, and typed readers that say what was expected where.

Every scalar is text here; what a text means is for the model to say. Nothing in this module raises for bad content:
what is wrong is added to a list of `Problem`, so that all errors of a file are told at once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any

import yaml

from dockertutor.errors import Place, Problem

MAX_BYTES = 200_000
"""The largest content file that is read, in bytes. The longest lesson so far has 25 kB."""
MAX_DEPTH = 24
"""How deep lists and mappings may lie in each other. The deepest check so far has 13."""
MAX_NODES = 20_000
MANY = 100
"""How many problems of a file name the nearest known key."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def nearest(key: str, known: Iterable[str]) -> str:
    """The known key that looks most like ``key``, or "" where none comes close."""
    names = {name.replace("_", "-").lower(): name for name in known}
    found = difflib.get_close_matches(key.replace("_", "-").lower()[:80], list(names), n=1, cutoff=0.6)
    return names[found[0]] if found else ""


def too_large(file: str, size: int) -> Problem:
    """What is said of a file with more than `MAX_BYTES`."""
    return Problem(Place(file), "", f"the file has {size:,} bytes; at most {MAX_BYTES:,} are read: split it")


def place(node: yaml.Node, file: str) -> Place:
    """Where a node begins. Lines and columns count from 1."""
    return Place(file, node.start_mark.line + 1, node.start_mark.column + 1)


def kind_of(node: yaml.Node) -> str:
    """What a node is, in words for a lesson's author."""
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    value = node.value.splitlines()[0] if node.value else ""
    return f"`{value[:40]}`" if value else "nothing"


class Reader:
    """Reads the nodes of one file and collects what is wrong with them in ``problems``."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems

    def fail(self, node: yaml.Node, key: str, message: str, known: Iterable[str] = (), *, wrote: str = "") -> None:
        """Add a problem at ``node``. ``known``: the nearest of these to ``wrote`` (or to ``key``) is named."""
        self.problems.append(Problem(place(node, self.file), key, message, self.nearest(wrote or key, known)))

    def nearest(self, wrote: str, known: Iterable[str]) -> str:
        """The known key that looks most like what was written, or ""; no longer looked for in a file with `MANY`
        problems, since it takes a while where many are known."""
        return nearest(wrote, known) if len(self.problems) < MANY else ""

    def pairs(self, node: yaml.Node, key: str) -> list[tuple[str, yaml.ScalarNode, yaml.Node]]:
        """``(name, key node, value node)`` for each pair of a mapping, in file order. Anything but a mapping, a key
        that is not text and a key that stands twice are problems; the first of two is kept."""
        if not isinstance(node, yaml.MappingNode):
            self.fail(node, key, f"expected a mapping (`name: value`), found {kind_of(node)}")
            return []
        found: dict[str, tuple[str, yaml.ScalarNode, yaml.Node]] = {}
        for name, value in node.value:
            if not isinstance(name, yaml.ScalarNode):
                self.fail(name, key, f"a key must be one word, found {kind_of(name)}")
            elif name.value in found:
                first = found[name.value][1].start_mark.line + 1
                self.fail(name, name.value, f"this key stands twice (first in line {first})")
            else:
                found[name.value] = (name.value, name, value)
        return list(found.values())

    def mapping(
        self, node: yaml.Node, key: str, known: Sequence[str], required: Sequence[str] = ()
    ) -> dict[str, yaml.Node]:
        """A mapping with exactly these keys: an unknown one is a problem that names the nearest, a missing one too."""
        found: dict[str, yaml.Node] = {}
        for name, name_node, value in self.pairs(node, key):
            if name in known:
                found[name] = value
            else:
                self.fail(name_node, name, f"unknown key; known here: {', '.join(known)}", known)
        if isinstance(node, yaml.MappingNode):
            present = {name.value for name, _ in node.value if isinstance(name, yaml.ScalarNode)}
            for name in required:
                if name not in present:
                    where = f"`{key}`" if key else "the file"
                    self.fail(node, name, f"missing: {where} needs this key")
        return found

    def items(self, node: yaml.Node, key: str) -> list[yaml.Node]:
        """The nodes of a list; anything else is a problem."""
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        self.fail(node, key, f"expected a list (`- …`), found {kind_of(node)}")
        return []

    def one_or_more(self, node: yaml.Node, key: str) -> list[yaml.Node]:
        """The nodes of a list, or a single mapping as a list of one."""
        return [node] if isinstance(node, yaml.MappingNode) else self.items(node, key)

    def text(self, node: yaml.Node, key: str, *, empty: bool = False) -> str:
        """A scalar as it was written. A list or mapping is a problem, and so is no text unless ``empty`` allows it."""
        if not isinstance(node, yaml.ScalarNode):
            self.fail(node, key, f"expected text, found {kind_of(node)} (put quotes around it, or use a `|` block)")
            return ""
        if not node.value.strip() and not empty:
            self.fail(node, key, "expected text, found nothing")
        return str(node.value)

    def texts(self, node: yaml.Node, key: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(self.text(item, key) for item in self.items(node, key))

    def one_of(self, node: yaml.Node, key: str, known: Sequence[str]) -> str:
        """A text that is one of ``known``; else "" and a problem that names the nearest."""
        value = self.text(node, key)
        if value and value not in known:
            self.fail(node, key, f"expected one of {', '.join(known)}, found `{value[:40]}`", known, wrote=value)
            return ""
        return value

    def flag(self, node: yaml.Node, key: str) -> bool:
        """``true`` or ``false``."""
        return self.one_of(node, key, ("true", "false")) == "true"

    def number(self, node: yaml.Node, key: str, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``; ``low`` and a problem where it is none."""
        value = self.text(node, key)
        if value.isascii() and value.isdigit() and len(value) < 10 and low <= int(value) <= high:
            return int(value)
        if value:
            self.fail(node, key, f"expected a whole number from {low} to {high}, found `{value[:40]}`")
        return low


def decode(data: bytes | str, file: str, problems: list[Problem]) -> str | None:
    """The text of a content file, or None and a problem: too large, not UTF-8, or with NUL bytes."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > MAX_BYTES:
        problems.append(too_large(file, len(raw)))
        return None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.append(Problem(Place(file), "", "the file is UTF-16; expected UTF-8: save it again as UTF-8"))
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        message = f"the byte 0x{raw[error.start]:02x} is not UTF-8: save the file again as UTF-8"
        problems.append(Problem(Place(file, line, column), "", message))
        return None
    if control := _CONTROL.search(text):
        before = text[: control.start()]
        where = Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        problems.append(Problem(where, "", f"a control character (0x{ord(control[0]):02x}): is this a text file?"))
        return None
    return text


def compose(data: bytes | str, file: str, problems: list[Problem]) -> yaml.Node | None:
    """The file's one YAML document as nodes with marks, or None and at least one problem.

    Refused while the events pass by, before anything is built from them: aliases and anchors (a small file could
    name a huge one), tags, a second document, and nesting or node counts out of bounds.
    """
    text = decode(data, file, problems)
    if text is None:
        return None
    try:
        return _Composer(text, file, problems).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        problems.append(Problem(where, "", _plain(error, text, where)))
    except yaml.YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
        problems.append(Problem(Place(file, line), "", f"not YAML: {getattr(error, 'reason', '') or error}"))
    except _Refused as refusal:
        problems.append(refusal.problem)
    return None


_STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What steers a terminal or turns the reading direction around; YAML's own escapes can write it."""


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class _Composer:
    """Builds nodes from parse events, and stops at the first event that is out of bounds."""

    def __init__(self, text: str, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self.loader = _LOADER(text)
        self.count = 0

    def document(self) -> yaml.Node:
        try:
            self.next()
            if isinstance(self.next(), yaml.StreamEndEvent):
                raise _Refused(Problem(Place(self.file), "", "the file is empty"))
            root = self.node(self.next(), 1)
            self.next()
            after = self.next()
            if not isinstance(after, yaml.StreamEndEvent):
                raise self.refuse(after, "a second document (`---`): a file holds one")
            return root
        finally:
            self.loader.dispose()

    def node(self, event: Any, depth: int) -> yaml.Node:
        start: Any = event.start_mark
        end: Any = event.end_mark
        self.count += 1
        if self.count > MAX_NODES:
            raise self.refuse(event, f"more than {MAX_NODES:,} values: split the file")
        if depth > MAX_DEPTH:
            raise self.refuse(event, f"nested more than {MAX_DEPTH} deep: is a bracket not closed?")
        if isinstance(event, yaml.AliasEvent):
            raise self.refuse(event, f"aliases (`*{event.anchor}`) are not allowed: write it out, or put it in quotes")
        if event.anchor:
            raise self.refuse(event, f"anchors (`&{event.anchor}`) are not allowed: write it out, or put it in quotes")
        if event.tag and event.tag != "!":
            raise self.refuse(event, f"tags (`{event.tag}`) are not allowed: every value is text; put it in quotes")
        if isinstance(event, yaml.ScalarEvent):
            if (found := _STEERS.search(event.value)) is not None:
                raise self.refuse(event, f"a control character (U+{ord(found[0]):04X}) is not allowed in a text")
            return yaml.ScalarNode("", event.value, start, end, style=event.style)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[yaml.Node] = []
            while not isinstance(following := self.next(), yaml.SequenceEndEvent):
                items.append(self.node(following, depth + 1))
            end = following.end_mark
            return yaml.SequenceNode("", items, start, end, flow_style=event.flow_style)
        pairs: list[tuple[yaml.Node, yaml.Node]] = []
        while not isinstance(following := self.next(), yaml.MappingEndEvent):
            name = self.node(following, depth + 1)
            pairs.append((name, self.node(self.next(), depth + 1)))
        end = following.end_mark
        return yaml.MappingNode("", pairs, start, end, flow_style=event.flow_style)

    def next(self) -> Any:
        """The next parse event. `Any`: the stubs know no difference between events of the two parsers."""
        return self.loader.get_event()

    def refuse(self, event: Any, message: str) -> _Refused:
        mark = event.start_mark
        return _Refused(Problem(Place(self.file, mark.line + 1, mark.column + 1), "", message))


def _plain(error: yaml.MarkedYAMLError, text: str, where: Place) -> str:
    """YAML's complaint as something that an author can act on."""
    said = (error.problem or str(error)).splitlines()[0]
    if "nesting depth" in said:
        return f"nested more than {MAX_DEPTH} deep: is a bracket not closed?"
    lines = text.splitlines()
    line = lines[where.line - 1] if where.line <= len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())] or line[where.column - 1 : where.column] == "\t":
        return "a tab: indent with spaces"
    if "mapping values are not allowed" in said:
        return "a bare `: ` in a text: put the text in a `|` block or in quotes"
    if "cannot start any token" in said:
        sign = line[where.column - 1 : where.column]
        return f"a text may not begin with `{sign}`: put it in a `|` block or in quotes"
    return f"not YAML: {said}" + (f" ({error.context})" if error.context else "")
