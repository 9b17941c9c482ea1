"""The editor of the Files tab."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.widget import Widget
from textual.widgets import TextArea

from dockertutor.tui.highlight import dockerfile_row, editor_theme, language_of


class Editor(TextArea):
    """A TextArea in the app's colours; Dockerfiles are coloured by patterns, a row at a time."""

    def __init__(self) -> None:
        super().__init__("", id="editor", show_line_numbers=True, tab_behavior="indent", highlight_cursor_line=False)
        self.cursor_blink = False
        self._patterns = False

    def on_mount(self) -> None:
        self.recolour()
        # the app's colours are there only after its theme has been told: taken before, they are those of the last one
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self.recolour())

    def recolour(self) -> None:
        """Take the colours of the app's present theme."""
        self.register_theme(editor_theme(self.app.theme_variables))
        if self.theme == "tutor":
            self.theme = "css"
        self.theme = "tutor"
        self.notify_style_update()  # rows that were drawn before are kept by TextArea

    def open(self, name: str, text: str) -> None:
        """Show ``text``, coloured as ``name`` says."""
        language = language_of(name)
        self._patterns = language == "dockerfile"
        known = language if language in self.available_languages and not self._patterns else None
        self.load_text(text)
        self.language = known if self._grammar(known) else None

    def on_key(self, event: events.Key) -> None:
        """Escape gives the keys to the list of files (TextArea would give them to whatever comes next)."""
        if event.key == "escape" and isinstance(self.parent, Widget):
            event.stop()
            event.prevent_default()
            self.parent.focus()

    @staticmethod
    def _grammar(language: str | None) -> bool:
        """Whether the grammar can be loaded here."""
        if language is None:
            return False
        from importlib.util import find_spec

        return find_spec("tree_sitter") is not None and find_spec(f"tree_sitter_{language}") is not None

    def get_line(self, line_index: int) -> Text:
        """A row of text, with a Dockerfile's colours."""
        row = super().get_line(line_index)
        if any(not char.isprintable() and char != "\t" for char in row.plain):  # a file of others: it steers nothing
            row.plain = "".join(char if char.isprintable() or char == "\t" else "\ufffd" for char in row.plain)
        if self._patterns and self._theme is not None:
            plain = row.plain
            for first, last, name in dockerfile_row(plain):
                style = self._theme.syntax_styles.get(name)
                if style is not None:
                    start, end = len(plain.encode()[:first].decode()), len(plain.encode()[:last].decode())
                    row.stylize(style, start, end)
        return row
