"""The terminal pane: the learner's shell, drawn cell by cell.

While it has the focus every key goes to the shell but one, the leader key. Textual's own ctrl+q and ctrl+p are
*priority* bindings and would be taken before they get here, so an app that holds a pane declares both itself, without
priority::

    BINDINGS = [
        Binding("ctrl+q", "quit", "Quit", priority=False),
        Binding("ctrl+p", "command_palette", "Actions", priority=False),
    ]

(a binding of its own for ``command_palette`` keeps Textual from adding its priority one). Shift with PageUp and
PageDown looks back, as in every terminal; a program on the alternate screen gets those too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from dockertutor.errors import ShellError
from dockertutor.shell.pty import Listeners, Shell
from dockertutor.shell.screen import Screen, open_screen
from dockertutor.shell.startup import clean_environment, find_shell, prepare
from dockertutor.tui.widgets.cover import COVERED
from dockertutor.tui.widgets.terminal_colors import Palette
from dockertutor.tui.widgets.terminal_keys import LOOK_BACK, encode_key
from dockertutor.tui.widgets.terminal_mouse import TerminalMouse
from dockertutor.tui.widgets.terminal_output import OutputLoop
from dockertutor.tui.widgets.terminal_rows import row_strip

AS_NEW = b"\x1b[?1;9;1000;1002;1003;1004;1006;2004l\x1b[?25h"
"""Ends what programs of a shell that is gone asked of the terminal: the mouse, focus reports, a hidden cursor."""


class TerminalPane(TerminalMouse, can_focus=True):
    """A shell in a widget. It starts when the widget first has a size, so that the size is right from the beginning.

    ``env``: the shell's whole environment (DOCKER_HOST set by the caller); ``cwd``: the learner's folder; ``folder``:
    where the shell's start-up files go (0700, the pane's own); ``bin_folder``: put first on the shell's PATH (see
    `dockertutor.shell.answers.AnswerBox`); ``shell``: path, or "" for the learner's own.
    """

    DEFAULT_CSS = """
    TerminalPane { background: $surface; color: $foreground; width: 1fr; height: 1fr; }
    """
    ALLOW_SELECT: ClassVar[bool] = True

    class CommandBegan(Message):
        """The shell began to run ``text`` (several lines are joined by newlines)."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    class CommandEnded(Message):
        """A command ended with ``status`` (0..255). Comes after `CommandBegan`, also for a line that the shell could
        not read and for the one that ended the shell."""

        def __init__(self, text: str, status: int) -> None:
            self.text, self.status = text, status
            super().__init__()

    class Exited(Message):
        """The shell has ended with ``status``. Enter in the pane starts a new one."""

        def __init__(self, status: int) -> None:
            self.status = status
            super().__init__()

    class Leader(Message):
        """The leader key was pressed. Pressed again here, or by `TerminalPane.send_leader`, it goes to the shell."""

    class Copied(Message):
        """``text`` was put on the clipboard, by the mouse or by a program (OSC 52)."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    class Failed(Message):
        """No shell could be started, or the screen failed; ``error`` says what and what to do."""

        def __init__(self, error: ShellError) -> None:
            self.error = error
            super().__init__()

    def __init__(
        self,
        *,
        env: Mapping[str, str],
        cwd: Path,
        folder: Path,
        bin_folder: Path | None = None,
        shell: str = "",
        leader: str = "ctrl+g",
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.leader = leader
        self.shell: Shell | None = None
        self._env, self._cwd, self._folder, self._bin = dict(env), cwd, folder, bin_folder
        self._program = shell
        self._starts = 0
        self._term: Screen | None = None
        self._palette: Palette | None = None
        self._held: list[Callable[[Shell], object]] | None = []
        self._leader_pressed = False
        self._cursor_row = 0
        self._waits = False
        self._output = OutputLoop(self._pump, self._paint)

    # --- what the owner asks

    @property
    def running(self) -> str:
        """The command that runs now, or "" (shells without marks never tell)."""
        return self.shell.running if self.shell else ""

    @property
    def shell_pid(self) -> int:
        """The shell's process id, which is that of its terminal's session too; 0 without a shell."""
        return self.shell.pid if self.shell else 0

    @property
    def rows_back(self) -> int:
        """How many rows the view is scrolled back from the end."""
        if self._term is None:
            return 0
        position = self._term.position
        return max(0, position.total - position.first - position.visible)

    def put(self, text: str) -> bool:
        """Put a command at the prompt without running it, at a new shell's where the last has ended. False while a
        program has the terminal."""
        self._to_end()
        if self.shell is not None:
            return self.shell.put(text)
        self._held = [*(self._held or ()), lambda shell: shell.put(text)]
        if self._starts:
            self._start()
        return True

    def send(self, data: bytes) -> None:
        """Type bytes, as if from the keyboard; before there is a shell they wait for it."""
        self._to_end()
        if self._held is not None:
            self._held.append(lambda shell: shell.type(data))
        elif self.shell:
            self.shell.type(data)

    def paste(self, text: str) -> None:
        """Give text as a paste, see `Shell.paste`; before there is a shell it waits for it."""
        self._to_end()
        if self._held is not None:
            self._held.append(lambda shell: shell.paste(text))
        elif self.shell:
            self.shell.paste(text)

    def go(self, folder: Path) -> bool:
        """Have the shell go to a folder, see `Shell.go`. A shell that is started later starts there."""
        self._cwd = folder
        return self.shell is None or self.shell.go(folder)

    def send_leader(self) -> None:
        """Give the leader key itself to the shell."""
        data = encode_key(self.leader, None, self.modes)
        if data:
            self.send(data)

    def look_back(self, rows: int) -> None:
        """Scroll the view: negative is back in time."""
        if self._term and not self._term.modes.alternate:
            self._term.scroll(rows)
            self._paint()

    def text(self) -> str:
        """What is to be seen now, as plain text."""
        return self._term.text() if self._term else ""

    def history(self) -> str:
        """Everything that is kept, as plain text."""
        return self._term.scrollback_text() if self._term else ""

    def restart(self) -> None:
        """End the shell, if it is still there, and start a new one in the same place."""
        self._stop()
        self._start()

    # --- life

    def on_mount(self) -> None:
        self._output.attach()
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._take_colors())
        self.app.screen_change_signal.subscribe(self, lambda _screen: self.refresh())

    def on_resize(self) -> None:
        columns, rows = self.content_size
        if columns < 1 or rows < 1:
            return
        if self._term is None:
            try:
                self._term = open_screen(columns, rows)
            except ShellError as error:
                self._held = None
                self.post_message(self.Failed(error))
                return
            self._take_colors()
            self._start()
            return
        if self.screen.has_class(COVERED):
            return  # a prompt laid out anew for a window of a few cells stays broken
        self._term.resize(columns, rows)
        if self.shell:
            self.shell.resize(columns, rows)
        self._paint()

    def on_unmount(self) -> None:
        self._stop()
        if self._term:
            term, self._term = self._term, None
            term.close()

    def _start(self) -> None:
        if self._term is None:
            return
        self._starts += 1
        held, self._held = self._held or [], None
        try:
            program = self._program or find_shell(self._env)
            launch = prepare(program, self._folder, self._env, self._bin)
            self.shell = Shell(
                launch.argv,
                env={**clean_environment(self._env), **launch.env},
                cwd=self._cwd if self._cwd.is_dir() else Path.home(),
                size=(self._term.columns, self._term.rows),
                marks=launch.marks,
                where=launch.where,
                listeners=self._listeners(self._starts),
            )
        except (ShellError, OSError) as error:
            fault = (
                error
                if isinstance(error, ShellError)
                else ShellError("The shell cannot be started.", "Look at its start-up files.", detail=str(error))
            )
            self.post_message(self.Failed(fault))
            return
        for give in held:
            give(self.shell)

    def _listeners(self, number: int) -> Listeners:
        """What the shell calls, on the app's loop or on its own thread: done here, in order, by the loop. A shell that
        was replaced is not heard any more."""

        def tell(message: Message) -> None:
            self._output.do(lambda: self._deliver(number, message))

        return Listeners(
            readable=self._output.wake,
            output=lambda data: self._output.do(lambda: self._take_in(number, data)),
            command_began=lambda text: tell(self.CommandBegan(text)),
            command_ended=lambda text, status: tell(self.CommandEnded(text, status)),
            exited=lambda status: tell(self.Exited(status)),
        )

    def _stop(self) -> None:
        if self.shell:
            shell, self.shell = self.shell, None
            shell.close()

    # --- output: read by the app's loop, a few milliseconds at a time

    def _pump(self, seconds: float) -> bool:
        return self.shell is not None and self.shell.pump(seconds)

    def _take_in(self, number: int, data: bytes) -> None:
        if self._term is None or number != self._starts:
            return
        self._term.feed(data)
        self._output.took(len(data))
        if (reply := self._term.take_reply()) and self.shell:
            self.shell.write(reply)
        if (text := self._term.take_clipboard()) is not None:
            self.copied(text)

    def _deliver(self, number: int, message: Message) -> None:
        if number != self._starts or not self.is_attached:
            return
        if isinstance(message, self.Exited):
            self.shell = None
            if self._term:
                # without an alternate screen this would put the cursor back to an old place, over what stands there
                leave = b"\x1b[?1049l" if self._term.modes.alternate else b""
                self._term.feed(leave + AS_NEW + b"\x1b[0m\r\nThe shell has ended. Enter starts a new one.\r\n")
        self.post_message(message)

    # --- painting

    def _take_colors(self) -> None:
        variables = self.app.theme_variables
        self._palette = Palette(variables, dark=self.app.current_theme.dark)
        if self._term:
            self._term.set_colors(self._palette.foreground, self._palette.background)
        self.refresh()

    def _paint(self) -> None:
        self._output.painted()
        if self._term is None:
            return
        rows = set(self._term.changed())
        cursor = self._term.cursor
        rows |= {self._cursor_row, cursor.y}
        self._cursor_row = cursor.y
        if len(rows) > self._term.rows // 2:
            self.refresh()
        else:
            self.refresh(*(self._row_region(y) for y in rows if y < self._term.rows))

    def wait(self, waits: bool) -> None:
        """Draw the cursor quietly while the next key is not for the terminal, though it has the focus."""
        if waits != self._waits:
            self._waits = waits
            self._paint()

    def _row_region(self, y: int) -> Region:
        return Region(0, y, self.content_size.width, 1)

    def render_line(self, y: int) -> Strip:
        term, palette, width = self._term, self._palette, self.content_size.width
        if term is None or palette is None:
            return Strip.blank(width, self.rich_style)
        span = selection.get_span(y) if (selection := self.text_selection) else None
        # only the background: the theme's ink for selected text is a transparent one, which no cell can have
        chosen = Style(bgcolor=self.screen.get_component_rich_style("screen--selection").bgcolor) if span else None
        typing = self.has_focus and not self._waits and self.app.screen is self.screen  # a dialog may have the keys
        return row_strip(term, y, width, palette, focused=typing, span=span, chosen=chosen).apply_offsets(0, y)

    # --- keys

    async def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if event.key == self.leader and not self._leader_pressed:
            self._leader_pressed = True
            self.post_message(self.Leader())
            return
        self._leader_pressed = False
        if event.key in LOOK_BACK and not self.modes.alternate:
            page = max(1, self.content_size.height - 1)
            self.look_back(-page if event.key == "shift+pageup" else page)
            return
        if self.shell is None and self._held is None:
            if event.key == "enter":
                self._start()
            return
        data = encode_key(event.key, event.character, self.modes)
        if data is not None:
            self.screen.clear_selection()
            self.send(data)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.paste(event.text)

    def on_focus(self) -> None:
        self._leader_pressed = False
        self._focus_report(b"\x1b[I")

    def on_blur(self) -> None:
        self._leader_pressed = False
        self._focus_report(b"\x1b[O")

    def _focus_report(self, report: bytes) -> None:
        if self.shell and self.modes.focus_reports:
            self.shell.write(report)
        self._paint()

    def _to_end(self) -> None:
        if self._term and not self._term.position.at_end:
            self._term.scroll_to_end()
            self._paint()

    def copied(self, text: str) -> None:
        self.app.copy_to_clipboard(text)
        self.post_message(self.Copied(text))
