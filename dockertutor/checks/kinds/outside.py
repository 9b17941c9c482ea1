"""Checks on what is no engine object: pages, registries, files of the learner, answers, command lines, API calls."""

from __future__ import annotations

from typing import Any

from dockertutor.checks.table import Kind, Prop
from dockertutor.checks.values import ANSWER, DIGESTS, NUMBER, TEXT, TEXTS_BY_NAME, TRUTH, WORDS


def _field(name: str, type_: Any, label: str, field: str, doc: str, example: str, short: str = "") -> Prop:
    """A property that the kind's own judge reads: ``inspect`` of the stand-in object holds it by name."""
    return Prop(name, type_, label, field, doc, example, lambda thing, look: thing.inspect.get(name), short=short)


HTTP = Kind(
    "http",
    "A page on a port of the engine's host. Under `given`: wait until it is there.",
    "the host's port",
    (
        _field("status", NUMBER, "Status", "HTTP status", "200 where the check does not say.", '"200"'),
        _field("headers", TEXTS_BY_NAME, "Header", "HTTP headers", "Headers by name, in lower case.",
               "{content-type: {starts-with: text/}}"),
        _field("body", TEXT, "Text of the page", "HTTP body", "The first 64 kB.", "{contains: hello}"),
    ),
    object=False,
    settings=(("path", "path and query, `/` where the check does not say"),),
    example='{http: "8317", path: /, body: {contains: hello}}',
)  # fmt: skip

REGISTRY = Kind(
    "registry",
    "A repository in a registry, by the registry's HTTP API.",
    "the port of the engine's host at which it listens",
    (
        _field("tags", WORDS, "Tags in the registry", "GET /v2/REPOSITORY/tags/list", "The repository's tags.",
               '{contains: "1"}'),
        _field("digests", DIGESTS, "Digest in the registry",
               "HEAD /v2/REPOSITORY/manifests/TAG: Docker-Content-Digest",
               "Digests by tag. With `from` and an image's `digests` it must be one of these.",
               '{"1": {starts-with: "sha256:"}}'),
    ),
    object=False,
    settings=(("repository", "the repository's name, without host and tag"),),
    example='{registry: "5000", repository: blog, tags: {contains: "1"}}',
)  # fmt: skip

FILE = Kind(
    "file",
    "A file in the learner's folder. Its other keys are matchers on its text.",
    "its path in the folder",
    (_field("text", TEXT, "Text of the file", "the file's text", "The first 64 kB.", "{contains: hello}"),),
    object=False,
    example="{file: secret.txt, contains: hello}",
)

ANSWER_KIND = Kind(
    "answer",
    "What the learner answered (`answer VALUE` in the shell, or the field).",
    "the answer, a matcher, or `{from: HANDLE, get: PROPERTY}`",
    (_field("answer", ANSWER, "Your answer", "(the answer)", "Compared as text; of an Id the first twelve suffice.",
            "{from: daemon, get: version}"),),
    object=False,
    example="{answer: {from: daemon, get: version}}",
)  # fmt: skip

TYPED = Kind(
    "typed",
    "The last command line. It only reveals mistakes and is never proof.",
    "the line, or a matcher",
    (
        _field("text", TEXT, "Command line", "(shell marks)", "The line as it was typed.", "{contains: docker}"),
        _field("failed", TRUTH, "Failed", "(shell marks)", "It ended with an exit status other than 0.", "true"),
        _field("exit_code", NUMBER, "Exit status", "(shell marks)", "How it ended.", '"125"'),
    ),
    object=False,
    example="{typed: {contains: --name}, failed: true}",
)

API_CALL = Kind(
    "api-call",
    "Calls of the Engine API that a client made since the stage began, as seen on the wire.",
    "`METHOD /path` where `*` stands for one part of a path, or a list of them: begun in this order, others may lie"
    " between",
    (
        _field("query", TEXTS_BY_NAME, "Query", "(wire) query", "Values of the query by name.", '{all: "1"}'),
        _field("status", NUMBER, "Status", "(wire) HTTP status", "The engine's answer.", '"204"'),
        _field("agent", TEXT, "Client", "(wire) User-Agent", "How the client calls itself.",
               "{not: {starts-with: Docker-Client}}"),
        _field("client", TEXT, "Client program", "(wire) peer's command line", "The program that made the call.",
               "{starts-with: curl}"),
        _field("count", NUMBER, "Number of calls", "(wire)", "How many such calls there were.", "{at-least: 1}"),
    ),
    object=False,
    settings=(("exists", "`false`: there was no such call"),),
    example="{api-call: POST /containers/*/start, status: \"204\", agent: {starts-with: curl}}",
)  # fmt: skip

REMAINING = Kind(
    "remaining",
    "Exactly these of the given objects are left.",
    "a list of handles",
    (_field("remaining", WORDS, "What is left", "(inspect of each)", "Handles of given objects of these kinds.",
            "[b, c]"),),
    object=False,
    example="{remaining: [b, c]}",
)  # fmt: skip
