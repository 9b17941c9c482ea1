"""The exercise's folder: a list of its files, and an editor that saves as the learner types."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widget import Widget

from dockertutor.errors import UsageError
from dockertutor.tui import folder as disk
from dockertutor.tui.draw.ink import BLANK, Line, column, line, part
from dockertutor.tui.draw.look import Look
from dockertutor.tui.widgets.drawn import Acted, Drawn

if TYPE_CHECKING:
    from dockertutor.tui.widgets.editor import Editor

QUIET = 0.3
"""Seconds without a key after which what was typed is saved."""


class FilesTab(Horizontal, can_focus=True):
    """Made without its editor: that is heavy, and comes when the tab is opened first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "up", id="file-up"),
        Binding("down", "move(1)", "down", id="file-down"),
        Binding("enter", "edit", "edit", id="file-edit"),
        Binding("plus", "new", "new file", id="file-new"),
    ]

    class Saved(Message):
        """A file was written. ``path``: as the lesson names it."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

    def __init__(self) -> None:
        super().__init__(id="files")
        self.look = Look()
        self._folder: Path | None = None
        self._names: list[str] = []
        self.name_open = ""
        self._said = ""
        self._on_disk = ""
        self._saving = False

    def compose(self) -> ComposeResult:
        yield VerticalScroll(Drawn(self._lines, id="file-names"), id="file-list", can_focus=False)

    def show(self, folder: Path | None, files: tuple[str, ...]) -> None:
        """This is the folder now; what was open is kept while it is still there."""
        if folder != self._folder:
            self.flush()
            self._folder, self._said = folder, ""
            self._close()
        self.read_folder(files)

    def read_folder(self, wanted: tuple[str, ...] = ()) -> None:
        """List the folder anew, and the open file where something else has changed it."""
        names = disk.listing(self._folder) if self._folder and self._folder.is_dir() else []
        self._names = sorted(
            set(names), key=lambda name: (name not in wanted, wanted.index(name) if name in wanted else 0, name)
        )
        if self.name_open and self.name_open not in self._names:
            self._close()
        if self.is_mounted:
            self.query_one("#file-names", Drawn).paint(self._lines)
            self._reload()

    def _close(self) -> None:
        """Nothing is open any more: what stood in the editor belongs to no file here."""
        self.name_open = self._on_disk = ""
        editor = self.editor() if self.is_mounted else None
        if editor is None:
            return
        if editor.has_focus:
            self.focus()
        editor.load_text("")
        editor.display = False

    def _reload(self) -> None:
        editor = self.editor()
        if editor is None or not self._folder or not self.name_open or self._saving:
            return
        try:
            text = disk.read(self._folder, self.name_open)
        except UsageError:
            return
        if text != self._on_disk and editor.text == self._on_disk:
            self._on_disk = text
            place = editor.cursor_location
            editor.load_text(text)
            editor.move_cursor(place)

    @property
    def files(self) -> int:
        """How many files the folder has."""
        return len(self._names)

    @property
    def filled(self) -> bool:
        """Whether there is a file to choose."""
        return bool(self._names)

    def editor(self) -> Editor | None:
        """The editor, once there is one."""
        from dockertutor.tui.widgets.editor import Editor

        found = self.query(Editor)
        return found.first() if found else None

    def field(self) -> Widget:
        """What takes the keys: the editor with a file in it, or the list."""
        if not self._names or self._folder is None:
            return self
        from dockertutor.tui.widgets.editor import Editor

        editor = self.editor()
        if editor is None:
            editor = Editor()
            self.mount(editor)
        editor.display = True
        if not self.name_open:
            editor.call_later(self.open_file, self._names[0])
        return editor

    def open_file(self, name: str) -> None:
        """Open ``name`` in the editor."""
        editor = self.editor()
        if self._folder is None or editor is None:
            return
        self.flush()
        try:
            text = disk.read(self._folder, name)
        except UsageError as error:
            self._tell(f"{error.what}")
            return
        self.name_open, self._on_disk, self._said = name, text, ""
        editor.open(name, text)
        self.query_one("#file-names", Drawn).paint(self._lines)

    def on_text_area_changed(self, event: Message) -> None:
        """Typing in the editor is saved after a short pause."""
        event.stop()
        editor = self.editor()
        if editor is not None and self.name_open and editor.text != self._on_disk and not self._saving:
            self._saving = True
            self.set_timer(QUIET, self.flush)

    def flush(self) -> None:
        """Write what was typed and is not yet on disk."""
        self._saving = False
        editor = self.editor() if self.is_mounted else None
        if editor is None or self._folder is None or not self.name_open or editor.text == self._on_disk:
            return
        try:
            disk.write(self._folder, self.name_open, editor.text)
        except UsageError as error:
            self._tell(f"not saved: {error.what}")
            return
        self._on_disk = editor.text
        self._tell("saved just now")
        self.post_message(self.Saved(self.name_open))

    def _tell(self, words: str) -> None:
        self._said = words
        self.query_one("#file-names", Drawn).paint(self._lines)

    def _lines(self, cells: int) -> list[Line]:
        from dockertutor.tui.draw.prose import flow

        if self._folder is None:
            return flow("This step has no folder.", cells, self.look, "$text-muted")
        out: list[Line] = [line((column(self._folder.name, cells).rstrip(), "$text-muted"))]
        for name in self._names:
            on_ = name == self.name_open
            sign = self.look.sign("›") + " " if on_ else "  "
            words = column(name, cells - 2).rstrip()
            style = "$strong bold" if on_ else "$text"
            out.append((part(sign, "$accent bold"), part(words, style, ("file", name))))
        out += [(part("+ ", "$accent bold", ("new-file", "")), part("new file", "$text-muted", ("new-file", "")))]
        editor = self.editor() if self.is_mounted else None
        if editor is not None and editor.has_focus:
            out += [BLANK, (part("Esc", "$accent bold"), part("  to this list", "$text-muted"))]
        if self._said:
            out += [BLANK, *flow(self._said.replace("`", ""), cells, self.look, "$text-muted")]
        return out

    def on_descendant_focus(self) -> None:
        self.query_one("#file-names", Drawn).paint(self._lines)

    def on_descendant_blur(self) -> None:
        self.query_one("#file-names", Drawn).paint(self._lines)

    def action_move(self, by: int) -> None:
        if self._names:
            at = self._names.index(self.name_open) if self.name_open in self._names else -by
            self.field()
            self.open_file(self._names[(at + by) % len(self._names)])

    def action_edit(self) -> None:
        self.field().focus()

    def action_new(self) -> None:
        """Ask for a name and make the file."""
        from dockertutor.tui.screens.dialogs import FieldScreen

        if self._folder is not None:
            self.app.push_screen(FieldScreen("New file", "Name of the file:", self.look), self._made)

    def _made(self, name: str | None) -> None:
        if not name or self._folder is None:
            return
        try:
            path = disk.inside(self._folder, name)
            if not path.exists():
                disk.write(self._folder, name, "")
        except UsageError as error:
            self._tell(f"{error.what} {error.do}")
            return
        self.post_message(self.Saved(name))
        self.read_folder()
        self.field().focus()
        self.call_after_refresh(self.open_file, str(path.relative_to(self._folder.resolve())))

    def on_acted(self, event: Acted) -> None:
        name, value = event.do
        if name == "file":
            event.stop()
            self.field()
            self.call_after_refresh(self.open_file, value)
        elif name == "new-file":
            event.stop()
            self.action_new()
