"""One maker for each kind that an exercise can be given; what was made is verified with the same checks."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dockertutor.checks import Check, Judgement
from dockertutor.checks.kinds import KINDS
from dockertutor.checks.look import Look
from dockertutor.engine import images, making
from dockertutor.engine.engine import Engine
from dockertutor.engine.removal import remove
from dockertutor.errors import EngineFault, EngineRefused, TutorError
from dockertutor.facts import Facts, Object
from dockertutor.tutor import container_body, given_limits
from dockertutor.tutor.context import AttemptContext
from dockertutor.tutor.gather import Gatherer
from dockertutor.tutor.ledger import LABEL
from dockertutor.tutor.wanted import Unmakeable, wanted

VERIFY = 20.0
"""Seconds that what was made has until it is as the checks say (a page answers, a health check passes)."""
SELF_ENDING = 1.0
"""Seconds that a program has to end by itself before a container that should have ended is stopped."""

_ASK_AUTHOR = "This is a fault of the lesson: report it to its author, and go on with the next step."


class Maker:
    """Makes one stage's given objects; see `given.make`."""

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        attempt_id: str,
        say: Callable[[str], None],
        note: Callable[[Object], None],
        earlier: Mapping[str, tuple[str, str]],
    ) -> None:
        self.engine = engine
        self.folder = folder
        self.labels = {LABEL: attempt_id}
        self.say = say
        self.note = note
        self.handles: dict[str, tuple[str, str]] = dict(earlier)
        self.made: list[tuple[Object, tuple[str, ...]]] = []

    def make(self, checks: Sequence[Check]) -> dict[str, tuple[str, str]]:
        """Make all, verify all; on a failure remove what was made, then raise."""
        made: dict[str, tuple[str, str]] = {}
        try:
            for check in checks:
                found = self._one(check)
                if found is not None:
                    handle = check.handle or f"{found.kind}:{check.subject.name}"
                    made[handle] = self.handles[handle] = (found.kind, found.id)
            self._verify(checks)
        except BaseException:
            self._undo()
            raise
        return made

    def _one(self, check: Check) -> Object | None:
        if check.kind not in ("container", "network", "volume", "image"):
            return None  # http waits and the rest is compared when all is verified
        if check.subject.name is None:
            raise Unmakeable(f"A given {check.kind} needs a name.", _ASK_AUTHOR)
        if check.exists is False:
            return None
        values = wanted(check, self._resolve)
        maker: Callable[[Check, str, dict[str, Any]], Object] = getattr(self, f"_{check.kind}")
        try:
            return maker(check, check.subject.name, values)
        except EngineRefused as refused:
            if refused.status == 409:
                raise TutorError(
                    f"What this exercise needs cannot be made: {refused.what}",
                    "Begin the exercise again: names are drawn anew.",
                ) from refused
            raise

    def _keep(self, made: Object, *tags: str) -> Object:
        self.made.append((made, tags))
        self.note(made)
        return made

    # ------------------------------------------------------------------ kinds
    def _image(self, check: Check, name: str, values: dict[str, Any]) -> Object:
        files = {**(check.extra.get("files") or {}), **(check.extra.get("contents") or {})}
        if "dockerfile" not in check.extra:
            return self._image_here(name)
        if self.engine.inspect("image", name) is not None:
            raise EngineRefused(f"There is an image {name} already.", "Remove it, or begin again.", status=409)
        given_limits.dockerfile(check.extra["dockerfile"])
        built = images.build(self.engine, check.extra["dockerfile"], name, files, self.say)
        return self._keep(built, name)

    def _image_here(self, reference: str) -> Object:
        """An image that the lesson uses: it is there, or is got; it stays when the lesson is left."""
        return self.engine.inspect("image", reference) or images.pull(self.engine, reference, self.say)

    def _network(self, check: Check, name: str, values: dict[str, Any]) -> Object:
        given_limits.network(values)
        body: dict[str, Any] = {
            "driver": values.get("driver") or "bridge",
            "options": values.get("options"),
            "internal": bool(values.get("internal")),
            "enable_ipv6": bool(values.get("ipv6")),
            "labels": {**(values.get("labels") or {}), **self.labels},
        }
        if values.get("attachable"):
            body["attachable"] = True
        if subnets := values.get("subnet"):
            gateways = values.get("gateway") or []
            pools = [
                {"Subnet": subnet, **({"Gateway": gateways[n]} if n < len(gateways) else {})}
                for n, subnet in enumerate(subnets)
            ]
            body["ipam"] = {"Driver": "default", "Config": pools}
        self.say(f"Making the network {name}")
        return self._keep(making.create_network(self.engine, name, body))

    def _volume(self, check: Check, name: str, values: dict[str, Any]) -> Object:
        options = values.get("options") or {}
        given_limits.volume(values)
        body = {
            "driver": values.get("driver") or "local",
            "driver_opts": options or None,
            "labels": {**(values.get("labels") or {}), **self.labels},
        }
        self.say(f"Making the volume {name}")
        made = self._keep(making.create_volume(self.engine, name, body))
        if files := {**(check.extra.get("files") or {}), **(check.extra.get("contents") or {})}:
            making.fill_volume(self.engine, name, files, self._any_image(), f"{name}-filling")
        return made

    def _any_image(self) -> str:
        """Any image serves for a container that is never started."""
        found = sorted(self.engine.ids("image"))
        return found[0] if found else self._image_here("busybox").id

    def _container(self, check: Check, name: str, values: dict[str, Any]) -> Object:
        reference = values.get("image")
        if not reference:
            raise Unmakeable(f"The lesson does not say from which image `{name}` is made.", _ASK_AUTHOR)
        container_body.refuse(values)
        self._only_ours(values)
        image = self._image_here(str(reference))
        body = container_body.body(values, image.inspect, self.folder, self.labels)
        body["Image"] = str(reference)  # as the learner would have typed it
        self._nobody_moves(body["HostConfig"]["Mounts"])
        self.say(f"Making the container {name}")
        made = self._keep(making.create_container(self.engine, name, body))
        for network in container_body.network_names(values)[1:]:
            settings = container_body.endpoint(values, network)
            address = (settings.get("IPAMConfig") or {}).get("IPv4Address")
            with self.engine.asking(f"connect {name} to {network}") as api:
                api.connect_container_to_network(
                    made.id, network, aliases=settings.get("Aliases"), ipv4_address=address
                )
        files = {**(values.get("files") or {}), **(check.extra.get("contents") or {})}
        if files:
            making.put_files(self.engine, made.id, {path: str(text) for path, text in files.items()})
        self._bring_to(made, values)
        return made

    def _only_ours(self, values: Mapping[str, Any]) -> None:
        """Volumes and networks of a given container are given too: a name may be somebody else's."""
        ours = set(self.handles.values())
        for volume in container_body.volume_names(values):
            if ("volume", volume) in ours:
                continue
            if self.engine.inspect("volume", volume) is not None:
                raise Unmakeable(f"A given container may not mount the volume {volume}: it was not given.", _ASK_AUTHOR)
            made = self._keep(making.create_volume(self.engine, volume, {"driver": "local", "labels": self.labels}))
            self.handles[f"volume:{volume}"] = ("volume", made.id)
        mode = str(values.get("network_mode") or "")
        for network in [mode, *container_body.network_names(values)]:
            if network in given_limits.NETWORKS_FOR_ALL:
                continue
            found = self.engine.inspect("network", network)
            if found is None or ("network", found.id) not in ours:
                raise Unmakeable(
                    f"A given container may not be in the network {network}: it was not given.", _ASK_AUTHOR
                )

    def _nobody_moves(self, mounts: Sequence[Mapping[str, Any]]) -> None:
        """Refuse to mount a part of the learner's folder while a container may write to the folder above it: it could
        put a link in the part's place, and the engine would follow it anywhere at the next start."""
        wanted = [(Path(m["Source"]), not m["ReadOnly"]) for m in mounts if m["Type"] == "bind"]
        if not wanted:
            return
        with self.engine.asking("see who writes to the folder") as api:
            found = [
                (Path(mount.get("Source") or "/"), bool(mount.get("RW")), (one.get("Labels") or {}).get(LABEL))
                for one in api.containers(all=True)
                for mount in one.get("Mounts") or ()
                if mount.get("Type") == "bind"
            ]
        above = [place for place, writes, _ in found if writes] + [place for place, writes in wanted if writes]
        below = [place for place, _, label in found if label == self.labels[LABEL]]
        moved = any(place in source.parents for source, _ in wanted for place in above)
        if moved or any(source in place.parents for source, writes in wanted if writes for place in below):
            raise TutorError(
                "What this exercise needs cannot be made: a container may write to the folder above a given one.",
                "Remove the containers that have this exercise's folder, then begin again.",
            )

    def _bring_to(self, made: Object, values: Mapping[str, Any]) -> None:
        """Bring a container to the state that is wanted; without one it runs where its output or exit matters."""
        state = values.get("state") or ("exited" if "exit_code" in values else "created")
        if state == "created":
            return
        if state not in ("running", "exited", "paused"):
            raise Unmakeable(f"A given container cannot be {state}.", _ASK_AUTHOR)
        self.say(f"Starting the container {made.name}")
        making.start(self.engine, made.id)
        if state == "paused":
            making.pause(self.engine, made.id)
        if state == "exited":
            patience = VERIFY if "exit_code" in values else SELF_ENDING
            command = [str(part) for part in values.get("command") or ()]
            if command[:1] == ["sleep"] and "exit_code" not in values:
                patience = 0.0
            if not making.wait_until_ended(self.engine, made.id, patience):
                making.kill(self.engine, made.id)
                making.wait_until_ended(self.engine, made.id, SELF_ENDING)

    # ------------------------------------------------------------------ handles, verification, undoing
    def _resolve(self, handle: str, name: str) -> Any:
        kind, id_ = self.handles.get(handle, ("daemon" if handle == "daemon" else "", ""))
        prop = KINDS[kind].find(name) if kind else None
        thing = self.engine.inspect(kind, id_, by_id=True) if kind else None
        if prop is None or thing is None:
            raise Unmakeable(f"The lesson uses `{handle}` before it is made.", _ASK_AUTHOR)
        value = prop.read(thing, Look(Facts()))
        return list(value) if isinstance(value, tuple) else value

    def _verify(self, checks: Sequence[Check]) -> None:
        """Judge until all hold. `same` and `events` say nothing of what was just made."""
        context = AttemptContext(self.folder)
        context.given = dict(self.handles)
        gatherer = Gatherer(self.engine)
        end = time.monotonic() + VERIFY
        pause = 0.05
        waits = [check for check in checks if check.kind in ("http", "registry") or _has_health(check)]
        while True:
            judgement, _, _ = gatherer.judge(checks, (), context)
            if judgement.status == "pass":
                return
            if time.monotonic() > end or (not waits and pause > 0.5):
                raise _not_as_wanted(judgement)
            if waits:
                self.say("Waiting until what you are given answers")
            time.sleep(pause)
            pause = min(pause * 1.5, 1.0)

    def _undo(self) -> None:
        for made, tags in reversed(self.made):
            try:
                remove(self.engine, made.kind, made.id, tags=tags)
            except EngineFault:
                continue  # it stands in the ledger and is offered when the lesson is left


def _has_health(check: Check) -> bool:
    return any(name in ("health", "logs", "files", "changes") for name, _ in check.properties)


def _not_as_wanted(judgement: Judgement) -> TutorError:
    row = next((v for v in judgement.verdicts if v.status not in ("pass", "skipped")), None)
    if row is None:
        return TutorError("What this exercise needs could not be made.", "Begin it again.")
    expected = f": expected {row.expected}, found {row.found or 'nothing'}" if row.expected else ""
    name = f" of `{row.object}`" if row.object else ""
    return TutorError(
        f"What this exercise needs could not be made: {row.title}{name}{expected}.",
        "Begin the exercise again, or go on with the next step.",
        detail=row.why,
    )
