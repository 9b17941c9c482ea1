"""What an exercise or a question must have, so that it teaches and can be proved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from dockertutor.authoring.lint.finding import Advice
from dockertutor.checks.model import Check
from dockertutor.course.model import Exercise, Lesson, Question, Read, Script, Stage
from dockertutor.course.scalars import VARIABLE, scalars
from dockertutor.errors import Place, Problem

QUICK = ("tutor-", "nginx", "registry", "hello-world")
"""Images (how their names begin) whose programs end at once when they are asked to."""
OWN = ("container", "volume", "network")
"""Kinds whose objects belong to one exercise; images may be the course's."""
_STOP = re.compile(r"\bdocker (?:container )?(?:stop|restart)\b(?P<rest>[^;\n&|]*)")
_GOAL = re.compile(r"\*\*.+?\*\*", re.DOTALL)


def structure(lesson: Lesson, nodes: list[dict[str, Any]]) -> Iterator[Problem]:
    """Everything about the parts of a lesson. ``nodes``: for each step its place and its node."""
    file = str(lesson.file)
    if not lesson.minutes:
        yield Problem(Place(file), "minutes", "missing: how long does the lesson take?")
    told = ""
    for step, at in zip(lesson.steps, nodes, strict=True):
        place: Place = at["place"]
        if isinstance(step, Read):
            told += "\n" + step.text
        elif isinstance(step, Question):
            yield from _question(step, place, "quiz")
            told += "\n" + step.ask + "\n".join(option.because for option in step.options)
        else:
            yield from _exercise(step, told, lesson)
            yield from _names(step, at["node"], file)
            told += "\n" + step.stages[-1].why
    yield from _images(lesson)
    yield from _unused(lesson, nodes)
    if lesson.exercises and not any(exercise.completes_lesson for exercise in lesson.exercises):
        yield Advice(
            Place(file), "completes", "no exercise has `completes: lesson`: who knows all this must do them all"
        )


def _question(question: Question, place: Place, key: str) -> Iterator[Problem]:
    says = [option.say for option in question.options]
    for number, option in enumerate(question.options, 1):
        if not option.because.strip():
            message = f"option {number} has no `because`: where is that belief right, and where does it end?"
            yield Problem(place, key, message)
        if says.count(option.say) > 1 and says.index(option.say) == number - 1:
            yield Problem(place, key, f"option {number} stands twice")
        if not option.correct and re.match(r"(no|wrong)\b", option.because, re.IGNORECASE):
            yield Advice(place, key, f"option {number}: say first where the belief is right, not that it is wrong")


def _exercise(exercise: Exercise, told: str, lesson: Lesson) -> Iterator[Problem]:
    if exercise.predict is not None:
        yield from _question(exercise.predict, exercise.place, "predict")
        right = next(option.say for option in exercise.predict.options if option.correct)
        if len(right.split()) > 3 and _flat(right) in _flat(told):
            message = "a page before this exercise answers its prediction in the same words: ask, run, then explain"
            yield Problem(exercise.place, "predict", message)
    elif exercise.kind == "worked":
        yield Advice(exercise.place, "predict", "a worked exercise without a prediction: ask before the run")
    for number, stage in enumerate(exercise.stages, 1):
        yield from _stage(exercise, stage, number)
    yield from _same(exercise, lesson)


def _same(exercise: Exercise, lesson: Lesson) -> Iterator[Problem]:
    """`same: false` holds of every object whose name was free before: it is told from another one only where there was
    one."""
    before = {("image", _tagged(image)) for image in lesson.images}
    for stage in exercise.stages:
        before |= {_named(check) for check in stage.given}
        for check in (*stage.expect, *(check for mistake in stage.mistakes for check in mistake.when)):
            if check.same is False and check.subject.name and _named(check) not in before:
                message = f"nothing is given as `{check.subject.name}`, so `same: false` always holds: leave it out"
                yield Advice(check.place, "same", message)
        before |= {_named(check) for check in stage.expect}


def _named(check: Check) -> tuple[str, str]:
    name = check.subject.name or ""
    return check.kind, _tagged(name) if check.kind == "image" else name


def _stage(exercise: Exercise, stage: Stage, number: int) -> Iterator[Problem]:
    place = exercise.place
    where = f" (stage {number})" if number > 1 else ""
    if not stage.hints:
        yield Problem(place, "hints", f"missing{where}: where to look, which command, almost all of it")
    elif len(stage.hints) != 3:
        message = f"{len(stage.hints)} hints{where}; three are usual: where to look, which command, almost all of it"
        yield Advice(place, "hints", message)
    if not _has(stage.solution):
        yield Problem(place, "solution", f"missing{where}: nothing proves that the exercise can be passed")
    if not stage.mistakes:
        yield Advice(place, "mistakes", f"none{where}: which misunderstandings leave a mark on the engine?")
    if not _GOAL.search(stage.task):
        yield Problem(place, "task", f"its goal is missing{where}: the first sentence, in `**`")
    if number == len(exercise.stages) and not stage.why.strip():
        yield Problem(place, "why", "missing: what happened inside, in two sentences?")
    for mistake in stage.mistakes:
        if mistake.by is None:
            yield Problem(mistake.place, "by", f"the mistake `{mistake.id}` has none: nothing proves that it is found")
    for script in (stage.solution, *stage.also, *(mistake.by for mistake in stage.mistakes if mistake.by)):
        yield from _slow(exercise, script)
    for check in stage.expect:
        if check.kind in OWN and check.subject.name and not VARIABLE.search(check.subject.name):
            message = f"the name `{check.subject.name}` is the same for everyone and each time: draw it (`vars`)"
            yield Advice(check.place, check.kind, message)
    for check in stage.given:
        if check.kind in OWN and not VARIABLE.search(check.subject.name or "${x}"):
            message = f"the given {check.kind} `{check.subject.name}` could be the learner's own: draw its name"
            yield Problem(check.place, check.kind, message)
        dockerfile = check.extra.get("dockerfile")
        if isinstance(dockerfile, str) and not VARIABLE.search(dockerfile):
            message = "two images with equal content share one Id: put a drawn name or token into it"
            yield Problem(check.place, "dockerfile", message)


def _has(script: Script) -> bool:
    return bool(script.run.strip() or script.files)


def _slow(exercise: Exercise, script: Script) -> Iterator[Problem]:
    for found in _STOP.finditer(script.run):
        rest = found["rest"]
        if re.search(r"\s(-t|--time(out)?|--signal|-s)\b", rest) or "--init" in script.run:
            continue
        if any(_quick(exercise, name, script.run) for name in rest.split()):
            continue
        message = (
            f"`{found[0].strip()}` waits 10 s unless its program ends when asked: add `-t 1`, or run it with `--init`"
        )
        yield Advice(exercise.place, "solution", message)


def _quick(exercise: Exercise, name: str, run: str) -> bool:
    for stage in exercise.stages:
        for check in (*stage.given, *stage.expect):
            if check.kind == "container" and check.subject.name == name:
                for key, matcher in check.properties:
                    if key == "image" and str(matcher.arg).startswith(QUICK):
                        return True
                    if key == "init" and matcher.arg == "true":
                        return True
    started = re.search(rf"docker run\b[^\n;]*{re.escape(name)}\b([^\n;]*)", run)
    return bool(started and any(word.startswith(QUICK) for word in started[1].split()))


def _names(exercise: Exercise, node: yaml.Node, file: str) -> Iterator[Problem]:
    """A mistake's new object is told from other new ones by an image or a drawn name."""
    for stage in exercise.stages:
        for mistake in stage.mistakes:
            for check in mistake.when:
                if not check.subject.new or any(key in ("image", "name") for key, _ in check.properties):
                    continue
                if not VARIABLE.search(repr(check)):
                    message = f"the mistake `{mistake.id}` fits any new {check.kind}: pin it by its image or a variable"
                    yield Advice(check.place, "new", message)


def _images(lesson: Lesson) -> Iterator[Problem]:
    listed = {_tagged(image) for image in lesson.images}
    used: set[str] = set()
    for exercise in lesson.exercises:
        for stage in exercise.stages:
            for check in (*stage.given, *stage.expect):
                names = [str(m.arg) for key, m in check.properties if key == "image" and m.op == "equal"]
                if check.kind == "image" and "dockerfile" in check.extra:
                    names = re.findall(r"^FROM (\S+)", str(check.extra["dockerfile"]), re.MULTILINE)
                for name in names:
                    if VARIABLE.search(name) or name in ("scratch", ""):
                        continue
                    used.add(_tagged(name))
                    if _tagged(name) not in listed and check in stage.given:
                        yield Problem(check.place, "images", f"the image `{name}` is not in the lesson's `images`")


def _tagged(image: str) -> str:
    return image if ":" in image.rpartition("/")[2] else f"{image}:latest"


def _unused(lesson: Lesson, nodes: list[dict[str, Any]]) -> Iterator[Problem]:
    for step, at in zip(lesson.steps, nodes, strict=True):
        if isinstance(step, Exercise):
            used = {name for scalar, _ in scalars(at["node"]) for name in VARIABLE.findall(str(scalar.value))}
            for name in step.vars:
                if name not in used:
                    yield Advice(step.place, "vars", f"`{name}` is drawn and never used")


def _flat(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", text.lower()).split())
