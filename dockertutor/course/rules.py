"""Rules that every course keeps: where files may lie, what given objects may not have, where variables may not go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import yaml

from dockertutor.checks.nodes import Reader
from dockertutor.checks.parse import leaves_folder
from dockertutor.course.model import Variable
from dockertutor.course.scalars import VARIABLE, Path, scalars, spot
from dockertutor.errors import Problem

ALWAYS = frozenset({"host"})
"""Variables that need no declaration: ``${host}`` is the host of the learner's engine, as http checks see it."""

_FREE_TEXT = frozenset({"files", "dockerfile", "command", "env", "labels"})
_HOST_MODES = frozenset(
    {"network", "networks", "network_mode", "pid", "pid_mode", "ipc", "ipc_mode", "uts", "uts_mode", "userns",
     "userns_mode", "cgroupns_mode"}
)  # fmt: skip
_POWERS = frozenset({"privileged", "cap_add", "devices", "device_requests", "security_opt", "binds", "volumes_from"})
_TYPED_BLOCK = re.compile(r"^ {4}.*$", re.MULTILINE)


def _children(node: yaml.Node) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if isinstance(name, yaml.ScalarNode):
                yield name, value


def _list(node: yaml.Node) -> Sequence[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    return [node] if isinstance(node, yaml.MappingNode) else []


def check_paths(exercise: yaml.Node, reader: Reader) -> None:
    """No path of ``files`` may leave the learner's folder."""
    for key, value in _children(exercise):
        match key.value:
            case "files":
                _file_names(value, reader)
            case "solution" | "by":
                for inner, files in _children(value):
                    if inner.value == "files":
                        _file_names(files, reader)
            case "also":
                for script in _list(value):
                    for inner, files in _children(script):
                        if inner.value == "files":
                            _file_names(files, reader)
            case "mistakes" | "then":
                for item in _list(value):
                    check_paths(item, reader)


def _file_names(files: yaml.Node, reader: Reader) -> None:
    for name, _ in _children(files):
        if leaves_folder(name.value):
            reader.fail(name, "files", f"`{name.value}` leaves the learner's folder: expected a path inside it")


def check_given(exercise: yaml.Node, reader: Reader) -> None:
    """No given object may reach the computer under it: mounts from outside, the engine's socket, powers, namespaces."""
    for key, value in _children(exercise):
        if key.value == "then":
            for stage in _list(value):
                check_given(stage, reader)
        elif key.value == "given":
            for given in _list(value):
                _one_given(given, reader)


def _one_given(given: yaml.Node, reader: Reader) -> None:
    for scalar, path in scalars(given):
        text = str(scalar.value)
        if not _FREE_TEXT & set(path[:-1]) and re.search(r"docker\.sock|containerd\.sock|podman\.sock", text):
            reader.fail(scalar, path[-1] if path else "", "a given object may not have the engine's socket")
    for key, value in _children(given):
        name = key.value
        if name in _POWERS and not (isinstance(value, yaml.ScalarNode) and value.value == "false"):
            reader.fail(key, name, f"a given object may not have `{name}`")
        elif name in _HOST_MODES and any(
            str(scalar.value).partition(":")[0] in ("host", "container") for scalar, _ in scalars(value)
        ):
            reader.fail(key, name, "a given object may not share the host's namespaces")
        elif name == "mounts":
            for _, source in _children(value):
                _mount(source, reader)
        elif name == "inspect":
            reader.fail(key, name, "a given object cannot be made from what `inspect` shows: use its properties")
        elif name in ("options", "driver_opts"):
            for scalar, path in scalars(value):  # inside a matcher too: `exactly: {device: /}`
                if path and path[-1] == "device" and scalar.value != "device":
                    reader.fail(scalar, name, "a given volume may not lie on a device or folder of the host")
        elif name in ("aliases", "ip_addresses"):
            for scalar, path in scalars(value):
                if path and scalar.value == path[-1] and scalar.value.partition(":")[0] in ("host", "container"):
                    reader.fail(scalar, name, "a given object may not share the host's namespaces")


def _mount(source: yaml.Node, reader: Reader) -> None:
    outside = "a given object may mount volumes and what lies in the learner's folder (`./…`), nothing else"
    for scalar, path in scalars(source):
        if path and path[-1] not in ("source", "device", "name", "volume"):
            continue
        text = str(scalar.value)
        if text in path:
            continue
        if text.startswith("./"):
            if text != "./" and leaves_folder(text[2:]):
                reader.fail(scalar, "mounts", outside)
        elif (text.startswith(("/", "~", ".", "$")) and not VARIABLE.match(text)) or "/" in text or "\\" in text:
            reader.fail(scalar, "mounts", outside)


_CHECKS = (("requires",), ("given",), ("expect",), ("mistakes", "when"))
_SAME = frozenset(
    {
        ("id",),
        ("was",),
        ("kind",),
        ("completes",),
        ("exclusive",),
        ("predict", "options", "correct"),
        ("mistakes", "id"),
    }
    | {(*where, *key) for where in _CHECKS for key in (("as",), ("daemon", "as"))}
)
"""Where an exercise says what must be the same in each attempt: keys that lead there, those of ``then`` left out."""


def check_same(exercise: yaml.Node, reader: Reader) -> None:
    """No variables in what must be the same in each attempt, nor in how variables are drawn."""
    for scalar, path in scalars(exercise):
        here = path[1:] if path[:1] == ("then",) else path
        kept = here[-2:-1] == ("remember",) and here[:-2] in _CHECKS
        if (here in _SAME or here[:1] == ("vars",) or kept) and VARIABLE.search(str(scalar.value)):
            reader.fail(scalar, path[-1], "no variables here: expected what is the same in each attempt")


def kept_names(exercise: yaml.Node) -> set[str]:
    """The names that an exercise's own checks keep with ``remember``: its ``why`` may show them."""
    return {
        path[-1]
        for scalar, path in scalars(exercise)
        if len(path) >= 2 and path[-2] == "remember" and "expect" in path and scalar.value == path[-1]
    }


def check_variables(node: yaml.Node, declared: Mapping[str, Variable], reader: Reader, lines: Sequence[str]) -> None:
    """Every ``${lower_case}`` is declared; a remembered one is not put into what a shell or a pattern reads."""
    known = [*declared, *ALWAYS]
    kept = kept_names(node)
    for scalar, path in scalars(node):
        text = str(scalar.value)
        for found in VARIABLE.finditer(text):
            name = found[1]
            if name in kept and path[-1:] in (("why",), ("done",)):
                continue
            if name not in known:
                where = spot(scalar, found.start(), reader.file, lines)
                message = f"the variable `${{{name}}}` is not declared in `vars` (the shell's are `${{UPPER}}`)"
                reader.problems.append(Problem(where, path[-1] if path else "", message, reader.nearest(name, known)))
            elif name in declared and declared[name].how == "remembered" and _is_shell(text, found, path):
                where = spot(scalar, found.start(), reader.file, lines)
                message = f"`${{{name}}}` is a learner's text: it may not stand in what a shell or a pattern reads"
                reader.problems.append(Problem(where, path[-1] if path else "", message))


def _is_shell(text: str, found: re.Match[str], path: Path) -> bool:
    keys = set(path)
    if keys & {"run", "solution", "also", "by"} and "files" not in keys:
        return True
    if keys & {"matches", "dockerfile", "exec"} or ("given" in keys and keys & {"command", "entrypoint"}):
        return True
    if "files" in keys and path[-1].endswith((".sh", "Dockerfile")):
        return True
    return any(block.start() <= found.start() < block.end() for block in _TYPED_BLOCK.finditer(text))
