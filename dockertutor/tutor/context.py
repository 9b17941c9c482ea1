"""What an attempt knows beside what the engine can be asked now: baseline, events, calls, removed objects, answers."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dockertutor.facts import Baseline, Call, Event, Object, TypedLine
from dockertutor.tutor.images_made import bare, is_called, references_made, untold_build
from dockertutor.tutor.unseen import as_asked

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine

_NEVER_BACK = frozenset({"container", "network"})
"""Kinds whose Ids are used once: what is gone stays gone. An image comes back by its Id, a volume by its name."""
_GONE = {
    "container": ("destroy",),
    "image": ("delete",),
    "network": ("destroy", "remove"),
    "volume": ("destroy", "remove"),
}
_TELLING = {
    "container": frozenset({"create", "start", "die", "rename", "pause", "unpause", "update", "health_status"}),
    "image": frozenset({"tag", "untag", "load", "import", "pull", "commit"}),
    "network": frozenset({"create", "connect", "disconnect"}),
    "volume": frozenset({"create"}),
}
"""After these events an object is inspected, so that it can still be judged when it is gone."""
_NO_PROOF = frozenset({"archive-path", "top"})
"""Our own reads leave the same."""
MOST_EVENTS = 1000
MOST_CALLS = 5000


@dataclass
class _Record:
    """One object of the stage: its newest inspect, its events, and whether it is gone."""

    kind: str
    id: str
    name: str = ""
    first: float = 0.0
    inspect: Mapping[str, Any] | None = None
    removed: float = 0.0
    exit_code: int | None = None
    image: str = ""
    events: deque[Event] = field(default_factory=lambda: deque(maxlen=MOST_EVENTS))

    @property
    def between(self) -> bool:
        """Whether it may be an image that the older builder made on its way to another: newer engines tell of each,
        and of no more than that. (A result without a tag is in the engine's list.)"""
        return self.kind == "image" and bool(self.events) and all(e.action == "create" for e in self.events)


@dataclass
class AttemptContext:
    """One attempt's knowledge. Any thread may call its methods; the plain fields are set by the attempt's own thread.

    ``folder``: the learner's. ``wire``: calls are seen, so that they tell who made an object. ``answer``: what the
    learner answered. ``typed``: the last command line that ended. ``files_told``: whether changes in the folder are
    told. ``quiet``: see `facts.Facts`.
    """

    folder: Path
    wire: bool = False
    answer: str | None = None
    typed: TypedLine | None = None
    files_told: bool = False
    quiet: bool = True
    baseline: Baseline = field(default_factory=Baseline)
    given: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    since: float = 0.0
    opened: float = field(default_factory=time.time)
    """When this context was opened: a stage that began before was taken up again, and its wire saw nothing till now."""
    before: frozenset[str] | None = None
    """Ids of the containers that were there when the attempt's first stage began; None where none has begun."""
    _records: dict[tuple[str, str], _Record] = field(default_factory=dict, repr=False)
    _calls: dict[int, Call] = field(default_factory=dict, repr=False)
    _created: set[tuple[str, str]] = field(default_factory=set, repr=False)
    _references: set[str] = field(default_factory=set, repr=False)
    """What calls of this stage called images, where they told no Id."""
    _began: float = 0.0
    """When the stage began, by this computer's clock: that is the clock of calls. ``since`` is the engine's."""
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def begin_stage(
        self,
        baseline: Baseline,
        given: Mapping[str, tuple[str, str]],
        *,
        since: float = 0.0,
        began: float | None = None,
    ) -> None:
        """Forget the stage before. ``since``: `Engine.now` when what is given was there; earlier events are left out.
        ``given``: handles of this stage and of the stages before it. What the learner made stays known as theirs.
        ``began``: when it began where that is not now; calls that began earlier are left out."""
        with self._lock:
            self._began = began if began is not None else time.time() if since else 0.0
            self.baseline, self.given, self.since = baseline, dict(given), since
            self.answer, self.typed = None, None
            if self.before is None:
                self.before = baseline.ids.get("container", frozenset())
            self._records.clear()
            self._calls.clear()
            self._references.clear()

    # ------------------------------------------------------------------ signals
    def note_event(self, event: Event) -> None:
        """Keep an event of this stage. Cheap: it asks the engine nothing."""
        if event.kind not in _GONE or event.time < self.since:
            return
        with self._lock:
            record = self._record(event.kind, event.id)
            if event in record.events:  # told again after a loss, or by the engine's history
                return
            late = event.time < max((one.time for one in record.events), default=0.0)
            record.events.append(event)
            record.first = min(record.first or event.time, event.time)
            if late:  # it still belongs to the story, but says nothing of how things are now
                return
            if event.name:
                record.name = event.name
            if event.action == "die" and event.attributes.get("exitCode", "").lstrip("-").isdigit():
                record.exit_code = int(event.attributes["exitCode"])
            if event.action == "start":
                record.exit_code = None
            if event.kind == "container":
                record.image = event.attributes.get("image", record.image)
            record.removed = event.time if event.action in _GONE[event.kind] else 0.0

    def inspects(self, engine: Engine, event: Event) -> None:
        """Look at the event's object now if the event is a telling one, so that it can be judged when it is gone. Call
        it on the watching thread, not on the one that reads events. Raises EngineFault."""
        if event.time < self.since or event.action not in _TELLING.get(event.kind, ()):
            return
        if event.kind != "image":
            found = engine.inspect(event.kind, event.id, by_id=True)
        else:
            found = engine.inspect("image", event.id if event.id.startswith("sha256:") else event.name or event.id)
        if found is not None:
            self.remember(found)

    def note_call(self, call: Call) -> None:
        """Keep a call of this stage (again when it ended, by its number), and whose objects it made. One that was under
        way when the stage began is no call of this stage, but what it makes is the learner's all the same."""
        with self._lock:
            if call.started >= self._began:
                self._calls[call.number] = call
            while len(self._calls) > MOST_CALLS:
                self._calls.pop(next(iter(self._calls)))
            self._created.update((kind, id_) for kind, id_ in call.created)
            if call.ended is not None and call.ended >= self._began and (made := references_made(call)):
                self._references |= made
                for record in self._records.values():
                    self._note_called(record)

    def remember(self, found: Object) -> None:
        """Keep an inspect as the last one seen of its object."""
        with self._lock:
            record = self._record(found.kind, found.id)
            record.inspect = found.inspect
            if found.kind != "image":
                record.name = found.name
            self._note_called(record)
            if found.kind not in _NEVER_BACK:  # an inspect may have been answered before the event that was told first
                record.removed = 0.0

    def _note_called(self, record: _Record) -> None:
        """Note an image as the learner's if a call of theirs gave it one of its names. It stays theirs without it."""
        if record.kind == "image" and record.inspect is not None and is_called(record.inspect, self._references):
            self._created.add(("image", record.id))

    def _record(self, kind: str, id_: str) -> _Record:
        return self._records.setdefault((kind, id_), _Record(kind, id_))

    # ------------------------------------------------------------------ what is known
    @property
    def calls(self) -> tuple[Call, ...] | None:
        """Calls since the stage began, oldest first; None without a wire."""
        with self._lock:
            return tuple(self._calls[number] for number in sorted(self._calls)) if self.wire else None

    def new_ids(self, kind: str) -> frozenset[str]:
        """Ids of objects that are known, by events or calls, to have appeared in this stage, gone ones among them."""
        with self._lock:
            seen = {id_ for (k, id_), record in self._records.items() if k == kind and not record.between}
            known = seen | {id_ for k, id_ in self._created if k == kind}
        return frozenset(known) - self.baseline.ids.get(kind, frozenset())

    def is_theirs(self, kind: str, id_: str) -> bool:
        """Whether an object that is absent from the baseline counts as made by this learner. With a wire its create
        call passed there (a volume also: a container of theirs mounts it; an image: a call told its Id or one of its
        names, or a build passed that did not tell what it made), or it was made before the attempt was taken up again.
        An image must have been inspected, else its names are not known."""
        if id_ in self.baseline.ids.get(kind, frozenset()) or any(id_ == known for _, known in self.given.values()):
            return False
        with self._lock:
            if not self.wire:
                record = self._records.get((kind, id_))
                return not (kind == "container" and record is not None and record.removed and _of_a_build(record))
            if (kind, id_) in self._created or self._from_before(kind, id_):
                return True
            if kind == "image":
                known = {one for k, one in self._records if k == kind} | self.baseline.ids.get(kind, frozenset())
                return (kind, bare(id_)) in self._created or untold_build(self._calls.values(), known)
            return kind == "volume" and any(
                mount.get("Name") == id_
                for (k, container), record in self._records.items()
                if k == "container" and (k, container) in self._created and record.inspect is not None
                for mount in record.inspect.get("Mounts") or ()
            )

    def may_run_in(self, container_id: str) -> bool:
        """Whether a lesson may have a command run in this container: it was given, or this learner made it in this
        attempt (in an earlier stage too). A name alone proves nothing: it may be somebody else's."""
        if ("container", container_id) in self.given.values():
            return True
        if self.before is None or container_id in self.before:
            return False
        with self._lock:
            made = not self.wire or ("container", container_id) in self._created
            return made or self._from_before("container", container_id)

    @property
    def taken_up(self) -> bool:
        """Whether the stage began before this context was opened."""
        return 0.0 < self.since < self.opened

    def _from_before(self, kind: str, id_: str) -> bool:
        """Whether the object was made in this stage while nobody watched the wire: then that it is new is enough."""
        from dockertutor.engine.rows import seconds

        record = self._records.get((kind, id_))
        if record is None or not self.taken_up:
            return False
        inspect = record.inspect or {}
        made = seconds(inspect.get("Created") or inspect.get("CreatedAt")) or record.first
        if kind == "image":  # one that was pulled was built long before
            return (self._first_of_image(record) or made) < self.opened
        return self.since - 1 <= made < self.opened

    def _first_of_image(self, record: _Record) -> float:
        """When the first event of an image was, by its Id or one of its names; 0.0 where none was seen."""
        names = [r for r in self._records.values() if r.kind == "image" and is_called(record.inspect or {}, (r.id,))]
        return min((one.first for one in (record, *names) if one.first), default=0.0)

    def appeared(self, kind: str, id_: str) -> float:
        """When the object's first event of this stage was, 0.0 where none was seen."""
        with self._lock:
            record = self._records.get((kind, id_))
            return record.first if record is not None else 0.0

    def complete(self, engine: Engine, found: Object) -> Object:
        """An inspect with what only the attempt knows: its events, and whether a client was attached."""
        with self._lock:
            return replace(
                found,
                events=self._actions(engine, found.kind, found.id, found.inspect),
                attached=self._attached(found) if found.kind == "container" else None,
            )

    def gone(self, engine: Engine, kind: str, ref: str, by_id: bool = False) -> Object | None:
        """The object of this name (or Id) that existed in this stage and is gone, by its last inspect; else None.
        Call it when the engine knows none; of several the last one that went."""
        with self._lock:
            if by_id:
                record = self._records.get((kind, ref))
                return self._as_gone(engine, record, "") if record is not None else None
            if kind == "image":
                return self._gone_image(engine, ref)
            records = [r for r in self._records.values() if r.kind == kind and r.name == ref and r.removed]
            return self._as_gone(engine, max(records, key=lambda r: r.removed), ref) if records else None

    def _gone_image(self, engine: Engine, ref: str) -> Object | None:
        from dockertutor.engine.references import familiar

        tag = familiar(ref)
        had = self.baseline.names.get("image", {}).get(tag)
        for record in reversed(list(self._records.values())):
            if record.kind == "image" and record.inspect is not None:
                tags = record.inspect.get("RepoTags") or ()
                if tag in tags or record.id == had:
                    return self._as_gone(engine, record, ref)
        return None

    def _as_gone(self, engine: Engine, record: _Record, ref: str) -> Object | None:
        inspect = record.inspect
        if inspect is None:
            if not record.removed:
                return None
            if record.kind == "container":
                inspect = as_asked(engine, self._calls.values(), record.id, record.name)
            inspect = inspect or {"Id": record.id, "Name": record.name, "Config": {"Image": record.image}, "State": {}}
        if record.kind == "container" and record.exit_code is not None:
            state = dict(inspect.get("State") or {})
            if state.get("Running") or not state:
                ended = {"Status": "exited", "Running": False, "Paused": False, "ExitCode": record.exit_code}
                inspect = {**inspect, "State": {**state, **ended}}
        made = Object(record.kind, record.id, ref or record.name or record.id, inspect, removed=True)
        return self.complete(engine, made)

    def _actions(self, engine: Engine, kind: str, id_: str, inspect: Mapping[str, Any]) -> tuple[str, ...]:
        events: list[Event] = list(self._records[kind, id_].events) if (kind, id_) in self._records else []
        if kind == "image":  # a pull or a push tells a reference where others tell an Id
            tags = set(inspect.get("RepoTags") or ())
            for (k, reference), record in self._records.items():
                if k == "image" and reference != id_ and {reference, f"{reference}:latest"} & tags:
                    events += record.events
        events.sort(key=lambda event: event.time)
        return tuple(e.action for e in events if e.action not in _NO_PROOF and not engine.is_own(e))

    def _attached(self, found: Object) -> bool | None:
        """Whether the client that started it last was attached to it then."""
        if not self.wire:
            return None
        names = _names_of(found)
        calls = [self._calls[number] for number in sorted(self._calls)]
        starts = [c for c in calls if c.method == "POST" and _is_call(c, "start", names)]
        if not starts:
            return None
        start = starts[-1]
        return any(
            c.method == "POST"
            and _is_call(c, "attach", names)
            and c.started <= start.started
            and (c.ended is None or c.ended >= start.started)
            and (not c.pid or not start.pid or c.pid == start.pid)
            for c in calls
        )


def _names_of(found: Object) -> frozenset[str]:
    return frozenset({found.id, found.id[:12], found.name})


def _is_call(call: Call, verb: str, names: Iterable[str]) -> bool:
    parts = call.path.strip("/").split("/")
    return len(parts) == 3 and parts[0] == "containers" and parts[2] == verb and parts[1] in names


def _of_a_build(record: _Record) -> bool:
    """The legacy builder makes a container for each RUN, from an image that it names by Id."""
    return record.image.startswith("sha256:")
