"""The lesson beside the terminal: task, what it is done by, what was expected, hints; or what was achieved."""

from __future__ import annotations

from dataclasses import replace

from rich.cells import cell_len

from dockertutor.course.prose import unmarked
from dockertutor.tui.draw.ink import BAR, Line, Part, barred, column, indented, line, part, spread, stack, width
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.prose import Shown, flow, no_links, prose
from dockertutor.tutor.step_view import CheckRow, ExerciseView, QuestionView
from dockertutor.tutor.view import EngineStatus, LessonHead

SIGNS: dict[str, tuple[str, str]] = {
    "pass": ("✓", "$success"), "fail": ("✗", "$error"), "open": ("□", "$text-muted"), "waiting": ("◐", "$warning"),
    "skipped": ("□", "$text-muted"), "unknown": ("?", "$warning"),
}  # fmt: skip
"""Each status' sign and colour. A skipped check is drawn as open: its note says which one comes first."""
NOTES: dict[str, str] = {"fail": "not yet", "waiting": "waiting", "unknown": "cannot judge"}
SHORTEST = 6
"""Cells below which a cut note tells nothing."""


def exercise_lines(view: ExerciseView, head: LessonHead | None, cells: int, look: Look,
                   shown: Shown = no_links, engine: EngineStatus | None = None) -> list[Line]:  # fmt: skip
    """The whole lesson column for an exercise; ``cells`` counts from the bar's column (text takes two fewer)."""
    room = cells - 2
    view = spelt(view, look)
    verdict, foretold = checks(view, room, look, shown), expected(view, room, look, shown)
    said = [notice(view, room, look, shown)]
    if view.phase == "passed":
        said = [achieved(view, room, look, shown), *said, foretold, verdict]
    else:  # help stands under the verdict that it is about
        helped = [hints(view, room, look, shown), solution(view, room, look, shown)]
        said = [task(view, room, look, shown), *said, verdict, *helped, foretold]
    return stack(fault(engine, room, look), *said, onward(view, head, look))


def spelt(view: ExerciseView, look: Look) -> ExerciseView:
    """The exercise with its checks' rows as this look spells them."""
    if not look.ascii:
        return view
    say = look.value
    rows = (replace(row, title=say(row.title), note=say(row.note), expected=say(row.expected), found=say(row.found),
                    closest=say(row.closest)) for row in view.rows)  # fmt: skip
    return replace(view, rows=tuple(rows))


def fault(engine: EngineStatus | None, room: int, look: Look) -> list[Line]:
    """The engine cannot be asked: said above everything, while the terminal stays in reach."""
    if engine is None or engine.state != "fault":
        return []
    head = line((look.sign("✗") + " ", "$error bold"), (engine.what, "$strong bold"))
    what = [head] if width(head) <= room else flow(f"**{look.sign('✗')} {engine.what}**", room, look)
    rows = [*what, *prose(engine.do, room, look)]
    return barred([*rows, line(("The tutor goes on by itself when it answers.", "$text-muted"))], "$error",
                  look.sign(BAR))  # fmt: skip


def task(view: ExerciseView, room: int, look: Look, shown: Shown) -> list[Line]:
    """What is to be done, behind the blue bar."""
    title = "Your turn" if view.stages == 1 else f"Your turn, part {view.stage} of {view.stages}"
    source = view.task or f"**{view.goal}**"
    rows = [line((title, "$accent bold")), *prose(source, room, look, shown=shown, type_do=_type_do(view))]
    if view.type_this and view.phase in ("predict", "doing", "held"):
        key = part(look.key("i"), "$strong bold" if look.typing else "$accent bold", ("type_it", ""))
        rows += [(), (key, part("   puts the command at your prompt", "$text-muted", ("type_it", "")))]
    return barred(rows, "$accent", look.sign(BAR))


def _type_do(view: ExerciseView) -> tuple[str, str] | None:
    return ("type_it", "") if view.type_this else None


def notice(view: ExerciseView, room: int, look: Look, shown: Shown) -> list[Line]:
    """What the tutor has to say besides: what is being waited for, why a tick turned back, what is not possible."""
    if view.waiting_for and view.phase != "passed":
        rows = flow(view.waiting_for, room - 2, look, "$text-muted", shown)
        return barred([(Part(look.sign("◐") + " ", "$warning bold"), *rows[0]), *indented(rows[1:], 2)])
    if not view.notice:
        return []
    rows = flow(view.notice, room, look, "", shown)
    if view.phase in ("lost", "unmade"):
        key = part(look.key("a"), "$strong bold" if look.typing else "$accent bold", ("restart", ""))
        rows = [*rows, (key, part("   start this one again", "$text-muted", ("restart", "")))]
    return barred(rows, "$warning", look.sign(BAR))


def checks(view: ExerciseView, room: int, look: Look, shown: Shown = no_links) -> list[Line]:
    """ "Done when", and a row for each check; the failed one carries its explanation behind a bar."""
    if not view.rows:
        return []
    moved = any(row.status != "open" for row in view.rows)
    count = f"{view.holding} of {len(view.rows)}" if moved and view.phase != "passed" and view.holding else ""
    out = barred([spread(room, line(("Done when", "$text-muted")), line((count, "$text-muted")))])
    for number, row in enumerate(view.rows):
        failed = row.status == "fail"
        rows = [check(row, room, look), *(_miss(row, room, look, shown) if failed else [])]
        out += barred(rows, "$error" if failed else "", look.sign(BAR))
        if len(rows) > 1 and number + 1 < len(view.rows):
            out.append(())
    return out


def check(row: CheckRow, room: int, look: Look) -> Line:
    """One check: sign, words, and a note at the right."""
    sign, colour = SIGNS[row.status]
    words = "$strong bold" if row.status == "fail" else "$text"
    note = row.note or NOTES.get(row.status, "")
    if row.status not in NOTES:  # what must be true is said whole; what it is true of, as far as there is room
        rest = room - cell_len(row.title) - 4
        note = column(note, min(rest, cell_len(note))) if rest >= SHORTEST else ""
    return spread(
        room, line((look.sign(sign) + " ", colour + " bold"), (row.title, words)), line((note, "$text-muted"))
    )


def _miss(row: CheckRow, room: int, look: Look, shown: Shown) -> list[Line]:
    rows: list[Line] = []
    for label, value, style in (
        ("expected", row.expected, "$strong bold"),
        ("found", row.found, "$error bold"),
        ("closest", row.closest, "$text"),
    ):
        if value and not (label == "expected" and value.lower() == row.title.lower()):
            head = Part(f"  {label:<10}", "$text-muted")
            name, comma, rest = value.partition(", ") if label == "closest" else (value, "", "")
            parts = (part(name, style), part(comma + rest, "$text-muted")) if rest else (part(name, style),)
            rows += _hanging(head, parts, room)
    if row.explanation:
        rows += [*([()] if rows else []), *indented(prose(row.explanation, room - 2, look, shown=shown), 2)]
    return rows


def _hanging(head: Part, parts: tuple[Part, ...], room: int) -> list[Line]:
    """A label and its value; a long value goes on under its own beginning."""
    size = room - len(head.text)
    chars = [(char, p.style) for p in parts for char in p.text]
    out: list[Line] = []
    for at in range(0, len(chars), size):
        row: list[Part] = []
        for char, style in chars[at : at + size]:
            if row and row[-1].style == style:
                row[-1] = Part(row[-1].text + char, style)
            else:
                row.append(Part(char, style))
        out.append((head if at == 0 else Part(" " * len(head.text)), *row))
    return out


def expected(view: ExerciseView, room: int, look: Look, shown: Shown = no_links) -> list[Line]:
    """ "You expected": the prediction; answered after the run."""
    question = view.predict
    if question is None or not any(option.chosen for option in question.options):
        return []
    rows = [line(("You expected", "$text-muted"))]
    if question.state != "revealed":
        chosen = next(option for option in question.options if option.chosen)
        return barred([*rows, *flow(chosen.say, room, look, "", shown)])
    return barred([*rows, *answered(question, room, look, shown)])


def answered(question: QuestionView, room: int, look: Look, shown: Shown) -> list[Line]:
    """The revealed prediction: what was chosen, what was right, and why."""
    rows: list[Line] = []
    told = [option for option in question.options if option.chosen or option.correct]
    for option in sorted(told, key=lambda option: not option.chosen):  # "You expected" stands above
        sign, colour = ("✓", "$success") if option.correct else ("✗", "$error")
        note = ("as you said" if option.chosen else "this is what happens") if option.correct else "not this time"
        said = flow(option.say, room - 4 - len(note), look, "$text", shown)
        head = (Part(look.sign(sign) + " ", colour + " bold"), *said[0])
        rows += [spread(room, head, line((note, "$text-muted"))), *indented(said[1:], 2)]
        if option.because:
            rows += prose(option.because, room, look, shown=shown)
    return rows


def hints(view: ExerciseView, room: int, look: Look, shown: Shown = no_links) -> list[Line]:
    """The hints that were asked for, and the way to the next one."""
    if not view.hints or view.phase == "passed":
        return []
    parts = [
        [
            line((f"Hint {hint.tier} of {view.hints_total}", "$strong bold"), (f"   {hint.label}", "$text-muted")),
            *prose(hint.text, room, look, shown=shown),
        ]
        for hint in view.hints
    ]
    if len(view.hints) < view.hints_total:
        labels = ("where to look", "which command", "almost all of it")
        label = labels[min(len(view.hints), 2)]
        key = part(look.key("h"), "$strong bold" if look.typing else "$accent bold", ("hint", ""))
        parts.append([(key, part(f"   one more: {label}", "$text-muted", ("hint", "")))])
    elif view.solution is None:
        key = part(look.key("s"), "$strong bold" if look.typing else "$accent bold", ("solution", ""))
        parts.append([(key, part("   shows one way to do it", "$text-muted", ("solution", "")))])
    return barred(stack(*parts), "$border-blurred", look.sign(BAR))


def solution(view: ExerciseView, room: int, look: Look, shown: Shown = no_links) -> list[Line]:
    """A solution that was asked for."""
    if view.solution is None or view.phase == "passed":
        return []
    rows = [line(("One way to do it", "$strong bold")), *prose(view.solution, room, look, shown=shown)]
    return barred(rows, "$border-blurred", look.sign(BAR))


def achieved(view: ExerciseView, room: int, look: Look, shown: Shown = no_links) -> list[Line]:
    """What was done and why it worked, behind the green bar."""
    rows = [line((look.sign("✓") + " Done", "$success bold")), *flow(f"**{view.done}**", room, look, "", shown)]
    if view.why:
        rows += [(), *prose(view.why, room, look, shown=shown)]
    return barred(rows, "$success", look.sign(BAR))


def onward(view: ExerciseView, head: LessonHead | None, look: Look) -> list[Line]:
    """The way on, at the end of the text."""
    if view.phase not in ("passed", "not-here"):
        return []
    goal = unmarked(head.next_goal) if head else ""
    words = f"   next: {goal[:1].lower()}{goal[1:].rstrip('.')}" if goal else "   next"
    style = "$strong bold" if look.typing else "$accent bold"
    key = part(look.key("n"), style, ("next", ""))
    return barred([(key, part(words, "$text", ("next", "")))])
