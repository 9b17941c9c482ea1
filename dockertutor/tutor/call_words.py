"""What API calls mean, in plain words: a table of paths, read from the top."""

from __future__ import annotations

import re
from typing import NamedTuple

from dockertutor.facts import Call


class Words(NamedTuple):
    """``method`` and ``path`` (a pattern for the whole path) → what it does, and one or two sentences about it."""

    method: str
    path: str
    does: str
    sentence: str


C, I, N, V = "/containers/[^/]+", "/images/.+", "/networks/[^/]+", "/volumes/[^/]+"  # noqa: E741

TABLE: tuple[Words, ...] = (
    Words("*", "/_ping", "are you there?", "The client asks whether an engine listens, and which API it speaks."),
    Words("GET", "/version", "which version are you?", "The engine says which version it is."),
    Words(
        "GET", "/info", "tell about yourself", "The engine counts its containers and images and says how it is set up."
    ),
    Words(
        "GET", "/events", "tell me what happens", "The engine keeps this call open and reports each thing that happens."
    ),
    Words("GET", "/system/df", "how much room is used?", "The engine adds up the disk space that its objects take."),
    Words("POST", "/auth", "check my password", "The engine asks a registry whether this login is right."),
    Words("POST", "/containers/create", "make a container", "The engine makes the box. It does not run yet."),
    Words("GET", "/containers/json", "list containers", "The engine lists its containers. Nothing is changed."),
    Words(
        "POST",
        "/containers/prune",
        "remove stopped containers",
        "The engine removes every container that is not running.",
    ),
    Words("POST", f"{C}/start", "start it", "The engine starts the container's program."),
    Words(
        "POST", f"{C}/stop", "stop it", "The engine asks the program to end, and ends it after a while if it does not."
    ),
    Words(
        "POST",
        f"{C}/kill",
        "send it a signal",
        "The engine sends a signal to the container's program: KILL ends it at once.",
    ),
    Words(
        "POST",
        f"{C}/restart",
        "stop and start it",
        "The engine stops the program and starts it again in the same container.",
    ),
    Words("POST", f"{C}/pause", "freeze it", "The engine freezes the container's programs where they are."),
    Words("POST", f"{C}/unpause", "go on", "The engine lets the frozen programs go on."),
    Words("POST", f"{C}/rename", "give it a new name", "The container keeps its Id; only its name changes."),
    Words("POST", f"{C}/update", "change its limits", "The engine changes what the container may use."),
    Words(
        "POST",
        f"{C}/wait",
        "tell me when it ends",
        "The engine answers when the program ends, and says with which exit code.",
    ),
    Words(
        "POST",
        f"{C}/attach",
        "connect to its output",
        "This connection stays open: it carries what the program reads and writes.",
    ),
    Words(
        "GET",
        f"{C}/attach/ws",
        "connect to its output",
        "This connection stays open: it carries what the program reads and writes.",
    ),
    Words(
        "POST",
        f"{C}/resize",
        "tell it the window's size",
        "The client tells how many rows and columns your terminal has.",
    ),
    Words("GET", f"{C}/json", "look closely at it", "The engine tells all that it knows about this container."),
    Words("GET", f"{C}/logs", "show what it wrote", "The engine sends what the program has written so far."),
    Words("GET", f"{C}/top", "list its processes", "The engine lists the processes inside the container."),
    Words("GET", f"{C}/stats", "what does it use?", "The engine measures processor, memory and network use."),
    Words("GET", f"{C}/changes", "which files changed?", "The engine compares the container's files with its image."),
    Words("GET", f"{C}/export", "give me its files", "The engine sends all files of the container as one archive."),
    Words(
        "HEAD",
        f"{C}/archive",
        "is that file there?",
        "The client asks about a path inside the container before it copies.",
    ),
    Words("GET", f"{C}/archive", "copy a file out", "The engine sends a file or folder out of the container."),
    Words("PUT", f"{C}/archive", "copy a file in", "The client sends a file or folder into the container."),
    Words(
        "POST",
        f"{C}/exec",
        "prepare a second program",
        "The engine notes a program to run inside the container. It does not run yet.",
    ),
    Words("DELETE", C, "remove the container", "The engine removes the container. Its image stays."),
    Words(
        "POST",
        "/exec/[^/]+/start",
        "run it inside",
        "The prepared program starts; this connection carries what it reads and writes.",
    ),
    Words("GET", "/exec/[^/]+/json", "how did it end?", "The client asks with which exit code the program ended."),
    Words(
        "POST",
        "/exec/[^/]+/resize",
        "tell it the window's size",
        "The client tells how many rows and columns your terminal has.",
    ),
    Words(
        "POST",
        "/images/create",
        "get an image",
        "The engine itself fetches the image from a registry and reports how far it is.",
    ),
    Words(
        "POST",
        "/images/load",
        "read images from an archive",
        "The client sends an archive; the engine takes its images in.",
    ),
    Words("GET", "/images/get", "save images to an archive", "The engine packs images into one archive and sends it."),
    Words("GET", "/images/json", "list images", "The engine lists its images. Nothing is changed."),
    Words("GET", "/images/search", "search Docker Hub", "The engine asks Docker Hub for images with this name."),
    Words("POST", "/images/prune", "remove unused images", "The engine removes images that nothing needs."),
    Words("GET", f"{I}/json", "look closely at the image", "The engine tells all that it knows about this image."),
    Words("GET", f"{I}/history", "how was it made?", "The engine lists the steps that made the image's layers."),
    Words(
        "GET", f"{I}/get", "save the image to an archive", "The engine packs the image into one archive and sends it."
    ),
    Words("POST", f"{I}/tag", "give the image a name", "One image may have several names; no bytes are copied."),
    Words(
        "POST",
        f"{I}/push",
        "send the image to a registry",
        "The engine itself sends the layers that the registry does not have.",
    ),
    Words(
        "DELETE", I, "remove the image or its name", "The engine takes the name away, and the image with its last name."
    ),
    Words("POST", "/build", "build an image", "The client sends a folder; the engine follows the Dockerfile in it."),
    Words(
        "POST", "/build/prune", "empty the build cache", "The engine forgets the steps that it kept for later builds."
    ),
    Words(
        "POST",
        "/session",
        "help with the build",
        "This connection stays open: the builder asks the client for files through it.",
    ),
    Words("POST", "/grpc", "talk to the builder", "This connection stays open: client and builder talk through it."),
    Words(
        "POST",
        "/commit",
        "make an image from a container",
        "The engine keeps the container's changed files as a new image.",
    ),
    Words("GET", "/networks", "list networks", "The engine lists its networks. Nothing is changed."),
    Words("POST", "/networks/create", "make a network", "The engine makes a network that containers can join."),
    Words("POST", "/networks/prune", "remove unused networks", "The engine removes networks that no container uses."),
    Words("POST", f"{N}/connect", "plug a container in", "The engine connects the container to this network."),
    Words("POST", f"{N}/disconnect", "unplug a container", "The engine takes the container off this network."),
    Words("GET", N, "look closely at the network", "The engine tells all that it knows about this network."),
    Words("DELETE", N, "remove the network", "The engine removes the network."),
    Words("GET", "/volumes", "list volumes", "The engine lists its volumes. Nothing is changed."),
    Words("POST", "/volumes/create", "make a volume", "The engine makes a place for files that outlives containers."),
    Words("POST", "/volumes/prune", "remove unused volumes", "The engine removes volumes that no container uses."),
    Words("GET", V, "look closely at the volume", "The engine tells all that it knows about this volume."),
    Words("DELETE", V, "remove the volume", "The engine removes the volume and the files in it."),
    Words("POST", "/swarm/init", "begin a swarm", "This engine becomes the first manager of a swarm."),
    Words("POST", "/swarm/join", "join a swarm", "This engine joins the swarm of another engine."),
    Words("POST", "/swarm/leave", "leave the swarm", "This engine leaves its swarm."),
    Words("*", "/swarm.*", "ask about the swarm", "Client and engine talk about the swarm's settings."),
    Words("GET", "/nodes", "list the swarm's engines", "The manager lists the engines of its swarm."),
    Words("GET", "/services", "list services", "The manager lists what the swarm keeps running."),
    Words(
        "POST", "/services/create", "make a service", "The manager notes what is to be kept running, and sees to it."
    ),
    Words("POST", "/services/[^/]+/update", "change the service", "The manager changes what is to be kept running."),
    Words(
        "GET", "/services/[^/]+/logs", "show what it wrote", "The manager collects what the service's containers wrote."
    ),
    Words(
        "GET",
        "/services/[^/]+",
        "look closely at the service",
        "The manager tells all that it knows about this service.",
    ),
    Words("DELETE", "/services/[^/]+", "remove the service", "The manager stops keeping it running, and removes it."),
    Words("GET", "/tasks", "list the service's tasks", "The manager lists the containers that it keeps running."),
    Words("*", "/secrets.*", "handle a secret", "What it contains is not shown here, nor kept."),
    Words("*", "/configs.*", "handle a config", "What it contains is not shown here, nor kept."),
    Words(
        "GET",
        "/distribution/.+",
        "ask a registry about an image",
        "The engine asks the registry without fetching the image.",
    ),
    Words("GET", "/plugins", "list plugins", "The engine lists its plugins. Nothing is changed."),
    Words("*", "/plugins.*", "handle a plugin", "A plugin adds a skill to the engine, such as a kind of volume."),
    Words("*", "stream", "a stream", "Something that the tutor cannot read passes here; it is passed on as it is."),
    Words("GET", ".*", "ask", "The client asks something. Nothing is changed."),
    Words("DELETE", ".*", "remove", "The client asks the engine to remove something."),
    Words("*", ".*", "do something", "The client asks the engine to do something."),
)

_COMPILED = tuple((row.method, re.compile(row.path), row) for row in TABLE)


_IMPORT = Words(
    "POST", "/images/create", "make an image from an archive", "The engine makes an image of an archive's files."
)
"""`docker import` has the path of `docker pull`: no registry takes part in it."""


def row_of(call: Call) -> Words:
    """The row of the table that speaks about this call."""
    if call.path == _IMPORT.path and call.method == _IMPORT.method and "fromSrc" in call.query:
        return _IMPORT
    for method, pattern, row in _COMPILED:
        if method in ("*", call.method) and pattern.fullmatch(call.path):
            return row
    return TABLE[-1]
