"""The images that the course needs, made available on an engine: pulled, loaded from the kit, or built there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dockertutor.called import SETUP
from dockertutor.errors import EngineFault, EngineRefused, SetupError
from dockertutor.setup.engine_api import EngineApi
from dockertutor.setup.kit import Kit, megabytes
from dockertutor.setup.kit_images import NAMES
from dockertutor.setup.record import Record

Say = Callable[[str], None]

HUB_SIZES = {
    "hello-world:latest": 10_000,
    "busybox:latest": 2_200_000,
    "registry:2": 10_000_000,
    "nginx:alpine": 22_000_000,
}
"""About what Docker Hub sends for each, in bytes: told before a pull, measured afterwards by the pull itself."""


@dataclass(frozen=True)
class Missing:
    """What an engine lacks: ``outside`` names of images from outside, ``course`` folders of our own to build."""

    outside: tuple[str, ...] = ()
    course: tuple[Path, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.outside or self.course)


def course_images(lessons: Path) -> list[Path]:
    """The folders of the images that the course builds itself (``lessons/images/tutor-…``)."""
    return sorted(p.parent for p in (lessons / "images").glob("*/Dockerfile"))


def course_name(folder: Path) -> str:
    """The image a folder makes; ``tutor-demo_2`` is ``tutor-demo:2``."""
    name, _, tag = folder.name.partition("_")
    return f"{name}:{tag or 'latest'}"


@dataclass(frozen=True)
class Listed:
    """An image that set-up brings: its ``name``, its ``id`` on the engine ("" where it is not there), and where it
    ``comes_from``, in words."""

    name: str
    id: str
    comes_from: str


def listed(api: EngineApi, lessons: Path) -> tuple[Listed, ...]:
    """All images that set-up makes available, as the engine has them now."""
    tags = api.images()
    outside = [(name, "Docker Hub, or the offline kit") for name in NAMES]
    own = [(course_name(folder), f"built from {folder}") for folder in course_images(lessons)]
    return tuple(Listed(name, tags.get(name, ""), words) for name, words in (*outside, *own))


def set_up_brings(name: str, lessons: Path) -> bool:
    """Whether set-up makes this image available: one of the usual ones, or one that the course builds."""
    whole = name if ":" in name else f"{name}:latest"
    return whole in NAMES or whole in map(course_name, course_images(lessons))


def missing(api: EngineApi, lessons: Path, record: Record) -> Missing:
    """What ``api``'s engine lacks. A course image that we built from an older folder counts; a tag of somebody else's
    never does."""
    tags = api.images()
    outside = tuple(name for name in NAMES if name not in tags)
    built: dict[str, list[str]] = {}
    folders = course_images(lessons)
    if folders and record.images:
        built = record.images.get(api.identity(), {})
    course = tuple(f for f in folders if _to_build(f, tags, built))
    return Missing(outside, course)


def _to_build(folder: Path, tags: dict[str, str], built: dict[str, list[str]]) -> bool:
    name = course_name(folder)
    if name not in tags:
        return True
    content, image = built.get(name, ["", ""])
    return image == tags[name] and content != folder_hash(folder)


def folder_hash(folder: Path) -> str:
    """A hash of every file in ``folder``, with names and the executable bit."""
    whole = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        whole.update(f"{path.relative_to(folder)} {path.stat().st_mode & 0o111:o}\0".encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def make_available(api: EngineApi, lack: Missing, kit: Kit, record: Record, say: Say, *, pull: bool) -> None:
    """Bring what is lacking: by a pull where ``pull`` (Docker Hub, or our mirror), else from the kit. What arrived
    before an interruption stays, so the next run brings the rest. Raises `SetupError` or an `EngineFault`."""
    for name in lack.outside:
        if pull:
            _pull(api, name, say)
        else:
            say(f"  {name}: loading it from the offline kit")
            _load_unmoved(api, name, kit)
    if lack.course:
        identity = api.identity()
        for folder in lack.course:
            _build(api, folder, identity, record, say)


def after_refusal(refused: EngineRefused, names: tuple[str, ...]) -> str:
    """What a person can do whose engine was refused ``names``, where no kit can stand in for Docker Hub."""
    if refused.status == 429 or "toomanyrequests" in refused.what or "rate limit" in refused.what:
        pulls = ", ".join(f"`docker pull {name}`" for name in names)
        return f"Wait some hours, or log in (`docker login`) and get them yourself: {pulls}. Then run {SETUP} again."
    return f"See that this engine reaches Docker Hub (its network, its proxy), then run {SETUP} again."


def _load_unmoved(api: EngineApi, name: str, kit: Kit) -> None:
    """Load, unless the tag has appeared meanwhile: a load would move it."""
    if name not in api.images():
        api.load(kit.archive(name))


def _pull(api: EngineApi, name: str, say: Say) -> None:
    progress = PullProgress()
    shown = -1
    for message in api.pull(name):
        progress.take(message)
        if progress.percent // 25 > shown:
            shown = progress.percent // 25
            say(f"  {name}: {progress.text}")
    say(f"  {name}: here ({megabytes(progress.total)} fetched)" if progress.total else f"  {name}: here")


class PullProgress:
    """Adds up a pull's layers (``progressDetail`` of "Downloading" messages), in bytes."""

    def __init__(self) -> None:
        self._layers: dict[str, tuple[int, int]] = {}

    def take(self, message: dict[str, object]) -> None:
        """One message of the engine's stream."""
        detail = message.get("progressDetail")
        if message.get("status") == "Downloading" and isinstance(detail, dict) and detail.get("total"):
            self._layers[str(message.get("id"))] = (int(detail.get("current", 0)), int(detail["total"]))
        elif message.get("status") in ("Download complete", "Pull complete") and str(message.get("id")) in self._layers:
            total = self._layers[str(message["id"])][1]
            self._layers[str(message["id"])] = (total, total)

    @property
    def total(self) -> int:
        return sum(total for _, total in self._layers.values())

    @property
    def percent(self) -> int:
        return 100 * sum(done for done, _ in self._layers.values()) // self.total if self.total else 0

    @property
    def text(self) -> str:
        return f"{self.percent} % of {megabytes(self.total)}" if self.total else "pulling"


def _build(api: EngineApi, folder: Path, identity: str, record: Record, say: Say) -> None:
    name = course_name(folder)
    say(f"  {name}: building it from {folder.name}/Dockerfile")
    try:
        for message in api.build(folder, name):
            line = str(message.get("stream", "")).strip()
            if line.startswith("Step "):
                say(f"    {line}")
    except EngineFault as fault:
        raise SetupError(
            f"The course's image {name} could not be built. {fault.what}", f"Run {SETUP} again."
        ) from fault
    record.images.setdefault(identity, {})[name] = [folder_hash(folder), api.images()[name]]
    record.write()
