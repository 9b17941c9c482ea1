"""Which keys the footer offers: only those that work now, the obvious next one first."""

from __future__ import annotations

from typing import Literal

from dockertutor.tui.actions import BY_ID
from dockertutor.tui.draw.chrome import Key
from dockertutor.tutor.step_view import ExerciseView, FinishedView, QuestionView
from dockertutor.tutor.view import View

Focus = Literal["terminal", "low", "files", "lesson", "page"]
ALL_KEYS = Key("?", "all keys", ("help", ""))


def key(action_id: str, words: str = "", *, hot: bool = False) -> Key:
    """A footer key for an action of the table."""
    action = BY_ID[action_id]
    return Key(action.key, words or action.words, (action_id, ""), hot)


def footer_keys(
    view: View, focus: Focus, tab: str, *, more: bool = False, rows: bool = True, works: frozenset[str] | None = None
) -> tuple[Key, ...]:
    """The keys for where the learner stands and which pane has the keys. ``more``: the page is longer than the
    window. ``rows``: the tab below has something that can be chosen. ``works``: ids of the actions that work now, or
    None for all that the view allows."""
    found = _page(view) if focus == "page" else _doing(view, focus, tab, rows)
    if more and focus == "page":
        found.insert(1, Key("↑ ↓", "scroll", ("scroll_page", "1")))
    return tuple(k for k in found if _works(k, view, works))


def is_preparing(view: View) -> bool:
    """Whether what the learner asked for is not there yet: Enter would lead past it."""
    return view.step is None or (isinstance(view.step, ExerciseView) and view.step.phase == "preparing")


def _works(k: Key, view: View, works: frozenset[str] | None) -> bool:
    action = BY_ID.get(k.do[0])
    if action is None:
        return True
    return action.id in works if works is not None else not action.needs or action.needs in view.can


def _page(view: View) -> list[Key]:
    step = view.step
    back = key("back")
    if isinstance(step, FinishedView):
        number = f" to lesson {view.lesson.number + 1}" if view.lesson and step.next_id else ""
        words = f"go on{number}" if step.next_id else "to the course"
        return [Key("Enter", words, ("primary", ""), True), back, key("course", "course"), ALL_KEYS]
    if is_preparing(view):
        return [back, ALL_KEYS]
    question = step if isinstance(step, QuestionView) else step.predict if isinstance(step, ExerciseView) else None
    if question is not None:
        numbers = " ".join(str(n + 1) for n in range(len(question.options)))
        if isinstance(step, ExerciseView):
            return [Key(numbers, "choose", ("choose", ""), True), Key("s", "skip the question", ("skip", "")), back,
                    ALL_KEYS]  # fmt: skip
        if question.state in ("right", "revealed"):
            return [Key("Enter", "next", ("primary", ""), True), back, ALL_KEYS]
        again = question.state == "wrong"
        onward = [Key("Enter", "go on", ("primary", ""))] if again else []
        return [Key(numbers, "choose again" if again else "choose", ("choose", ""), True), *onward, back, ALL_KEYS]
    return [Key("Enter", "next", ("primary", ""), True), back, key("terminal"), ALL_KEYS]


def _doing(view: View, focus: Focus, tab: str, rows: bool) -> list[Key]:
    step = view.step
    passed = isinstance(step, ExerciseView) and step.phase == "passed"
    onward, lesson, tabs = key("next", "next"), key("lesson"), key("next_tab", "next tab")
    told = isinstance(step, ExerciseView) and not passed and step.hints and len(step.hints) >= step.hints_total
    hint = key("solution", "solution") if told else key("hint")
    terminal = key("terminal")
    if focus == "files":
        return [terminal, hint, tabs, ALL_KEYS]
    if focus == "low":
        moves = [Key("↑ ↓", "choose", ("scroll", "")), Key("Enter", "open, close", ("open_call", ""), True)]
        again = [Key("Enter", "look again", ("visit", ""), True)]
        edit = [moves[0], Key("Enter", "edit", ("files", ""), True)]
        first = {"calls": moves, "page": again, "files": edit}.get(tab, []) if rows else []
        if tab == "files" and isinstance(step, ExerciseView) and step.folder:
            first = [*first, Key("+", "new file", ("new_file", ""))]
        return [*first, tabs, terminal, ALL_KEYS]
    if focus == "lesson":
        return [Key("↑ ↓", "scroll", ("scroll", "")), *([key("next", "next", hot=True)] if passed else [hint, onward]),
                terminal, tabs, ALL_KEYS]  # fmt: skip
    if passed:
        return [key("next", "next", hot=True), hint, lesson, tabs, ALL_KEYS]
    if isinstance(step, ExerciseView) and step.type_this:
        return [key("type_it", "type it"), hint, lesson, tabs, ALL_KEYS]
    if isinstance(step, ExerciseView) and step.takes_answer:
        return [key("answer", "answer"), hint, onward, lesson, tabs, ALL_KEYS]
    return [hint, onward, lesson, tabs, ALL_KEYS]
