"""The one way in for every front end: a `Session` is one learner at one course with one engine.

Everything here returns at once; work happens on the session's own threads, and what changed arrives as a new frozen
`View` (or `Panel`, or call groups) at the subscribers, called on a session thread. A front end posts it to its own
loop and draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from dockertutor.course.heads import Term
    from dockertutor.facts import Call
    from dockertutor.tutor.course_view import Overview
    from dockertutor.tutor.engine_view import CallGroup, EngineRow, Panel
    from dockertutor.tutor.step_view import Leftover
    from dockertutor.tutor.view import View

Topic = Literal["view", "panel", "calls"]


class Session(Protocol):
    """What a front end may ask of the core. Names in ``View.can`` are the names of these methods."""

    @property
    def view(self) -> View: ...
    @property
    def panel(self) -> Panel: ...
    @property
    def calls(self) -> tuple[CallGroup, ...]: ...

    def subscribe(self, topic: Topic, listener: Callable[[object], None]) -> Callable[[], None]:
        """Call ``listener`` with each new `View`, `Panel` or tuple of `CallGroup`; returns the way to stop it."""
        ...

    def settle(self, timeout: float = 30.0) -> View:
        """Wait until all that was asked so far is done: an exercise is prepared, its last verdict is final or its pass
        recorded, objects are removed. Returns the view as it is then, or after ``timeout`` seconds. The only method
        that waits: for front ends that take one line after another."""
        ...

    # --- the course
    def overview(self) -> Overview: ...
    def term(self, name: str) -> Term | None: ...
    def explained(self, field: str) -> str:
        """What a field of the Engine API says, where a lesson up to the open one has introduced its term; else ""."""
        ...

    def search(self, words: str) -> tuple[tuple[str, str, str], ...]:
        """``(lesson id, lesson title, the line that matched)`` for lessons, exercises and glossary; for a term of the
        glossary ``term:ID`` stands first, which `term` takes as well."""
        ...

    # --- moving
    def open(self, lesson_id: str, exercise_id: str = "") -> None:
        """Open a lesson where the learner left it (or at an exercise)."""
        ...

    def next(self, from_step: int = 0) -> None:
        """Go on. ``from_step``: the step that the learner saw (`LessonHead.step`), 0 for whichever it is; asked twice
        at one step, as by a key that was pressed again before the next one was drawn, it goes on once."""
        ...

    def back(self, from_step: int = 0) -> None:
        """Go back; as `next`."""
        ...

    def leave(self, remove: Sequence[Leftover] = ()) -> None:
        """Leave the lesson; remove what the learner agreed to, by Id."""
        ...

    def leftovers(self) -> tuple[Leftover, ...]: ...
    def close(self) -> None:
        """End watching; progress is already on disk. Removes nothing."""
        ...

    # --- answering
    def choose(self, option: int) -> None:
        """Choose option (from 0) of the quiz or prediction that is open."""
        ...

    def answer(self, value: str) -> None: ...
    def hint(self) -> None: ...
    def solution(self) -> None: ...
    def check(self) -> None:
        """Judge now, whatever the watch has seen."""
        ...

    def restart(self) -> None:
        """Begin this exercise again with everything new."""
        ...

    def reset(
        self, scope: Literal["exercise", "lesson", "all"], lesson_id: str = "", exercise_id: str = ""
    ) -> None: ...
    def dispute(self) -> Path:
        """Save facts, check and verdict ("this verdict is wrong") to a file (0600) and return where."""
        ...

    def retry_engine(self) -> None: ...

    # --- signals from the learner's shell and folder
    def command_began(self, text: str, shell: int = 0) -> None:
        """``shell``: the process id of the shell that runs it and leads its terminal's session, 0 where unknown."""
        ...

    def command_ended(self, text: str, exit_code: int) -> None: ...
    def call_seen(self, call: Call) -> None: ...
    def file_changed(self, path: str) -> None: ...

    # --- for the panel
    def rows(self, kind: str) -> tuple[EngineRow, ...]: ...
