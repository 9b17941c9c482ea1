"""What a lesson may never be given: networks, volumes and builds that reach past the engine's own objects.

What is allowed is listed, not what is forbidden: a driver or an option that nobody thought of is refused.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from dockertutor.tutor.wanted import Unmakeable

NETWORKS_FOR_ALL = frozenset({"", "bridge", "default", "none"})
"""Networks that every engine has and that any container may be in."""

_ASK_AUTHOR = "This is a fault of the lesson: report it to its author, and go on with the next step."
_NETWORK_DRIVERS = frozenset({"", "bridge", "overlay"})
_NETWORK_OPTIONS = re.compile(r"com\.docker\.network\.(driver\.mtu|bridge\.enable_(icc|ip_masquerade))")
_TMPFS_OPTION = re.compile(r"(size|nr_inodes|mode|uid|gid)=[0-9]+[kmgKMG%]?|ro|rw|noexec|nosuid|nodev|")
_FETCHES = re.compile(r"^\s*(?:ONBUILD\s+)?ADD\b.*(?:://|git@|\$)", re.IGNORECASE | re.MULTILINE)


def network(values: Mapping[str, Any]) -> None:
    """Raise Unmakeable for a network that would be the host's, or take over addresses of the world."""
    if (driver := str(values.get("driver") or "")) not in _NETWORK_DRIVERS:
        raise Unmakeable(f"A given network may not have the driver {driver}.", _ASK_AUTHOR)
    for option in values.get("options") or {}:
        if not _NETWORK_OPTIONS.fullmatch(str(option)):
            raise Unmakeable(f"A given network may not have the option {option}.", _ASK_AUTHOR)
    for subnet in values.get("subnet") or ():
        try:
            private = ipaddress.ip_network(str(subnet), strict=False).is_private
        except ValueError:
            private = False
        if not private:
            raise Unmakeable(f"A given network may not have the addresses {subnet}: they are not private.", _ASK_AUTHOR)


def volume(values: Mapping[str, Any]) -> None:
    """Raise Unmakeable for a volume that lies anywhere but with the engine or in memory.

    The driver ``local`` hands ``type``, ``o`` and ``device`` to mount(2), where ``o: bind`` makes any folder of the
    host a volume, whatever the type says.
    """
    if (driver := values.get("driver") or "local") != "local":
        raise Unmakeable(f"A given volume may not have the driver {driver}.", _ASK_AUTHOR)
    for name, value in (values.get("options") or {}).items():
        fine = {
            "type": value == "tmpfs",
            "device": value in ("tmpfs", "none"),
            "o": all(_TMPFS_OPTION.fullmatch(part) for part in str(value).split(",")),
            "size": True,
        }.get(str(name), False)
        if not fine:
            raise Unmakeable("A given volume may not be a folder or device of the host.", _ASK_AUTHOR)


def dockerfile(text: str) -> None:
    """Raise Unmakeable for a build that would make the engine itself fetch an address."""
    if _FETCHES.search(re.sub(r"[\\`][ \t]*\r?\n", " ", text)):
        raise Unmakeable("A given image may not fetch addresses with ADD.", _ASK_AUTHOR)
