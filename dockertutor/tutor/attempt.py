"""One attempt at an exercise, from drawing its variables to the pass that is on the disk. Lives on the desk.

What waits for the engine is done by `preparing` and `looking` on the engine's thread; what comes back carries the
attempt's turn, and is dropped when the attempt has moved on meanwhile.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from dockertutor.errors import TutorError
from dockertutor.facts import Call, Event, TypedLine
from dockertutor.tutor import looking, preparing
from dockertutor.tutor.ages import made_when
from dockertutor.tutor.beginning import Beginning, House
from dockertutor.tutor.check_rows import check_rows
from dockertutor.tutor.folder import write_files
from dockertutor.tutor.outcome import Outcome
from dockertutor.tutor.relevance import Relevance
from dockertutor.tutor.turned_back import what_happened

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine

__all__ = ["Attempt", "House"]


class Attempt(Beginning):
    """An attempt. All methods are called on the desk."""

    # ------------------------------------------------------------------ signals
    @property
    def watching(self) -> bool:
        return self.ready and self.state == "doing"

    @property
    def settled(self) -> bool:
        """Whether nothing more is to be expected unless the learner does something: prepared, and the last verdict
        final or its pass recorded."""
        if self.state != "doing":
            return self.state != "preparing"
        return self.ready and self.pace.final and self.pace.held_since is None

    def event(self, event: Event, wakes: bool) -> None:
        """An engine event; ``wakes``: it may change what a check sees."""
        self.context.note_event(event)
        if not self.watching or not wakes:
            return
        judged = self.outcome.objects if self.outcome is not None else frozenset()
        concern = self._relevance().of(event, judged)
        if concern != "none":
            self._keep_inspect(event)
        if concern == "surely":
            self.pace.signal(time.monotonic(), judged_object=event.id in judged)
        elif concern == "perhaps":
            self.pace.nudge(time.monotonic())

    def _relevance(self) -> Relevance:
        stage = self.now_stage
        assert stage is not None
        if self._concerns is None:
            self._concerns = Relevance(stage, self.context)
        return self._concerns

    def _keep_inspect(self, event: Event) -> None:
        """Look at the object while it is there: it may be gone a moment later."""
        context = self.context

        def job(engine: Engine) -> None:
            context.inspects(engine, event)

        self.house.engine.do(job, lambda _: None, lambda _: None)

    def call(self, call: Call) -> None:
        self.context.note_call(call)
        if self.watching and call.ended is not None and (call.method != "GET" or self._asks_calls()):
            self.pace.signal(time.monotonic())

    def _asks_calls(self) -> bool:
        stage = self.now_stage
        checks = (*stage.expect, *(c for m in stage.mistakes for c in m.when)) if stage is not None else ()
        return any(check.kind == "api-call" for check in checks)

    def transfers(self, count: int) -> None:
        """How many pulls, pushes or builds are under way: while there are some, nothing is final."""
        self.pace.transfers = count

    def command_began(self) -> None:
        self.pace.command_began(time.monotonic())

    def command_ended(self, text: str, exit_code: int) -> None:
        self.context.typed = TypedLine(text, exit_code)
        self.touched = self.touched or "docker" in text or self._about_files()
        self.pace.command_ended(time.monotonic())

    def _about_files(self) -> bool:
        """Whether the stage asks for files, and nothing of Docker's: there every command is an attempt. (Where only
        an answer is asked for, the commands before it are how one finds out.)"""
        stage = self.now_stage
        kinds = {check.kind for check in stage.expect} if stage is not None else set()
        return "file" in kinds and kinds <= {"file", "answer"}

    def check(self) -> None:
        """Judge now, and take the verdict as final."""
        self.touched = True
        self.pace.signal(time.monotonic())
        self.pace.last_signal -= 60

    # ------------------------------------------------------------------ looking
    def due(self) -> float | None:
        """When to look next (monotonic seconds), None while only a signal can change anything."""
        if not self.watching or not self.house.engine.connected:
            return None
        return self.pace.due(time.monotonic())

    def look(self) -> None:
        """Have the stage judged."""
        stage = self.now_stage
        if stage is None or not self.watching or self.pace.looking is not None:
            return
        turn, place, context, attempt = self._turn, self.stage, self.context, self.id
        quiet = self.pace.starts(time.monotonic())
        number = self.house.next_number()
        self.house.engine.do(
            lambda engine: looking.look(
                engine, stage, context, quiet=quiet, number=number, attempt=attempt, place=place
            ),
            lambda outcome: self._looked(turn, outcome),
            lambda error: self._unseen(turn, error),
        )

    def _unseen(self, turn: int, error: TutorError) -> None:
        if turn == self._turn:
            self.pace.failed(time.monotonic())

    def _looked(self, turn: int, outcome: Outcome) -> None:
        if turn != self._turn or outcome.stage != self.stage or not self.watching:
            return
        before = self.outcome
        held = outcome.status == "pass"
        self.pace.judged(time.monotonic(), held=held, was_quiet=outcome.final, slow=outcome.slow)
        self.outcome = outcome
        signature = tuple((v.status == "pass", v.title, v.object, v.found) for v in outcome.verdicts)
        if self._last.first is None:
            self._last.first = signature
        typed = self.context.typed is not None or self.pace.commands > 0
        acted = typed and outcome.mistake is not None  # perhaps before the first look was taken
        self.touched = self.touched or held or acted or signature != self._last.first
        if held and self.pace.may_seal(time.monotonic()):
            self.pace.held_since = time.monotonic()  # should the disk be full, try again in a while
            self._seal(outcome)
            return
        if before is not None and before.status == "pass" and not held:
            self.notice = what_happened(before, outcome)
        elif held or (outcome.final and outcome.status == "fail" and self._changed_since(signature)):
            self.notice = ""
        self._say_verdict(outcome, signature)
        self.house.changed()

    def _changed_since(self, signature: tuple[object, ...]) -> bool:
        return bool(self._last.failed) and self._last.failed[0] != signature

    def _say_verdict(self, outcome: Outcome, signature: tuple[object, ...]) -> None:
        stage = self.now_stage
        assert stage is not None
        fail = outcome.final and outcome.status == "fail"
        mistake = outcome.mistake if fail else None
        self.rows = check_rows(
            stage.expect,
            outcome.verdicts,
            touched=self.touched,
            before=self.rows,
            explanation=mistake.say.strip() if mistake is not None and self.touched else "",
            ages=made_when(outcome.facts),
        )
        self.lost = bool(outcome.lost) if outcome.final else self.lost and outcome.status != "pass"
        if fail and outcome.lost:
            self.notice = f"{_names(outcome.lost)} is gone, and this exercise needs it. Start again with a new one."
        elif fail and outcome.gone:
            self.notice = f"{_names(outcome.gone)} is gone. Make it again, or start again with a new one."
        key = (signature, mistake.id if mistake else "")
        if fail and self.touched and key != self._last.failed:
            self._last.failed = key
            kept = preparing.kept_verdicts(outcome, stage)
            self._write(
                "failed",
                {
                    "stage": self.stage,
                    "mistake": mistake.id if mistake else "",
                    "verdicts": [[v.status, v.title, v.expected, v.found] for v in kept],
                    "evidence": preparing.evidence(outcome.facts, stage),
                },
            )

    # ------------------------------------------------------------------ passing
    def _seal(self, outcome: Outcome) -> None:
        assert self.bound is not None
        stage = self.bound.stages[self.stage]
        self.rows = check_rows(stage.expect, outcome.verdicts, touched=True, before=self.rows)
        self.notice, self.lost = "", False
        self._remember(outcome)
        if self.stage + 1 < len(self.bound.stages):
            evidence = preparing.evidence(outcome.facts, stage)
            self._write("stage-passed", {"stage": self.stage, "evidence": evidence})
            self.notice = f"Part {self.stage + 1} of {len(self.bound.stages)} is done."
            self._prepare(self.stage + 1)
            return
        kept = check_rows(stage.expect, preparing.kept_verdicts(outcome, stage), touched=True, before=self.rows)
        self._write(
            "passed",
            {
                "stage": self.stage,
                "rows": [[row.title, row.note] for row in kept],
                "remembered": dict(outcome.remembered),
                "completes": self.exercise.completes_lesson,
                "evidence": preparing.evidence(outcome.facts, stage),
            },
        )
        self.state, self.ready = "passed", False
        self._files.end()
        self._tell_why({**self.house.store.record().remembered, **outcome.remembered})
        self.house.changed()

    def _remember(self, outcome: Outcome) -> None:
        if outcome.remembered:
            self._write("remembered", {"values": dict(outcome.remembered)})

    # ------------------------------------------------------------------ help and answers
    def predict(self, option: int) -> None:
        if self.bound is None or self.bound.predict is None or self.predicted is not None or self.state == "passed":
            return
        if 0 <= option < len(self.bound.predict.options):
            self.predicted = option
            right = self.bound.predict.options[option].correct
            self._write("predicted", {"option": option, "right": right})
            self.house.changed()

    def hint(self) -> None:
        stage = self.now_stage
        shown = self.hints.get(self.stage, 0)
        if stage is not None and shown < len(stage.hints) and self.state != "passed":
            self.hints[self.stage] = shown + 1
            self._write("hinted", {"stage": self.stage, "tier": shown + 1})
            self.house.changed()

    def solution(self) -> None:
        if self.now_stage is not None and self.stage not in self.solutions:
            self.solutions.add(self.stage)
            self._write("solved", {"stage": self.stage})
            self.house.changed()

    def answer(self, value: str) -> None:
        if self.state != "doing":
            return
        self.context.answer = value
        self.touched = True
        self._write("answered", {"stage": self.stage, "value": value[:2000]})
        self.pace.signal(time.monotonic())

    def write_files(self) -> None:
        """Write the stage's files into the folder again (after a reset)."""
        if self.now_stage is not None:
            write_files(self.folder, self.now_stage.files)


def _names(names: tuple[str, ...]) -> str:
    return " and ".join(f"`{name}`" for name in names)
