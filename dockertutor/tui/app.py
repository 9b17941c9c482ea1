"""The Textual app: one session, its screens, and the way messages go between them."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType

from dockertutor.tui import settings as store
from dockertutor.tui.alt_keys import teach_textual
from dockertutor.tui.app_dialogs import AppDialogs
from dockertutor.tui.draw.ink import plain
from dockertutor.tui.draw.look import Look, key_name
from dockertutor.tui.layout import AIRY
from dockertutor.tui.leading import Leading
from dockertutor.tui.least_size import LeastSize
from dockertutor.tui.messages import CallsChanged, CourseRead, PanelChanged, Said, ViewChanged
from dockertutor.tui.screens.overview import OverviewScreen
from dockertutor.tui.terminal_place import ShellFactory, Terminal, TerminalPlace
from dockertutor.tui.theme import DARK, PLAIN, THEMES, theme_name

if TYPE_CHECKING:
    from dockertutor.tui.screens.lesson import LessonScreen
    from dockertutor.tui.widgets.files_tab import FilesTab
    from dockertutor.tutor.engine_view import CallGroup, Panel
    from dockertutor.tutor.session import Session
    from dockertutor.tutor.view import View


class TutorApp(AppDialogs, Leading, TerminalPlace, LeastSize, App[None], inherit_bindings=False):
    """``shell_factory``: makes the terminal, or None where the learner uses a window of their own (``no_terminal`` says
    why, or ""). ``leader``, ``theme``, ``ascii``: override what the learner chose before. ``settings_path``: where
    choices are kept, or None to keep none. ``lesson``/``exercise``: open these at the start, else the course.
    ``socket``: the engine's unix socket for the ready curl lines. ``unwatched``: why the client's calls are not
    seen, or "". ``folder``: where the terminal starts. ``begin``: called once, after the first paint.

    Raises `UsageError` for a ``leader`` that cannot be one.
    """

    CSS_PATH = Path(__file__).with_name("app.tcss")
    TITLE = "dockertutor"
    ENABLE_COMMAND_PALETTE = False
    VERTICAL_BREAKPOINTS = [(0, "-tight"), (AIRY, "-airy")]  # noqa: RUF012 - an instance variable to Textual
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "quit", id="app-quit", show=False, priority=False),
        Binding("ctrl+p", "palette", "all actions", id="app-palette", show=False, priority=False),
    ]

    def __init__(
        self,
        session: Session,
        *,
        shell_factory: ShellFactory | None = None,
        no_terminal: str = "",
        leader: str = "",
        theme: str = "",
        ascii: bool | None = None,
        settings_path: Path | None = None,
        lesson: str = "",
        exercise: str = "",
        socket: str = "/var/run/docker.sock",
        unwatched: str = "",
        folder: Path | None = None,
        begin: Callable[[], object] = lambda: None,
    ) -> None:
        self.tints = tints_seen(os.environ)
        teach_textual()
        super().__init__()
        self.session = session
        self._settings_path = settings_path
        self._chosen = store.load(settings_path)
        asked: dict[str, Any] = {"leader": leader and store.leader_named(leader), "theme": theme, "ascii": ascii}
        self.settings = dataclasses.replace(self._chosen, **{k: v for k, v in asked.items() if v not in ("", None)})
        self.shell_factory, self.no_terminal = shell_factory, no_terminal
        self._start = (lesson, exercise)
        self.shell_folder = folder or Path.home()
        self._without_engine = False
        self._first_waits = False
        self._socket, self._unwatched, self._begin = socket, unwatched, begin
        self.early: list[events.Key | events.Paste] = []
        self._kept: set[str] = set()
        for one in (*THEMES.values(), *PLAIN.values()):
            self.register_theme(one)
        self._begin_in(theme_name(self.settings.theme, tints=self.tints))
        self.course_screen = OverviewScreen(self.look)
        self._ends: list[Callable[[], None]] = []

    def _begin_in(self, theme: str) -> None:
        """The first theme. A dark one is there from the beginning, as Textual's own would be: to change to it would
        have all styles read twice before the first paint."""
        one = self.get_theme(theme)
        if one is None or not one.dark:
            self.theme = theme
            return
        self.set_reactive(App.theme, theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The look's own variable, known before a theme is chosen."""
        return {"strong": DARK.strong}

    def look(self) -> Look:
        """How things are drawn in this terminal with these settings."""
        return Look(self.settings.ascii, self.tints, key_name(self.settings.leader))

    @property
    def leader(self) -> str:
        """The leader key as Textual names it."""
        return self.settings.leader

    async def on_event(self, event: events.Event) -> None:
        if not self.takes(event):
            await super().on_event(event)

    # ------------------------------------------------------------------ life
    def on_mount(self) -> None:
        self.install_screen(self.course_screen, "course")
        first = not self.settings.welcomed and not self._start[0]
        if not first:
            self.push_screen("course")
        for topic, message in (("view", ViewChanged), ("panel", PanelChanged), ("calls", CallsChanged)):
            self._listen(topic, message)
        if first:
            from dockertutor.tui.screens.welcome import WelcomeScreen

            self.push_screen(WelcomeScreen(self.look), self._welcomed)
        elif self._start[0]:
            self.open_lesson(*self._start)
        elif self.session.view.lesson is not None:
            self.push_screen(self.lesson_screen)
        else:
            self.course_screen.show(self.session.overview())  # the first paint shows it
        self.call_after_refresh(self._painted)

    @cached_property
    def lesson_screen(self) -> LessonScreen:
        """Made when it is needed, or after the first paint."""
        from dockertutor.tui.screens.lesson import LessonScreen

        screen = LessonScreen(self.session, self.look, self.make_terminal, self._socket)
        screen.calls_tab.unwatched = self._unwatched
        self.install_screen(screen, "lesson")
        screen.show(self.session.view)
        return screen

    def _painted(self) -> None:
        """After the first paint: what it did without."""
        self.lesson_screen  # noqa: B018 - made now
        self.read_course()
        self._begin()

    def _listen(self, topic: str, message: Callable[..., ViewChanged | PanelChanged | CallsChanged]) -> None:
        listener = lambda value: self.post_message(message(value))  # noqa: E731 - one line, named by its use
        self._ends.append(self.session.subscribe(topic, listener))  # type: ignore[arg-type]

    def on_unmount(self) -> None:
        for end in self._ends:
            end()
        if "lesson_screen" in vars(self) and self.lesson_screen.is_mounted:
            self.lesson_screen.files_tab.flush()

    def _welcomed(self, read: bool | None) -> None:
        if not read:
            self.exit()
            return
        self.push_screen("course")
        self.change(welcomed=True)
        self._open_first()

    def _open_first(self) -> None:
        """Open the lesson to begin with, as soon as the course was read."""
        course = self.course_screen.course
        self._first_waits = course is None
        cards = self.course_screen.cards
        if course is not None and (course.resume or cards):
            self.open_lesson((course.resume or cards[0]).id)

    def read_course(self) -> None:
        """Read the overview anew, outside the loop: all lessons' heads are looked at."""

        def read() -> None:
            self.post_message(CourseRead(self.session.overview()))

        self.run_worker(read, thread=True, exclusive=True, group="course")

    def on_course_read(self, event: CourseRead) -> None:
        self.course_screen.show(event.course)
        if self._first_waits:
            self._open_first()

    def on_said(self, event: Said) -> None:
        from dockertutor.tui.screens.dialogs import NoteScreen

        self.push_screen(NoteScreen(plain(event.title), plain(event.text), self.look()))

    # ------------------------------------------------------------------ what the session tells
    def on_view_changed(self, event: ViewChanged) -> None:
        view = event.view
        if view.number < self.lesson_screen.view.number:
            return
        if view.trouble and view.trouble != self.lesson_screen.view.trouble:
            self.say(view.trouble, "Trouble")
        self.lesson_screen.show(view)
        self.course_screen.working(view.busy if view.lesson is None else "")
        self.terminal_follows(view)
        self._engine_word(view)

    def on_panel_changed(self, event: PanelChanged) -> None:
        panel: Panel = event.panel
        self.lesson_screen.show_panel(panel)

    def on_calls_changed(self, event: CallsChanged) -> None:
        groups: tuple[CallGroup, ...] = event.groups
        self.lesson_screen.show_calls(groups)

    def _engine_word(self, view: View) -> None:
        """A fault takes the screen only where nothing is being done in the terminal."""
        from dockertutor.tui.screens.fault import FaultScreen
        from dockertutor.tutor.step_view import ExerciseView

        course = self.course_screen.course
        if course is not None and course.engine != view.engine and view.engine.state != "connecting":
            self.course_screen.show(dataclasses.replace(course, engine=view.engine))
        showing = next((one for one in self.screen_stack if isinstance(one, FaultScreen)), None)
        if view.engine.state != "fault":
            self._without_engine = self._without_engine and view.engine.state == "connecting"
            if showing is not None and showing is self.screen and view.engine.state == "ok":
                showing.dismiss(None)
            return
        if showing is not None:
            showing.show(view.engine)
        elif (
            not self._without_engine
            and self.screen in (self.course_screen, self.lesson_screen)
            and not (
                isinstance(view.step, ExerciseView)
                and not self.lesson_screen.reading
                and view.step.phase != "preparing"
            )
        ):
            self.push_screen(FaultScreen(view.engine, self.look, self.session.retry_engine), self._faulted)

    def _faulted(self, how: str | None) -> None:
        self._without_engine = how == "read"
        if how == "quit":
            self.exit()

    # ------------------------------------------------------------------ going
    def open_lesson(self, lesson: str, exercise: str = "") -> None:
        """Open a lesson (at an exercise) and show it."""
        self.session.open(lesson, exercise)
        if self.screen is not self.lesson_screen:
            if self.lesson_screen in self.screen_stack:
                while self.screen is not self.lesson_screen:
                    self.pop_screen()
            else:
                self.push_screen(self.lesson_screen)

    def leave_lesson(self, following: str) -> None:
        """Leave the lesson, after a question about what was made there; open ``following``, or show the course."""
        from dockertutor.tui.screens.leaving import Leaving, LeavingScreen

        def go(answer: Leaving | None) -> None:
            if answer is None:
                return
            self.lesson_screen.files_tab.flush()
            self._kept = {one.id for one in left} - {one.id for one in answer.remove}
            self.session.leave(answer.remove)
            if following:
                self.open_lesson(following)
            else:
                self.show_course()

        left = self.session.leftovers()
        if left:
            self.push_screen(LeavingScreen(left, self.look(), self._kept), go)
        else:
            go(Leaving())

    def show_course(self) -> None:
        """Back to the overview."""
        while self.screen is not self.course_screen and len(self.screen_stack) > 2:
            self.pop_screen()
        self.read_course()

    # ------------------------------------------------------------------ choices
    def say(self, text: str, title: str = "") -> None:
        """A short note; nothing in it is markup."""
        self.notify(plain(text), title=plain(title), markup=False, timeout=8)

    def change(self, **choices: object) -> None:
        """Change settings, keep them, and draw everything anew. What the command line asked for is not kept."""
        self.settings = dataclasses.replace(self.settings, **choices)  # type: ignore[arg-type]
        self._chosen = dataclasses.replace(self._chosen, **choices)  # type: ignore[arg-type]
        try:
            store.save(self._settings_path, self._chosen)
        except OSError as error:
            self.say(f"Your choice holds until you quit: {error.strerror}.", "Not kept")
        self.theme = theme_name(self.settings.theme, tints=self.tints)
        terminal = self.lesson_screen.terminal
        if terminal is not None:
            cast(Terminal, terminal).leader = self.settings.leader
        if self.lesson_screen.standing:
            self.lesson_screen.recolour()
        if self.course_screen.is_mounted:
            self.course_screen.on_screen_resume()

    def on_files_tab_saved(self, event: FilesTab.Saved) -> None:
        self.session.file_changed(event.path)


def tints_seen(env: Mapping[str, str]) -> bool:
    """Whether this terminal shows more than 16 colours, so that a tinted background can be told from the page."""
    if "NO_COLOR" in env:
        return False
    many = env.get("COLORTERM", "").lower() in ("truecolor", "24bit")
    return many or env.get("TERM", "").endswith(("256color", "direct", "kitty", "ghostty", "alacritty"))
