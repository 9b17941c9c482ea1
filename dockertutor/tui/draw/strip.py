"""The strip above the terminal where there is no room for the lesson beside it: two to six rows."""

from __future__ import annotations

from typing import Literal

from dockertutor.course.prose import blocks, unmarked
from dockertutor.tui.draw.ink import BAR, Line, Part, barred, cut, line, spread, width
from dockertutor.tui.draw.lesson import SIGNS, spelt
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.prose import Shown, flow, no_links, prose, typed
from dockertutor.tutor.step_view import CheckRow, ExerciseView, OptionView, QuestionView
from dockertutor.tutor.view import EngineStatus

ROWS = 6
ANSWER = "answer ____"
"""A block that says no more than that an answer is asked for."""
Prefer = Literal["verdict", "hint"]


def strip_lines(view: ExerciseView, cells: int, look: Look, *, prefer: Prefer = "verdict",
                shown: Shown = no_links, engine: EngineStatus | None = None) -> list[Line]:  # fmt: skip
    """Goal, then one of: fault, solution, hint, verdict, notice, command. ``cells`` counts from the bar."""
    view = spelt(view, look)
    room = cells - 2
    bar = look.sign(BAR)
    if view.phase == "passed":
        return _passed(view, room, look, shown, bar)
    rows = view.rows
    count = f"{view.holding} of {len(rows)}" if rows else ""
    goal = spread(room, line((_bare(view.goal, shown).rstrip("."), "$strong bold")), line((count, "$text-muted")))
    out = barred([goal], "$accent", bar)
    failed = next((row for row in rows if row.status == "fail"), None)
    if engine is not None and engine.state == "fault":
        return _bounded(
            out + barred(flow(f"**{look.sign('✗')} {engine.what}** {_plain(engine.do)}", room, look), "$error", bar)
        )
    if view.solution is not None and (prefer == "hint" or failed is None):
        head = line(("One way to do it", "$strong bold"))
        return _bounded(out + barred([head, *prose(view.solution, room, look, shown=shown)], "$border-blurred", bar))
    if view.hints and (prefer == "hint" or failed is None):
        hint = view.hints[-1]
        head = line((f"Hint {hint.tier} of {view.hints_total}", "$strong bold"), (f"   {hint.label}", "$text-muted"))
        return _bounded(out + barred([head, *flow(_plain(hint.text), room, look, "", shown)], "$border-blurred", bar))
    if failed is not None:
        return _bounded(out + barred(_miss(failed, room, look, shown), "$error", bar))
    if view.waiting_for or view.notice:
        style = "$warning" if view.notice and not view.waiting_for else "$border-blurred"
        return _bounded(out + barred(flow(view.waiting_for or view.notice, room, look, "", shown), style, bar))
    command = "\n".join(block.text for block in blocks(view.task) if block.kind == "typed") or view.type_this
    if command and command != ANSWER:
        do = ("type_it", "") if view.type_this else None
        return _with_answer(_bounded(out + barred(typed(command, room, look, do), "$accent", bar)), view, room, look)
    told = task_rows(view, room, look, shown, out)
    whole = not view.takes_answer and not told[-1][-1].text.endswith("…")
    return told if whole else _with_answer(told, view, room, look)


def _with_answer(rows: list[Line], view: ExerciseView, room: int, look: Look) -> list[Line]:
    """How to answer, and where the whole task stands: the strip has room for a part of it only. A worked command says
    all that is to be done."""
    if view.kind == "worked" and not view.takes_answer:
        return rows
    whole = (("the whole task: ", "$text-muted"), (look.key("l"), "$strong bold"))
    answer = (("To answer: ", "$text-muted"), (look.key("y"), "$strong bold"), ("   ", ""))
    how = line(*(answer if view.takes_answer else ()), *whole)
    kept = rows if len(rows) < ROWS else rows[: ROWS - 1]
    return kept + barred([cut(how, room)], "$accent", look.sign(BAR))


def task_rows(view: ExerciseView, room: int, look: Look, shown: Shown, head: list[Line]) -> list[Line]:
    """The task's own words where it names no command to type."""
    words = _told(view.task).replace(f"**{view.goal}**", "").lstrip(" ,;:")
    words = words[:1].upper() + words[1:]
    return _bounded(head + barred(flow(words, room, look, "", shown), "$accent", look.sign(BAR))) if words else head


def _told(task: str) -> str:
    """A task's sentences in one paragraph; the items of a list stand behind each other, parted by signs."""
    found = [block for block in blocks(task) if block.kind in ("paragraph", "item")]
    words: list[str] = []
    for block, after in zip(found, [*found[1:], None], strict=True):
        ends = block.kind == "item" and block.text[-1:] not in ".?!:;,"
        more = after is not None and after.kind == "item"
        words.append(block.text + (";" if more else ".") if ends else block.text)
    return " ".join(words)


def _plain(text: str) -> str:
    return " ".join(f"`{b.text}`" if b.kind == "typed" else b.text for b in blocks(text) if b.kind != "picture")


def _bare(words: str, shown: Shown) -> str:
    """A sentence without its marks, for a row that is set in one style."""
    return unmarked(words, lambda inside: shown(inside)[0])


def _bounded(rows: list[Line]) -> list[Line]:
    if len(rows) <= ROWS:
        return rows
    last = rows[ROWS - 1]
    return [*rows[: ROWS - 1], (*cut(last, max(4, width(last) - 1))[:-1], Part(last[-1].text.rstrip() + " …", "$text"))]


def _miss(row: CheckRow, room: int, look: Look, shown: Shown) -> list[Line]:
    sign, colour = SIGNS["fail"]
    parts = [Part(look.sign(sign) + " ", colour + " bold"), *line((row.title, "$strong bold"))]
    for label, value, style in (("expected", row.expected, "$strong bold"), ("found", row.found, "$error bold")):
        if value and value.lower() != row.title.lower():
            parts += line((f"   {label} ", "$text-muted"), (value, style))
    out = [cut(tuple(parts), room)]
    if row.explanation:
        out += flow(_plain(row.explanation), room, look, "", shown)
    return out


def _passed(view: ExerciseView, room: int, look: Look, shown: Shown, bar: str) -> list[Line]:
    head = line((look.sign("✓") + " Done. ", "$success bold"), (_bare(view.done, shown), "$strong bold"))
    rows = [spread(room, head, line((f"{view.holding} of {len(view.rows)}", "$text-muted")))]
    if view.why:
        rows += flow(_plain(view.why), room, look, "", shown)
    answer = _answered(view.predict, room, look, shown)[: ROWS - len(rows)] if view.predict else []
    gap = [()] if answer and len(rows) + len(answer) < ROWS else []
    return _bounded(barred([*rows, *gap, *answer], "$success", bar))


def _answered(question: QuestionView, room: int, look: Look, shown: Shown) -> list[Line]:
    """What was expected, whether it was so, and what happens if it was not."""
    chosen = next((o for o in question.options if o.chosen), None)
    true = next((o for o in question.options if o.correct), None)
    if chosen is None or chosen.correct is None:
        return []

    def said(option: OptionView) -> str:
        words = _bare(option.say, shown)
        return words[:1].lower() + words[1:].rstrip(".")

    sign, words, colour = ("✓", "so it was.", "$success") if chosen.correct else ("✗", "not this time.", "$error")
    told = line((": ", "$text-muted"), (f"{look.sign(sign)} {words}", colour))
    rows: list[Line] = [(*cut(line((f"You expected {said(chosen)}", "$text-muted")), room - width(told)), *told)]
    if true is not None and not chosen.correct:
        rows.append(cut(line((f"What happens: {said(true)}", "$text-muted")), room))
    return rows
