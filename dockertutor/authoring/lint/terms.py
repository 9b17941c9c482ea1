"""Terms: every word outside common English is in the glossary, and introduced before it is used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import yaml

from dockertutor.authoring.lint.finding import Advice
from dockertutor.authoring.lint.prose import Prose, markdown
from dockertutor.authoring.lint.words import bases, is_common
from dockertutor.checks.nodes import place
from dockertutor.course.glossary import LINK, find_term, links
from dockertutor.course.heads import Term
from dockertutor.course.model import Lesson
from dockertutor.errors import Place, Problem

_NOT_WORDS = re.compile(
    r"`[^`]*`|https?://\S+|\$\{[^}]*\}|\[\[(?:key|pane):[^\]]*\]\]|\b[\w.-]+[./:\\][\w./:\\-]+|<[^>]*>"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
NAMES = frozenset({"ctrl"})
"""What is printed on keys."""
COMMANDS = ("docker", "curl", "cat", "cd", "cp", "echo", "ls", "mkdir", "mv", "ps", "rm", "sh", "touch", "wget")
"""Programs that the lessons' learners type: a row of a picture that begins with one is typed up to a wider gap."""
_NOT_PROSE_IN_PICTURES = re.compile(
    rf"^[^\w$]*(?:\$ ?|(?:{'|'.join(COMMANDS)})(?![\w.:/-]))(?: ?[!-~]+(?= |$))*"  # a command and what is given to it
    r"|<[─═-]+|[─═-]+>"  # arrows
    r"|(?<!\S)--?\w[\w-]*"  # options
    r"|\$\w+"  # variables of the shell
    r'|"\w+"\s*:'  # keys of JSON
    r"|\b\w*\d\w*\b"  # Ids, numbers with their units
    r"|\b[A-Z_]{2,}\b"  # placeholders
)


def words(text: str) -> Iterator[tuple[str, int]]:
    """``(word, offset)`` of each word of a line that is prose: no code, addresses, file names, variables or links."""
    bare = _NOT_WORDS.sub(lambda found: " " * len(found[0]), text)
    bare = LINK.sub(lambda found: " " * len(found[0]), bare)
    for found in _WORD.finditer(bare):
        yield found[0], found.start()


def drawn_words(row: str) -> Iterator[tuple[str, int]]:
    """`words` of a row of a picture: no commands with what is given to them, options, JSON's keys, Ids, placeholders.
    Strokes are no letters, and go by themselves."""
    return words(_NOT_PROSE_IN_PICTURES.sub(lambda found: " " * len(found[0]), row))


class Terms:
    """Follows a learner through lessons in order, and knows which terms have been introduced."""

    def __init__(self, glossary: Mapping[str, Term]) -> None:
        self.glossary = glossary
        self.known: dict[str, str] = {}
        self.words = {word.lower(): term.id for term in glossary.values() for word in (term.id, term.name, *term.also)}

    def lesson(self, lesson: Lesson, proses: Sequence[Prose], head: Place) -> Iterator[Problem]:
        """What is wrong with a lesson's terms; afterwards they count as introduced. ``head``: where it names them."""
        for id_ in lesson.introduces:
            if id_ not in self.glossary:
                yield Problem(head, "introduces", f"the glossary has no term `{id_}`")
            elif id_ in self.known:
                yield Problem(head, "introduces", f"`{id_}` is introduced in `{self.known[id_]}` already")
        linked: set[str] = set()
        told: set[str] = set()
        for prose in proses:
            here: set[str] = set()
            for word, offset in links(prose.text):
                term = find_term(self.glossary, word)
                if term is None:
                    yield Problem(prose.at(offset), prose.role, f"the glossary has no term for `[[{word}]]`")
                    continue
                if term.id not in self.known and term.id not in lesson.introduces:
                    message = f"`{term.id}` is not introduced yet: add it to `introduces`, here or in a lesson before"
                    yield Problem(prose.at(offset), prose.role, message)
                if term.id not in linked and term.id not in self.known:
                    here.add(term.id)
                linked.add(term.id)
            if prose.role == "read" and len(here) > 2:
                message = f"{len(here)} new names on one page ({', '.join(sorted(here))}); two are enough"
                yield Advice(prose.at(), prose.role, message)
            # a title stands above the page that explains its words
            yield from self._unknown(
                prose, linked | {*lesson.introduces} if prose.role == "title" else linked, lesson, told
            )
        for id_ in lesson.introduces:
            if id_ in self.glossary and id_ not in linked:
                yield Problem(head, "introduces", f"`{id_}` is introduced here, but no text links to it (`[[{id_}]]`)")
            self.known.setdefault(id_, lesson.id)

    def entries(self, root: yaml.Node, file: str) -> Iterator[Problem]:
        """What is wrong with the glossary itself, when all lessons have been followed. ``root``: its node."""
        terms = next(value for name, value in root.value if name.value == "terms")
        for name, _ in terms.value:
            term, at = self.glossary[name.value], place(name, file)
            if term.id not in self.known:
                yield Advice(at, term.id, "no lesson introduces this term")
            for word in dict.fromkeys(
                word
                for text in (term.text, *term.fields.values())
                for line in markdown(text)
                for word, _ in words(line.text)
            ):
                if not is_common(word) and word.lower() not in NAMES and self.term(word) is None:
                    yield Advice(at, term.id, f"`{word}` is not common English, and no term either")

    def term(self, word: str) -> str | None:
        """The id of the term that a word or an inflection of it means; common words only as they are written."""
        lower = word.lower().replace("’", "'")
        written = [lower] if is_common(lower) else bases(lower)
        return next((self.words[base] for base in written if base in self.words), None)

    def _unknown(self, prose: Prose, linked: set[str], lesson: Lesson, told: set[str]) -> Iterator[Problem]:
        images = {name.partition(":")[0] for name in lesson.images}
        for line in markdown(prose.text):
            if line.kind == "typed":
                continue
            picture = line.kind == "picture"
            for written, offset in drawn_words(line.text) if picture else words(line.text):
                word = written.lower().replace("’", "'")
                if word in told or word in NAMES or (picture and word in images):
                    continue
                term = self.term(word)
                if term is None and not is_common(word):
                    told.add(word)
                    message = f"`{written}` is not common English: explain it in the glossary, or take another word"
                    yield Problem(prose.at(line.offset + offset), prose.role, message)
                elif term is not None and term not in self.known and term not in linked:
                    told.add(word)
                    place = prose.at(line.offset + offset)
                    if is_common(word):
                        message = f"`{written}`: if it means the term `{term}`, it is used before it is introduced"
                        yield Advice(place, prose.role, message)
                    else:
                        message = f"`{written}` is used before it is introduced (`[[{term}]]`)"
                        yield Problem(place, prose.role, message)
