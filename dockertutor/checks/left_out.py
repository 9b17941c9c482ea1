"""What is left out of evidence that is kept: values of environment variables and labels that no check names.

They may be secrets. Their names stay, so that the evidence can be read, and what a check of the stage names stays
whole, so that it can be judged again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dockertutor.checks.model import Check, Matcher
from dockertutor.checks.scope import asked_names
from dockertutor.facts import Facts, History, Need, Object, TypedLine

LEFT_OUT = "(left out)"
OWN_LABEL = "dockertutor.attempt"
"""The tutor's own label: an attempt's number, no secret."""

_LABELS = ("Labels", "EngineLabels", "ContainerLabels")
_STEP = re.compile(r"(.*?#\(nop\)\s+|\s*)((?:ONBUILD\s+)?(?:ENV|LABEL|ARG)\s+)(.*)", re.DOTALL | re.IGNORECASE)
"""A step of a Dockerfile in an image's history, as either builder writes it."""
_RUN = re.compile(r"((?:RUN\s+)?\|\d+\s+)(.*?)((?:\s/\S*sh\s+-.*)?)", re.DOTALL)
"""A RUN with build arguments: ``|1 NAME=value /bin/sh -c …``."""
_PAIR = re.compile(r"(^|\s)([^\s=]+)=(.*?)(?=\s[^\s=]+=|\s# buildkit$|$)", re.DOTALL)
_SPACED = re.compile(r"([^\s=]+)(\s+)(.+)", re.DOTALL)
_COUNT = re.compile(r"\|(\d{1,4})")

_WORD = r"(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|\\.|[^\s;&|\"'\\])+"
_OPTION = re.compile(
    r"(?<!\S)(--(?:env|build-arg|label|container-label)(?:-add)?(?:=|\s+)|-[ditPq]*[el](?:=|\s*))(" + _WORD + ")"
)
_CHANGE = re.compile(r"(?<!\S)((?:--change|-c)(?:=|\s+))(\"(?:[^\"\\]|\\.)*\"|'[^']*')")
_ASSIGNED = re.compile(r"((?:^|[;&|(\n]|\bexport\s|\benv\s)\s*)((?:[A-Za-z_]\w*=(?:" + _WORD + r")?(?:\s+|$))+)")
_NAMED = re.compile(r"([\"']?)([^\s=;&|\"']+)=(.*)", re.DOTALL)
_SET_ASIDE = re.compile("\ue000(\\d{1,6})\ue001")


class LeftOut:
    """Leaves out of facts what none of ``checks`` names."""

    def __init__(self, checks: Iterable[Check]) -> None:
        self._env: set[str] = set()
        self._labels = {OWN_LABEL}
        self._places: set[int] = set()
        self._texts: list[str] = []
        for check in checks:
            for name, matcher in check.properties:
                self._read(name, matcher)
        self._words = {word for text in self._texts for word in re.findall(r"[\w.-]+", text)}

    # ------------------------------------------------------------------ what checks name
    def _read(self, name: str, matcher: Matcher) -> None:
        parts = list(asked_names(matcher))
        if name in ("env", "labels"):
            names = {one for m in parts if m.op == "each" for one in m.arg}
            (self._env if name == "env" else self._labels).update(names)
        elif name == "inspect":
            for m in parts:
                for path, asked in m.arg.items() if m.op == "each" else ():
                    self._read_path(path.split("."), asked)
        elif name in ("history", "text"):
            self._texts += _texts(matcher)

    def _read_path(self, path: Sequence[str], asked: Any) -> None:
        """Note what a path of an inspect names: one label, one variable by its place, or those that its matcher spells
        out as ``NAME=…``."""
        rest = next((list(path[n + 1 :]) for n, part in enumerate(path) if part == "Env" or part in _LABELS), [])
        if rest and rest[0].isdigit():
            self._places.add(int(rest[0]))
        self._labels.add(".".join(rest))
        texts = _texts(asked)
        self._texts += texts
        names = {name for text in texts for name in re.findall(r"([\w.-]+)\\?=", text)}
        self._env |= names
        self._labels |= names

    # ------------------------------------------------------------------ values
    def _pair(self, pair: Any, names: set[str], place: int = -1) -> Any:
        """``NAME=value``; an entry of a plugin's settings is a mapping."""
        if isinstance(pair, Mapping):
            return {key: LEFT_OUT if key == "Value" and part else part for key, part in pair.items()}
        name, equals, value = str(pair).partition("=")
        return pair if name in names or place in self._places else f"{name}{equals}{_stand_in(value)}"

    def _in_text(self, name: str, value: str) -> str:
        """A value in a line of text: it stays where a check names it, or itself is a word of what a check looks for."""
        bare = value.strip("\"'")
        known = bare in self._words or (" " in bare and any(bare in text for text in self._texts))
        return value if known or name in self._env | self._labels | self._words else _stand_in(value)

    def _pairs(self, text: str) -> str:
        return _PAIR.sub(lambda pair: f"{pair[1]}{pair[2]}={self._in_text(pair[2], pair[3])}", text)

    # ------------------------------------------------------------------ facts
    def facts(self, facts: Facts) -> Facts:
        """Facts as they may be kept."""
        return replace(facts, seen={need: self.seen(need, found) for need, found in facts.seen.items()})

    def seen(self, need: Need, found: Any) -> Any:
        """What was found for a need, without what is left out."""
        if isinstance(found, Object):
            inspect = dict(self._inspect(found.inspect))
            if count := _COUNT.fullmatch(str(inspect.get("Path") or "")):
                inspect["Args"] = self._words_of([count[0], *(inspect.get("Args") or ())])[1:]
            return replace(found, inspect=inspect)
        if isinstance(found, TypedLine):
            return replace(found, text=self.line(found.text))
        if isinstance(need, History) and isinstance(found, tuple):
            return tuple({**row, "CreatedBy": self._step(str(row.get("CreatedBy") or ""))} for row in found)
        return tuple(self.seen(need, one) for one in found) if isinstance(found, tuple) else found

    def _inspect(self, value: Any, key: str = "") -> Any:
        if isinstance(value, Mapping):
            if key in _LABELS:
                kept = self._labels
                return {k: _stand_in(v) if isinstance(v, str) and k not in kept else v for k, v in value.items()}
            return {name: self._inspect(part, name) for name, part in value.items()}
        if not isinstance(value, list):
            return value
        if key == "Env":
            return [self._pair(pair, self._env, place) for place, pair in enumerate(value)]
        if key in _LABELS:
            return [self._pair(pair, self._labels) for pair in value]
        if key == "OnBuild":
            return [self._step(str(step)) for step in value]
        return self._words_of(value) if key == "Cmd" else [self._inspect(part) for part in value]

    def _words_of(self, words: list[Any]) -> list[Any]:
        """A command's words: the older builder writes a step, or a RUN's build arguments, as one."""
        kept = list(words)
        if words and (count := _COUNT.fullmatch(str(words[0]))):
            end = 1 + int(count[1])
            kept[1:end] = [self._pairs(str(word)) for word in words[1:end]]
        if any(str(word).startswith("#(nop)") for word in words):
            kept = [self._step(word) if isinstance(word, str) else word for word in kept]
        return kept

    def _step(self, text: str) -> str:
        """A step of an image's history."""
        if step := _STEP.fullmatch(text):
            rest = step[3]
            first = rest.split(None, 1)[:1]
            if first and "=" not in first[0] and (spaced := _SPACED.fullmatch(rest)):  # ENV NAME value
                return f"{step[1]}{step[2]}{spaced[1]}{spaced[2]}{self._in_text(spaced[1], spaced[3])}"
            return f"{step[1]}{step[2]}{self._pairs(rest)}"
        if run := _RUN.fullmatch(text):
            return f"{run[1]}{self._pairs(run[2])}{run[3]}"
        return text

    # ------------------------------------------------------------------ texts
    def line(self, text: str) -> str:
        """A command line as it was typed, without credentials and without the values of ``-e NAME=value`` and its
        like."""
        from dockertutor.engine.wire_secrets import masked_line

        aside: list[str] = []

        def put_aside(words: str) -> str:  # what is settled here must not be taken for a credential again
            aside.append(words)
            return f"\ue000{len(aside) - 1}\ue001"

        def word(found: str) -> str:
            named = _NAMED.fullmatch(found)
            if named is None:
                return found
            value = self._in_text(named[2], named[3])
            return put_aside(found if value == named[3] else f"{named[2]}={value}")

        text = _OPTION.sub(lambda it: it[1] + word(it[2]), text)
        text = _CHANGE.sub(lambda it: f"{it[1]}{it[2][0]}{self._step(it[2][1:-1])}{it[2][0]}", text)
        text = _ASSIGNED.sub(lambda it: it[1] + re.sub(_WORD, lambda one: word(one[0]), it[2]), text)
        text = masked_line(text)
        return _SET_ASIDE.sub(lambda it: aside[int(it[1])] if int(it[1]) < len(aside) else it[0], text)


def _stand_in(value: str) -> str:
    """What stands for a value; nothing for nothing."""
    return LEFT_OUT if value else value


def _texts(asked: Any) -> list[str]:
    """All texts in a matcher's arguments."""
    if isinstance(asked, str):
        return [asked]
    if isinstance(asked, Matcher):
        return [] if asked.op == "from" else _texts(asked.arg)
    if isinstance(asked, Mapping):
        return [text for part in asked.values() for text in _texts(part)]
    return [text for part in asked for text in _texts(part)] if isinstance(asked, (list, tuple)) else []
