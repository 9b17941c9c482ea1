"""Why a tick turned back: it held for a moment, and then something happened."""

from __future__ import annotations

from dockertutor.facts import Object
from dockertutor.tutor.outcome import Outcome, objects_in

_WORDS = {
    "destroy": "was removed",
    "kill": "was stopped",
    "stop": "was stopped",
    "die": "ended again",
    "pause": "was paused",
    "rename": "got another name",
    "disconnect": "was disconnected",
    "untag": "lost its tag",
    "delete": "was removed",
}


def what_happened(before: Outcome, after: Outcome) -> str:
    """One sentence. ``before`` held, ``after`` does not."""
    known = {thing.id: thing for thing in objects_in(before.facts)}
    for thing in objects_in(after.facts):
        if thing.id in before.objects and (how := _how(known.get(thing.id), thing)):
            return f"It held for a moment, then `{thing.name}` {how}."
    failed = next((v for v in after.verdicts if v.status in ("fail", "waiting", "unknown")), None)
    return f"It held for a moment, then changed: {failed.title}." if failed else "It held for a moment only."


def _how(before: Object | None, after: Object) -> str:
    """What happened to an object between two looks, "" for nothing that is known."""
    new = after.events[len(before.events) :] if before is not None else after.events
    action = next((action for action in reversed(new) if action in _WORDS), "")
    code = (after.inspect.get("State") or {}).get("ExitCode")
    if action == "die":
        # the signal may have been told before the look that still saw it running
        signalled = after.events[: _last(after.events, "die")][-1:] == ("kill",)
        if signalled or code is None:
            return _WORDS["kill"] if signalled else _WORDS["die"]
        return f"ended again, with exit code {code}"
    return _WORDS.get(action, _WORDS["destroy"] if after.removed else "")


def _last(actions: tuple[str, ...], action: str) -> int:
    """Position of the last one of that name, which is there."""
    return len(actions) - 1 - actions[::-1].index(action)
