"""Proofs: every exercise is tried on a real engine, with right and with wrong solutions.

For each exercise: untouched, every stage fails and no mistake speaks; the solution and every ``also`` pass; every
mistake's ``by`` fails with exactly that mistake's text; the solution after it passes, or passes after the new start
that the tutor offers. Lines are typed into the learner's kind of shell, on a pty, one by one.
"""

from __future__ import annotations

import os
import random
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from dockertutor.course.model import Course, Exercise, Lesson, Script
from dockertutor.engine.connection import Endpoint, connect
from dockertutor.errors import TutorError
from dockertutor.facts import Baseline
from dockertutor.shell.driver import Driver
from dockertutor.tutor.attempt import Attempt
from dockertutor.tutor.core import Tutor
from dockertutor.tutor.folder import write_files
from dockertutor.tutor.outcome import Outcome
from dockertutor.tutor.progress import Store
from dockertutor.tutor.seat import Seat

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine

Kind = Literal["untouched", "solution", "also", "mistake", "recovery"]
Tried = Iterator[tuple[Kind, str, str]]
"""What one attempt came to: which case, the verdict in words, and what is wrong ("" where nothing is)."""
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


@dataclass(frozen=True)
class Case:
    """One proof. ``id``: the mistake's id, the number of the ``also``, or "", with ``stage N: `` before it where an
    exercise has several. ``verdict``: what was seen; ``seconds``: how long it took. ``why``: what is wrong, when not
    ``ok``."""

    lesson: str
    exercise: str
    case: Kind
    id: str
    ok: bool
    verdict: str
    seconds: float
    why: str = ""


@dataclass
class Totals:
    """What all cases came to. ``left``/``touched``: objects of ours that are still there, foreign ones that are not.
    ``skipped``: exercises that cannot be proved on this engine."""

    cases: list[Case] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return all(case.ok for case in self.cases) and not self.left and not self.touched


class NotProvable(TutorError):
    """The exercise cannot be tried on this engine."""


class Prover:
    """Proves lessons on one engine, one case after another. A context manager.

    ``shell``: bash or zsh, by name or path; without it bash.
    """

    def __init__(self, course: Course, endpoint: Endpoint, *, shell: str = "bash", seed: int | None = None) -> None:
        self._shell = shell
        self._rng = random.Random(seed)
        self._problems: list[str] = []
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
        self._engine = connect(endpoint)
        stack.callback(self._engine.close)
        store = Store(home / "progress.db")
        stack.callback(store.close)
        self.tutor = Tutor(
            course, store, lambda: connect(endpoint), folder_root=home / "folders", wire=True, rng=self._rng
        )
        self._seat.serve(self.tutor)
        self.tutor.start()
        stack.callback(self.tutor.close)

    def __enter__(self) -> Prover:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    # ------------------------------------------------------------------ the cases of an exercise
    def prove(self, lesson: Lesson, exercise: Exercise, totals: Totals, told: Callable[[Case], None]) -> None:
        """Prove one exercise; each case is added to ``totals`` and told as it ends."""
        before = self._engine.baseline()
        try:
            for kind, name, tried in self._cases(lesson, exercise):
                for case in self._run(lesson, exercise, kind, name, tried):
                    totals.cases.append(case)
                    told(case)
        except NotProvable as error:
            totals.skipped.append(f"{lesson.id}/{exercise.id}: {error.what}")
        finally:
            self._tidy(lesson)
        where = f"{lesson.id}/{exercise.id}"
        known = len(totals.left)
        _compare(before, self._engine.baseline(), where, totals)
        if len(totals.left) > known:
            totals.left += [f"{where}: {problem}" for problem in self._problems]
        self._problems.clear()

    def _cases(self, lesson: Lesson, exercise: Exercise) -> Iterator[tuple[Kind, str, Callable[[], Tried]]]:
        for number, stage in enumerate(exercise.stages):
            prefix = f"stage {number + 1}: " if len(exercise.stages) > 1 else ""
            yield "untouched", prefix.rstrip(": "), partial(self._untouched, number)
            if number == 0:
                yield "solution", "", self._solution
            for index in range(len(stage.also)):
                yield "also", f"{prefix}{index + 1}", partial(self._also, number, index)
            for mistake in stage.mistakes:
                if mistake.by is not None:
                    yield "mistake", f"{prefix}{mistake.id}", partial(self._mistake, number, mistake.id)

    def _run(
        self,
        lesson: Lesson,
        exercise: Exercise,
        kind: Kind,
        name: str,
        tried: Callable[[], Tried],
    ) -> Iterator[Case]:
        """One attempt, which gives one case, or two: a mistake and the recovery from it."""
        began = time.monotonic()
        wanted: Kind = kind
        try:
            self._begin(lesson, exercise)
            for got, verdict, why in tried():
                now = time.monotonic()
                yield Case(lesson.id, exercise.id, got, name, not why, verdict, round(now - began, 2), why)
                wanted, began = "recovery", now
        except NotProvable:
            raise
        except TutorError as error:
            seconds = round(time.monotonic() - began, 2)
            yield Case(
                lesson.id, exercise.id, wanted, name, False, "error", seconds, f"{error.what} {error.do}".strip()
            )
        finally:
            self._tidy(lesson)

    # ------------------------------------------------------------------ one case each
    def _untouched(self, number: int) -> Tried:
        self._up_to(number)
        outcome = self._quiet(0)
        if outcome is None:
            yield "untouched", "no verdict", "things did not become quiet"
        elif outcome.status != "fail":
            yield "untouched", outcome.status, "untouched, it must fail"
        elif outcome.mistake is not None:
            yield "untouched", f"fail, {outcome.mistake.id}", "untouched, no mistake may speak"
        else:
            yield "untouched", "fail", ""

    def _solution(self) -> Tried:
        for number in range(len(self._bound.stages)):
            if why := self._solve(number, self._bound.stages[number].solution):
                yield "solution", self._verdict(), why
                return
        yield "solution", "pass", ""

    def _also(self, number: int, index: int) -> Tried:
        self._up_to(number)
        why = self._solve(number, self._bound.stages[number].also[index])
        yield "also", "pass" if not why else self._verdict(), why

    def _mistake(self, number: int, wanted: str) -> Tried:
        self._up_to(number)
        mistake = next(m for m in self._bound.stages[number].mistakes if m.id == wanted)
        assert mistake.by is not None
        heard = self._type(mistake.by)
        outcome = self._quiet(self._newest(), lambda o: o.mistake is not None)
        found = outcome.mistake.id if outcome is not None and outcome.mistake is not None else ""
        if outcome is None or outcome.status != "fail" or found != wanted:
            said = "no verdict" if outcome is None else f"{outcome.status}, {found or 'no mistake spoke'}"
            yield "mistake", said, f"expected the mistake `{wanted}` to speak{_rows(outcome)}{heard}"
            return
        yield "mistake", f"fail, {found}", ""
        yield from self._recovery(number)

    def _recovery(self, number: int) -> Tried:
        """The solution after a mistake; where that does not pass, the new start that is offered, and the solution."""
        why = self._solve(number, self._bound.stages[number].solution, quick=True)
        if not why:
            yield "recovery", "pass", ""
            return
        view = self.tutor.view
        if "restart" not in view.can:
            yield "recovery", self._verdict(), f"{why}; and no new start is offered"
            return
        self._restart()
        self._up_to(number)
        why = self._solve(number, self._bound.stages[number].solution)
        yield "recovery", "pass after a new start" if not why else self._verdict(), why

    # ------------------------------------------------------------------ moves
    def _begin(self, lesson: Lesson, exercise: Exercise) -> None:
        """A fresh attempt: nothing known of one before."""
        old = self.tutor.attempt
        self.tutor.open_lesson(lesson, exercise.id)
        self.tutor.wait(lambda view: self.tutor.attempt is not old and self.tutor.attempt is not None, PREPARE)
        self._restart()

    def _restart(self) -> None:
        old = self.tutor.attempt
        self.tutor.restart()
        self.tutor.wait(lambda view: self.tutor.attempt is not old, PREPARE)
        self._await_ready(0)

    def _await_ready(self, number: int) -> None:
        def settled(_: object) -> bool:
            attempt = self.tutor.attempt
            if attempt is None:
                return False
            return (attempt.stage == number and attempt.ready) or attempt.state in ("not-here", "unmade")

        self.tutor.wait(settled, PREPARE)
        attempt = self._attempt
        if attempt.state == "not-here":
            raise NotProvable(attempt.notice)
        if attempt.state != "doing":
            raise TutorError(attempt.notice or "What the exercise is given was not made in time.")

    def _up_to(self, number: int) -> None:
        """Pass the stages before this one."""
        for before in range(number):
            if why := self._solve(before, self._bound.stages[before].solution):
                raise TutorError(f"Stage {before + 1} does not pass with its solution: {why}")

    def _solve(self, number: int, script: Script, *, quick: bool = False) -> str:
        """Type a right solution of a stage and wait until it is recorded; "" or what is wrong. ``quick``: give up
        when things are quiet and it has failed."""
        heard = self._type(script)
        newest = self._newest()
        last = number + 1 == len(self._bound.stages)

        def over(_: object) -> bool:
            attempt = self.tutor.attempt
            if attempt is None or attempt.state == "passed" or (not last and attempt.stage > number):
                return True
            outcome = attempt.outcome
            return (
                quick and outcome is not None and outcome.number > newest and outcome.final and outcome.status == "fail"
            )

        self.tutor.wait(over, PASS)
        attempt = self._attempt
        if last and attempt.state == "passed":
            return ""
        if not last and attempt.stage > number:
            self._await_ready(number + 1)
            return ""
        mistake = attempt.outcome.mistake.id if attempt.outcome is not None and attempt.outcome.mistake else ""
        said = f", the mistake `{mistake}` spoke" if mistake else ""
        return f"it did not pass within {PASS:.0f} seconds{said}{_rows(attempt.outcome)}{heard}"

    def _type(self, script: Script) -> str:
        """Write the script's files and type its lines; returns what the terminal showed, for a report."""
        attempt = self._attempt
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

    def _quiet(self, after: int, good: Callable[[Outcome], bool] | None = None) -> Outcome | None:
        """A final judgement newer than ``after``; with ``good``, one of which it holds if there is one in time."""
        attempt = self._attempt
        deadline = time.monotonic() + QUIET

        def fits(outcome: Outcome) -> bool:
            return outcome.attempt == attempt.id and outcome.number > after and outcome.final

        found = self.tutor.wait_outcome(fits, QUIET)
        if good is not None and found is not None and fits(found) and not good(found):
            left = max(0.0, min(3.0, deadline - time.monotonic()))
            found = self.tutor.wait_outcome(lambda o: fits(o) and good(o), left)
        return found if found is not None and fits(found) else None

    def _newest(self) -> int:
        """The number above which a judgement knows of everything that was typed."""
        done = threading.Event()
        self.tutor.post(done.set)  # what the shell told is taken in before this
        done.wait(5)
        outcome = self.tutor.outcome
        if outcome is None:
            return 0
        return outcome.number - 1 if self._attempt.pace.final else outcome.number

    def _verdict(self) -> str:
        outcome = self.tutor.outcome
        return outcome.status if outcome is not None else "no verdict"

    @property
    def _attempt(self) -> Attempt:
        attempt = self.tutor.attempt
        assert attempt is not None
        return attempt

    @property
    def _bound(self) -> Exercise:
        bound = self._attempt.bound
        assert bound is not None
        return bound

    # ------------------------------------------------------------------ afterwards
    def _tidy(self, lesson: Lesson) -> None:
        """Leave, and remove what is ours, by the ledger: as a learner would who says yes to everything."""
        self.tutor.leave()
        done = threading.Event()

        def clean(engine: Engine) -> tuple[str, ...]:
            return self.tutor.own.remove(engine, [one for one in self.tutor.own.leftovers(engine) if one.ours])

        def told(problems: tuple[str, ...]) -> None:
            self._problems += problems
            done.set()

        # after everything that was told of calls, on the thread that writes the ledger
        self.tutor.post(lambda: self.tutor.engine.do(clean, told, lambda error: told((error.what,))))
        done.wait(PREPARE)


def _rows(outcome: Outcome | None) -> str:
    if outcome is None:
        return ""
    bad = [v for v in outcome.verdicts if v.status != "pass"]
    return "".join(f"; {v.title}: {v.status}, expected {v.expected}, found {v.found} {v.why}".rstrip() for v in bad[:3])


def _compare(before: Baseline, after: Baseline, where: str, totals: Totals) -> None:
    """Note what is there now and was not, and what was there and is not, tags of images included."""
    for kind in ("container", "network", "volume", "image"):
        then, now = before.ids.get(kind, frozenset()), after.ids.get(kind, frozenset())
        totals.left += [f"{where}: {kind} {_name(after, kind, one)}" for one in sorted(now - then)]
        totals.touched += [f"{where}: {kind} {_name(before, kind, one)}" for one in sorted(then - now)]
        names, still = before.names.get(kind, {}), after.names.get(kind, {})
        totals.touched += [f"{where}: {kind} {n}" for n, one in names.items() if one in now and still.get(n) != one]


def _name(baseline: Baseline, kind: str, id_: str) -> str:
    names = baseline.names.get(kind, {})
    return next((name for name, one in names.items() if one == id_), id_)
