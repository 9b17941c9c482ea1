"""The app and its terminal: which widget stands there, where its shell is, what is typed into it and told by it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from textual.widget import Widget

from dockertutor.errors import TutorError
from dockertutor.tutor.view import ExerciseView, View

if TYPE_CHECKING:
    from dockertutor.tui.app import TutorApp

ShellFactory = Callable[[Path, str], Widget]
"""Makes the terminal's widget (a `TerminalPane`) for a folder and a leader key."""


class Terminal(Protocol):
    """What the app asks of the widget in the terminal's place."""

    leader: str

    @property
    def running(self) -> str: ...
    def put(self, text: str) -> bool: ...
    def send(self, data: bytes) -> None: ...
    def send_leader(self) -> None: ...


class TerminalPlace:
    """Mixed into `TutorApp`. ``shell_factory``: None where there is no terminal; ``folder``: where the shell is."""

    shell_factory: ShellFactory | None
    no_terminal: str
    shell_folder: Path

    @property
    def _owner(self) -> TutorApp:
        return cast("TutorApp", self)

    def make_terminal(self) -> Widget:
        """The widget in the terminal's place."""
        from dockertutor.tui.widgets.plain_terminal import NoTerminal

        if self.shell_factory is None:
            return NoTerminal(self._owner.look(), self.no_terminal)
        folder = self._owner.lesson_screen.folder()
        try:
            return self.shell_factory(
                folder if folder and folder.is_dir() else self.shell_folder, self._owner.settings.leader
            )
        except (TutorError, ImportError) as error:
            why = error.what if isinstance(error, TutorError) else "The terminal's library is not installed here."
            return NoTerminal(self._owner.look(), why)

    def terminal_follows(self, view: View) -> None:
        """The shell goes to the folder of a new exercise: at once, or when the program in it has ended."""
        step = view.step
        if not isinstance(step, ExerciseView) or not step.folder or step.phase in ("preparing", "not-here", "unmade"):
            return
        if step.folder == self.shell_folder or not step.folder.is_dir():
            return
        self.shell_folder = step.folder
        terminal = self._owner.lesson_screen.terminal
        go = getattr(terminal, "go", None)
        if go is not None and not go(step.folder):
            cast(Terminal, terminal).send(f" cd -- {shlex.quote(str(step.folder))}\r".encode())

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
        self._owner.session.command_began(text)

    def ended(self, text: str, status: int) -> None:
        """A command ended in the terminal."""
        self._owner.session.command_ended(text, status)
