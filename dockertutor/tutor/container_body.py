"""The body of ``POST /containers/create`` for a given container, and what a lesson may never ask for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dockertutor.tutor.wanted import Unmakeable

_VERIFIED_ONLY = frozenset(
    [
        "state",
        "exit_code",
        "error",
        "logs",
        "exec",
        "changes",
        "health",
        "detached",
        "id",
        "name",
        "ip_address",
        "restart_count",
        "oom_killed",
        "started_at",
        "inspect",
        "files",
        "contents",
        "exposed",
        "published",
        "published_on",
        "mounts",
        "mount_types",
        "mount_modes",
        "networks",
        "network_mode",
        "aliases",
        "ip_addresses",
        "command",
        "args",
        "entrypoint",
        "image",
        "env",
    ]
)
_LOG_DRIVERS = frozenset(["json-file", "local", "none"])
"""Drivers that keep the output with the engine; others send it to the computer's or to anybody's log."""
_USUAL_CAPABILITIES = frozenset(
    ["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW",
     "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"]
)  # fmt: skip
"""What every container has (docs.docker.com, "Runtime privilege and Linux capabilities"): no more may be given."""
_ASK_AUTHOR = "This is a fault of the lesson: report it to its author, and go on with the next step."

_PLAIN: dict[str, tuple[str, ...]] = {
    "labels": ("Labels",),
    "hostname": ("Hostname",),
    "working_dir": ("WorkingDir",),
    "user": ("User",),
    "tty": ("Tty",),
    "open_stdin": ("OpenStdin",),
    "stop_signal": ("StopSignal",),
    "auto_remove": ("HostConfig", "AutoRemove"),
    "restart_policy": ("HostConfig", "RestartPolicy", "Name"),
    "memory": ("HostConfig", "Memory"),
    "pids_limit": ("HostConfig", "PidsLimit"),
    "init": ("HostConfig", "Init"),
    "read_only": ("HostConfig", "ReadonlyRootfs"),
    "cap_add": ("HostConfig", "CapAdd"),
    "cap_drop": ("HostConfig", "CapDrop"),
    "log_driver": ("HostConfig", "LogConfig", "Type"),
}
"""Where a property stands in the body as it is."""


def body(
    values: Mapping[str, Any], image: Mapping[str, Any], folder: Path, labels: Mapping[str, str]
) -> dict[str, Any]:
    """The body for these wanted values (see `wanted`), made from an image (its inspect).

    Raises Unmakeable for what is refused: privileged, host namespaces, the engine's socket, folders that are not the
    learner's, capabilities that break out.
    """
    refuse(values)
    made: dict[str, Any] = {"Image": image["Id"], "HostConfig": {}, "AttachStdout": False, "AttachStderr": False}
    for name, value in values.items():
        if name in _PLAIN:
            _put(made, _PLAIN[name], value)
        elif name == "cpus":
            _put(made, ("HostConfig", "NanoCpus"), int(float(value) * 1e9))
        elif name not in _VERIFIED_ONLY and name != "privileged":
            raise Unmakeable(f"A given container cannot be made with `{name}`.", _ASK_AUTHOR)
    made["Labels"] = {**made.get("Labels", {}), **labels}
    made["Env"] = [f"{name}={value}" for name, value in (values.get("env") or {}).items()]
    _command(made, values, image.get("Config") or {})
    _ports(made, values)
    _mounts(made, values, folder)
    _networks(made, values)
    return made


def refuse(values: Mapping[str, Any]) -> None:
    """Raise Unmakeable where the values would let a container out of its box."""
    if values.get("privileged"):
        raise Unmakeable("A given container may not be privileged.", _ASK_AUTHOR)
    modes = [str(values.get("network_mode") or ""), *network_names(values)]
    if any(mode == "host" or mode.startswith("container:") for mode in modes):
        raise Unmakeable("A given container may not use the host's network.", _ASK_AUTHOR)
    if (driver := values.get("log_driver")) and driver not in _LOG_DRIVERS:
        raise Unmakeable(f"A given container may not have the log driver {driver}.", _ASK_AUTHOR)
    for capability in values.get("cap_add") or ():
        if str(capability).upper().removeprefix("CAP_") not in _USUAL_CAPABILITIES:
            raise Unmakeable(f"A given container may not have the capability {capability}.", _ASK_AUTHOR)


def _put(made: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for key in path[:-1]:
        made = made.setdefault(key, {})
    made[path[-1]] = value


def _command(made: dict[str, Any], values: Mapping[str, Any], image: Mapping[str, Any]) -> None:
    """``command`` is Path and Args, so the image's entrypoint is part of it."""
    entrypoint = list(values.get("entrypoint") or image.get("Entrypoint") or ())
    if "entrypoint" in values:
        made["Entrypoint"] = entrypoint
    command = [str(part) for part in values.get("command") or ()]
    if "args" in values:
        args = [str(part) for part in values["args"]]
        first = list(image.get("Cmd") or ())[:1]  # without an entrypoint it is the program
        made["Cmd"] = args[len(entrypoint) - 1 :] if entrypoint else [*first, *args]
    elif command and entrypoint and command[: len(entrypoint)] == entrypoint:
        made["Cmd"] = command[len(entrypoint) :]
    elif command and entrypoint:
        made["Entrypoint"], made["Cmd"] = command[:1], command[1:]
    elif command:
        made["Cmd"] = command


def _ports(made: dict[str, Any], values: Mapping[str, Any]) -> None:
    bindings: dict[str, list[dict[str, str]]] = {}
    addresses = values.get("published_on") or {}
    for port, hosts in (values.get("published") or {}).items():
        where = next(iter(addresses.get(port) or ()), "")
        numbers = hosts if isinstance(hosts, list) else [hosts]
        bindings[_with_protocol(port)] = [{"HostIp": where, "HostPort": str(number)} for number in numbers]
    exposed = [_with_protocol(str(port)) for port in values.get("exposed") or ()]
    made["ExposedPorts"] = {port: {} for port in (*bindings, *exposed)}
    made["HostConfig"]["PortBindings"] = bindings


def _with_protocol(port: str) -> str:
    return port if "/" in port else f"{port}/tcp"


def _mounts(made: dict[str, Any], values: Mapping[str, Any], folder: Path) -> None:
    types, modes = values.get("mount_types") or {}, values.get("mount_modes") or {}
    found = []
    for target, source in (values.get("mounts") or {}).items():
        found.append(_mount(target, str(source), str(types.get(target) or ""), modes.get(target) == "ro", folder))
    for target, type_ in types.items():
        if target not in (values.get("mounts") or {}) and type_ in ("tmpfs", "volume"):
            found.append({"Type": type_, "Target": target})
    made["HostConfig"]["Mounts"] = found


def _mount(target: str, source: str, type_: str, read_only: bool, folder: Path) -> dict[str, Any]:
    if source == "tmpfs" or type_ == "tmpfs":
        return {"Type": "tmpfs", "Target": target}
    if type_ == "bind" or source.startswith(("/", ".", "~")):
        return {"Type": "bind", "Source": str(inside(source, folder)), "Target": target, "ReadOnly": read_only}
    return {"Type": "volume", "Source": source, "Target": target, "ReadOnly": read_only}


def inside(source: str, folder: Path) -> Path:
    """The folder or file that a bind mount may show: it lies in the learner's folder, links followed. Made if it is
    not there, as a folder. Raises Unmakeable."""
    real = (folder / source).resolve()
    if not real.is_relative_to(folder.resolve()) or real.is_socket():
        raise Unmakeable(f"A given container may not mount {source}: it is not in the learner's folder.", _ASK_AUTHOR)
    if not real.exists():
        real.mkdir(parents=True)
    return real


def _networks(made: dict[str, Any], values: Mapping[str, Any]) -> None:
    """The first network at creation; the others are connected afterwards."""
    if mode := values.get("network_mode"):
        made["HostConfig"]["NetworkMode"] = mode
    names = network_names(values)
    if names:
        made["HostConfig"]["NetworkMode"] = names[0]
        if names[0] != "bridge":
            made["NetworkingConfig"] = {"EndpointsConfig": {names[0]: endpoint(values, names[0])}}


def volume_names(values: Mapping[str, Any]) -> list[str]:
    """The named volumes that a given container mounts."""
    types = values.get("mount_types") or {}
    named = {target: str(source) for target, source in (values.get("mounts") or {}).items()}
    return [
        source
        for target, source in named.items()
        if source != "tmpfs" and types.get(target) not in ("tmpfs", "bind") and not source.startswith(("/", ".", "~"))
    ]


def network_names(values: Mapping[str, Any]) -> list[str]:
    """The networks that a given container is in, by any property that names one."""
    named = [*(values.get("networks") or ()), *(values.get("aliases") or {}), *(values.get("ip_addresses") or {})]
    return list(dict.fromkeys(str(name) for name in named))


def endpoint(values: Mapping[str, Any], network: str) -> dict[str, Any]:
    """How a container stands in a network: its aliases and its address there."""
    made: dict[str, Any] = {}
    if aliases := (values.get("aliases") or {}).get(network):
        made["Aliases"] = list(aliases) if isinstance(aliases, list) else [aliases]
    if address := (values.get("ip_addresses") or {}).get(network):
        made["IPAMConfig"] = {"IPv4Address": str(address)}
    return made
