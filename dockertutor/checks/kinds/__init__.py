"""The kinds of check, one declarative table a module. Adding a property touches its table and nothing else."""

from __future__ import annotations

from dockertutor.checks.kinds.container import CONTAINER
from dockertutor.checks.kinds.daemon import DAEMON
from dockertutor.checks.kinds.image import IMAGE_KIND
from dockertutor.checks.kinds.network import NETWORK
from dockertutor.checks.kinds.outside import ANSWER_KIND, API_CALL, FILE, HTTP, REGISTRY, REMAINING, TYPED
from dockertutor.checks.kinds.volume import VOLUME
from dockertutor.checks.table import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (CONTAINER, NETWORK, VOLUME, DAEMON, HTTP, REGISTRY, FILE, ANSWER_KIND, TYPED, API_CALL, REMAINING,
                 IMAGE_KIND)
}  # fmt: skip
"""By key. ``image`` stands last: a container has a property of this name."""

LATER = ("plugin", "service", "node")
"""Kinds that come with their lessons."""
