"""Keys that only one place has, beside the table of actions: for the help, from the bindings of these places."""

from __future__ import annotations

from collections.abc import Sequence

from textual.binding import BindingType

from dockertutor.tui.draw.keys import KeysOf
from dockertutor.tui.screens.lesson_actions import LessonActions
from dockertutor.tui.screens.overview import OverviewScreen
from dockertutor.tui.widgets.calls_tab import CallsTab
from dockertutor.tui.widgets.files_tab import FilesTab
from dockertutor.tui.widgets.lower_pane import TABS
from dockertutor.tui.widgets.page_tab import PageTab
from dockertutor.tui.widgets.terminal_keys import LOOK_BACK


def own_keys(app: Sequence[BindingType]) -> tuple[KeysOf, ...]:
    """Headings, and under each its places with their keys. ``app``: the app's bindings. Dialogs, the welcome and the
    page of a fault show their keys themselves."""
    tabs = {"calls": CallsTab.BINDINGS, "files": FilesTab.BINDINGS, "page": PageTab.BINDINGS}
    return (
        KeysOf("In a tab below", [(words, tabs[name]) for name, words in TABS if name in tabs]),
        KeysOf(
            "In other places",
            [
                ("Lesson", LessonActions.OWN_BINDINGS),
                ("Course", OverviewScreen.BINDINGS),
                ("Terminal", list(LOOK_BACK.values())),
                ("Not typing", app),
            ],
        ),
    )
