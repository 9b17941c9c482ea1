"""Messages from the session's threads to the app: each carries one frozen picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from dockertutor.tutor.course_view import Overview
    from dockertutor.tutor.engine_view import CallGroup, Panel
    from dockertutor.tutor.view import View


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


class CourseRead(Message):
    """The overview was read anew."""

    def __init__(self, course: Overview) -> None:
        super().__init__()
        self.course = course


class Said(Message):
    """Something that was done outside the loop has a sentence to say."""

    def __init__(self, text: str, title: str) -> None:
        super().__init__()
        self.text, self.title = text, title
