"""An open lesson: a page of its own for reading, and lesson, terminal and lower pane for doing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widget import Widget

from dockertutor.tui.actions import ALL, bindings
from dockertutor.tui.draw import lesson as draw_lesson
from dockertutor.tui.draw import reading
from dockertutor.tui.draw.chrome import QUIT, Head, footer_line, header_line
from dockertutor.tui.draw.footer_keys import Focus, footer_keys, is_preparing
from dockertutor.tui.draw.ink import Line, Part, cut, line, width
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.prose import Shown
from dockertutor.tui.draw.strip import Prefer, strip_lines
from dockertutor.tui.layout import AIRY, layout
from dockertutor.tui.screens.lesson_actions import LessonActions
from dockertutor.tui.widgets.calls_tab import CallsTab
from dockertutor.tui.widgets.drawn import Drawn
from dockertutor.tui.widgets.engine_tab import EngineTab
from dockertutor.tui.widgets.files_tab import FilesTab
from dockertutor.tui.widgets.leader_keys import LEADING, LeaderKeys
from dockertutor.tui.widgets.lower_pane import LowerPane
from dockertutor.tui.widgets.page_tab import PageTab
from dockertutor.tui.widgets.plain_terminal import NoTerminal
from dockertutor.tutor.engine_view import CallGroup, Panel
from dockertutor.tutor.step_view import ExerciseView, FinishedView, QuestionView, ReadView
from dockertutor.tutor.view import View

if TYPE_CHECKING:
    from dockertutor.tutor.session import Session


MISS, ASKED_FOR = "$error", "$border-blurred"
"""Bars of a failed check, and of hints and solutions."""

BESIDE = frozenset(("lesson", "next_tab", "engine", "calls", "files", "page", "zoom"))
"""Actions for the panes of an exercise: on a page of its own there are none."""


class LessonScreen(LessonActions, Screen[None]):
    """Draws the `View` it is given. One of its panes has the keys: ``pane``."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(), *LessonActions.OWN_BINDINGS]
    AUTO_FOCUS = ""

    def __init__(self, session: Session, look: Callable[[], Look], terminal: Callable[[], Widget], socket: str) -> None:
        super().__init__()
        self.session, self.look_now, self._make_terminal = session, look, terminal
        self.view = View()
        self.pane: Focus = "page"
        self.prefer: Prefer = "verdict"
        self.peek = False
        self.skipped = False
        self.paged = True
        self.zoomed = False
        self.overflows = False
        self.terminal: Widget | None = None
        self.engine_tab, self.page_tab, self.files_tab = EngineTab(), PageTab(), FilesTab()
        self.calls_tab = CallsTab(socket, session.explained)

    def compose(self) -> ComposeResult:
        yield Drawn(id="head")
        with VerticalScroll(id="reading", can_focus=True):
            yield Drawn(id="page")
        with Horizontal(id="body"):
            lesson = VerticalScroll(Drawn(id="text"), id="lesson", can_focus=True)
            yield lesson
            with Vertical(id="right"):
                yield Drawn(id="strip")
                yield Drawn(id="rule")
                yield Vertical(Vertical(id="well", classes="well"), id="term", classes="pane bare")
                yield LowerPane({"engine": self.engine_tab, "calls": self.calls_tab, "files": self.files_tab,
                                 "page": self.page_tab})  # fmt: skip
        yield Drawn(id="foot")
        yield LeaderKeys()

    def on_mount(self) -> None:
        self._show_files()
        self.redraw()
        self.show_calls(self.session.calls)
        self.call_after_refresh(self.give_keys, self.pane)

    # ------------------------------------------------------------------ what is shown
    @property
    def reading(self) -> bool:
        """Whether the step has a page of its own now."""
        return self.paged and not self.peek

    @property
    def leading(self) -> bool:
        """Whether the leader key was pressed, and the next key is ours."""
        return self.has_class(LEADING)

    @property
    def standing(self) -> bool:
        """Whether the panes are there to be drawn: not before the first moment, and not while the app ends."""
        return self.is_attached and bool(self.query_children("#foot"))

    @property
    def exercise(self) -> ExerciseView | None:
        """The exercise that is open, if one is."""
        return self.view.step if isinstance(self.view.step, ExerciseView) else None

    def show(self, view: View) -> None:
        """Draw ``view``; where a new step begins, give the keys to the pane where the learner acts."""
        before, self.view = self.view, view
        self._note_news(before, view)
        began = _place(before) != _place(view)
        if began:
            self.peek = self.zoomed = self.skipped = False
        self.turn_page()
        if self.reading:
            self.pane = "page"
        elif began or self.pane == "page":
            self.pane = "terminal"
        if not self.standing:
            return
        self._show_files()
        self.redraw()
        if began:
            self.query_one("#lesson", VerticalScroll).scroll_home(animate=False)
            self.query_one("#reading", VerticalScroll).scroll_home(animate=False)
        if began or self.focused is None:
            self.call_after_refresh(self.give_keys, self.pane)

    def turn_page(self) -> None:
        """Whether the step has a page of its own; while an exercise is prepared nothing is turned."""
        step = self.view.step
        if not isinstance(step, ExerciseView):
            self.paged = True
        elif step.phase != "preparing":
            self.paged = step.phase == "predict" and not self.skipped

    def _show_files(self) -> None:
        exercise = self.exercise
        self.files_tab.look = self.look_now()
        self.files_tab.show(exercise.folder if exercise else None, exercise.files if exercise else ())

    def _note_news(self, before: View, after: View) -> None:
        """What is newest is what the strip shows and what the lesson scrolls to, once."""
        old, new = before.step, after.step
        if not isinstance(old, ExerciseView) or not isinstance(new, ExerciseView) or old.id != new.id:
            self.prefer = "verdict"
            self.call_after_refresh(self.bring_into_view, MISS)
        elif new.phase == "passed" != old.phase:
            self.call_after_refresh(self.to_top)
        elif len(new.hints) > len(old.hints) or (new.solution and not old.solution):
            self.prefer = "hint"
            self.call_after_refresh(self.bring_into_view, ASKED_FOR)
        elif new.rows != old.rows:
            self.prefer = "verdict"
            self.call_after_refresh(self.bring_into_view, MISS)

    def show_panel(self, panel: Panel) -> None:
        """Draw anew what is on the engine: its rows, and the pages that can be looked at."""
        self.engine_tab.show(panel, self.look, self.view.engine)
        filled, exercise = self.page_tab.filled, self.exercise
        self.page_tab.show(exercise.seen_pages if exercise else (), panel, self.look)
        if self.standing and filled != self.page_tab.filled:
            self._draw_footer()

    def show_calls(self, groups: tuple[CallGroup, ...]) -> None:
        """Draw the API calls anew. While the next key is ours they wait: its keys come first."""
        if not self.standing or self.leading:
            return
        self.calls_tab.show(groups, self.look)
        self.query_one(LowerPane).count("calls", len(groups[0].calls) if groups else 0)
        self._draw_footer()

    @property
    def look(self) -> Look:
        """How things are drawn now: letters need the leader while the terminal or the editor has the keys."""
        base = self.look_now()
        return Look(base.ascii, base.tints, base.leader, typing=self.pane == "files" or self.types_here)

    @property
    def types_here(self) -> bool:
        """Whether the keys go to a terminal in this window."""
        no_terminal = self._app.shell_factory is None or isinstance(self.terminal, NoTerminal)
        return self.pane == "terminal" and not no_terminal

    @property
    def works(self) -> frozenset[str]:
        """Ids of the actions that work now."""
        step = self.exercise
        able = {a.id for a in ALL if not a.needs or a.needs in self.view.can}
        begun = step is not None and (step.phase in ("doing", "held") or (step.phase == "predict" and self.skipped))
        if step is None or not step.type_this or not begun:
            able.discard("type_it")
        if step is None or not step.takes_answer:
            able.discard("answer")
        if self.reading:
            able -= BESIDE
            if is_preparing(self.view):
                able -= {"next", "terminal"}
        return frozenset(able)

    # ------------------------------------------------------------------ drawing
    def redraw(self) -> None:
        """Lay out and draw everything for the present size, view and focus."""
        if not self.standing:
            return
        lay = layout(*self.app.size)
        view, look = self.view, self.look
        page = self.reading
        self._mark(page)
        head = Head(engine=view.engine, busy=view.busy)
        if view.lesson is not None:
            steps = view.lesson.steps
            step = (min(view.lesson.step, steps), steps)
            head = Head(view.lesson.track, view.lesson.title, step, engine=view.engine, busy=view.busy)
        self.query_one("#head", Drawn).paint(lambda cells: [header_line(head, lay, look)])
        self.query_one("#page", Drawn).paint(lambda cells: self._page_lines(min(cells, reading.TEXT), look))
        self.query_one("#text", Drawn).paint(lambda cells: self._lesson_lines(cells, look))
        exercise, prefer, shown = self.exercise, self.prefer, self.shown
        self.query_one("#strip", Drawn).paint(
            lambda cells: strip_lines(exercise, cells, look, prefer=prefer, shown=shown, engine=view.engine)
            if exercise else []
        )  # fmt: skip
        low = self.query_one(LowerPane)
        low.styles.height = (
            (lay.low_large if self.pane in ("low", "files") else lay.low)
            if lay.mode != "single" and not self.zoomed
            else None
        )
        self.query_one("#lesson").styles.width = lay.lesson if lay.large and not self.zoomed else None
        low.count("files", self.files_tab.files)
        self.show_panel(self.session.panel)
        self._lift(page, lay.large)
        self.draw_keys()

    def draw_keys(self) -> None:
        """Draw what tells of keys: the frame around the pane that has them, the footer, and the leader's."""
        if not self.standing:
            return
        lay = layout(*self.app.size)
        self._draw_panes(lay.large)
        if (wait := getattr(self.terminal, "wait", None)) is not None:
            wait(self.leading)
        if self.leading:
            self.query_one(LeaderKeys).show(self.look_now(), self.works, tight=lay.height < AIRY)
        self._draw_footer()

    def _mark(self, page: bool) -> None:
        lay = layout(*self.app.size)
        shown = {"terminal": "term", "low": "low", "files": "low", "lesson": "lesson"}.get(self.pane, "term")
        for name, on in (
            ("-page", page), ("-doing", not page), ("-small", not lay.large), ("-single", lay.mode == "single"),
            ("-zoom", self.zoomed), ("-show-term", shown == "term"), ("-show-low", shown == "low"),
            ("-show-lesson", shown == "lesson"),
        ):  # fmt: skip
            self.set_class(on, name)

    def _draw_panes(self, large: bool) -> None:
        """The one frame: around the pane that has the keys."""
        on = "" if self.leading else self.pane
        term, lesson = self.query_one("#term"), self.query_one("#lesson")
        term.set_class(on == "terminal", "-on")
        title = "Terminal · type here" if on == "terminal" and self.types_here else "Terminal"
        look = self.look
        title = title.replace("·", look.sign("·"))
        term.border_title = title
        lesson.set_class(on == "lesson", "-on")
        lesson.border_title = "Lesson" if on == "lesson" else ""
        self.query_one(LowerPane).set_class(on in ("low", "files"), "-on")
        self.query_one("#rule", Drawn).paint(lambda cells: [_rule(title, cells, look, on=on == "terminal")])

    def _draw_footer(self) -> None:
        foot = self.query_one("#foot", Drawn)
        tab = self.query_one(LowerPane).active
        filled = {"calls": self.calls_tab.filled, "files": self.files_tab.filled, "page": self.page_tab.filled}
        keys = footer_keys(self.view, self.pane, tab, more=self.overflows, rows=filled.get(tab, True), works=self.works)
        look, typing = self.look, self.look.typing
        if self.leading:
            foot.set_class(True, "-cap")
            foot.paint(lambda cells: [footer_line([], cells, look, leader="on")])
            return
        foot.set_class(typing, "-cap")
        foot.paint(lambda cells: [footer_line(keys, cells, look, leader="idle" if typing else "",
                                              right=QUIT if self.pane == "page" else None)])  # fmt: skip

    def _page_lines(self, cells: int, look: Look) -> Sequence[Line]:
        step, shown = self.view.step, self.shown
        if isinstance(step, ReadView):
            return reading.read_lines(step, cells, look, shown, way_on=layout(*self.app.size).large)
        if isinstance(step, QuestionView):
            return reading.quiz_lines(step, cells, look, shown)
        if isinstance(step, FinishedView):
            number = self.view.lesson.number + 1 if self.view.lesson else 0
            return reading.finished_lines(step, cells, look, next_number=number)
        if isinstance(step, ExerciseView) and step.phase == "preparing":
            return reading.preparing_lines(step, cells, look)
        if isinstance(step, ExerciseView) and step.predict is not None:
            return reading.predict_lines(step, cells, look, shown)
        return [line((look.sign("◐") + " ", "$warning"), (self.view.busy or "Opening the lesson", "$text-muted"))]

    def _lesson_lines(self, cells: int, look: Look) -> Sequence[Line]:
        step, shown = self.view.step, self.shown
        if isinstance(step, ExerciseView) and (step.phase != "predict" or self.skipped):
            return draw_lesson.exercise_lines(step, self.view.lesson, cells, look, shown, self.view.engine)
        from dockertutor.tui.draw.ink import barred

        return barred(self._page_lines(cells - 2, look))

    def _lift(self, page: bool, large: bool) -> None:
        """Where a page begins: row 9 when there is room, higher when the text is long."""
        if not page:
            return
        box = self.query_one("#reading")
        rows = len(self._page_lines(min(reading.TEXT, self.app.size.width - 4), self.look))
        room = self.app.size.height - (4 if large else 2) - rows
        self.overflows = room < 0
        box.styles.padding = (max(0, min(6 if large else 1, room // 2 if large else room)), 0, 0, 0)

    @property
    def shown(self) -> Shown:
        """What ``[[…]]`` is called here, and what a click on it does."""
        from dockertutor.tui.draw.links import shown_as

        return shown_as(self.look)

    # ------------------------------------------------------------------ size and keys
    def on_resize(self, event: events.Resize) -> None:
        hidden = self.has_class("-small")
        self.redraw()
        if hidden and not self.has_class("-small"):
            self.call_after_refresh(self.bring_into_view, ASKED_FOR if self.prefer == "hint" else MISS)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The keys went elsewhere, by key or by mouse: the frame goes with them."""
        pane = self._pane_of(event.widget)
        if pane and pane != self.pane:
            self.pane = pane
            self.redraw()

    def _pane_of(self, widget: Widget) -> Focus | None:
        for node in widget.ancestors_with_self:
            if node.id == "term":
                return "terminal"
            if node.id == "editor":
                return "files"
            if node.id in ("low", "lesson"):
                return "low" if node.id == "low" else "lesson"
            if node.id == "reading":
                return "page"
        return None

    def open_terminal(self) -> Widget:
        """The terminal, made when it is needed first."""
        if self.terminal is None:
            self.terminal = self._make_terminal()
            self.query_one("#well").mount(self.terminal)
            if isinstance(self.terminal, NoTerminal):
                self.redraw()
        return self.terminal

    def recolour(self) -> None:
        """The theme or the signs have changed."""
        editor = self.files_tab.editor()
        if editor is not None:
            editor.recolour()
        self.files_tab.look = self.look_now()
        self.show_calls(self.session.calls)
        self.redraw()

    def to_top(self) -> None:
        """Scroll the lesson to its beginning."""
        if self.standing:
            self.query_one("#lesson", VerticalScroll).scroll_home(animate=False)

    def bring_into_view(self, bar: str) -> None:
        """Scroll the lesson, once, until the last block behind a bar of this colour is whole."""
        if not self.standing:
            return
        text, box = self.query_one("#text", Drawn), self.query_one("#lesson", VerticalScroll)
        rows = text.lines(text.content_size.width)
        marks = [n for n, row in enumerate(rows) if row and row[0].style == bar]
        if not marks:
            return
        last = first = marks[-1]
        while first - 1 in marks:
            first -= 1
        if last + 1 > box.scroll_offset.y + box.size.height:
            box.scroll_to(y=min(first, last + 2 - box.size.height), animate=False)

    def folder(self) -> Path | None:
        """The learner's folder of the exercise that is open."""
        return self.exercise.folder if self.exercise else None


def _place(view: View) -> tuple[object, ...]:
    """What makes a step another step: lesson, number, and for an exercise whether it has begun."""
    step = view.step
    where = (view.lesson.id, view.lesson.step) if view.lesson else ()
    if isinstance(step, ExerciseView):
        mode = step.phase if step.phase in ("predict", "preparing") else "doing"
        return (*where, step.id, step.stage, mode)
    return (*where, type(step).__name__)


def _rule(title: str, cells: int, look: Look, *, on: bool) -> Line:
    stroke = Part(look.sign("─"), "$accent" if on else "$border-blurred")
    words = cut(line((f" {title} ", "$accent bold" if on else "$text-muted")), max(0, cells - 1))
    return (stroke, *words, stroke._replace(text=stroke.text * max(0, cells - 1 - width(words))))
