"""Removal by Id, one object at a time; never prune. Whoever calls this knows that the object is ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dockertutor.errors import EngineRefused

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine


def remove(
    engine: Engine,
    kind: str,
    id_: str,
    *,
    tags: tuple[str, ...] = (),
    parents: tuple[str, ...] | None = None,
    keep: bool = False,
) -> None:
    """Remove the object with exactly this Id; one that is gone already is no fault.

    A container is stopped at once, and its volumes without a name go with it. An image loses those of ``tags`` that
    still mean this Id, and is removed by Id, unforced, when it has no tag left. ``parents``: Ids of the untagged images
    below it that may go with it, as far as nothing else rests on them; None: all of them, as `docker rmi` does. A
    network or volume that is in use is refused by the engine: EngineRefused.
    """
    found = engine.inspect(kind, id_, by_id=True)
    if found is None:
        return
    if kind == "image":
        if keep:
            _untag(engine, id_, tags)
            return
        _remove_image(engine, id_, tags, prune=parents is None)
        for parent in parents or ():
            if not _remove_parent(engine, parent):
                return
        return
    try:
        with engine.asking(f"remove the {kind} {found.name}", seconds=60) as api:
            if kind == "container":
                api.remove_container(id_, force=True, v=True)
            elif kind == "network":
                api.remove_network(id_)
            elif kind == "volume":
                api.remove_volume(id_)
            else:
                raise ValueError(f"objects of the kind {kind} are not removed")
    except EngineRefused as refused:
        if refused.status == 404 or "already in progress" in refused.detail:
            return
        raise


def _remove_image(engine: Engine, id_: str, tags: tuple[str, ...], *, prune: bool) -> None:
    for tag in tags:
        now = engine.inspect("image", tag)
        if now is not None and now.id == id_:
            _remove_reference(engine, tag, prune=prune)
    left = engine.inspect("image", id_, by_id=True)
    if left is not None and not [t for t in left.inspect.get("RepoTags") or () if t != "<none>:<none>"]:
        _remove_reference(engine, id_, prune=prune)


def _untag(engine: Engine, id_: str, tags: tuple[str, ...]) -> None:
    """Take our tags from an image that stays. With its last tag the engine would remove the image itself, so that tag
    is moved to an image that has another one, and taken from there."""
    for tag in tags:
        now = engine.inspect("image", tag)
        if now is None or now.id != id_:
            continue
        if len(now.inspect.get("RepoTags") or ()) < 2:
            other = next((n for n, i in engine.baseline().names["image"].items() if i != id_ and n != tag), "")
            if not other:
                continue
            repository, _, word = tag.rpartition(":")
            with engine.asking(f"take the tag {tag} from an image") as api:
                api.tag(other, repository, word)
        _remove_reference(engine, tag, prune=False)


def _remove_parent(engine: Engine, id_: str) -> bool:
    """Remove an untagged image below another; False where something still rests on it."""
    left = engine.inspect("image", id_, by_id=True)
    if left is None:
        return True
    if [t for t in left.inspect.get("RepoTags") or () if t != "<none>:<none>"]:
        return False
    try:
        _remove_reference(engine, id_, prune=False)
    except EngineRefused as refused:
        if refused.status == 409:
            return False
        raise
    return True


def _remove_reference(engine: Engine, reference: str, *, prune: bool) -> None:
    try:
        with engine.asking(f"remove the image {reference}", seconds=60) as api:
            api.remove_image(reference, force=False, noprune=not prune)
    except EngineRefused as refused:
        if refused.status != 404:
            raise
