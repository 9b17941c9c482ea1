"""From a YAML node to a `Check`: strict, by the tables of the kinds. The kind is chosen first, by its key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

import yaml

from dockertutor.checks.kinds import KINDS, LATER
from dockertutor.checks.matchers import MatcherParser
from dockertutor.checks.model import Check, Matcher, Subject
from dockertutor.checks.nodes import Reader, kind_of, place
from dockertutor.checks.table import Kind
from dockertutor.checks.values import ANSWER, TEXT
from dockertutor.errors import Problem

Use = Literal["expect", "given", "when", "requires"]

EVENTS = (
    "attach", "commit", "connect", "copy", "create", "delete", "destroy", "detach", "die", "disconnect",
    "exec_create", "exec_detach", "exec_die", "exec_start", "export", "extract-to-dir", "archive-path",
    "health_status", "import", "kill", "load", "mount", "oom", "pause", "pull", "push", "remove", "rename",
    "resize", "restart", "save", "start", "stop", "tag", "top", "unmount", "unpause", "untag", "update",
)  # fmt: skip
"""Actions of engine events, as the API calls them."""

OBJECT_KEYS = ("exists", "same", "events", "as", "remember")
HANDLE = re.compile(r"[a-z][a-z0-9_-]*")
REMEMBERED = re.compile(r"[a-z][a-z0-9_]*")


def parse_check(node: yaml.Node, *, file: str, problems: list[Problem], use: Use) -> Check | None:
    """The check that ``node`` describes, or None when something was added to ``problems``.

    ``use``: ``given`` also accepts what only a maker needs; ``expect`` and ``given`` refuse ``typed``, which is never
    proof.
    """
    before = len(problems)
    check = _CheckParser(node, file, problems, use).parse()
    return check if len(problems) == before else None


def leaves_folder(path: str) -> bool:
    """Whether a path could lead out of the learner's folder."""
    return (
        not path
        or path.startswith(("/", "~", "-"))
        or "\\" in path
        or ":" in path[:2]
        or any(part in ("..", ".", "") for part in path.split("/"))
    )


class _CheckParser:
    def __init__(self, node: yaml.Node, file: str, problems: list[Problem], use: Use) -> None:
        self.node = node
        self.use = use
        self.read = Reader(file, problems)
        self.before = len(problems)
        self.matchers = MatcherParser(self.read)
        self.place = place(node, file)

    def parse(self) -> Check | None:
        keys: dict[str, tuple[yaml.Node, yaml.Node]] = {
            name: (key, value) for name, key, value in self.read.pairs(self.node, "check")
        }
        kind = self.kind(keys)
        if kind is None:
            return None
        _, value = keys.pop(kind.name)
        if kind.name == "typed" and self.use in ("expect", "given"):
            self.read.fail(self.node, "typed", "it only reveals mistakes (`when`), and is never proof")
            return None
        if kind.name == "file":
            return self.file_check(value, keys)
        if kind.name in ("answer", "typed"):
            return self.said(kind, value, keys)
        if kind.name == "remaining":
            self.unknown(kind, keys, ())
            handles = tuple(self.handle(item, "remaining") for item in self.read.items(value, "remaining"))
            return Check("remaining", extra={"remaining": handles}, place=self.place)
        if kind.name == "daemon":
            return self.daemon(kind, value, keys)
        return self.object(kind, value, keys) if kind.object else self.outside(kind, value, keys)

    def kind(self, keys: Mapping[str, Any]) -> Kind | None:
        known = (*KINDS, *LATER)
        found = [name for name in known if name in keys]
        if len(found) > 1 and found[-1] == "image":
            found.remove("image")
        if not found:
            if isinstance(self.node, yaml.MappingNode):
                first = next(iter(keys), "")
                message = f"which kind of check is this? It needs one of the keys {', '.join(known)}"
                self.read.fail(self.node, first, message, known)
            return None
        if len(found) > 1:
            message = f"a check is of one kind, and this one says `{found[0]}` and `{found[1]}`: make two checks of it"
            self.read.fail(keys[found[1]][0], found[1], message)
            return None
        if found[0] in LATER:
            self.read.fail(keys[found[0]][0], found[0], "this kind comes with the lessons that need it")
            return None
        return KINDS[found[0]]

    def unknown(self, kind: Kind, keys: Mapping[str, tuple[yaml.Node, yaml.Node]], known: tuple[str, ...]) -> None:
        makers = [name for name, _ in kind.maker]
        for name, (key, _) in keys.items():
            if name in known:
                continue
            if name in makers:
                self.read.fail(key, name, "only `given` may say this")
            else:
                some = known if len(known) < 14 else known[:12]
                more = "" if len(known) < 14 else " … (all in docs/checks.md)"
                self.read.fail(
                    key, name, f"`{kind.name}` does not know this key; known: {', '.join(some)}{more}", known
                )

    def nothing(self, key: str, instead: str) -> None:
        """A check that compares nothing; not said where something else is wrong, which may be why."""
        if len(self.read.problems) == self.before:
            self.read.fail(self.node, key, f"this check compares nothing: {instead}")

    def handle(self, node: yaml.Node, key: str) -> str:
        text = self.read.text(node, key)
        if text and "${" not in text and not HANDLE.fullmatch(text):
            self.read.fail(node, key, "expected a handle: small letters, digits, `_` and `-`")
        return text

    def subject(self, kind: Kind, node: yaml.Node) -> Subject:
        if isinstance(node, yaml.ScalarNode):
            return Subject(name=self.read.text(node, kind.name))
        before = len(self.read.problems)
        if not isinstance(node, yaml.MappingNode):
            self.read.fail(node, kind.name, f"expected {kind.takes}, found {kind_of(node)}")
            return Subject()
        found = self.read.mapping(node, kind.name, ("given", "new"))
        if len(self.read.problems) > before:
            return Subject()
        if len(found) != 1:
            self.read.fail(node, kind.name, f"expected {kind.takes}, found {kind_of(node)}")
            return Subject()
        if "given" in found:
            return Subject(given=self.handle(found["given"], "given"))
        if self.use in ("given", "requires"):
            self.read.fail(found["new"], "new", f"`{self.use}` names its objects")
        if not self.read.flag(found["new"], "new"):
            self.read.fail(found["new"], "new", "expected `true`")
        return Subject(new=True)

    def object(self, kind: Kind, value: yaml.Node, keys: dict[str, tuple[yaml.Node, yaml.Node]]) -> Check:
        subject = self.subject(kind, value)
        makers = dict(kind.maker) if self.use == "given" else {}
        names = tuple(prop.name for prop in kind.properties)
        self.unknown(kind, keys, (*names, *OBJECT_KEYS, *makers))
        properties = self.properties(kind, keys)
        nodes = {name: node for name, (_, node) in keys.items()}
        exists = self.read.flag(nodes["exists"], "exists") if "exists" in nodes else None
        same = self.read.flag(nodes["same"], "same") if "same" in nodes else None
        if subject.new and same is not None:
            self.read.fail(nodes["same"], "same", "a new object has no Id from before")
        events = self.events(nodes["events"]) if "events" in nodes else ()
        extra: dict[str, Any] = {}
        for name in makers:
            if name in nodes:
                extra[name] = self.maker(name, nodes[name])
        if self.use != "given" and not properties and exists is None and same is None and not events:
            self.nothing(kind.name, "say `exists: true`")
        return Check(
            kind.name,
            subject,
            properties,
            self.handle(nodes["as"], "as") if "as" in nodes else "",
            exists,
            same,
            events,
            self.remember(kind, nodes["remember"]) if "remember" in nodes else {},
            extra,
            self.place,
        )

    def properties(
        self, kind: Kind, keys: Mapping[str, tuple[yaml.Node, yaml.Node]]
    ) -> tuple[tuple[str, Matcher], ...]:
        found = []
        for name, (_, node) in keys.items():
            prop = kind.find(name)
            if prop is not None and (matcher := self.matchers.parse(node, prop.type, name)) is not None:
                found.append((name, matcher))
        return tuple(found)

    def events(self, node: yaml.Node) -> tuple[str, ...]:
        return tuple(self.read.one_of(item, "events", EVENTS) for item in self.read.items(node, "events"))

    def maker(self, name: str, node: yaml.Node) -> Any:
        if name == "dockerfile":
            return self.read.text(node, name)
        return {path: self.read.text(text, path, empty=True) for path, _, text in self.read.pairs(node, name)}

    def remember(self, kind: Kind, node: yaml.Node) -> dict[str, str]:
        names = [prop.name for prop in kind.properties if prop.type.shape != "names"]
        found = {}
        for name, key, value in self.read.pairs(node, "remember"):
            if not REMEMBERED.fullmatch(name):
                self.read.fail(key, name, "expected small letters, digits and `_`: later lessons say it as `${name}`")
            found[name] = self.read.one_of(value, name, names)
        return found

    def daemon(self, kind: Kind, value: yaml.Node, keys: dict[str, tuple[yaml.Node, yaml.Node]]) -> Check:
        """``{daemon: {version: …}}`` and ``{daemon: true, version: …}`` say the same."""
        if isinstance(value, yaml.MappingNode):
            for name, key, node in self.read.pairs(value, "daemon"):
                if name in keys:
                    self.read.fail(keys[name][0], name, "this key stands inside `daemon` and beside it")
                keys.setdefault(name, (key, node))
        else:
            self.read.one_of(value, "daemon", ("true",))
        self.unknown(kind, keys, (*(prop.name for prop in kind.properties), "remember", "as"))
        properties = self.properties(kind, keys)
        if not properties:
            self.nothing("daemon", "name a property, as `version`")
        nodes = {name: node for name, (_, node) in keys.items()}
        return Check(
            "daemon",
            Subject(),
            properties,
            self.handle(nodes["as"], "as") if "as" in nodes else "",
            remember=self.remember(kind, nodes["remember"]) if "remember" in nodes else {},
            place=self.place,
        )

    def file_check(self, value: yaml.Node, keys: dict[str, tuple[yaml.Node, yaml.Node]]) -> Check:
        path = self.read.text(value, "file")
        if path and leaves_folder(path):
            self.read.fail(value, "file", f"`{path}` leaves the learner's folder: expected a path inside it")
        exists = None
        if "exists" in keys:
            exists = self.read.flag(keys.pop("exists")[1], "exists")
        matcher = self.matchers.operators(self.node, TEXT, "file", [(name, *pair) for name, pair in keys.items()])
        if matcher is None and exists is None:
            self.nothing("file", "say `exists: true`")
        properties = (("text", matcher),) if matcher is not None else ()
        return Check("file", Subject(name=path), properties, exists=exists, place=self.place)

    def said(self, kind: Kind, value: yaml.Node, keys: dict[str, tuple[yaml.Node, yaml.Node]]) -> Check:
        first, type_ = ("answer", ANSWER) if kind.name == "answer" else ("text", TEXT)
        self.unknown(kind, keys, tuple(prop.name for prop in kind.properties if prop.name != first))
        matcher = self.matchers.parse(value, type_, kind.name)
        properties = ((first, matcher),) if matcher is not None else ()
        return Check(kind.name, Subject(), (*properties, *self.properties(kind, keys)), place=self.place)

    def outside(self, kind: Kind, value: yaml.Node, keys: dict[str, tuple[yaml.Node, yaml.Node]]) -> Check:
        """``http``, ``registry`` and ``api-call``: where to look stands in ``extra``."""
        settings = [name for name, _ in kind.settings]
        self.unknown(kind, keys, (*settings, *(prop.name for prop in kind.properties)))
        extra: dict[str, Any] = {}
        exists = None
        if kind.name == "api-call":
            extra["calls"] = self.calls(value)
            if "exists" in keys:
                exists = self.read.flag(keys["exists"][1], "exists")
                if exists is False and "count" in keys:
                    self.read.fail(keys["count"][0], "count", "beside `exists: false` there is nothing to count")
        else:
            extra["port"] = self.port(value, kind.name)
            extra |= {name: self.read.text(keys[name][1], name) for name in settings if name in keys}
        properties = self.properties(kind, keys)
        if kind.name == "http":
            extra.setdefault("path", "/")
            if not extra["path"].startswith(("/", "${")):
                self.read.fail(keys["path"][1], "path", "expected a path that begins with `/`")
        if kind.name == "registry":
            if "repository" not in keys:
                self.read.fail(self.node, "repository", "missing: which repository of the registry?")
            if not properties:
                self.nothing("registry", "say which `tags` or `digests`")
        return Check(kind.name, Subject(), properties, exists=exists, extra=extra, place=self.place)

    def port(self, node: yaml.Node, key: str) -> str:
        text = self.read.text(node, key)
        if text and "${" not in text and not (text.isascii() and text.isdigit() and 0 < int(text[:9]) < 65536):
            self.read.fail(node, key, f"expected a port of the engine's host (1 to 65535), found `{text[:40]}`")
        return text

    def calls(self, node: yaml.Node) -> tuple[tuple[str, str], ...]:
        nodes = [node] if isinstance(node, yaml.ScalarNode) else self.read.items(node, "api-call")
        found = []
        for item in nodes:
            method, _, path = self.read.text(item, "api-call").partition(" ")
            if method not in ("GET", "POST", "PUT", "DELETE", "HEAD", "*") or not path.startswith("/"):
                self.read.fail(item, "api-call", "expected a method and a path, as `POST /containers/*/start`")
            elif "?" in path or re.match(r"/v[0-9]", path) or path.endswith("/"):
                bare = "expected the bare path: no version, no `?` (see `query`), no `/` at its end"
                self.read.fail(item, "api-call", bare)
            found.append((method, path))
        if not found and isinstance(node, yaml.SequenceNode):
            self.read.fail(node, "api-call", "expected at least one call")
        return tuple(found)
