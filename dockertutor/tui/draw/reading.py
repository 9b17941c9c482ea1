"""Pages of their own: reading, questions, the end of a lesson, the welcome, and an engine that cannot be asked."""

from __future__ import annotations

from dockertutor.course.prose import blocks
from dockertutor.tui.draw.ink import BAR, BLANK, Line, Part, barred, indented, line, part, stack
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.prose import Shown, flow, no_links, prose
from dockertutor.tutor.step_view import ExerciseView, FinishedView, OptionView, QuestionView, ReadView
from dockertutor.tutor.view import EngineStatus

TEXT = 76
"""Cells in which text is set on a page of its own."""


def onward(words: str) -> list[Line]:
    """The way on, at the end of the text."""
    return [(part("Enter", "$accent bold", ("primary", "")), part(f"  {words}", "$text", ("primary", "")))]


def read_lines(view: ReadView, cells: int, look: Look, shown: Shown = no_links, *, way_on: bool = True) -> list[Line]:
    """A page of text."""
    return stack(prose(view.text, cells, look, shown=shown), onward("next") if way_on else [])


def preparing_lines(view: ExerciseView, cells: int, look: Look) -> list[Line]:
    """What is coming, and what is being waited for."""
    waiting = view.waiting_for or "Getting this exercise ready"
    rows = flow(waiting, cells - 2, look, "$text-muted")
    return stack(
        flow(f"**{view.goal}**", cells, look) if view.goal else [],
        [(Part(look.sign("◐") + " ", "$warning"), *rows[0]), *indented(rows[1:], 2)],
    )


def predict_lines(view: ExerciseView, cells: int, look: Look, shown: Shown = no_links) -> list[Line]:
    """The prediction that is asked before the run."""
    assert view.predict is not None
    return stack(
        [line(("Before you run it", "$accent bold"))],
        _ask(view.predict.ask, cells, look, shown),
        options(view.predict, cells, look, shown),
        [line(("A guess is enough. You see the answer after your run.", "$text-muted"))],
    )


def quiz_lines(view: QuestionView, cells: int, look: Look, shown: Shown = no_links) -> list[Line]:
    """A question, with what was chosen and why it is so."""
    closing = {
        "wrong": [line(("Choose again, or go on.", "$text-muted"))],
        "right": onward("next"),
        "revealed": onward("next"),
    }.get(view.state, [])
    return stack(
        [line(("Question", "$accent bold"))],
        _ask(view.ask, cells, look, shown),
        options(view, cells, look, shown),
        closing,
    )


def _ask(ask: str, cells: int, look: Look, shown: Shown) -> list[Line]:
    """What is asked: its last paragraph is the question and stands out."""
    found = blocks(ask)
    if not found or found[-1].kind != "paragraph":
        return prose(ask, cells, look, shown=shown)
    *before, last = ask.rstrip().replace("\r", "").rpartition("\n\n")
    head = prose(before[0], cells, look, shown=shown) if before[0].strip() else []
    rows = [row for block in blocks(last) for row in flow(block.text, cells, look, "$strong bold", shown)]
    return stack(head, rows)


def options(view: QuestionView, cells: int, look: Look, shown: Shown) -> list[Line]:
    """The options with their numbers; what was answered says why, behind a bar."""
    out: list[Line] = []
    for number, option in enumerate(view.options):
        open_ = view.state in ("open", "wrong", "kept") and not (option.chosen and option.correct is False)
        out += _option(number, option, open_, cells, look, shown)
        if option.because and number + 1 < len(view.options):
            out.append(BLANK)
    return out


def _option(number: int, option: OptionView, open_: bool, cells: int, look: Look, shown: Shown) -> list[Line]:
    told = option.correct if option.because is not None or option.chosen else None
    sign, colour = {True: ("✓", "$success"), False: ("✗", "$error"), None: (" ", "")}[told]
    if told is None and option.chosen:
        sign, colour = "›", "$accent"
    do = ("choose", str(number)) if open_ else None
    key = part(str(number + 1), "$accent bold" if open_ else "$text-muted", do)
    note = "   not this one" if told is False and option.chosen else ""
    said = flow(option.say, cells - 5 - len(note), look, "$text", shown)
    said = [tuple(p if p.do else p._replace(do=do) for p in row) for row in said]
    head = (Part(look.sign(sign) + " ", colour + " bold" if colour else ""), key, Part("  "), *said[0])
    rows: list[Line] = [(*head, *line((note, "$text-muted"))), *indented(said[1:], 5)]
    if option.because:
        why = prose(option.because, cells - 7, look, shown=shown)
        rows += indented(barred(why, colour or "$border-blurred", look.sign(BAR)), 5)
    return rows


def finished_lines(view: FinishedView, cells: int, look: Look, *, next_number: int = 0) -> list[Line]:
    """The end of a lesson: what was passed, what is left behind, what comes next."""
    minutes = f", {view.minutes} minutes" if view.minutes > 1 else ""
    head = line(
        (f"{look.sign('✓')} {view.title}", "$success bold"),
        (f"   {view.passed} of {view.exercises} exercises{minutes}", "$text-muted"),
    )
    left = ""
    if view.leftovers:
        left = (
            "The boxes and other things made here still exist. When you go on, the tutor lists them and asks before "
            "it removes any. It touches nothing else on your computer."
        )
    coming: list[Line] = []
    if view.next_id:
        name = f"{next_number}  {view.next_title}" if next_number else view.next_title
        coming = [
            line(("Next", "$text-muted")),
            line((name, "$strong bold"), (f"   {view.next_minutes} minutes", "$text-muted")),
        ]
    way = onward("go on" if view.next_id else "back to the course")
    told = prose(f"## What you can tell a friend\n\n> {view.quote}", cells, look) if view.quote else []
    return stack([head], told, flow(left, cells, look) if left else [], coming, way)


def fault_lines(engine: EngineStatus, cells: int, look: Look, *, details: bool = False) -> list[Line]:
    """An engine that cannot be asked: what, what to do, and where was looked."""
    sign = Part(look.sign("✗") + " ", "$error bold")
    what = flow(f"**{engine.what}**", cells - 2, look)
    detail = prose(engine.detail, cells, look, base="$text-muted") if details and engine.detail else []
    return stack(
        [(sign, *what[0]), *indented(what[1:], 2)] if what else [],
        prose(engine.do, cells, look),
        flow("When it is up, the tutor goes on by itself. Your progress is safe.", cells, look),
        flow(f"Looked at `{engine.where}` just now.", cells, look, "$text-muted") if engine.where else [],
        detail,
    )
