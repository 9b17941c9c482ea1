"""When to judge, when a fail is final, and when a pass may be recorded. Pure: it is told the time, and sleeps nowhere.

Times are seconds of a monotonic clock. A *signal* is an engine event that is not our own look, a command that began
or ended, a wire call that ended, a changed file, or the learner's wish.
"""

from __future__ import annotations

from dataclasses import dataclass

GATHER = 0.012
"""Signals come in bursts (create, attach, start): wait this long for the rest of one."""
QUIET = 0.8
"""Nothing has moved for so long, and no command is under way: a fail is final."""
PATIENT = 4.0
"""While a command holds the terminal (`docker run` without `-d`), things are quiet after so long without a signal."""
NUDGE = 0.25
"""How soon to look after something that is only perhaps of interest."""
SEAL = 1.0
"""A pass must last so long, with nothing happening to the judged objects, before it is recorded."""
TICK = 1.0
"""How often to look at what has no signal (http, exec, files in containers, health)."""


@dataclass
class Pace:
    """The rhythm of one stage of an attempt. ``began`` is when it could first be judged."""

    began: float
    last_signal: float = 0.0
    dirty: bool = True
    commands: int = 0
    transfers: int = 0
    held_since: float | None = None
    final: bool = False
    slow: bool = False
    last_judged: float = 0.0
    looking: float | None = None
    nudged: float | None = None

    def __post_init__(self) -> None:
        self.last_signal = self.began

    def signal(self, now: float, *, judged_object: bool = False) -> None:
        """Something happened; ``judged_object``: to an object that the last judgement rests on."""
        self.last_signal = max(self.last_signal, now)
        self.dirty = True
        self.final = False
        if judged_object:
            self.held_since = None

    def nudge(self, now: float) -> None:
        """Something happened that probably concerns nobody here: worth a look, and nothing to wait for."""
        if self.nudged is None:
            self.nudged = now

    def command_began(self, now: float) -> None:
        self.commands = 1
        self.final = False
        self.last_signal = max(self.last_signal, now)

    def command_ended(self, now: float) -> None:
        self.commands = 0
        self.signal(now)

    def starts(self, now: float) -> bool:
        """A look begins; returns whether its verdict will be final if nothing happens meanwhile."""
        self.looking = now
        self.nudged = None
        return self.quiet(now)

    def judged(self, now: float, *, held: bool, was_quiet: bool, slow: bool) -> None:
        """The look that began last has ended. ``slow``: it rests on something that gives no signal."""
        started = self.looking if self.looking is not None else now
        self.looking = None
        self.last_judged = now
        self.slow = slow
        if self.last_signal <= started:
            self.dirty = False
            self.final = was_quiet
        if not held:
            self.held_since = None
        elif self.held_since is None:
            self.held_since = now

    def failed(self, now: float) -> None:
        """The look could not be taken: try again in a while."""
        self.looking = None
        self.dirty, self.final = False, False
        self.last_judged, self.slow = now, True

    def quiet(self, now: float) -> bool:
        """Whether a fail seen now would be final."""
        if self.transfers:
            return False
        return now - self.last_signal >= (PATIENT if self.commands else QUIET)

    def may_seal(self, now: float) -> bool:
        """Whether a pass that holds now may be recorded."""
        return self.held_since is not None and not self.commands and now - self.held_since >= SEAL

    def due(self, now: float) -> float | None:
        """When to look next: a time (perhaps past), or None while only a signal can change anything."""
        if self.looking is not None:
            return None
        if self.dirty:
            return min(self.last_signal + GATHER, now + GATHER)
        times = []
        if self.held_since is not None:
            if not self.commands:
                times.append(self.held_since + SEAL)
        elif not self.final and not self.transfers:
            times.append(self.last_signal + (PATIENT if self.commands else QUIET))
        if self.nudged is not None:
            times.append(self.nudged + NUDGE)
        if self.slow:
            times.append(self.last_judged + TICK)
        return min(times, default=None)
