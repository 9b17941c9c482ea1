"""All lessons: progress, search, and where to go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen

from dockertutor.tui.draw.chrome import QUIT, Head, Key, footer_line, header_line
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.overview import overview_lines
from dockertutor.tui.layout import layout
from dockertutor.tui.widgets.drawn import Acted, Drawn
from dockertutor.tutor.course_view import LessonCard, Overview

if TYPE_CHECKING:
    from dockertutor.tui.app import TutorApp


class OverviewScreen(Screen[None]):
    """↑ ↓ ← → choose a lesson, Enter opens it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go", "open the lesson", id="course-open"),
        Binding("up,k", "move(-1)", "up", id="course-up"),
        Binding("down,j", "move(1)", "down", id="course-down"),
        Binding("left", "track(-1)", "track before", id="course-left"),
        Binding("right", "track(1)", "track after", id="course-right"),
        Binding("home", "move(-999)", "first", id="course-first"),
        Binding("end", "move(999)", "last", id="course-last"),
        Binding("slash", "app.search", "search", id="course-search"),
        Binding("g", "glossary", "glossary", id="course-glossary"),
        Binding("d", "app.dark", "dark or light", id="course-dark"),
        Binding("x", "app.signs", "text size and signs", id="course-signs"),
        Binding("question_mark", "help", "all keys", id="course-help"),
        Binding("colon", "app.palette", "all actions", id="course-palette"),
        Binding("q", "app.quit", "quit", id="course-quit"),
    ]

    def __init__(self, look: Callable[[], Look]) -> None:
        super().__init__()
        self._look = look
        self.course: Overview | None = None
        self.chosen = ""
        self._busy = ""

    @property
    def _app(self) -> TutorApp:
        return cast("TutorApp", self.app)

    def compose(self) -> ComposeResult:
        yield Drawn(id="head")
        with VerticalScroll(id="course", can_focus=False):
            yield Drawn(id="lessons")
        yield Drawn(id="foot")

    def on_mount(self) -> None:
        self._draw()

    def on_screen_resume(self) -> None:
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        self._draw()

    def show(self, course: Overview) -> None:
        """Draw the course; the lesson to go on with is chosen."""
        if course.resume is not None and (
            not self.chosen or self.course is None or self.course.resume != course.resume
        ):
            self.chosen = course.resume.id
        self.course = course
        if not self.chosen and self.cards:
            self.chosen = self.cards[0].id
        if self.is_mounted:
            self._draw()

    def working(self, busy: str) -> None:
        """Say in the header what is being waited for, e.g. the removing of what a lesson has left."""
        if busy != self._busy:
            self._busy = busy
            self._draw()

    @property
    def cards(self) -> list[LessonCard]:
        """All lessons in order."""
        return [card for track in self.course.tracks for card in track.lessons] if self.course else []

    def _draw(self) -> None:
        if not self.query_children("#foot"):
            return  # not yet, or no longer: the app is ending
        lay, look, course = layout(*self.app.size), self._look(), self.course
        self.set_class(not lay.large, "-small")
        if course is None:
            return
        head = Head(engine=course.engine, busy=self._busy)
        if lay.large and course.exercises:
            head = Head(step=(course.passed, course.exercises), engine=course.engine, busy=self._busy,
                        words=f"{course.passed} of {course.exercises} exercises")  # fmt: skip
        self.query_one("#head", Drawn).paint(lambda cells: [header_line(head, lay, look)])
        chosen = self.chosen
        lessons = self.query_one("#lessons", Drawn)
        lessons.paint(lambda cells: overview_lines(course, cells - 2, look, chosen, large=lay.large)[0])
        go_on = course.resume is not None and course.resume.id == chosen and course.resume.state == "begun"
        keys = [Key("Enter", "go on" if go_on else "open", ("go", ""), True), Key("↑ ↓", "choose", ("move", "1")),
                Key("/", "search", ("search", "")), Key("g", "glossary", ("glossary", "")),
                Key("?", "all keys", ("help", ""))]  # fmt: skip
        self.query_one("#foot", Drawn).paint(lambda cells: [footer_line(keys, cells, look, right=QUIT)])

    def action_move(self, by: int) -> None:
        ids = [card.id for card in self.cards]
        if ids:
            at = ids.index(self.chosen) if self.chosen in ids else 0
            self._choose(ids[max(0, min(len(ids) - 1, at + by))])

    def action_track(self, by: int) -> None:
        """The first lesson of the track before or after."""
        tracks = [track for track in (self.course.tracks if self.course else ()) if track.lessons]
        at = next((n for n, track in enumerate(tracks) if any(c.id == self.chosen for c in track.lessons)), 0)
        if tracks:
            self._choose(tracks[max(0, min(len(tracks) - 1, at + by))].lessons[0].id)

    def _choose(self, lesson_id: str) -> None:
        self.chosen = lesson_id
        self._draw()
        self.call_after_refresh(self._follow)

    def _follow(self) -> None:
        """Keep the chosen lesson in sight."""
        if self.course is None:
            return
        lay, box = layout(*self.app.size), self.query_one("#course", VerticalScroll)
        cells = self.query_one("#lessons", Drawn).content_size.width - 2
        _, row = overview_lines(self.course, cells, self._look(), self.chosen, large=lay.large)
        if not box.scroll_offset.y <= row < box.scroll_offset.y + box.size.height - 1:
            box.scroll_to(y=max(0, row - box.size.height // 2), animate=False)

    def action_go(self) -> None:
        if self.chosen:
            self._app.open_lesson(self.chosen)

    def action_glossary(self) -> None:
        self._app.open_glossary(None)

    def action_help(self) -> None:
        from dockertutor.tui.actions import BY_ID
        from dockertutor.tui.screens.dialogs import HelpScreen

        works = frozenset({"glossary", "dark", "signs", "help", "quit", "search", "palette", "leader_key"}) & set(BY_ID)
        self.app.push_screen(HelpScreen(self._look(), frozenset(works)), lambda name: self._do(name))

    def _do(self, name: str | None) -> None:
        if name:
            self.call_later(self.run_action, name if hasattr(self, f"action_{name}") else f"app.{name}")

    def on_acted(self, event: Acted) -> None:
        event.stop()
        name, value = event.do
        if name == "open":
            self.chosen = value
            self.action_go()
        elif name == "open-track":
            self._choose(value)
        elif name == "move":
            self.action_move(int(value))
        else:
            self._do(name)
