"""Every action of the lesson screen: its key, its words, and what it needs. Bindings, help, the leader's overlay and
the command palette are drawn from this table; a screen has a method ``action_ID`` for each, or the app has."""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding, BindingType


class Action(NamedTuple):
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
    Action("next", "n", "next step", "Go", "next", "Go on to the lesson's next step."),
    Action("back", "b", "back", "Go", "back", "Go back to the step before."),
    Action("lesson", "l", "lesson", "Go", "", "The keys go to the lesson."),
    Action("terminal", "t", "terminal", "Go", "", "The keys go to the terminal."),
    Action("course", "c", "course", "Go", "", "Leave this lesson, see them all."),
    Action("hint", "h", "hint", "Get help", "hint", "Ask for a hint, then a better one."),
    Action("solution", "s", "show the solution", "Get help", "solution", "Show one way to do it."),
    Action("glossary", "g", "glossary", "Get help", "", "Look up a word."),
    Action("dispute", "v", "this verdict is wrong", "Get help", "dispute", "Save what was seen, to send it."),
    Action("restart", "a", "start this one again", "Get help", "restart", "Begin this exercise anew."),
    Action("next_tab", "w", "next tab below", "Look", "", "The four tabs, in turn."),
    Action("engine", "e", "engine", "Look", "", "What is on the engine now."),
    Action("page", "p", "page", "Look", "", "A page from a container, as text."),
    Action("files", "f", "files", "Look", "", "This exercise's files, to edit."),
    Action("zoom", "z", "make this pane large", "Look", "", "All the room for it, or not."),
    Action("leader_key", "k", "another leader key", "Set", "", "Choose the key that comes first.", app=True),
    Action("dark", "d", "dark or light", "Set", "", "Change between the two themes.", app=True),
    Action("signs", "x", "text size and signs", "Set", "", "Signs for every terminal.", app=True),
    Action("help", "?", "the whole help", "Set", "", "All keys with a sentence each."),
    Action("quit", "q", "quit", "Set", "", "Your progress is kept.", app=True),
)
"""What the leader's overlay shows, five to a group."""
FURTHER: tuple[Action, ...] = (
    Action("type_it", "i", "put the command at the prompt", "Go", "", "You press Enter yourself."),
    Action("answer", "y", "answer in a field", "Go", "answer", "What the task asks for."),
    Action("anew", "R", "begin this lesson anew", "Get help", "reset", "Forget what was done in it."),
    Action("check", "j", "judge now", "Get help", "check", "Look at the engine once more."),
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
