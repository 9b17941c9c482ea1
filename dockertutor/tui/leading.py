"""Input that is not for what has the keys: the leader key and what follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events
from textual.timer import Timer

if TYPE_CHECKING:
    from dockertutor.tui.app import TutorApp
    from dockertutor.tui.screens.lesson import LessonScreen

Typed = events.Key | events.Paste
PATIENCE = 1.0
"""Seconds after which keys that wait for an action are handed on, whatever has become of it."""


class Leading:
    """Mixed into `TutorApp`. The leader key comes before everything: a letter typed right after it must not reach the
    terminal, and what is typed after that is for what the letter opens."""

    _waiting: list[Typed] | None = None  # while an action that the leader began is not done yet
    _press_taken = False
    _asked = 0
    _patience: Timer | None = None

    @property
    def _leads(self) -> TutorApp:
        return cast("TutorApp", self)

    def takes(self, event: events.Event) -> bool:
        """Whether this input is for the leader, or kept for its place; then it has been dealt with."""
        if not isinstance(event, events.InputEvent | events.Paste) or event.is_forwarded:
            return False
        if isinstance(event, events.MouseDown):
            self._press_taken = False  # the end of the one before has not been told
        if self._waiting is not None and isinstance(event, Typed):
            self._waiting.append(event)
            return True
        if "lesson_screen" not in vars(self):  # it is not made for this: what comes first is the first paint
            return False
        lesson = self._leads.lesson_screen
        on_top: object = self._leads.screen
        if on_top is not lesson:
            return isinstance(event, events.MouseUp) and self._end_of_press()
        if isinstance(event, events.MouseEvent):
            return self._takes_mouse(lesson, event)
        return isinstance(event, Typed) and self._takes_typed(lesson, event)

    def _takes_typed(self, lesson: LessonScreen, event: Typed) -> bool:
        if lesson.leading:
            if isinstance(event, events.Key):
                lesson.after_leader(event)
            return True
        if isinstance(event, events.Key) and event.key == self._leads.leader:
            lesson.action_leader()
            return True
        return self._leads.keep_early(event)

    def _takes_mouse(self, lesson: LessonScreen, event: events.MouseEvent) -> bool:
        """A press beside the keys brings back what was there, and does nothing else; nor does the wheel."""
        if isinstance(event, events.MouseUp):
            return self._end_of_press()
        if self._press_taken and isinstance(event, events.MouseMove):
            return True
        if not lesson.leading or lesson.is_on_keys(event):
            return False
        if isinstance(event, events.MouseDown):
            self._press_taken = True
            lesson.stop_leading()
            return True
        return not event.button  # with a button down it is the end of something that was begun before

    def _end_of_press(self) -> bool:
        """Textual would make a click of the end of a press whose beginning it has not seen."""
        taken, self._press_taken = self._press_taken, False
        return taken

    def act(self, action: str) -> None:
        """Do what was asked for after the leader. What is typed in one burst with it waits until it is done: it is for
        what has the keys then."""
        self._waiting = self._waiting or []
        if self._patience is not None:
            self._patience.stop()
        self._asked += 1
        number = self._asked
        app = self._leads

        async def run() -> None:
            try:
                await app.lesson_screen.run_action(action)
            finally:
                app.call_after_refresh(app.call_later, self._hand_on, number)  # when what it opened has the keys

        app.lesson_screen.call_later(run)
        self._patience = app.set_timer(PATIENCE, lambda: self._hand_on(number))

    async def _hand_on(self, number: int) -> None:
        if number != self._asked:
            return
        if self._patience is not None:
            self._patience.stop()
            self._patience = None
        waiting, self._waiting = self._waiting, None
        for event in waiting or ():
            await self._leads.on_event(event)
