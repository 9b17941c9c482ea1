"""Every action of the lesson screen: its key, its words, and what it needs. Bindings, help, the leader's overlay and
the command palette are drawn from this table; a screen has a method ``action_ID`` for each, or the app has."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True)
class Action:
    """``id``: the method's name without ``action_``. ``key``: one letter, pressed alone, or after the leader key while
    the terminal has the keys. ``needs``: the name in ``View.can`` without which it does not work ("" for always).
    ``more``: a sentence for the help. ``app``: the method is the app's, not the screen's."""

    id: str
    key: str
    words: str
    group: str
    needs: str = ""
    more: str = ""
    app: bool = False

    @property
    def call(self) -> str:
        """The action as Textual runs it from a screen."""
        return f"app.{self.id}" if self.app else self.id


GROUPS = ("Go", "Get help", "Look", "Set")
ACTIONS: tuple[Action, ...] = (
    Action("next", "n", "next step", "Go", "next", "Go on to the next step of the lesson."),
    Action("back", "b", "back", "Go", "back", "Go back to the step before."),
    Action("lesson", "l", "lesson", "Go", "", "Put the keys into the lesson, to scroll it."),
    Action("terminal", "t", "terminal", "Go", "", "Put the keys into the terminal."),
    Action("course", "c", "course", "Go", "", "Leave this lesson and see all lessons."),
    Action("hint", "h", "hint", "Get help", "hint", "Ask for a hint, and then for a better one."),
    Action("solution", "s", "show the solution", "Get help", "solution", "Show one way to do it."),
    Action("glossary", "g", "glossary", "Get help", "", "Look up a word."),
    Action("dispute", "v", "this verdict is wrong", "Get help", "dispute", "Save what was seen to a file to send."),
    Action("restart", "a", "start this one again", "Get help", "restart", "Begin this exercise anew."),
    Action("next_tab", "w", "next tab below", "Look", "", "Engine, API calls, Files, Page, in turn."),
    Action("engine", "e", "engine", "Look", "", "What is on the engine now."),
    Action("page", "p", "page", "Look", "", "A page that a container serves, as text."),
    Action("files", "f", "files", "Look", "", "The folder of this exercise, with an editor."),
    Action("zoom", "z", "make this pane large", "Look", "", "Give the pane with the keys all the room, or not."),
    Action("leader_key", "k", "another leader key", "Set", "", "Choose the key that comes first.", app=True),
    Action("dark", "d", "dark or light", "Set", "", "Change between the two themes.", app=True),
    Action("signs", "x", "text size and signs", "Set", "", "Signs that every terminal can draw.", app=True),
    Action("help", "?", "the whole help", "Set", "", "All keys with a sentence each."),
    Action("quit", "q", "quit", "Set", "", "End the tutor. Your progress is kept.", app=True),
)
"""What the leader's overlay shows, five to a group."""
FURTHER: tuple[Action, ...] = (
    Action("type_it", "i", "put the command at the prompt", "Go", "", "It is not run: you press Enter yourself."),
    Action("answer", "y", "answer in a field", "Go", "answer", "Give the answer that the task asks for."),
    Action("check", "j", "judge now", "Get help", "check", "Look at the engine again, whatever was seen."),
    Action("calls", "u", "API calls", "Look", "", "What the client asked the engine."),
    Action("search", "/", "search the course", "Look", "", "Find a word in all lessons.", app=True),
    Action("palette", ":", "all actions by name", "Set", "", "Type a part of an action's name.", app=True),
)
"""Further actions, in the help, the palette and at their places in the text."""
ALL = ACTIONS + FURTHER
BY_ID = {action.id: action for action in ALL}


def bindings() -> list[BindingType]:
    """The table as Textual bindings."""
    return [Binding(action.key, action.call, action.words, show=False, id=action.id) for action in ALL]
