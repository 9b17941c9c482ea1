"""Making containers, networks and volumes. Bodies are the Engine API's own JSON."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dockertutor.engine.images import as_tar
from dockertutor.errors import EngineRefused
from dockertutor.facts import Object

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine

POLL = 0.05


def create_container(engine: Engine, name: str, body: Mapping[str, Any]) -> Object:
    """``POST /containers/create``. Raises EngineRefused (the name is taken, no such image)."""
    with engine.asking(f"make the container {name}", seconds=30) as api:
        made = str(api.create_container_from_config(dict(body), name)["Id"])
    return there(engine, "container", made)


def create_network(engine: Engine, name: str, body: Mapping[str, Any]) -> Object:
    """``POST /networks/create``; ``body`` has the keys of docker-py's ``create_network``. A name that is taken is
    refused."""
    with engine.asking(f"make the network {name}", seconds=30) as api:
        if any(network["Name"] == name for network in api.networks(names=[name])):
            raise EngineRefused(f"There is a network {name} already.", "Remove or rename it.", status=409)
        made = str(api.create_network(name, **body)["Id"])
    return there(engine, "network", made)


def create_volume(engine: Engine, name: str, body: Mapping[str, Any]) -> Object:
    """``POST /volumes/create``; one that exists already is refused, as the engine would silently take it."""
    if engine.inspect("volume", name) is not None:
        raise EngineRefused(f"There is a volume {name} already.", "Remove it, or begin again.", status=409)
    with engine.asking(f"make the volume {name}", seconds=30) as api:
        api.create_volume(name, **body)
    return there(engine, "volume", name)


def there(engine: Engine, kind: str, id_: str) -> Object:
    """The object with this Id, which must exist. Raises EngineRefused where it does not."""
    found = engine.inspect(kind, id_, by_id=True)
    if found is None:
        raise EngineRefused(f"A {kind} that was made is gone again.", "Begin again.", status=404)
    return found


def put_files(engine: Engine, container_id: str, files: Mapping[str, str], folder: str = "/") -> None:
    """Write files (path in ``folder`` → text) into a container, running or not; missing folders are made."""
    with engine.asking("put files into a container", seconds=30) as api:
        api.put_archive(container_id, folder, as_tar(files).getvalue())


def fill_volume(engine: Engine, volume: str, files: Mapping[str, str], image_id: str, name: str) -> None:
    """Write files into a volume through a container ``name`` that is never started, made from any image."""
    helper = create_container(
        engine,
        name,
        {
            "Image": image_id,
            "Cmd": ["true"],
            "Entrypoint": [],
            "NetworkDisabled": True,
            "HostConfig": {"Binds": [f"{volume}:/v"], "NetworkMode": "none"},
        },
    )
    try:
        put_files(engine, helper.id, files, "/v")
    finally:
        with engine.asking("remove a container that filled a volume", seconds=30) as api:
            api.remove_container(helper.id, force=True)


def start(engine: Engine, container_id: str) -> None:
    """Start a container. Raises EngineRefused (port taken, no such program)."""
    with engine.asking("start a container", seconds=30) as api:
        api.start(container_id)


def pause(engine: Engine, container_id: str) -> None:
    """Freeze a running container."""
    with engine.asking("pause a container") as api:
        api.pause(container_id)


def kill(engine: Engine, container_id: str) -> None:
    """Stop a container at once."""
    try:
        with engine.asking("stop a container", seconds=30) as api:
            api.kill(container_id)
    except EngineRefused as refused:
        if refused.status not in (404, 409):  # it has ended meanwhile
            raise


def wait_until_ended(engine: Engine, container_id: str, seconds: float) -> bool:
    """Whether a container's program ends within ``seconds``."""
    end = time.monotonic() + seconds
    while True:
        state = there(engine, "container", container_id).inspect.get("State") or {}
        if not state.get("Running"):
            return True
        if time.monotonic() > end:
            return False
        time.sleep(POLL)
