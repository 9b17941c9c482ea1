"""Why a tick turned back: it held for a moment, and then something happened."""

from __future__ import annotations

from dockertutor.facts import Object
from dockertutor.tutor.outcome import Outcome

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
    for thing in (one for one in after.facts.seen.values() if isinstance(one, Object)):
        if thing.id not in before.objects:
            continue
        known = next((o for o in before.facts.seen.values() if isinstance(o, Object) and o.id == thing.id), None)
        new = thing.events[len(known.events) :] if known is not None else thing.events
        action = next((action for action in reversed(new) if action in _WORDS), "")
        if action or thing.removed:
            code = (thing.inspect.get("State") or {}).get("ExitCode")
            ended = action == "die" or (action in _WORDS and "die" in new and "kill" not in new)
            how = _WORDS.get(action, "was removed")
            if ended and code is not None:
                how = f"ended again, with exit code {code}"
            return f"It held for a moment, then `{thing.name}` {how}."
    failed = next((v for v in after.verdicts if v.status in ("fail", "waiting", "unknown")), None)
    return f"It held for a moment, then changed: {failed.title}." if failed else "It held for a moment only."
