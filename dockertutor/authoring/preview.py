"""A lesson as plain text, with variables drawn: what a learner will read, and what is asked of them."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Iterator, Mapping

from dockertutor.authoring.lint.prose import READ_COLUMNS, linked, markdown
from dockertutor.checks.model import Check
from dockertutor.course.model import Exercise, Lesson, Question, Read, Script, Stage
from dockertutor.course.variables import bind, complete, draw, draw_lesson, fill


def preview(lesson: Lesson, *, seed: int | None = None) -> str:
    """The lesson as text of at most 76 columns. ``seed``: the same seed draws the same names."""
    rng = random.Random(seed)

    def free_port() -> int:
        return rng.randint(8100, 8999)

    values = draw_lesson(lesson, remembered={}, free_port=free_port, rng=rng)
    lines = [lesson.title, "=" * len(lesson.title)]
    if lesson.minutes:
        count = len(lesson.exercises)
        lines.append(f"{lesson.minutes} minutes, {count} exercise{'' if count == 1 else 's'}")
    for number, step in enumerate(lesson.steps, 1):
        lines += ["", f"── {number} of {len(lesson.steps)} ".ljust(READ_COLUMNS, "─"), ""]
        if isinstance(step, Read):
            lines += page(fill(step.text, values))
        elif isinstance(step, Question):
            lines += _question(step, values)
        else:
            own = draw(step, lesson_values=values, remembered={}, free_port=free_port, rng=rng)
            lines += _exercise(bind(step, own))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def page(text: str, indent: str = "") -> Iterator[str]:
    """Markdown as lines: paragraphs filled, what is to be typed and pictures as they are."""
    paragraph: list[str] = []
    for line in [*markdown(text.strip()), None]:
        shown = _words(line.text) if line is not None else ""
        inside = line is not None and line.kind == "text" and bool(shown) and not shown.startswith((">", "- ", "* "))
        if paragraph and not inside:
            yield from textwrap.wrap(
                " ".join(paragraph),
                READ_COLUMNS,
                initial_indent=indent,
                subsequent_indent=indent,
                break_on_hyphens=False,
            )
            paragraph = []
        if line is None:
            return
        if inside:
            paragraph.append(shown)
        elif line.kind == "heading":
            yield indent + shown.lstrip("# ")
        else:
            yield indent + (shown if line.kind == "text" else line.text)


def _words(text: str) -> str:
    return linked(text).replace("**", "").strip()


def _question(question: Question, values: Mapping[str, str]) -> Iterator[str]:
    yield from page(fill(question.ask, values))
    for option in question.options:
        yield f"  ({'x' if option.correct else ' '}) {_words(fill(option.say, values))}"
        yield from page(fill(option.because, values), " " * 6)


def _exercise(exercise: Exercise) -> Iterator[str]:
    marks = [exercise.kind, *(["completes the lesson"] if exercise.completes_lesson else [])]
    yield f"Exercise {exercise.id} ({', '.join(marks)})"
    yield ""
    if exercise.predict is not None:
        yield "Before the run:"
        yield from _bound_question(exercise.predict)
        yield ""
    for number, stage in enumerate(exercise.stages, 1):
        if len(exercise.stages) > 1:
            yield f"Stage {number}"
        yield from _stage(stage)
    if exercise.done:
        yield f"Done: {_words(exercise.done)}"


def _bound_question(question: Question) -> Iterator[str]:
    yield from page(question.ask)
    for option in question.options:
        yield f"  ({'x' if option.correct else ' '}) {_words(option.say)}"
        yield from page(option.because, " " * 6)


def _stage(stage: Stage) -> Iterator[str]:
    yield from page(stage.task)
    yield ""
    for title, checks in (("Given", stage.given), ("Done when", stage.expect)):
        if checks:
            yield f"{title}:"
            yield from (f"  - {named(check)}" for check in checks)
    if stage.files:
        yield f"Files: {', '.join(stage.files)}"
    for mistake in stage.mistakes:
        yield f"Mistake {mistake.id}:"
        yield from page(mistake.say, "    ")
    for number, hint in enumerate(stage.hints, 1):
        yield f"Hint {number}:"
        yield from page(hint, "    ")
    for title, script in [("Solution", stage.solution), *(("Or", script) for script in stage.also)]:
        yield f"{title}:"
        yield from _script(script)
    if stage.why:
        yield "Why:"
        kept = {name: f"({name})" for check in stage.expect for name in check.remember}
        yield from page(complete(stage.why, kept), "    ")


def _script(script: Script) -> Iterator[str]:
    for path in script.files:
        yield f"    ({path} is written)"
    yield from (f"    $ {line}" for line in script.run.strip().splitlines())


def named(check: Check) -> str:
    """A check in a line: its kind, its object, the names of what is asked."""
    subject = check.subject
    what = subject.name or (f"given {subject.given}" if subject.given else "new" if subject.new else "")
    keys = [key for key, _ in check.properties]
    keys += [key for key, value in (("exists", check.exists), ("same", check.same)) if value is not None]
    keys += ["events"] if check.events else []
    return f"{check.kind} {what}".strip() + (f": {', '.join(keys)}" if keys else "")
