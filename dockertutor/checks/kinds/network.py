"""What can be asked of a network: ``GET /networks/NAME``."""

from __future__ import annotations

from typing import Any

from dockertutor.checks.kinds.common import ID_PROP, NAME_PROP, inspect_prop
from dockertutor.checks.look import Look
from dockertutor.checks.table import Kind, Prop, at, dig
from dockertutor.checks.values import NETWORK_SCOPE, TEXTS_BY_NAME, TRUTH, WORD, WORDS
from dockertutor.facts import Object


def _pool(field: str) -> Any:
    def read(thing: Object, look: Look) -> tuple[str, ...]:
        return tuple(pool[field] for pool in dig(thing.inspect, "IPAM", "Config") or () if pool.get(field))

    return read


def _members(thing: Object, look: Look) -> tuple[str, ...]:
    return tuple(sorted(str(member.get("Name")) for member in (thing.inspect.get("Containers") or {}).values()))


_P = Prop
NETWORK = Kind(
    "network",
    "A network.",
    "its exact name, `{given: HANDLE}` or `{new: true}`",
    (
        _P("driver", WORD, "Driver", "Driver", "As `bridge`.", "bridge", at("Driver")),
        _P("scope", NETWORK_SCOPE, "Scope", "Scope", "`local`, `swarm` or `global`.", "local", at("Scope")),
        _P("internal", TRUTH, "Internal", "Internal", "It has no way out, as with `--internal`.", "false",
           at("Internal")),
        _P("attachable", TRUTH, "Attachable", "Attachable", "Containers may join a swarm's network.", "false",
           at("Attachable")),
        _P("ipv6", TRUTH, "IPv6", "EnableIPv6", "It has IPv6 addresses.", "false", at("EnableIPv6")),
        _P("subnet", WORDS, "Subnet", "IPAM.Config[].Subnet", "Its ranges of addresses.", "{length: 1}",
           _pool("Subnet")),
        _P("gateway", WORDS, "Gateway", "IPAM.Config[].Gateway", "Its gateways.", "{length: 1}", _pool("Gateway")),
        _P("containers", WORDS, "Containers", "Containers.*.Name", "Names of the running containers in it, sorted.",
           "{not: {contains: nobody}}", _members, short="containers in it"),
        _P("labels", TEXTS_BY_NAME, "Label", "Labels", "Labels by name.", "{course: {present: true}}", at("Labels")),
        _P("options", TEXTS_BY_NAME, "Option", "Options", "Options of its driver by name.", "{present: false}",
           at("Options")),
        _P("created_at", WORD, "Created", "Created", "When it was made, as the API writes it.", "{present: true}",
           at("Created")),
        ID_PROP,
        NAME_PROP,
        inspect_prop("{IPAM.Driver: default}"),
    ),
    example="{network: shop-net, driver: bridge, containers: [db, web]}",
)  # fmt: skip
