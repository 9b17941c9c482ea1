"""A view as lines of text: what a screen reader, a pipe or a dumb terminal can take. No colours, no pictures of state
by sign alone: every state is a word."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from dockertutor.course.prose import blocks, unmarked
from dockertutor.tutor.course_view import Overview
from dockertutor.tutor.step_view import CheckRow, ExerciseView, FinishedView, HintView, Leftover, QuestionView, ReadView
from dockertutor.tutor.view import View
from dockertutor.visible import visible

PANES = {
    "terminal": "the terminal (start a line with $, or type `shell`)",
    "page": "`page` (reads it to you)",
    "engine": "`engine`",
    "files": "your folder (`folder` tells where it is)",
    "api": "`calls`",
}
"""What a pane of the screen is called here."""

STATES = {
    "pass": "holds",
    "fail": "not yet",
    "waiting": "waiting",
    "skipped": "skipped",
    "unknown": "cannot judge",
    "open": "open",
}


def named(inside: str) -> str:
    """What ``[[…]]`` of a lesson is called in plain mode."""
    kind, _, name = inside.partition(":")
    if kind == "pane":
        return PANES.get(name, name)
    return f"`{name}`" if kind == "key" else inside


def clean(text: str) -> str:
    """Text from elsewhere as it may be printed."""
    return visible(text)


def short(path: str) -> str:
    """A path with its long IDs as docker's lists show them."""
    return re.sub(r"\b([0-9a-f]{12})[0-9a-f]{52}\b", r"\1", path)


def prose(text: str, width: int) -> Iterator[str]:
    """The lesson language's Markdown as lines of at most ``width`` characters, a blank one between blocks."""
    before = ""
    for block in blocks(text):
        if before and not before == block.kind == "item":
            yield ""
        before = block.kind
        if block.kind in ("typed", "picture"):
            yield from ("    " + line for line in block.text.split("\n"))
            continue
        words = unmarked(block.text, named)
        first = {"item": f"{block.mark} ", "quote": "  "}.get(block.kind, "")
        yield from textwrap.wrap(
            words, width, initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False
        )


def step(view: View, width: int) -> Iterator[str]:
    """The step the learner is at, whole."""
    if isinstance(view.step, ExerciseView) and view.step.phase == "preparing":
        yield f"{clean(view.step.waiting_for or 'Getting this exercise ready')}."
        return
    if view.lesson is not None and not isinstance(view.step, FinishedView):
        yield f"{view.lesson.title}, step {view.lesson.step} of {view.lesson.steps}"
        yield ""
    match view.step:
        case ReadView(text=text):
            yield from prose(text, width)
            yield ""
            yield "Type `next` to go on."
        case QuestionView() as question:
            yield "Question"
            yield from options(question, width)
        case ExerciseView() as exercise:
            yield from exercise_lines(exercise, width)
        case FinishedView() as end:
            yield from finished(end)
        case None:
            yield view.busy or "Nothing is open. Type `lessons`."


def options(question: QuestionView, width: int) -> Iterator[str]:
    """A question and its options, with what is known of each."""
    yield from prose(question.ask, width)
    yield ""
    for number, option in enumerate(question.options, 1):
        said = {True: ", correct", False: ", not this one", None: ""}[option.correct]
        mark = " (your choice)" if option.chosen else ""
        yield from prose(f"{number}. {option.say}{mark}{said}", width)
        if option.because is not None:
            yield from textwrap.indent("\n".join(prose(option.because, width - 4)), "    ").split("\n")
    if question.state in ("open", "wrong"):
        yield ""
        yield f"Type a number from 1 to {len(question.options)}" + (
            ", or `next` to go on." if question.state == "wrong" else "."
        )
    elif question.state == "right":
        yield "Type `next` to go on."


def chosen(before: QuestionView, now: QuestionView, width: int) -> Iterator[str]:
    """What a choice came to."""
    for number, (was, option) in enumerate(zip(before.options, now.options, strict=True), 1):
        if option.chosen and not was.chosen and option.correct is not None:
            yield f"{number} is {'right' if option.correct else 'not right'}."
            yield from prose(option.because or "", width)
    if now.state in ("wrong", "right"):
        yield ""
        yield "Type `next` to go on." if now.state == "right" else "Type another number, or `next` to go on."


def exercise_lines(exercise: ExerciseView, width: int) -> Iterator[str]:
    """An exercise: its task and where it stands."""
    if exercise.phase in ("not-here", "unmade"):
        yield exercise.notice
        return
    if exercise.phase == "predict" and exercise.predict is not None:
        yield "Before you run it, what do you expect?"
        yield from options(exercise.predict, width)
        return
    yield "Your turn" + (f", part {exercise.stage} of {exercise.stages}" if exercise.stages > 1 else "")
    yield from prose(exercise.task, width)
    yield ""
    yield from checks(exercise, width)
    for one in exercise.hints:
        yield from hint(one, exercise.hints_total, width)
    if exercise.phase == "passed":
        yield from passed(exercise, width)


def hint(one: HintView, total: int, width: int) -> Iterator[str]:
    """A hint that was asked for."""
    yield f"Hint {one.tier} of {total}, {one.label}:"
    yield from prose(one.text, width)


def checks(exercise: ExerciseView, width: int) -> Iterator[str]:
    """The rows under "Done when"."""
    if exercise.rows:
        yield f"Done when, {exercise.holding} of {len(exercise.rows)} hold:"
    for row in exercise.rows:
        yield from check(row, width)
    if exercise.notice:
        yield from prose(exercise.notice, width)


def check(row: CheckRow, width: int) -> Iterator[str]:
    """One row: what, its state as a word, and on a fail what was expected, found, and why."""
    note = f" ({clean(row.note)})" if row.note and row.status != "fail" else ""
    yield f"- {clean(row.title)}: {STATES[row.status]}{note}"
    for name, value in (("expected", row.expected), ("found", row.found), ("closest", row.closest)):
        if value and row.status not in ("pass", "open"):
            yield f"    {name}: {clean(value)}"
    if row.explanation:
        yield from textwrap.indent("\n".join(prose(row.explanation, width - 4)), "    ").split("\n")


def passed(exercise: ExerciseView, width: int) -> Iterator[str]:
    """What is said after a pass: the reason, and the prediction's answer."""
    yield ""
    yield from prose(f"Done. {exercise.done}", width)
    yield ""
    yield from prose(exercise.why, width)
    if exercise.predict is not None and exercise.predict.state == "revealed":
        yield ""
        yield "What you expected:"
        for option in exercise.predict.options:
            if option.chosen and option.because is not None:
                yield from prose(option.say, width)
                yield "That was right." if option.correct else "It was another way:"
                yield from prose(option.because, width)
    yield ""
    yield "Type `next` to go on."


def finished(end: FinishedView) -> Iterator[str]:
    """The last page of a lesson."""
    yield f"{end.title}: {end.passed} of {end.exercises} exercises done, {minutes(end.minutes)}."
    yield from leftovers(end)
    if end.next_title:
        yield f"Next: {end.next_title}, {minutes(end.next_minutes)}. Type `next` to go on."


def leftovers(end: FinishedView) -> Iterator[str]:
    """What was made in lessons and is still there."""
    if not end.leftovers:
        return
    yield "These were made in your lessons and still exist:"
    yield from things(end.leftovers)
    yield "Type `remove` to remove them, or `keep`."


def things(some: Iterable[Leftover]) -> Iterator[str]:
    """Objects with their kinds and names."""
    for thing in some:
        name = clean(thing.name)
        sure = "" if thing.ours else f", perhaps not from a lesson: kept unless you type `remove {name}`"
        yield f"- {thing.kind} {name}{sure}"


def calls(thing: Leftover) -> tuple[str, str]:
    """How an object may be called when it shall be removed: its name as it was shown, or its kind and name."""
    return clean(thing.name), f"{thing.kind} {clean(thing.name)}"


def found(rows: Sequence[tuple[str, str, str]], course: Overview, width: int) -> Iterator[str]:
    """What a search has found (`Session.search`), each with the way to it. Of a term only the beginning: `term` tells
    the rest."""
    numbers = {lesson.id: lesson.number for track in course.tracks for lesson in track.lessons}
    for where, title, text in rows:
        if where not in numbers:
            yield textwrap.shorten(f"- word {clean(text)}", width, placeholder=" ...")
            continue
        line = f"- {numbers[where]}  {clean(title)}" + (f": {clean(text)}" if text != title else "")
        yield from textwrap.wrap(line, width, subsequent_indent="  ", break_on_hyphens=False)
    if rows:
        yield "Type `open` and a lesson's number, or `term` and a word."


def minutes(number: int) -> str:
    """ "1 minute", "8 minutes"."""
    return f"{number} minute{'' if number == 1 else 's'}"


def overview(course: Overview) -> Iterator[str]:
    """The course: each lesson with its number, state and time."""
    yield f"{course.title}: {course.passed} of {course.exercises} exercises done"
    for track in course.tracks:
        yield ""
        yield track.title
        for lesson in track.lessons:
            state = {"new": minutes(lesson.minutes), "begun": f"{lesson.passed} of {lesson.exercises} done"}.get(
                lesson.state, f"done {lesson.when}".strip()
            )
            yield f"  {lesson.number}  {lesson.title}: {state}"
    yield ""
    if course.resume is not None:
        yield f"Go on with lesson {course.resume.number}: type `open {course.resume.number}`, or Enter."
