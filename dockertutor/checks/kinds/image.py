"""What can be asked of an image: ``GET /images/NAME/json`` and its history."""

from __future__ import annotations

from typing import Any

from dockertutor.checks.kinds.common import ID_PROP, inspect_prop
from dockertutor.checks.look import Look
from dockertutor.checks.table import Kind, Prop, at, dig, keys_at, pairs_at
from dockertutor.checks.values import COMMAND, EXPOSED, NUMBER, SIZE, SIZES, TEXT, TEXTS_BY_NAME, WORD, WORDS
from dockertutor.facts import History, Object


def _layers(thing: Object, look: Look) -> tuple[str, ...]:
    return tuple(dig(thing.inspect, "RootFS", "Layers") or ())


def _history(thing: Object, look: Look) -> tuple[str, ...]:
    return tuple(str(row.get("CreatedBy") or "") for row in look(History(thing.id)) or ())


def _history_sizes(thing: Object, look: Look) -> tuple[int, ...]:
    return tuple(int(row.get("Size") or 0) for row in look(History(thing.id)) or ())


def _tags(thing: Object, look: Look) -> Any:
    return tuple(tag for tag in thing.inspect.get("RepoTags") or () if tag != "<none>:<none>")


def _digests(thing: Object, look: Look) -> Any:
    return tuple(digest for digest in thing.inspect.get("RepoDigests") or () if not digest.startswith("<none>"))


_P = Prop
IMAGE_KIND = Kind(
    "image",
    "An image.",
    "its reference (`busybox`, `blog:1`), `{given: HANDLE}` or `{new: true}`",
    (
        _P("tags", WORDS, "Tags", "RepoTags", "All its names.", "{matches: ':1$'}", _tags),
        _P("digests", WORDS, "Digests", "RepoDigests", "Its digests in registries: there are some once it was pushed or"
           " pulled.", "{present: false}", _digests),
        _P("command", COMMAND, "Command", "Config.Cmd", "What runs in its containers unless they say otherwise.",
           "[cat, /page]", at("Config", "Cmd")),
        _P("entrypoint", COMMAND, "Entrypoint", "Config.Entrypoint", "The program that the command is given to.",
           "{present: false}", at("Config", "Entrypoint")),
        _P("env", TEXTS_BY_NAME, "Environment", "Config.Env", "Environment variables by name.",
           "{GREETING: hello}", pairs_at("Config", "Env")),
        _P("labels", TEXTS_BY_NAME, "Label", "Config.Labels", "Labels by name.", "{course: docker}",
           at("Config", "Labels")),
        _P("working_dir", WORD, "Working folder", "Config.WorkingDir", "The folder its programs start in.",
           "/www", at("Config", "WorkingDir")),
        _P("user", WORD, "User", "Config.User", "The user its programs run as.", "www",
           at("Config", "User")),
        _P("exposed", EXPOSED, "Exposed ports", "Config.ExposedPorts", "Ports its programs listen at.",
           "[80/tcp]", keys_at("Config", "ExposedPorts")),
        _P("volumes", WORDS, "Volumes", "Config.Volumes", "Folders for which its containers get a volume.",
           "[/data]", keys_at("Config", "Volumes")),
        _P("stop_signal", WORD, "Stop signal", "Config.StopSignal", "The signal that asks its containers to end.",
           "SIGINT", at("Config", "StopSignal")),
        _P("healthcheck", WORDS, "Health check", "Config.Healthcheck.Test", "The command of its health check.",
           "{contains: CMD-SHELL}", at("Config", "Healthcheck", "Test")),
        _P("layers", WORDS, "Layers", "RootFS.Layers", "Its layers, lowest first.", "{length: {at-least: 2}}", _layers),
        _P("layer_count", NUMBER, "Number of layers", "RootFS.Layers", "How many layers it has.", "{at-least: 2}",
           lambda thing, look: len(_layers(thing, look))),
        _P("base_layers", WORDS, "Lower layers", "RootFS.Layers", "Its layers without the uppermost.",
           "{length: {at-least: 1}}", lambda thing, look: _layers(thing, look)[:-1]),
        _P("size", SIZE, "Size", "Size", "In bytes, or as `5m`.", "{at-least: 100k}", at("Size")),
        _P("architecture", WORD, "Architecture", "Architecture", "As `amd64`.", "{present: true}", at("Architecture")),
        _P("os", WORD, "System", "Os", "As `linux`.", "linux", at("Os")),
        _P("author", TEXT, "Author", "Author", "As given with `commit -a`.", "{present: false}", at("Author")),
        _P("comment", TEXT, "Comment", "Comment", "As given with `commit -m`, or by `import`.",
           "{not: {contains: nonsense}}", at("Comment")),
        _P("created_at", WORD, "Created", "Created", "When it was made, as the API writes it.", "{present: true}",
           at("Created")),
        ID_PROP,
        inspect_prop("{Os: linux}"),
        _P("history", WORDS, "History", "GET /images/NAME/history: CreatedBy", "The steps that made it, newest first.",
           "{matches: WORKDIR}", _history, asks=True),
        _P("history_sizes", SIZES, "Sizes of its steps", "GET /images/NAME/history: Size",
           "What each step of `history` has added, newest first: in bytes, or as `5m`; `0` where it has made no layer.",
           "{contains: {at-least: 100k}}", _history_sizes, asks=True),
    ),
    maker=(
        ("dockerfile", "the text of the Dockerfile that it is built from"),
        ("files", "texts of files by path, for the build"),
        ("contents", "as `files`"),
    ),
    example='{image: "blog:1", command: {present: true}, layer_count: {at-least: 2}}',
)  # fmt: skip
