"""Loading one lesson in full: from bytes to a `Lesson`, or a `ContentError` with every problem found."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from dockertutor.checks.nodes import MAX_BYTES, Reader, compose, decode, too_large
from dockertutor.course.build import build_step, build_unbound, build_variables
from dockertutor.course.grammar import LESSON, VARIABLES
from dockertutor.course.model import Exercise, Lesson, Step, Variable
from dockertutor.course.rules import ALWAYS, check_given, check_paths, check_same, check_variables
from dockertutor.course.scalars import VARIABLE, filled, scalars
from dockertutor.course.shapes import Values
from dockertutor.course.variables import sample_values
from dockertutor.errors import ContentError, Place, Problem


def read_bytes(path: Path) -> bytes:
    """A content file's bytes; `ContentError` where it cannot be read, is too large, or is no file (a pipe or a
    device might never end)."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) and not stat.S_ISDIR(about.st_mode):
            raise ContentError([Problem(Place(str(path)), "", "it cannot be read: is a pipe or a device")])
        if about.st_size > MAX_BYTES:
            raise ContentError([too_large(str(path), about.st_size)])
        return path.read_bytes()
    except FileNotFoundError:
        raise ContentError([Problem(Place(str(path)), "", "there is no such file")]) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ContentError([Problem(Place(str(path)), "", f"it cannot be read: {reason}")]) from None


def load_lesson(path: Path) -> Lesson:
    """Load a lesson from its file."""
    return replace(load_text(read_bytes(path), str(path)), file=path)


def load_text(text: str | bytes, name: str) -> Lesson:
    """Load a lesson from its text. ``name`` stands for the file in errors.

    Raises `ContentError` with all problems: file, line, column, key, what was expected, the nearest known key.
    """
    problems: list[Problem] = []
    root = compose(text, name, problems)
    lesson = None
    if root is not None:
        lines = (decode(text, name, []) or "").splitlines()
        lesson = _Loading(root, Reader(name, problems), lines).lesson()
    if lesson is None or problems:
        raise ContentError(list(dict.fromkeys(problems)))
    raw = text.encode() if isinstance(text, str) else text
    return replace(lesson, digest=hashlib.sha256(raw).hexdigest(), file=Path(name))


class _Loading:
    """One lesson on its way from nodes to the model.

    Exercises are read with sample values put in (a port must be a number, a pattern whole), and built with their
    ``${names}`` still in them.
    """

    def __init__(self, root: yaml.Node, reader: Reader, lines: Sequence[str]) -> None:
        self.root = root
        self.reader = reader
        self.lines = lines
        self.vars: Mapping[str, Variable] = {}

    def lesson(self) -> Lesson:
        reader = self.reader
        self.vars = self.declared(self.root)
        values = LESSON.read(reader, self.sampled(self.root), "")
        originals = _steps(self.root)
        steps: list[Step] = []
        for index, found in enumerate(values.get("steps", ())):
            if found is not None and index < len(originals):
                steps.append(self.step(found, originals[index]))
        self.texts()
        self.unique(steps)
        return Lesson(
            id=values.get("id", ""),
            title=values.get("title", ""),
            minutes=values.get("minutes", 0),
            steps=tuple(steps),
            needs=values.get("needs", ()),
            introduces=values.get("introduces", ()),
            images=values.get("images", ()),
            vars=self.vars,
            was=values.get("was", ""),
        )

    def declared(self, node: yaml.Node) -> Mapping[str, Variable]:
        """The variables that a lesson or an exercise declares; problems are told when the whole is read."""
        vars_node = _child(node, "vars")
        if vars_node is None:
            return {}
        quiet = Reader(self.reader.file, [])
        return build_variables(VARIABLES.read(quiet, vars_node, "vars"))

    def sampled(self, root: yaml.Node) -> yaml.Node:
        """The lesson with sample values put into each exercise."""
        if not isinstance(root, yaml.MappingNode):
            return root
        pairs = []
        for name, value in root.value:
            if getattr(name, "value", "") == "steps" and isinstance(value, yaml.SequenceNode):
                items = [self._sampled_step(step) for step in value.value]
                value = yaml.SequenceNode("", items, value.start_mark, value.end_mark)
            pairs.append((name, value))
        return yaml.MappingNode("", pairs, root.start_mark, root.end_mark)

    def _sampled_step(self, step: yaml.Node) -> yaml.Node:
        exercise = _child(step, "exercise")
        if exercise is None:
            return step
        own = self.declared(exercise)
        return filled(step, sample_values({**self.vars, **own}))

    def step(self, found: tuple[str, object, yaml.Node], original: yaml.Node) -> Step:
        name, value, node = found
        source = _child(original, name) or node
        step = build_step(name, value, source, self.reader)
        if isinstance(step, Exercise) and isinstance(value, Values):
            self.exercise_rules(source)
            return build_unbound(source, step, self.reader.file)
        return step

    def exercise_rules(self, source: yaml.Node) -> None:
        own = self.declared(source)
        vars_node = _child(source, "vars")
        if vars_node is not None:
            for name, name_node, value in Reader(self.reader.file, []).pairs(vars_node, "vars"):
                if name in self.vars:
                    self.reader.fail(name_node, name, f"the lesson draws `{name}` already: an exercise may not again")
                self.variable(name, name_node, value, own.get(name))
        check_paths(source, self.reader)
        check_given(source, self.reader)
        check_same(source, self.reader)
        check_variables(source, {**self.vars, **own}, self.reader, self.lines)

    def variable(self, name: str, name_node: yaml.Node, value: yaml.Node, drawn: Variable | None) -> None:
        if name in ALWAYS:
            self.reader.fail(name_node, name, f"`${{{name}}}` exists already: it is the host of the learner's engine")
        if drawn is not None and drawn.how == "number" and int(drawn.arg["from"]) > int(drawn.arg["to"]):
            self.reader.fail(value, name, "`from` is larger than `to`")

    def texts(self) -> None:
        """Variables in what is not part of an exercise: the lesson's own must do."""
        vars_node = _child(self.root, "vars")
        if vars_node is not None:
            for name, name_node, value in Reader(self.reader.file, []).pairs(vars_node, "vars"):
                self.variable(name, name_node, value, self.vars.get(name))
        for step in _steps(self.root):
            if _child(step, "exercise") is None:
                check_variables(step, self.vars, self.reader, self.lines)
        for key in ("title", "introduces", "images", "vars"):
            head = _child(self.root, key)
            for scalar, _ in scalars(head) if head is not None else ():
                if VARIABLE.search(str(scalar.value)):
                    self.reader.fail(scalar, key, "no variables here: nothing has been drawn when it is read")

    def unique(self, steps: Sequence[Step]) -> None:
        """Ids of exercises, old ones among them, are unique in the lesson."""
        seen: dict[str, int] = {}
        for step in steps:
            if not isinstance(step, Exercise):
                continue
            for key, value in (("id", step.id), ("was", step.was)):
                if not value:
                    continue
                if value in seen:
                    message = f"an exercise `{value}` stands in line {seen[value]} already"
                    self.reader.problems.append(Problem(step.place, key, message))
                seen.setdefault(value, step.place.line)


def _child(node: yaml.Node, key: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if isinstance(name, yaml.ScalarNode) and name.value == key:
                found: yaml.Node = value
                return found
    return None


def _steps(root: yaml.Node) -> list[yaml.Node]:
    steps = _child(root, "steps")
    return list(steps.value) if isinstance(steps, yaml.SequenceNode) else []
