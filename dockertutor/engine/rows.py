"""What is on the engine, as rows of the live panel: one list request a kind, no inspects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Row:
    """One object. ``kind``: container, image, network, volume. ``state``: as Docker says (running, exited …).
    ``ports``: "8317 → 80". ``changed``: when it was made, seconds since the epoch."""

    kind: str
    id: str
    name: str
    image: str = ""
    state: str = ""
    ports: str = ""
    changed: float = 0.0


def rows(api: Any) -> list[Row]:
    """All rows, from docker-py's client; newest first of each kind."""
    found = [_container(record) for record in api.containers(all=True)]
    found += [_image(record) for record in api.images()]
    found += [
        Row("network", n["Id"], n["Name"], state=str(n.get("Driver") or ""), changed=seconds(n.get("Created")))
        for n in api.networks()
    ]
    found += [
        Row("volume", v["Name"], v["Name"], state=str(v.get("Driver") or ""), changed=seconds(v.get("CreatedAt")))
        for v in api.volumes().get("Volumes") or ()
    ]
    order = {"container": 0, "image": 1, "network": 2, "volume": 3}
    return sorted(found, key=lambda row: (order[row.kind], -row.changed, row.name))


def _container(record: Mapping[str, Any]) -> Row:
    names = [name.lstrip("/") for name in record.get("Names") or () if name.count("/") == 1]
    return Row(
        "container",
        str(record["Id"]),
        names[0] if names else str(record["Id"])[:12],
        str(record.get("Image") or ""),
        str(record.get("State") or ""),
        ports(record.get("Ports") or ()),
        float(record.get("Created") or 0),
    )


def _image(record: Mapping[str, Any]) -> Row:
    tags = [tag for tag in record.get("RepoTags") or () if tag != "<none>:<none>"]
    id_ = str(record["Id"])
    name = ", ".join(tags) if tags else id_.removeprefix("sha256:")[:12]
    return Row("image", id_, name, changed=float(record.get("Created") or 0))


def ports(published: Any) -> str:
    """Published ports as the panel shows them, host first; IPv4 and IPv6 count once."""
    pairs = dict.fromkeys(
        (int(port["PublicPort"]), int(port["PrivatePort"]), str(port.get("Type") or "tcp"))
        for port in published
        if port.get("PublicPort")
    )
    return ", ".join(
        f"{outside} → {inside}{'' if type_ == 'tcp' else '/' + type_}" for outside, inside, type_ in sorted(pairs)
    )


def seconds(text: Any) -> float:
    """A time as the API writes it (RFC 3339, up to nanoseconds) in seconds since the epoch; 0.0 where it is none."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)", str(text or ""))
    if not found or found[1].startswith("0001"):
        return 0.0
    whole = datetime.fromisoformat(found[1] + ("+00:00" if found[3] == "Z" else found[3])).timestamp()
    return whole + float(found[2] or 0)
