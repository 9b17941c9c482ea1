"""What is ours on the engine: who made it is written down when it is made, and only that is ever removed, by Id."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, KeysView
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from dockertutor.errors import EngineFault, ProgressError
from dockertutor.tutor.ledger_rows import LedgerStore, Owned, Rows

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine
    from dockertutor.facts import Baseline, Call, Object
    from dockertutor.tutor.step_view import Leftover

LABEL = "dockertutor.attempt"
"""On given containers, networks and volumes, never on images (labels leak from image to container to commit)."""
_ORDER = ("container", "network", "volume", "image")
"""The order of removal: containers hold the others."""
_PATIENCE = (0.2, 0.5, 1.0)
"""Seconds before looking again at what could not be removed: a container that is on its way out holds its volumes."""


class Ledger:
    """The ledger of one engine's objects. Not thread-safe in itself: the session's own thread uses it."""

    def __init__(self, store: LedgerStore) -> None:
        self._rows = Rows(store)
        self._opened: Baseline | None = None

    @property
    def known(self) -> KeysView[tuple[str, str]]:
        """``(kind, id)`` of all that is ours (for marks in the panel; a volume is compared again at removal)."""
        return self._rows.known

    def owns(self, kind: str, id_: str) -> bool:
        """Whether this object is known to be ours."""
        return (kind, id_) in self.known

    def at(self, engine: Engine) -> None:
        """From now on rows are those of this engine."""
        self._rows.at(engine.id)

    def opened(self, engine: Engine) -> Baseline:
        """Look at what is there as a lesson is opened; what of it is not ours by now is somebody's for good, whatever
        the baseline of an attempt says: that may be of days ago, or of another engine."""
        from dockertutor.facts import Baseline

        self.at(engine)
        there = self._note_gone(engine)
        ours = {key for key in self.known if any(self._is_there(engine, row) for row in self._rows.of(*key))}
        tags = {(row.id, row.name) for row in self._rows.all() if row.kind == "image"}
        self._opened = Baseline(
            {kind: frozenset(id_ for id_ in ids if (kind, id_) not in ours) for kind, ids in there.ids.items()},
            {"image": {tag: id_ for tag, id_ in there.names["image"].items() if (id_, tag) not in tags}},
        )
        return there

    def _is_there(self, engine: Engine, row: Owned) -> bool:
        """Whether a row's object, and not only a tag of it, is ours and is there. (What is gone has no row.)"""
        if row.kind != "volume":
            return row.how != "tag"
        found = engine.inspect("volume", row.id, by_id=True)
        return found is not None and _is_that(row, found)

    def _theirs(self, baseline: Baseline, kind: str, id_: str) -> bool:
        """Whether an object was there before the learner's call, and was never ours: what an earlier stage made is in
        the baseline of the next."""
        if self._opened is not None and id_ in self._opened.ids.get(kind, frozenset()):
            return True
        return id_ in baseline.ids.get(kind, frozenset()) and not self._rows.ever(kind, id_)

    def _tag_is_theirs(self, baseline: Baseline, tag: str) -> bool:
        """The same for a tag. It stays theirs where the learner has moved it."""
        held = baseline.names.get("image", {}).get(tag)
        if self._opened is not None and tag in self._opened.names.get("image", {}):
            return True
        return held is not None and not self._rows.ever("image", held, tag)

    def _note_gone(self, engine: Engine) -> Baseline:
        """Write down what is gone; returns what is there. Only what stood before the engine was listed can be missed
        in the list, and what cannot be written now is seen again at the next look."""
        stood = self._rows.all()
        there = engine.baseline()
        with suppress(ProgressError):
            for row in stood:
                if row.how == "between" or row.kind not in there.ids:
                    continue
                if row.id in there.ids[row.kind]:
                    if row.kind != "image" or not _has_lost_its_tag(row, there):
                        continue
                    if row.how != "tag" and not any(one.name == "" for one in self._rows.of("image", row.id)):
                        self._rows.add(row._replace(name=""))  # without its tag the image is still ours
                self._rows.add(row._replace(how="gone", engine=self._rows.engine))
        return there

    def given(self, made: Object, attempt: str) -> None:
        """Note an object that the tutor has made: call it right after making, before anything else can fail."""
        self._note(made, made.name if made.kind == "image" else "", "given", attempt)

    def saw(self, engine: Engine, call: Call, baseline: Baseline, attempt: str) -> None:
        """Note what a call that passed the wire has made, as far as it was not there before (in ``baseline``, or when
        the lesson was opened). ``docker volume create`` of an existing volume makes nothing. Raises EngineFault."""
        if call.ended is None or call.status >= 400:
            return
        self.at(engine)
        for kind, id_ in call.created:
            # an Id is used once: a baseline that has it was taken after the call
            if kind in ("container", "network") or (kind == "volume" and not self._theirs(baseline, kind, id_)):
                found = engine.inspect(kind, id_, by_id=True)
                if found is not None and not (kind == "volume" and _is_older(engine, found, call)):
                    self._note(found, "", "wire", attempt)
                    self.mounts(engine, found, baseline, attempt, call)
            if kind == "container":
                self._asked_volumes(engine, call, baseline, attempt)
        for reference in tags_made(call):
            self._saw_tag(engine, reference, baseline, attempt)
        if call.path == "/grpc":
            self._saw_names(engine, call, baseline, attempt)

    def _asked_volumes(self, engine: Engine, call: Call, baseline: Baseline, attempt: str) -> None:
        """Note named volumes that a create call asked for: with `--rm` their container may be gone by now."""
        for name in _volumes_of(call.request):
            if self._theirs(baseline, "volume", name) or self.owns("volume", name):
                continue
            found = engine.inspect("volume", name, by_id=True)
            if found is not None and not _is_older(engine, found, call):
                self._note(found, "", "mounted", attempt)

    def mounts(
        self, engine: Engine, container: Object, baseline: Baseline, attempt: str, call: Call | None = None
    ) -> None:
        """Note the volumes that a container of ours mounts and that the baseline does not hold (``run -v NAME:``)."""
        if container.kind != "container" or not self.owns("container", container.id):
            return
        for mount in container.inspect.get("Mounts") or ():
            name = str(mount.get("Name") or "")
            if mount.get("Type") != "volume" or not name or self._theirs(baseline, "volume", name):
                continue
            found = engine.inspect("volume", name, by_id=True)
            older = call is not None and found is not None and _is_older(engine, found, call)
            if found is not None and not older and not self.owns("volume", name):
                self._note(found, "", "mounted", attempt)

    def _saw_tag(self, engine: Engine, reference: str, baseline: Baseline, attempt: str) -> None:
        from dockertutor.engine.references import familiar

        if re.fullmatch(r"(sha256:)?[0-9a-f]{64}", reference):
            found = engine.inspect(
                "image", reference if reference.startswith("sha256:") else f"sha256:{reference}", True
            )
            if found is not None and not self._theirs(baseline, "image", found.id):
                self._note_image(engine, found, "", baseline, attempt)
            return
        tag = familiar(reference)
        found = engine.inspect("image", tag)
        if found is not None and not self._tag_is_theirs(baseline, tag):
            self._note_image(engine, found, tag, baseline, attempt)

    def _note_image(self, engine: Engine, image: Object, tag: str, baseline: Baseline, attempt: str) -> None:
        """Note an image, and the untagged ones below it that the baseline does not hold: the steps of its build. Those
        that were there before are somebody's build cache."""
        self._note(image, tag, "tag" if self._theirs(baseline, "image", image.id) else "wire", attempt)
        parent = str(image.inspect.get("Parent") or "")
        while parent and not self._theirs(baseline, "image", parent):
            below = engine.inspect("image", parent, by_id=True)
            if below is None or _tags_of(below):
                return
            self._note(below, "", "between", attempt)
            parent = str(below.inspect.get("Parent") or "")

    def _saw_names(self, engine: Engine, call: Call, baseline: Baseline, attempt: str) -> None:
        """Note the tags of what buildx has built: its answer names the image by Id alone. A tag that the baseline
        holds is somebody's, even where the learner has moved it."""
        for kind, id_ in call.created:
            found = engine.inspect("image", id_, by_id=True) if kind == "image" else None
            if found is None:
                continue
            for tag in _tags_of(found):
                if not self._tag_is_theirs(baseline, tag):
                    self._note(found, tag, "wire", attempt)

    def _note(self, made: Object, name: str, how: str, attempt: str) -> None:
        stamp = str(made.inspect.get("CreatedAt") or "") if made.kind == "volume" else ""
        if not any((row.name, row.made) == (name, stamp) for row in self._rows.of(made.kind, made.id)):
            self._rows.add(Owned(made.kind, made.id, name, how, attempt, stamp, self._rows.engine))

    # ------------------------------------------------------------------ cleaning up
    def leftovers(self, engine: Engine, *, since: Baseline | None = None) -> tuple[Leftover, ...]:
        """What still exists: ours; and, with ``since`` (the lesson's first baseline, for a learner without a wire),
        what else is new: that is offered one by one and never by default. Raises EngineFault."""
        found: dict[tuple[str, str], Leftover] = {}
        self.at(engine)
        there = {**self._note_gone(engine).ids, "image": engine.ids("image")}  # without those that stand in between
        for row in self._rows.all():
            key = (row.kind, row.id)
            if key in found or row.how == "between" or row.id not in there.get(row.kind, frozenset()):
                continue
            thing = engine.inspect(row.kind, row.id, by_id=True)
            if thing is not None and (row.kind != "image" or self._holds_image(thing)) and _is_that(row, thing):
                found[key] = self._our_part(_leftover(thing, ours=True), thing)
        if since is not None:
            for kind in _ORDER:
                for id_ in there[kind] - since.ids.get(kind, frozenset()):
                    if (kind, id_) not in found and (thing := engine.inspect(kind, id_, by_id=True)) is not None:
                        found[kind, id_] = _leftover(thing, ours=False)
        return tuple(sorted(found.values(), key=lambda one: (_ORDER.index(one.kind), -one.made)))

    def _our_part(self, one: Leftover, thing: Object) -> Leftover:
        """Of an image with foreign tags only what would be removed: our tags, which are younger than the image."""
        tags = _tags_of(thing) if one.kind == "image" else []
        ours = [tag for tag in tags if tag in self._tags(one)]
        return replace(one, name=", ".join(ours), made=0.0) if len(ours) < len(tags) else one

    def remove(self, engine: Engine, leftovers: Iterable[Leftover]) -> tuple[str, ...]:
        """Remove these, by Id, containers first; one sentence for each that could not be removed. What is marked as
        ours is looked up in the ledger again; what is not (the learner chose it by name) goes by its Id alone."""
        from dockertutor.engine.removal import remove

        self.at(engine)
        ordered = sorted(leftovers, key=lambda one: (_ORDER.index(one.kind) if one.kind in _ORDER else 9, -one.made))
        problems: dict[Leftover, str] = {}
        for wait in (0.0, *_PATIENCE):
            time.sleep(wait)
            for one in [one for one in ordered if wait == 0.0 or one in problems]:
                problems.pop(one, None)
                try:
                    if not one.ours or self._still_ours(engine, one):
                        remove(
                            engine,
                            one.kind,
                            one.id,
                            tags=self._tags(one),
                            parents=self._parents(engine, one),
                            keep=self._only_tags(one),
                        )
                except EngineFault as fault:
                    problems[one] = f"The {one.kind} {one.name} is still there: {fault.what}"
            if not problems:
                break
        with suppress(EngineFault):  # what cannot be listed now is seen to be gone at the next look
            self._note_gone(engine)
        return tuple(problems.values())

    def _still_ours(self, engine: Engine, one: Leftover) -> bool:
        rows = self._rows.of(one.kind, one.id)
        thing = engine.inspect(one.kind, one.id, by_id=True) if rows else None
        return thing is not None and any(_is_that(row, thing) for row in rows)

    def _only_tags(self, one: Leftover) -> bool:
        """Whether the image was there before: a build that found it in the cache, or `docker tag`, gave it our tag."""
        rows = self._rows.of(one.kind, one.id)
        return one.ours and bool(rows) and all(row.how == "tag" for row in rows)

    def _tags(self, one: Leftover) -> tuple[str, ...]:
        if one.kind != "image":
            return ()
        if not one.ours:
            return tuple(name for name in one.name.split(", ") if ":" in name and not name.startswith("sha256:"))
        return tuple(row.name for row in self._rows.of("image", one.id) if row.name)

    def _parents(self, engine: Engine, one: Leftover) -> tuple[str, ...] | None:
        """The images below this one that go with it: all of a given one (its build used no cache), else our own."""
        if any(row.how == "given" for row in self._rows.of("image", one.id)):
            return None
        found: list[str] = []
        thing = engine.inspect("image", one.id, by_id=True) if one.kind == "image" else None
        while thing is not None and (parent := str(thing.inspect.get("Parent") or "")):
            if not any(row.how == "between" for row in self._rows.of("image", parent)):
                break
            found.append(parent)
            thing = engine.inspect("image", parent, by_id=True)
        return tuple(found)

    def _holds_image(self, thing: Object) -> bool:
        """Whether something of the image is ours to remove: one of its tags, or the image where it has none."""
        tags = _tags_of(thing)
        rows = self._rows.of("image", thing.id)
        return any(row.name in tags if tags else row.how != "tag" for row in rows)


def _is_that(row: Owned, thing: Object) -> bool:
    """Whether an object with a row's Id is the row's object: a volume's Id is only a name. Before Engine 23 its
    CreatedAt moves with what is written into it: a given one is known by its label, too."""
    if row.kind != "volume" or row.made == str(thing.inspect.get("CreatedAt") or ""):
        return True
    return row.how == "given" and (thing.inspect.get("Labels") or {}).get(LABEL) == row.attempt


def _has_lost_its_tag(row: Owned, there: Baseline) -> bool:
    """Whether the tag of a row means another image now, or nothing. (Digests are not listed.)"""
    return bool(row.name) and "@" not in row.name and there.names["image"].get(row.name) != row.id


def _is_older(engine: Engine, volume: Object, call: Call) -> bool:
    """Whether a volume was there before the call that asked for it (by the clock both share)."""
    from dockertutor.engine.rows import seconds

    made = seconds(volume.inspect.get("CreatedAt"))
    return engine.local and bool(made) and bool(call.started) and made < int(call.started) - 1


def _volumes_of(request: object) -> tuple[str, ...]:
    """Names of volumes in the body of a container's create call (``HostConfig.Binds`` and ``Mounts``)."""
    config = request.get("HostConfig") if isinstance(request, dict) else None
    if not isinstance(config, dict):
        return ()
    named = [str(bind).partition(":")[0] for bind in config.get("Binds") or ()]
    for mount in config.get("Mounts") or ():
        if isinstance(mount, dict) and mount.get("Type") == "volume":
            named.append(str(mount.get("Source") or ""))
    return tuple(name for name in dict.fromkeys(named) if name and not name.startswith(("/", ".", "~")))


def tags_made(call: Call) -> tuple[str, ...]:
    """References (or Ids) of images that a call has made: build, commit, import, pull, tag."""
    query, parts = call.query, call.path.strip("/").split("/")
    if call.method != "POST":
        return ()
    made = tuple(id_ for kind, id_ in call.created if kind == "image")
    if call.path == "/build":
        return (*made, *(tag for tag in [query.get("t", "")] if tag))
    if call.path == "/commit":
        return (*made, *_joined(query.get("repo", ""), query.get("tag", "")))
    if call.path == "/images/create":
        if query.get("fromSrc"):
            return (*made, *_joined(query.get("repo", ""), query.get("tag", "")))
        return (*made, *_joined(query.get("fromImage", ""), query.get("tag", "")))
    if len(parts) >= 3 and parts[0] == "images" and parts[-1] == "tag":
        return (*made, *_joined(query.get("repo", ""), query.get("tag", "")))
    return made


def _joined(repository: str, tag: str) -> tuple[str, ...]:
    if not repository:
        return ()
    if not tag or tag.startswith("sha256:"):
        return (f"{repository}@{tag}",) if tag else (repository,)
    return (f"{repository}:{tag}",)


def _tags_of(thing: Object) -> list[str]:
    return [tag for tag in thing.inspect.get("RepoTags") or () if tag != "<none>:<none>"]


def _leftover(thing: Object, *, ours: bool) -> Leftover:
    from dockertutor.engine.rows import seconds
    from dockertutor.tutor.step_view import Leftover

    made = seconds(thing.inspect.get("Created") or thing.inspect.get("CreatedAt"))
    name, image = thing.name, ""
    if thing.kind == "image":
        name = ", ".join(_tags_of(thing)) or thing.id.removeprefix("sha256:")[:12]
    if thing.kind == "container":
        image = str((thing.inspect.get("Config") or {}).get("Image") or "")
    return Leftover(thing.kind, thing.id, name, image, made, ours)
