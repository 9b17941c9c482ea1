"""The command palette: every action of the table, by name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from dockertutor.tui.actions import ALL, Action
from dockertutor.tui.screens.lesson import LessonScreen

EVERYWHERE = frozenset(("glossary", "dark", "signs", "leader_key", "help", "quit", "search"))
"""Actions that work on every screen; the others need an open lesson."""


class TutorCommands(Provider):
    """Offers the actions that work now."""

    def _offered(self) -> Iterator[Action]:
        lesson = self.screen if isinstance(self.screen, LessonScreen) else None
        for action in ALL:
            if action.id != "palette" and (action.id in EVERYWHERE if lesson is None else action.id in lesson.works):
                yield action

    def _run(self, action: Action) -> None:
        own = hasattr(self.screen, f"action_{action.id}")
        self.app.call_later(self.screen.run_action, action.id if own else f"app.{action.id}")

    async def discover(self) -> Hits:
        for action in self._offered():
            yield DiscoveryHit(f"{action.words} ({action.key})", partial(self._run, action), help=action.more)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for action in self._offered():
            score = max(matcher.match(action.words), matcher.match(action.more))
            if score > 0:
                words = f"{action.words} ({action.key})"
                yield Hit(score, matcher.highlight(words), partial(self._run, action), text=words, help=action.more)
