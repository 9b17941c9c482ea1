"""The tutor: one learner at one course with one engine. It knows no screen; front ends hold a `Session` of it."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dockertutor.course.heads import Course, Term
from dockertutor.course.library import find_entry, load_entry
from dockertutor.errors import TutorError
from dockertutor.tutor import glossary_search, standing
from dockertutor.tutor.abilities import can
from dockertutor.tutor.course_view import Overview
from dockertutor.tutor.desk import Desk
from dockertutor.tutor.engine_side import EngineSide
from dockertutor.tutor.listeners import Listeners
from dockertutor.tutor.own import Own
from dockertutor.tutor.panel_watch import PanelWatch
from dockertutor.tutor.progress import Store
from dockertutor.tutor.reset import reset
from dockertutor.tutor.session import Topic
from dockertutor.tutor.view import EngineStatus, View

if TYPE_CHECKING:  # what an open lesson needs is imported late: the course is painted before
    from dockertutor.course.model import Lesson
    from dockertutor.engine.engine import Engine
    from dockertutor.facts import Call, Event
    from dockertutor.tutor.attempt import Attempt
    from dockertutor.tutor.call_watch import CallWatch
    from dockertutor.tutor.engine_view import CallGroup, EngineRow, Panel
    from dockertutor.tutor.open_lesson import OpenLesson
    from dockertutor.tutor.outcome import Outcome
    from dockertutor.tutor.step_view import Leftover


class Tutor:
    """A `Session`. ``engine_factory`` connects an engine (late: docker is imported there). ``folder_root``: where the
    learner's folders go. ``wire``: API calls will be told by `call_seen`. Nothing starts before `start`."""

    def __init__(
        self,
        course: Course,
        store: Store,
        engine_factory: Callable[[], Engine],
        *,
        folder_root: Path,
        wire: bool = False,
        rng: random.Random | None = None,
    ) -> None:
        self.course, self.store, self.folder_root, self.wire = course, store, folder_root, wire
        self.rng = rng or random.Random()
        self.own = Own(store, wire=wire)
        self._search = glossary_search.Search(course)
        self._listeners = Listeners()
        self._desk = Desk(due=self._due, wake=self._wake, broke=self._broke)
        self.engine = EngineSide(
            engine_factory,
            self._desk.post,
            status=self._engine_status,
            event=self._engine_event,
            ready=self._engine_ready,
        )
        self._status = EngineStatus()
        self._lesson: OpenLesson | None = None
        self._watch = PanelWatch(self.engine, self.own, tell=self._tell_panel, left=self.changed, urgent=self._finished)
        self._watched: CallWatch | None = None
        self._watching = threading.Lock()
        self._view = View()
        self._outcome: Outcome | None = None
        self._looks = 0
        self._trouble = ""
        self._busy = ""

    def start(self) -> Tutor:
        """Start the threads; the engine is connected in the background."""
        self._desk.start()
        self.engine.start()
        return self

    # ------------------------------------------------------------------ what is shown
    @property
    def view(self) -> View:
        return self._view

    @property
    def panel(self) -> Panel:
        return self._watch.panel

    @property
    def _calls(self) -> CallWatch:
        """Made when it is asked for first, on whatever thread."""
        with self._watching:
            if self._watched is None:
                from dockertutor.tutor.call_watch import CallWatch

                self._watched = CallWatch(lambda groups: self._listeners.tell("calls", groups))
            return self._watched

    @property
    def calls(self) -> tuple[CallGroup, ...]:
        return self._calls.book.groups()

    @property
    def outcome(self) -> Outcome | None:
        """The last judgement of the exercise that is open, with its evidence."""
        return self._outcome

    @property
    def attempt(self) -> Attempt | None:
        """The attempt that is open, for proofs and tests: read it, change nothing."""
        return self._lesson.attempt if self._lesson is not None else None

    def subscribe(self, topic: Topic, listener: Callable[[object], None]) -> Callable[[], None]:
        return self._listeners.subscribe(topic, listener)

    def wait(self, good: Callable[[View], bool], timeout: float = 10.0) -> View:
        """Wait until ``good`` holds of the view; returns the view as it is then, or after ``timeout`` seconds."""
        return self._listeners.wait(lambda: self._view, good, timeout)

    def settle(self, timeout: float = 30.0) -> View:
        end = time.monotonic() + timeout
        done = threading.Event()
        self._desk.post(done.set)  # the desk has taken in all that was asked before this
        done.wait(timeout)
        return self.wait(lambda _: self._settled(), end - time.monotonic())

    def _settled(self) -> bool:
        if self._busy or (self._watch.behind and self._status.state != "fault"):
            return False
        attempt = self.attempt
        return attempt is None or attempt.settled or self._status.state == "fault"

    def wait_outcome(self, good: Callable[[Outcome], bool], timeout: float = 10.0) -> Outcome | None:
        """Wait for a judgement of which ``good`` holds; returns the newest one there is when the time is up."""
        return self._listeners.wait(lambda: self._outcome, lambda found: found is not None and good(found), timeout)

    def overview(self) -> Overview:
        record = self.store.record()
        found = standing.overview(self.course, record, self._status)
        if found.resume is None:
            return found
        return replace(found, resume_goal=standing.next_goal(find_entry(self.course, found.resume.id), record))

    def term(self, name: str) -> Term | None:
        return glossary_search.term(self.course, name)

    def explained(self, field: str) -> str:
        lesson = self._lesson
        return glossary_search.explained(self.course, lesson.lesson.id if lesson is not None else "", field)

    def search(self, words: str) -> tuple[tuple[str, str, str], ...]:
        return self._search.find(words)

    def rows(self, kind: str) -> tuple[EngineRow, ...]:
        return self._watch.live.rows(kind, self.own.known)

    def leftovers(self) -> tuple[Leftover, ...]:
        return self._watch.leftovers

    # ------------------------------------------------------------------ moving
    def open(self, lesson_id: str, exercise_id: str = "") -> None:
        def job() -> None:
            entry = find_entry(self.course, lesson_id)
            self._open(load_entry(self.course, lesson_id), entry.renamed.get(exercise_id, exercise_id))

        self._desk.post(job)

    def open_lesson(self, lesson: Lesson, exercise_id: str = "") -> None:
        """Open a lesson that was loaded by the caller (a proof's, or one outside the course)."""
        self._desk.post(lambda: self._open(lesson, exercise_id))

    def _open(self, lesson: Lesson, exercise_id: str) -> None:
        from dockertutor.tutor.open_lesson import OpenLesson

        if self._lesson is not None:
            self._lesson.drop_attempt()
        self._trouble, self._outcome = "", None
        entries = {e.id: e for track in self.course.tracks for e in track.lessons}
        self._lesson = OpenLesson(self, self.course, lesson, entries.get(lesson.id))
        self._watch.live.lesson_opened(None)
        self.engine.do(lambda engine: self.own.lesson_opened(engine), self._watch.live.lesson_opened, lambda _: None)
        self._lesson.resume(exercise_id)
        self._watch.refresh()

    def next(self, from_step: int = 0) -> None:
        self._in_lesson(lambda lesson: self._move(lesson, 1, from_step))

    def back(self, from_step: int = 0) -> None:
        self._in_lesson(lambda lesson: self._move(lesson, -1, from_step))

    def _move(self, lesson: OpenLesson, by: int, from_step: int) -> None:
        if from_step in (0, lesson.step + 1):
            self._go(lesson, lesson.step + by)

    def _go(self, lesson: OpenLesson, step: int) -> None:
        self._outcome, self._trouble = None, ""
        lesson.go(step)
        self._watch.refresh()

    def leave(self, remove: Sequence[Leftover] = ()) -> None:
        chosen = tuple(remove)

        def job() -> None:
            if self._lesson is not None:
                self._lesson.drop_attempt()
                self._lesson, self._outcome = None, None
            if chosen:
                self._busy = "Removing what was made here"
                self.engine.do(lambda engine: self.own.remove(engine, chosen), self._removed, self.trouble)
            self.changed()

        self._desk.post(job)

    def _removed(self, problems: tuple[str, ...]) -> None:
        self._busy = ""
        self._trouble = " ".join(problems)
        self._watch.refresh()
        self.changed()

    def close(self) -> None:
        self._desk.post(lambda: self._lesson.drop_attempt() if self._lesson is not None else None)
        self.engine.close()
        self._desk.close()

    # ------------------------------------------------------------------ answering
    def choose(self, option: int) -> None:
        self._in_lesson(lambda lesson: lesson.choose(option))

    def answer(self, value: str) -> None:
        self._in_attempt(lambda attempt: attempt.answer(value))

    def hint(self) -> None:
        self._in_attempt(lambda attempt: attempt.hint())

    def solution(self) -> None:
        self._in_attempt(lambda attempt: attempt.solution())

    def check(self) -> None:
        self._in_attempt(lambda attempt: attempt.check())

    def restart(self) -> None:
        from dockertutor.course.model import Exercise
        from dockertutor.tutor.attempt import Attempt

        def again(lesson: OpenLesson) -> None:
            here = lesson.here
            if isinstance(here, Exercise):
                lesson.drop_attempt()
                self._outcome = None
                lesson.attempt = Attempt(self, lesson.lesson, here, lesson.values)
                lesson.attempt.begin(fresh=True)
                self.changed()

        self._in_lesson(again)

    def reset(self, scope: Literal["exercise", "lesson", "all"], lesson_id: str = "", exercise_id: str = "") -> None:
        def job() -> None:
            here = self._lesson
            at = exercise_id or (here.attempt.exercise.id if here is not None and here.attempt is not None else "")
            within = lesson_id or (here.lesson.id if here is not None else "")
            reset(self.store, self.folder_root, scope, within, at)
            if here is not None:
                self._open(here.lesson, at if scope == "exercise" else "")
            self.changed()

        self._desk.post(job)

    def dispute(self) -> Path:
        from dockertutor.tutor.dispute import write_dispute

        return write_dispute(self.folder_root.parent, self.attempt, self._outcome, self._status)

    def retry_engine(self) -> None:
        self.engine.retry()

    # ------------------------------------------------------------------ signals
    def command_began(self, text: str, shell: int = 0) -> None:
        now = time.time()
        self._calls.book.command_began(text, now, shell)

        def job() -> None:
            self._watch.live.command_began(now)
            if self.attempt is not None:
                self.attempt.command_began()

        self._desk.post(job)

    def command_ended(self, text: str, exit_code: int) -> None:
        self._calls.book.command_ended(text, time.time())
        self._in_attempt(lambda attempt: attempt.command_ended(text, exit_code))

    def call_seen(self, call: Call) -> None:
        self._calls.book.add(call)

        def job() -> None:
            if self._calls.take(call) and self.attempt is not None:
                self.attempt.transfers(self._calls.transfers)
            self._note_own(call)
            if self.attempt is not None:
                self.attempt.call(call)

        self._desk.post(job)

    def _note_own(self, call: Call) -> None:
        """Have the ledger note what a call has made, before anything else is asked of the engine."""
        if call.ended is None or call.method != "POST":
            return
        attempt = self.attempt
        baseline = attempt.context.baseline if attempt is not None and attempt.ready else None
        name = attempt.id if attempt is not None else ""

        if self.own.may_make(call):  # not everything that is made leaves an event: buildx without a tag
            self._watch.made()
        self.engine.do(lambda engine: self.own.saw(engine, call, baseline, name), lambda _: None, self.trouble)

    def file_changed(self, path: str) -> None:
        self._in_attempt(lambda attempt: attempt.file_changed())

    # ------------------------------------------------------------------ on the desk
    def post(self, job: Callable[[], None]) -> None:
        self._desk.post(job)

    def next_number(self) -> int:
        self._looks += 1
        return self._looks

    def known_calls(self) -> Iterable[Call]:
        return self._calls.known()

    def _in_lesson(self, job: Callable[[OpenLesson], None]) -> None:
        self._desk.post(lambda: job(self._lesson) if self._lesson is not None else None)

    def _in_attempt(self, job: Callable[[Attempt], None]) -> None:
        self._desk.post(lambda: job(self.attempt) if self.attempt is not None else None)

    def _due(self) -> float | None:
        attempt = self.attempt
        times = [attempt.due() if attempt is not None else None, self._watch.due, self._calls.due]
        return min((one for one in times if one is not None), default=None)

    def _wake(self) -> None:
        now = time.monotonic()
        attempt = self.attempt
        due = attempt.due() if attempt is not None else None
        if attempt is not None and due is not None and due <= now:
            attempt.look()
        self._calls.wake(now)
        self._watch.wake(now, looking=attempt is not None and attempt.pace.looking is not None)

    def _broke(self, error: Exception) -> None:
        if isinstance(error, TutorError):
            self.trouble(error)
            return
        from dockertutor.tutor.breakage import note

        where = note(self.folder_root.parent, error)
        self._trouble = f"Something in the tutor broke ({type(error).__name__}); the details are in {where}."
        self.changed()

    def trouble(self, error: TutorError) -> None:
        """Show what went wrong outside the exercise, in the words of the error."""
        self._busy = ""
        self._trouble = f"{error.what} {error.do}".strip()
        self.changed()

    def _engine_status(self, status: EngineStatus) -> None:
        self._status = status
        self.changed()

    def _engine_ready(self) -> None:
        if self.attempt is not None:
            self.attempt.engine_back()
        self._watch.refresh()
        self.changed()

    def _engine_event(self, event: Event, mine: bool) -> None:
        from dockertutor.engine.events import wakes

        self._watch.live.event(event)
        if self.attempt is not None:
            self.attempt.event(event, wakes(event) and not mine)
        if wakes(event):
            self._watch.refresh()

    # ------------------------------------------------------------------ pictures
    def _tell_panel(self) -> None:
        self._listeners.tell("panel", self._watch.panel)

    def _finished(self) -> bool:
        return self._lesson is not None and self._lesson.here is None

    def changed(self) -> None:
        """Make a new view and tell it."""
        lesson = self._lesson
        attempt = self.attempt
        self._outcome = attempt.outcome if attempt is not None else None
        step = lesson.view(self._watch.leftovers) if lesson is not None else None
        self._view = View(
            lesson=lesson.head() if lesson is not None else None,
            step=step,
            engine=self._status,
            can=can(step, lesson, self._status),
            busy=self._busy,
            number=self._view.number + 1,
            trouble=self._trouble,
        )
        self._listeners.tell("view", self._view)
