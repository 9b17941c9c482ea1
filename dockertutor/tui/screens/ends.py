"""Screens that end with an answer, once."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen

Answer = TypeVar("Answer")


class EndsOnce(Screen[Answer], Generic[Answer]):
    """Keys that come in one burst all lie in the queue of the screen that was on top. Textual lets each of them end it
    again, and then takes away the screen below, down to the last one."""

    ended = False

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """End with ``result``; nothing when it has ended."""
        if self.ended:
            return AwaitComplete()
        self.ended = True
        return super().dismiss(result)


class Dialog(EndsOnce[Answer], ModalScreen[Answer], Generic[Answer]):
    """One over another screen."""
