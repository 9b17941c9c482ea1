"""Reading facts: what was seen, what is still missing, and what could not be seen."""

from __future__ import annotations

from typing import Any

from dockertutor.facts import Facts, Need, Unseen


class NotYet(Exception):
    """A fact is missing: the need was noted, judge again when it is there."""


class CannotSee(Exception):
    """A fact cannot be had because of an engine fault: whoever rests on it cannot be judged."""


class Look:
    """Asks facts by need. ``missing`` collects the needs that no answer was there for."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.missing: set[Need] = set()

    def __call__(self, need: Need) -> Any:
        """What was found for ``need``; raises NotYet or CannotSee."""
        try:
            found = self.facts.seen[need]
        except KeyError:
            self.missing.add(need)
            raise NotYet from None
        if isinstance(found, Unseen):
            raise CannotSee(found.reason)
        return found

    def has(self, need: Need) -> bool:
        """Whether the need was answered; a missing one is noted."""
        if need in self.facts.seen:
            return True
        self.missing.add(need)
        return False
