"""The app and its terminal: which widget stands there, where its shell is, what is typed into it and told by it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from textual import events
from textual.widget import Widget

from dockertutor.errors import TutorError

if TYPE_CHECKING:
    from dockertutor.tui.app import TutorApp
    from dockertutor.tutor.view import View

ShellFactory = Callable[[Path, str], Widget]
"""Makes the terminal's widget (a `TerminalPane`) for a folder and a leader key. Raises `ShellError` where it cannot."""


EARLY_LOOKS, BETWEEN = 200, 0.05
"""So often, and so many seconds apart, is looked whether the terminal has the keys for which some were typed early."""


class Terminal(Protocol):
    """What the app asks of the widget in the terminal's place."""

    leader: str

    @property
    def running(self) -> str: ...
    def put(self, text: str) -> bool: ...
    def send(self, data: bytes) -> None: ...
    def send_leader(self) -> None: ...


class TerminalPlace:
    """Mixed into `TutorApp`. ``shell_factory``: None where there is no terminal, or where none could be made;
    ``shell_folder``: where the shell is; ``early``: what was typed before the terminal had the keys."""

    shell_factory: ShellFactory | None
    no_terminal: str
    shell_folder: Path
    early: list[events.Key | events.Paste]

    @property
    def _owner(self) -> TutorApp:
        return cast("TutorApp", self)

    def make_terminal(self) -> Widget:
        """The widget in the terminal's place."""
        from dockertutor.tui.widgets.plain_terminal import NoTerminal

        if self.shell_factory is None:
            return NoTerminal(self._owner.look(), self.no_terminal, self._owner.lesson_screen.folder())
        folder = self._owner.lesson_screen.folder()
        try:
            return self.shell_factory(
                folder if folder and folder.is_dir() else self.shell_folder, self._owner.settings.leader
            )
        except (TutorError, ImportError) as error:
            self.shell_factory = None
            self.no_terminal = "The terminal's library is not installed here."
            if isinstance(error, TutorError):
                self.no_terminal = error.what
            return NoTerminal(self._owner.look(), self.no_terminal, folder)

    def keep_early(self, event: events.Key | events.Paste) -> bool:
        """Keep what is typed while the screen shows the terminal as the place to type, and it has not got the keys yet:
        it is meant for it, and must not act on the lesson. False where it need not be kept."""
        owner = self._owner
        lesson = owner.lesson_screen
        if owner.screen is not lesson or lesson.pane != "terminal" or lesson.reading:
            return False
        if not self.early:
            if self.shell_factory is None or self._has_keys():
                return False
            owner.call_after_refresh(self._hand_over, EARLY_LOOKS)
        self.early.append(event)
        return True

    def _has_keys(self) -> bool:
        lesson = self._owner.lesson_screen
        return lesson.terminal is not None and lesson.focused is lesson.terminal

    async def _hand_over(self, looks: int) -> None:
        """Give the terminal what was typed early; where it does not get the keys, say that this was not kept."""
        lesson = self._owner.lesson_screen
        if lesson.pane == "terminal" and looks and not self._has_keys():
            self._owner.set_timer(BETWEEN, lambda: self._hand_over(looks - 1))
            return
        early, self.early = self.early, []
        if self.shell_factory is None:  # no terminal could be made: the keys are the lesson's
            for event in early:
                await self._owner.on_event(event)
        elif lesson.terminal is not None and self._has_keys():
            for event in early:
                lesson.terminal.post_message(event)
        else:
            self._owner.say("The terminal was not ready for what you typed. Type it again there.", "Terminal")

    def terminal_follows(self, view: View) -> None:
        """The shell goes to the folder of a new exercise: at once, or when the program in it has ended."""
        from dockertutor.tutor.step_view import ExerciseView

        step = view.step
        if not isinstance(step, ExerciseView) or not step.folder or step.phase in ("preparing", "not-here", "unmade"):
            return
        if step.folder == self.shell_folder or not step.folder.is_dir():
            return
        self.shell_folder = step.folder
        terminal = self._owner.lesson_screen.terminal
        go = getattr(terminal, "go", None)
        if go is None or go(step.folder):
            return
        there = shlex.quote(str(step.folder))
        if cast(Terminal, terminal).put(f" cd -- {there}"):
            cast(Terminal, terminal).send(b"\r")
        else:
            self._owner.say(f"A program is running in the terminal. When it has ended, type: cd {there}", "Folder")

    def type_into(self, terminal: Widget, text: str) -> None:
        """Put ``text`` at the prompt."""
        put = getattr(terminal, "put", None)
        if put is None:
            self._owner.copy_to_clipboard(text)
            self._owner.say("It is on your clipboard: paste it in your own terminal window.", "Command")
        elif not put(text):
            self._owner.say("A program is running in the terminal. Wait for it, or end it with Ctrl-C.", "Command")

    def type_leader(self, terminal: Widget | None) -> None:
        """The leader key twice: it reaches the shell."""
        if terminal is not None and hasattr(terminal, "send_leader"):
            cast(Terminal, terminal).send_leader()

    def began(self, text: str) -> None:
        """A command began in the terminal."""
        shell = getattr(self._owner.lesson_screen.terminal, "shell_pid", 0)
        self._owner.session.command_began(text, shell)

    def ended(self, text: str, status: int) -> None:
        """A command ended in the terminal."""
        self._owner.session.command_ended(text, status)
