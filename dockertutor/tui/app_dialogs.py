"""What the app opens over its screens: words, searches, choices, the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from dockertutor.tutor.view import View

if TYPE_CHECKING:
    from dockertutor.tui.app import TutorApp


class AppDialogs:
    """Mixed into `TutorApp`; each dialog is imported when it is opened first."""

    @property
    def _app(self) -> TutorApp:
        return cast("TutorApp", self)

    def open_term(self, name: str) -> None:
        """Show what a word means."""
        from dockertutor.tui.draw.links import shown_as
        from dockertutor.tui.screens.dialogs import TermScreen

        term = self._app.session.term(name)
        if term is None:
            self._app.say(f"{name} is not in the glossary.", "Glossary")
            return
        self._app.push_screen(
            TermScreen(term, self._app.look(), shown_as(self._app.look())),
            lambda other: self.open_term(other) if other else None,
        )

    def open_glossary(self, view: View | None) -> None:
        """Choose a word of this step, or type one."""
        from dockertutor.tui.screens.glossary import GlossaryScreen

        self._app.push_screen(
            GlossaryScreen(self._app.session, self._app.look(), view),
            lambda name: self.open_term(name) if name else None,
        )

    def open_search(self) -> None:
        """Find a word in all lessons."""
        from dockertutor.tui.screens.glossary import SearchScreen

        self._app.push_screen(SearchScreen(self._app.session, self._app.look()), lambda lesson: self._found(lesson))

    def _found(self, lesson: str | None) -> None:
        if lesson and lesson.startswith("term:"):
            self.open_term(lesson)
        elif lesson:
            self._app.open_lesson(lesson)

    def action_dark(self) -> None:
        """Dark or light."""
        self._app.change(theme="light" if self._app.settings.theme == "dark" else "dark")

    def action_signs(self) -> None:
        """Signs that every terminal can draw, or back. The size of text is the terminal's."""
        self._app.change(ascii=not self._app.settings.ascii)
        word = "plain letters" if self._app.settings.ascii else "drawn"
        self._app.say(f"Signs are {word} now. For larger text use your terminal's own keys, often Ctrl and +.", "Signs")

    def action_leader_key(self) -> None:
        """Another leader key."""
        from dockertutor.tui.screens.dialogs import leader_choice

        def chosen(key: str | None) -> None:
            if key:
                self._app.change(leader=key)

        self._app.push_screen(leader_choice(self._app.look(), self._app.settings.leader), chosen)

    def action_search(self) -> None:
        self.open_search()

    def action_palette(self) -> None:
        """All actions by name."""
        from dockertutor.tui.commands import EVERYWHERE, ActionsScreen

        below = self._app.screen
        if below is not self._app.lesson_screen and below is not self._app.course_screen:
            return

        def chosen(name: str | None) -> None:
            if name:
                own = hasattr(below, f"action_{name}")
                self._app.call_later(below.run_action, name if own else f"app.{name}")

        works = self._app.lesson_screen.works if below is self._app.lesson_screen else EVERYWHERE
        self._app.push_screen(ActionsScreen(self._app.look(), works), chosen)
