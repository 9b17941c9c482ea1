"""Names of images, as the engine lists them."""

from __future__ import annotations

_HUB = ("docker.io/library/", "index.docker.io/library/", "docker.io/", "index.docker.io/", "library/")


def familiar(reference: str) -> str:
    """A reference as the engine lists it, without Docker Hub's name and with its tag: ``busybox:latest``."""
    for hub in _HUB:
        if reference.startswith(hub):
            reference = reference.removeprefix(hub)
            break
    if "@" in reference:
        return reference
    return reference if ":" in reference.rpartition("/")[2] else f"{reference}:latest"
