"""From values read out of nodes to the model's records, and what only the whole can tell: ids, handles, questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import yaml

from dockertutor.checks.model import Check, Matcher
from dockertutor.checks.nodes import Reader, place
from dockertutor.course.grammar import EXERCISE
from dockertutor.course.model import Exercise, Mistake, Option, Question, Read, Script, Stage, Step, Variable
from dockertutor.course.shapes import Values
from dockertutor.errors import Problem


def build_question(values: Values, reader: Reader) -> Question:
    """A quiz question or a prediction; exactly one option must be correct."""
    options = tuple(
        Option(option.get("say", ""), option.get("because", ""), option.get("correct", False))
        for option in values.get("options", ())
    )
    right = sum(option.correct for option in options)
    if len(options) > 1 and right != 1:
        reader.fail(values.node, "options", f"expected exactly one option with `correct: true`, found {right}")
    return Question(values.get("ask", ""), options)


def build_script(value: Any) -> Script:
    """A text is what is typed; a mapping has files, and what is typed."""
    if isinstance(value, Values):
        return Script(value.get("run", ""), value.get("files", {}))
    return Script(str(value))


def build_variables(found: dict[str, Any]) -> dict[str, Variable]:
    """How each variable is drawn, in the order of the file."""
    return {name: _variable(value) for name, value in found.items()}


def _variable(value: Any) -> Variable:
    if isinstance(value, tuple):
        how, arg, _ = value
        if how == "number":
            low = arg.get("from", 0)
            return Variable(how, {"from": low, "to": arg.get("to", low)})
        if how == "remembered":
            return Variable(how, {"default": arg.get("default", "")})
        return Variable(how, arg)
    return Variable(str(value or "token"))


def build_stage(values: Values, reader: Reader) -> Stage:
    """One stage; ids of its mistakes must differ."""
    mistakes: list[Mistake] = []
    for value in values.get("mistakes", ()):
        by = build_script(value.values["by"]) if "by" in value.values else None
        where = place(value.node, reader.file)
        mistake = Mistake(value.get("id", ""), value.get("when", ()), value.get("say", ""), by, where)
        if mistake.id and any(mistake.id == other.id for other in mistakes):
            reader.fail(value.nodes["id"], "id", f"a mistake `{mistake.id}` stands here already")
        mistakes.append(mistake)
    return Stage(
        task=values.get("task", ""),
        expect=values.get("expect", ()),
        given=values.get("given", ()),
        files=values.get("files", {}),
        mistakes=tuple(mistakes),
        hints=values.get("hints", ()),
        solution=build_script(values.get("solution", "")),
        also=tuple(build_script(value) for value in values.get("also", ())),
        why=values.get("why", ""),
    )


def build_exercise(values: Values, reader: Reader, source: yaml.Node) -> Exercise:
    """An exercise. Its own ``why`` is shown after its last stage, unless the stages have each their own."""
    stages = [build_stage(values, reader), *(build_stage(value, reader) for value in values.get("then", ()))]
    if len(stages) > 1 and not any(stage.why for stage in stages[1:]):
        stages[-1] = replace(stages[-1], why=stages[0].why)
        stages[0] = replace(stages[0], why="")
    predict = values.get("predict", None)
    exercise = Exercise(
        id=values.get("id", ""),
        kind=values.get("kind", "") or "independent",
        stages=tuple(stages),
        predict=build_question(predict, reader) if predict is not None else None,
        vars=build_variables(values.get("vars", {})),
        requires=values.get("requires", ()),
        completes_lesson=values.get("completes", "") == "lesson",
        done=values.get("done", ""),
        exclusive=values.get("exclusive", False),
        was=values.get("was", ""),
        place=place(values.node, reader.file),
        source=source,
    )
    check_handles(exercise, reader)
    return exercise


def build_unbound(source: yaml.Node, sample: Exercise, file: str) -> Exercise:
    """The exercise with ``${names}`` still in its texts. Where a check cannot be read with names in it (a port is a
    number, a pattern must be whole), it is the sample's, which was read with values put in."""
    problems: list[Problem] = []
    reader = Reader(file, problems)
    raw = build_exercise(EXERCISE.read(reader, source, "exercise"), reader, source)
    if not problems:
        return raw
    stages = tuple(
        replace(
            stage,
            given=of.given,
            expect=of.expect,
            mistakes=tuple(replace(m, when=n.when) for m, n in zip(stage.mistakes, of.mistakes, strict=True)),
        )
        for stage, of in zip(raw.stages, sample.stages, strict=True)
    )
    return replace(raw, stages=stages, requires=sample.requires)


def build_step(name: str, value: Any, node: yaml.Node, reader: Reader) -> Step:
    """A step by its key: ``read``, ``quiz`` or ``exercise``."""
    if name == "read":
        return Read(value)
    if name == "quiz":
        return build_question(value, reader)
    return build_exercise(value, reader, node)


def check_handles(exercise: Exercise, reader: Reader) -> None:
    """Every handle that a check names must belong to an object of this stage or an earlier one, or be `daemon`."""
    known = {"daemon": "daemon"}
    for stage in exercise.stages:
        for check in (*stage.given, *stage.expect):
            if check.handle and check.handle in known:
                _fail(reader, check, "as", f"the handle `{check.handle}` is taken already", [])
            if check.handle:
                known[check.handle] = check.kind
        expected = {check.handle for check in stage.expect if check.handle}
        _known_handles((*stage.given, *stage.expect), known, reader)
        for mistake in stage.mistakes:  # judged alone, after a fail: of this stage's handles it knows those given
            own = {check.handle: check.kind for check in mistake.when if check.handle}
            local = {name: kind for name, kind in known.items() if name not in expected}
            _known_handles(mistake.when, local | own, reader)


def _known_handles(checks: Sequence[Check], known: Mapping[str, str], reader: Reader) -> None:
    later = {check.handle for check in checks} - {""}
    for check in checks:
        for key, handle in named_handles(check):
            if handle not in known:
                _fail(reader, check, key, f"no object is called `{handle}` here (`as: {handle}`)", sorted(known))
            elif key == "given" and handle == check.handle:
                _fail(reader, check, key, f"`{handle}` is this check's own handle", [])
            elif key == "given" and handle in later:  # two that name each other would mean no object at all
                _fail(reader, check, key, f"`{handle}` is the handle of a later check: expected an earlier one", [])
            elif key == "given" and known[handle] != check.kind:
                _fail(reader, check, key, f"`{handle}` is a {known[handle]}, and this check is on a {check.kind}", [])
        later.discard(check.handle)


def named_handles(check: Check) -> Iterator[tuple[str, str]]:
    """``(key, handle)`` for each handle that a check refers to."""
    if check.subject.given:
        yield "given", check.subject.given
    remaining = check.extra.get("remaining")
    if isinstance(remaining, (tuple, list)):
        yield from (("remaining", handle) for handle in remaining if isinstance(handle, str))
    for _, matcher in check.properties:
        yield from (("from", handle) for handle in _from(matcher))


def _from(matcher: object) -> Iterator[str]:
    if isinstance(matcher, Matcher):
        if matcher.op == "from":
            yield str(matcher.arg[0])
        elif isinstance(matcher.arg, Matcher):
            yield from _from(matcher.arg)
        elif isinstance(matcher.arg, dict):
            for value in matcher.arg.values():
                yield from _from(value)
        elif isinstance(matcher.arg, tuple):
            for value in matcher.arg:
                yield from _from(value)


def _fail(reader: Reader, check: Check, key: str, message: str, known: list[str]) -> None:
    wrote = message.split("`")[1]
    reader.problems.append(Problem(check.place, key, message, reader.nearest(wrote, [k for k in known if k])))
