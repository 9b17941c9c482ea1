"""What is new between two views, as lines: the whole step when it is another one, else only what has changed in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dockertutor.plain import words
from dockertutor.tutor.step_view import CheckRow, ExerciseView, FinishedView, QuestionView
from dockertutor.tutor.view import View


def news(old: View, new: View, width: int) -> Iterator[str]:
    """The lines that tell a reader of ``old`` what ``new`` adds; none where nothing that matters has changed."""
    if new.engine.state == "fault" and old.engine.what != new.engine.what:
        yield from (new.engine.what, new.engine.do)
    if new.engine.state == "ok" and old.engine.state == "fault":
        yield f"{words.clean(new.engine.label)} answers again."
    if new.busy and new.busy != old.busy:
        yield words.clean(f"{new.busy}.")
    if new.trouble and new.trouble != old.trouble:
        yield words.clean(new.trouble)
    if new.step != old.step and new.step is not None:
        yield from _step(old, new, width)


def _step(old: View, new: View, width: int) -> Iterator[str]:
    if _place(new) != _place(old):
        yield ""
        yield from words.step(new, width)
        return
    match old.step, new.step:
        case ExerciseView() as before, ExerciseView() as now:
            yield from _exercise(before, now, width)
        case QuestionView() as before, QuestionView() as now:
            yield from words.chosen(before, now, width)
        case FinishedView() as before, FinishedView() as now if before.leftovers != now.leftovers:
            yield from words.leftovers(now)


def _exercise(old: ExerciseView, new: ExerciseView, width: int) -> Iterator[str]:
    if new.phase == "preparing":
        if new.waiting_for and new.waiting_for != old.waiting_for:
            yield f"{words.clean(new.waiting_for)}."
        return
    before = _named(old.rows)
    for name, row in _named(new.rows).items():
        if _matters(before.get(name), row):
            yield from words.check(row, width)
    for hint in new.hints[len(old.hints) :]:
        yield from words.hint(hint, new.hints_total, width)
    if new.solution is not None and old.solution is None:
        yield "One solution:"
        yield from ("    " + line for line in new.solution.splitlines())
    if new.notice and new.notice != old.notice:
        yield from words.prose(new.notice, width)
    if new.phase == "passed" and old.phase != "passed":
        yield from words.passed(new, width)


def _place(view: View) -> tuple[object, ...]:
    """What a new whole page is shown for: another step, stage, or phase that changes the page."""
    step = view.step
    if isinstance(step, ExerciseView):
        kind = step.phase if step.phase in ("preparing", "predict", "not-here", "unmade") else "doing"
        return (view.lesson and (view.lesson.id, view.lesson.step), step.id, step.stage, kind)
    return (view.lesson and (view.lesson.id, view.lesson.step), type(step))


def _named(rows: Sequence[CheckRow]) -> dict[tuple[str, int], CheckRow]:
    """Rows by title, and by number among those of one title: rows between them may come and go."""
    found: dict[tuple[str, int], CheckRow] = {}
    for row in rows:
        number = sum(title == row.title for title, _ in found)
        found[row.title, number] = row
    return found


def _matters(was: CheckRow | None, row: CheckRow) -> bool:
    """Whether a changed row is worth a line: a new state that says something, or a new finding."""
    if row.status in ("open", "waiting", "skipped"):
        return False
    return was is None or (was.status, was.found, was.explanation) != (row.status, row.found, row.explanation)
