"""Messages from the session's threads to the app: each carries one frozen picture."""

from __future__ import annotations

from textual.message import Message

from dockertutor.tutor.view import CallGroup, Panel, View


class ViewChanged(Message):
    """The learner stands elsewhere, or something there has changed."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self.view = view


class PanelChanged(Message):
    """Something on the engine has changed."""

    def __init__(self, panel: Panel) -> None:
        super().__init__()
        self.panel = panel


class CallsChanged(Message):
    """API calls were seen."""

    def __init__(self, groups: tuple[CallGroup, ...]) -> None:
        super().__init__()
        self.groups = groups
