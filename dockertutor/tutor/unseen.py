"""A container that came and went before it could be looked at, told from the call that made it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from dockertutor.facts import Call

if TYPE_CHECKING:
    from dockertutor.engine.engine import Engine


def as_asked(engine: Engine, calls: Iterable[Call], container_id: str, name: str) -> dict[str, Any] | None:
    """What an inspect would have said of it, from the body of its create call and its image; None where no call that
    made it was seen. Its state is left empty: the events tell it. Raises EngineFault."""
    made = ("container", container_id)
    request = next((call.request for call in calls if made in call.created), None)
    if not isinstance(request, dict):
        return None
    image = engine.inspect("image", str(request.get("Image") or ""))
    inherited: dict[str, Any] = dict(image.inspect.get("Config") or {}) if image is not None else {}
    asked = {key: value for key, value in request.items() if key not in ("HostConfig", "NetworkingConfig")}
    config = inherited | {key: value for key, value in asked.items() if value not in (None, "", [], {})}
    config["Env"] = [*(inherited.get("Env") or ()), *(asked.get("Env") or ())]
    config["Labels"] = {**(inherited.get("Labels") or {}), **(asked.get("Labels") or {})}
    words = _program(asked, inherited)
    return {
        "Id": container_id,
        "Name": f"/{name}",
        "Image": image.id if image is not None else "",
        "Path": words[0] if words else "",
        "Args": words[1:],
        "Config": config,
        "HostConfig": request.get("HostConfig") or {},
        "State": {},
    }


def _program(asked: dict[str, Any], image: dict[str, Any]) -> list[str]:
    """Entrypoint and command as the daemon joins them: with an entrypoint of one's own the image's command is void."""
    own = asked.get("Entrypoint") or []
    entrypoint = [] if own == [""] else own or image.get("Entrypoint") or []
    command = asked.get("Cmd") or ([] if own else image.get("Cmd")) or []
    return [str(word) for part in (entrypoint, command) for word in ([part] if isinstance(part, str) else part)]
