"""The glossary: each term once, and how a word in a text finds its term."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from dockertutor.course.heads import Term
from dockertutor.errors import ContentError, Problem

LINK = re.compile(r"\[\[([^\[\]\n]{1,60})\]\]")
"""``[[word]]``: a link to the glossary. ``[[key:…]]`` and ``[[pane:…]]`` name keys and panes."""


def parse_glossary(data: bytes | str, file: str) -> dict[str, Term]:
    """Read a glossary. Raises `ContentError` with all problems; two terms may not claim the same word."""
    from dockertutor.checks.nodes import Reader, compose
    from dockertutor.course.grammar import GLOSSARY

    problems: list[Problem] = []
    root = compose(data, file, problems)
    found: dict[str, Term] = {}
    if root is not None:
        reader = Reader(file, problems)
        claimed: dict[str, str] = {}
        for id_, entry in GLOSSARY.read(reader, root, "").get("terms", {}).items():
            term = Term(
                id_, entry.get("name", id_), entry.get("text", ""), entry.get("also", ()), entry.get("fields", {})
            )
            for word in dict.fromkeys(map(_key, (term.id, term.name, *term.also))):
                other = claimed.setdefault(word, id_)
                if other != id_:
                    reader.fail(entry.node, id_, f"the word `{word}` belongs to the term `{other}` already")
            found[id_] = term
    if problems:
        raise ContentError(problems)
    return found


def load_glossary(path: Path) -> dict[str, Term]:
    """Read a glossary's file; no file is an empty glossary."""
    return parse_glossary(path.read_bytes(), str(path)) if path.is_file() else {}


def find_term(glossary: Mapping[str, Term], word: str) -> Term | None:
    """The term that a word means: by id, name or another word for it, upper case or lower."""
    key = _key(word)
    if key in glossary:
        return glossary[key]
    for term in glossary.values():
        if key in map(_key, (term.id, term.name, *term.also)):
            return term
    return None


def links(text: str) -> Iterator[tuple[str, int]]:
    """``(word, offset)`` of each ``[[word]]`` that is a term (keys, panes and addresses are not)."""
    for found in LINK.finditer(text):
        if not found[1].startswith(("key:", "pane:", "http://", "https://")):
            yield found[1], found.start()


def _key(word: str) -> str:
    return " ".join(word.lower().split())
