"""The learner of a proof: opens an exercise, types lines into a shell on a pty, waits for the tutor, and leaves.

It moves as a learner would, through the tutor's own doors; what a move should have come to is `prove`'s matter.
"""

from __future__ import annotations

import os
import random
import re
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from dockertutor.course.heads import Course
from dockertutor.course.model import Exercise, Lesson, Script
from dockertutor.engine.connection import Endpoint, connect
from dockertutor.errors import TutorError
from dockertutor.shell.driver import Driver
from dockertutor.tutor.attempt import Attempt
from dockertutor.tutor.core import Tutor
from dockertutor.tutor.folder import write_files
from dockertutor.tutor.outcome import Outcome
from dockertutor.tutor.progress import Store
from dockertutor.tutor.seat import Seat

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine

LINE = 30.0
"""Seconds that one typed line may take."""
PASS = 25.0
"""Seconds within which an expected pass must be recorded."""
QUIET = 15.0
"""Seconds within which things must be quiet for an expected fail."""
PREPARE = 60.0
"""Seconds in which what an exercise is given must be made."""

_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
"""What a program writes for the terminal and not for a reader: colours, titles, marks."""


class NotProvable(TutorError):
    """The exercise cannot be tried on this engine."""


class Learner:
    """One learner on one engine, with a home, a store and a tutor of their own.

    ``shell``: bash or zsh, by name or path.
    """

    def __init__(self, course: Course, endpoint: Endpoint, *, shell: str, rng: random.Random) -> None:
        self._shell = shell
        self._rng = rng
        self.problems: list[str] = []
        """What could not be removed, since this was last emptied."""
        with ExitStack() as stack:  # what was begun is ended where the rest cannot be
            self._start(course, endpoint, stack)
            self._stack = stack.pop_all()

    def _start(self, course: Course, endpoint: Endpoint, stack: ExitStack) -> None:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dockertutor-prove-")))
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("TEXTUAL", "TMUX"))}
        (home / "home").mkdir()
        environ |= {"HOME": str(home / "home"), "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}
        environ.pop("ENV", None)
        self._seat = Seat(endpoint, environ=environ)
        stack.callback(self._seat.close)
        if not self._seat.wired:
            raise NotProvable("Proofs need the wire, and this engine cannot be relayed.", self._seat.trouble)
        self.engine = connect(endpoint)
        stack.callback(self.engine.close)
        store = Store(home / "progress.db")
        stack.callback(store.close)
        self.tutor = Tutor(
            course, store, lambda: connect(endpoint), folder_root=home / "folders", wire=True, rng=self._rng
        )
        self._seat.serve(self.tutor)
        self.tutor.start()
        stack.callback(self.tutor.close)

    def close(self) -> None:
        """End the tutor and what belongs to it."""
        self._stack.close()

    # ------------------------------------------------------------------ moves
    def begin(self, lesson: Lesson, exercise: Exercise) -> None:
        """A fresh attempt: nothing known of one before."""
        old = self.tutor.attempt
        self.tutor.open_lesson(lesson, exercise.id)
        self.tutor.wait(lambda view: self.tutor.attempt is not old and self.tutor.attempt is not None, PREPARE)
        self.restart()

    def restart(self) -> None:
        """Ask for a new start, and wait until it has been made."""
        old = self.tutor.attempt
        self.tutor.restart()
        self.tutor.wait(lambda view: self.tutor.attempt is not old, PREPARE)
        self.await_ready(0)

    def await_ready(self, number: int) -> None:
        """Wait until a stage can be done. Raises NotProvable, or TutorError where what is given was not made."""

        def settled(_: object) -> bool:
            attempt = self.tutor.attempt
            if attempt is None:
                return False
            return (attempt.stage == number and attempt.ready) or attempt.state in ("not-here", "unmade")

        self.tutor.wait(settled, PREPARE)
        attempt = self.attempt
        if attempt.state == "not-here":
            raise NotProvable(attempt.notice)
        if attempt.state != "doing":
            raise TutorError(attempt.notice or "What the exercise is given was not made in time.")

    def up_to(self, number: int) -> None:
        """Pass the stages before this one."""
        for before in range(number):
            if why := self.solve(before, self.bound.stages[before].solution):
                raise TutorError(f"Stage {before + 1} does not pass with its solution: {why}")

    def solve(self, number: int, script: Script, *, quick: bool = False) -> str:
        """Type a right solution of a stage and wait until it is recorded; "" or what is wrong. ``quick``: give up
        when things are quiet and it has failed."""
        heard = self.type(script)
        newest = self.newest()
        last = number + 1 == len(self.bound.stages)

        def over(_: object) -> bool:
            attempt = self.tutor.attempt
            if attempt is None or attempt.state == "passed" or (not last and attempt.stage > number):
                return True
            outcome = attempt.outcome
            return (
                quick and outcome is not None and outcome.number > newest and outcome.final and outcome.status == "fail"
            )

        self.tutor.wait(over, PASS)
        attempt = self.attempt
        if last and attempt.state == "passed":
            return ""
        if not last and attempt.stage > number:
            self.await_ready(number + 1)
            return ""
        mistake = attempt.outcome.mistake.id if attempt.outcome is not None and attempt.outcome.mistake else ""
        said = f", the mistake `{mistake}` spoke" if mistake else ""
        return f"it did not pass within {PASS:.0f} seconds{said}{rows(attempt.outcome)}{heard}"

    def type(self, script: Script) -> str:
        """Write the script's files and type its lines; returns what the terminal showed, for a report."""
        attempt = self.attempt
        if script.files:
            write_files(attempt.folder, script.files)
            self.tutor.file_changed("")
        if not script.run.strip():
            return ""
        with Driver(
            folder=self._seat.shell_folder(),
            cwd=attempt.folder,
            env=self._seat.environment,
            shell=self._shell,
            bin_folder=self._seat.bin_folder,
            command_began=self.tutor.command_began,
            command_ended=self.tutor.command_ended,
        ) as driver:
            heard, _status = driver.script(script.run, LINE)
        shown = " / ".join(line.strip() for line in _SEQUENCE.sub("", heard).splitlines()[-12:] if line.strip())
        return f"; the terminal showed: {''.join(c for c in shown if c.isprintable())[-600:]}" if shown else ""

    def quiet(self, after: int, good: Callable[[Outcome], bool] | None = None) -> Outcome | None:
        """A final judgement newer than ``after``; with ``good``, one of which it holds if there is one in time."""
        attempt = self.attempt
        deadline = time.monotonic() + QUIET

        def fits(outcome: Outcome) -> bool:
            return outcome.attempt == attempt.id and outcome.number > after and outcome.final

        found = self.tutor.wait_outcome(fits, QUIET)
        if good is not None and found is not None and fits(found) and not good(found):
            left = max(0.0, min(3.0, deadline - time.monotonic()))
            found = self.tutor.wait_outcome(lambda o: fits(o) and good(o), left)
        return found if found is not None and fits(found) else None

    def newest(self) -> int:
        """The number above which a judgement knows of everything that was typed."""
        done = threading.Event()
        self.tutor.post(done.set)  # what the shell told is taken in before this
        done.wait(5)
        outcome = self.tutor.outcome
        if outcome is None:
            return 0
        return outcome.number - 1 if self.attempt.pace.final else outcome.number

    def verdict(self) -> str:
        """The newest judgement in a word."""
        outcome = self.tutor.outcome
        return outcome.status if outcome is not None else "no verdict"

    @property
    def attempt(self) -> Attempt:
        """What is being tried; only after `begin`."""
        attempt = self.tutor.attempt
        assert attempt is not None
        return attempt

    @property
    def bound(self) -> Exercise:
        """The exercise with this attempt's names in it."""
        bound = self.attempt.bound
        assert bound is not None
        return bound

    # ------------------------------------------------------------------ afterwards
    def tidy(self) -> None:
        """Leave, and remove what is ours, by the ledger: as a learner would who says yes to everything."""
        self.tutor.leave()
        done = threading.Event()

        def clean(engine: Engine) -> tuple[str, ...]:
            return self.tutor.own.remove(engine, [one for one in self.tutor.own.leftovers(engine) if one.ours])

        def told(problems: tuple[str, ...]) -> None:
            self.problems += problems
            done.set()

        # after everything that was told of calls, on the thread that writes the ledger
        self.tutor.post(lambda: self.tutor.engine.do(clean, told, lambda error: told((error.what,))))
        done.wait(PREPARE)


def rows(outcome: Outcome | None) -> str:
    """What did not hold in a judgement, in words, for a report."""
    if outcome is None:
        return ""
    bad = [v for v in outcome.verdicts if v.status != "pass"]
    return "".join(f"; {v.title}: {v.status}, expected {v.expected}, found {v.found} {v.why}".rstrip() for v in bad[:3])
