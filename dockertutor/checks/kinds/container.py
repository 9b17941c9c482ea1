"""What can be asked of a container: ``GET /containers/ID/json``, its output, its files, and commands run in it."""

from __future__ import annotations

from typing import Any

from dockertutor.checks.kinds.common import ID_PROP, NAME_PROP, inspect_prop
from dockertutor.checks.look import Look
from dockertutor.checks.table import Kind, Prop, at, dig, keys_at, pairs_at
from dockertutor.checks.values import (
    CHANGES,
    COMMAND,
    EXEC,
    EXPOSED,
    FILES,
    HEALTH,
    IMAGE,
    LISTS_BY_NAME,
    LISTS_BY_PORT,
    MOUNT_MODES,
    MOUNT_TYPES,
    NUMBER,
    PORTS,
    RESTART_POLICY,
    SIZE,
    STATE,
    TEXT,
    TEXTS_BY_NAME,
    TRUTH,
    WORD,
    WORDS,
    ImageValue,
    LazyExec,
    LazyNames,
)
from dockertutor.engine.references import familiar
from dockertutor.facts import Changes, Exec, ExecAnswer, FileIn, Inspect, Logs, Object


def _state(thing: Object, look: Look) -> Any:
    return "removed" if thing.removed else dig(thing.inspect, "State", "Status")


def _image(thing: Object, look: Look) -> ImageValue:
    image_id, text = str(thing.inspect.get("Image") or ""), str(dig(thing.inspect, "Config", "Image") or "")

    def same(reference: str) -> bool:
        found = look(Inspect("image", reference))
        if found is None:  # removed with force: what it was asked by is all that is left
            return familiar(reference) == familiar(text)
        return bool(found.id == image_id)

    return ImageValue(image_id, text, same)


def _args(thing: Object, look: Look) -> tuple[str, ...]:
    return tuple(thing.inspect.get("Args") or ())


def _command(thing: Object, look: Look) -> tuple[str, ...]:
    path = thing.inspect.get("Path")
    return ((str(path),) if path else ()) + _args(thing, look)


def _exit_code(thing: Object, look: Look) -> Any:
    """Absent until the program has ended or failed to start: the API says 0 while it runs."""
    status, code = dig(thing.inspect, "State", "Status"), dig(thing.inspect, "State", "ExitCode")
    if status in ("exited", "dead", "restarting", "removing"):
        return code
    return code if status == "created" and (code or dig(thing.inspect, "State", "Error")) else None


def _bindings(thing: Object) -> dict[str, Any]:
    """While it runs NetworkSettings has the ports; when it does not, those are empty and HostConfig has them."""
    if dig(thing.inspect, "State", "Running") and not thing.removed:
        return dig(thing.inspect, "NetworkSettings", "Ports") or {}
    return dig(thing.inspect, "HostConfig", "PortBindings") or {}


def _published(thing: Object, look: Look) -> dict[str, tuple[int, ...]]:
    found = {}
    for port, hosts in _bindings(thing).items():
        numbers = dict.fromkeys(int(host["HostPort"]) for host in hosts or () if str(host.get("HostPort")).isdigit())
        if numbers:
            found[port] = tuple(numbers)
    return found


def _published_on(thing: Object, look: Look) -> dict[str, tuple[str, ...]]:
    return {
        port: tuple(dict.fromkeys(host.get("HostIp") or "0.0.0.0" for host in hosts))
        for port, hosts in _bindings(thing).items()
        if hosts
    }


def _detached(thing: Object, look: Look) -> bool:
    return not dig(thing.inspect, "Config", "AttachStdout") if thing.attached is None else not thing.attached


def _health(thing: Object, look: Look) -> Any:
    status = dig(thing.inspect, "State", "Health", "Status")
    return None if status == "none" else status


def _mounts(field: str) -> Any:
    def read(thing: Object, look: Look) -> dict[str, str]:
        found = {}
        for mount in thing.inspect.get("Mounts") or ():
            value = (mount.get("Name") or mount.get("Source")) if field == "Name" else mount.get(field)
            value = ("rw" if value else "ro") if field == "RW" else value
            found[str(mount.get("Destination"))] = str(value or mount.get("Type") or "")
        return found

    return read


def _networks(thing: Object, look: Look) -> tuple[str, ...]:
    return tuple(sorted(dig(thing.inspect, "NetworkSettings", "Networks") or ()))


def _by_network(field: str) -> Any:
    def read(thing: Object, look: Look) -> dict[str, Any]:
        networks = dig(thing.inspect, "NetworkSettings", "Networks") or {}
        found = {name: (end or {}).get(field) for name, end in networks.items()}
        return {name: tuple(v) if isinstance(v, list) else v for name, v in found.items() if v}

    return read


def _ip_address(thing: Object, look: Look) -> Any:
    one = dig(thing.inspect, "NetworkSettings", "IPAddress")
    return one or next(iter(_by_network("IPAddress")(thing, look).values()), None)


def _cpus(thing: Object, look: Look) -> Any:
    nano = dig(thing.inspect, "HostConfig", "NanoCpus")
    return nano / 1e9 if nano else None


def _capabilities(field: str) -> Any:
    """Newer engines write ``CAP_NET_ADMIN`` for what was given as ``NET_ADMIN``."""
    return lambda thing, look: tuple(
        str(name).removeprefix("CAP_") for name in dig(thing.inspect, "HostConfig", field) or ()
    )


def _memory(thing: Object, look: Look) -> Any:
    return dig(thing.inspect, "HostConfig", "Memory") or None


def _files(thing: Object, look: Look) -> LazyNames:
    return LazyNames(lambda path: None if thing.removed else look(FileIn(thing.id, path)))


def _changes(thing: Object, look: Look) -> Any:
    return None if thing.removed else look(Changes(thing.id))


def _logs(thing: Object, look: Look) -> Any:
    text = look(Logs(thing.id))
    return None if text is None else text.replace("\r\n", "\n")  # a container with a terminal writes CR LF


def _exec(thing: Object, look: Look) -> LazyExec:
    def run(command: tuple[str, ...]) -> dict[str, Any] | None:
        if thing.removed or not dig(thing.inspect, "State", "Running"):
            return None
        answer: ExecAnswer | None = look(Exec(thing.id, command))
        return None if answer is None else {"exit_code": answer.exit_code, "output": answer.output}

    return LazyExec(run)


_P = Prop
CONTAINER = Kind(
    "container",
    "A container.",
    "its exact name, `{given: HANDLE}` or `{new: true}`",
    (
        _P("image", IMAGE, "Image", "Image",
           "What it was made from: the name is looked up now, and the Ids are compared."
           " With `contains`, `starts-with` or `matches` the text it was asked by (`Config.Image`).", "busybox",
           _image),
        _P("state", STATE, "State", "State.Status", "`created`, `running`, `paused`, `restarting`, `removing`,"
           " `exited`, `dead`, or `removed`.", "running", _state),
        _P("exit_code", NUMBER, "Exit code", "State.ExitCode", "How its program ended. Absent until it has ended, or"
           " failed to start.", "{present: false}", _exit_code),
        _P("error", TEXT, "Error", "State.Error", "Why it could not be started.", "{present: false}",
           at("State", "Error")),
        _P("command", COMMAND, "Command", "Path, Args", "The program that runs, and its arguments.", '[sleep, "1000"]',
           _command, short="command"),
        _P("args", COMMAND, "Arguments", "Args", "The arguments of its program, without the program.", '["1000"]',
           _args),
        _P("entrypoint", COMMAND, "Entrypoint", "Config.Entrypoint", "The entrypoint it was made with.",
           "{present: false}", at("Config", "Entrypoint")),
        _P("detached", TRUTH, "Detached", "(wire), Config.AttachStdout",
           "No client was attached when it was started, as"
           " with `-d`. By the wire; without it: `AttachStdout` is false.", "true", _detached),
        _P("published", PORTS, "Published port", "NetworkSettings.Ports, HostConfig.PortBindings",
           "Host ports by port of"
           " the container; IPv4 and IPv6 count once. A port that is only exposed is absent.",
           "{80/tcp: {present: true}}", _published, short="port"),
        _P("published_on", LISTS_BY_PORT, "Published on", "NetworkSettings.Ports, HostConfig.PortBindings",
           "Addresses of"
           " the host by port of the container.", "{80/tcp: {contains: 127.0.0.1}}", _published_on),
        _P("exposed", EXPOSED, "Exposed ports", "Config.ExposedPorts",
           "Ports that its image or options name, published or"
           " not.", "{contains: 80/tcp}", keys_at("Config", "ExposedPorts")),
        _P("tty", TRUTH, "Terminal", "Config.Tty", "It has a terminal, as with `-t`.", "false", at("Config", "Tty")),
        _P("open_stdin", TRUTH, "Open input", "Config.OpenStdin", "Its input is kept open, as with `-i`.", "false",
           at("Config", "OpenStdin")),
        _P("auto_remove", TRUTH, "Removed at its end", "HostConfig.AutoRemove", "It is removed when it ends, as with"
           " `--rm`.", "false", at("HostConfig", "AutoRemove")),
        _P("env", TEXTS_BY_NAME, "Environment", "Config.Env", "Environment variables by name, those of its image among"
           " them.", "{GREETING: hello}", pairs_at("Config", "Env")),
        _P("labels", TEXTS_BY_NAME, "Label", "Config.Labels", "Labels by name, those of its image among them.",
           "{course: docker}", at("Config", "Labels")),
        _P("hostname", WORD, "Host name", "Config.Hostname", "The name it has for itself.", "box",
           at("Config", "Hostname")),
        _P("working_dir", WORD, "Working folder", "Config.WorkingDir", "The folder its program starts in.",
           "/tmp", at("Config", "WorkingDir")),
        _P("user", WORD, "User", "Config.User", "The user its program runs as; absent means root.", "root",
           at("Config", "User")),
        _P("mounts", TEXTS_BY_NAME, "Mount", "Mounts[].Name, Source",
           "By folder in the container: the volume's name, or"
           " the host's folder.", "{/data: {present: true}}", _mounts("Name")),
        _P("mount_types", MOUNT_TYPES, "Kind of mount", "Mounts[].Type",
           "By folder in the container: `volume`, `bind`"
           " or `tmpfs`.", "{/data: volume}", _mounts("Type")),
        _P("mount_modes", MOUNT_MODES, "Mount mode", "Mounts[].RW", "By folder in the container: `rw` or `ro`.",
           "{/data: rw}", _mounts("RW")),
        _P("networks", WORDS, "Networks", "NetworkSettings.Networks", "Names of its networks, sorted.",
           "{contains: bridge}", _networks),
        _P("network_mode", WORD, "Network mode", "HostConfig.NetworkMode", "As given with `--network`.",
           "{one-of: [default, bridge]}", at("HostConfig", "NetworkMode")),
        _P("aliases", LISTS_BY_NAME, "Names in a network", "NetworkSettings.Networks.*.Aliases", "Further names by"
           " network.", "{bridge: {present: false}}", _by_network("Aliases")),
        _P("ip_address", WORD, "Address", "NetworkSettings.IPAddress, Networks.*.IPAddress",
           "Its address in its (first)"
           " network, while it runs.", r"{matches: '^\d+\.\d+\.\d+\.\d+$'}", _ip_address),
        _P("ip_addresses", TEXTS_BY_NAME, "Address", "NetworkSettings.Networks.*.IPAddress",
           "Its addresses by network.",
           "{bridge: {present: true}}", _by_network("IPAddress")),
        _P("health", HEALTH, "Health", "State.Health.Status", "`starting`, `healthy` or `unhealthy`; absent without a"
           " health check.", "{present: false}", _health),
        _P("restart_policy", RESTART_POLICY, "Restart policy", "HostConfig.RestartPolicy.Name",
           "`no`, `always`, `unless-stopped` or `on-failure`.", "on-failure",
           lambda thing, look: dig(thing.inspect, "HostConfig", "RestartPolicy", "Name") or "no"),
        _P("restart_count", NUMBER, "Restarts", "RestartCount", "How often its policy has started it again.", '"0"',
           at("RestartCount")),
        _P("memory", SIZE, "Memory limit", "HostConfig.Memory", "In bytes or as `64m`; absent means no limit.",
           "64m", _memory),
        _P("cpus", NUMBER, "CPU limit", "HostConfig.NanoCpus", "As given with `--cpus`; absent means no limit.",
           '"0.5"', _cpus),
        _P("pids_limit", NUMBER, "Process limit", "HostConfig.PidsLimit", "Absent means no limit.", "{present: false}",
           lambda thing, look: dig(thing.inspect, "HostConfig", "PidsLimit") or None),
        _P("init", TRUTH, "Init process", "HostConfig.Init", "A small init runs its program, as with `--init`.",
           "true",
           lambda thing, look: bool(dig(thing.inspect, "HostConfig", "Init"))),
        _P("privileged", TRUTH, "Privileged", "HostConfig.Privileged", "As with `--privileged`.", "false",
           at("HostConfig", "Privileged")),
        _P("read_only", TRUTH, "Read-only", "HostConfig.ReadonlyRootfs", "It may not write to its own files, as with"
           " `--read-only`.", "false", at("HostConfig", "ReadonlyRootfs")),
        _P("cap_add", WORDS, "Capabilities added", "HostConfig.CapAdd", "Without `CAP_`.", "[NET_ADMIN]",
           _capabilities("CapAdd")),
        _P("cap_drop", WORDS, "Capabilities dropped", "HostConfig.CapDrop", "Without `CAP_`.", "[MKNOD]",
           _capabilities("CapDrop")),
        _P("log_driver", WORD, "Log driver", "HostConfig.LogConfig.Type", "Where its output goes.", "json-file",
           at("HostConfig", "LogConfig", "Type")),
        _P("stop_signal", WORD, "Stop signal", "Config.StopSignal", "The signal that asks it to end.",
           "SIGINT", at("Config", "StopSignal")),
        _P("oom_killed", TRUTH, "Killed for memory", "State.OOMKilled", "Its limit of memory ended it.", "false",
           at("State", "OOMKilled")),
        _P("started_at", WORD, "Started", "State.StartedAt", "When it was last started, as the API writes it.",
           '{starts-with: "20"}', at("State", "StartedAt")),
        ID_PROP,
        NAME_PROP,
        inspect_prop("{HostConfig.RestartPolicy.MaximumRetryCount: 3}"),
        _P("logs", TEXT, "Output", "GET /containers/ID/logs",
           "What its program wrote, both streams in order. Lost with a"
           " removed container.", "{contains: hello}", _logs, asks=True),
        _P("files", FILES, "File", "GET /containers/ID/archive", "Texts of files in the container, by path.",
           "{/etc/passwd: {contains: root}}", _files, asks=True),
        _P("changes", CHANGES, "Changed files", "GET /containers/ID/changes",
           "What differs in its files from its image, by path, as `docker diff` shows it: `added`, `changed` (a folder"
           " in which something was) or `deleted`. Not what lies in its volumes.", "{/tmp/note: added}", _changes,
           asks=True),
        _P("exec", EXEC, "A command in it", "POST /containers/ID/exec", "Runs a command in the running container:"
           " `command`, and matchers for its `exit_code` and `output`.",
           "{command: [echo, hi], exit_code: 0, output: {contains: hi}}", _exec, asks=True),
    ),
    maker=(("contents", "texts of files by path, put in before it is started (as `files`)"),),
    example='{container: web, state: running, published: {80/tcp: "8317"}}',
)  # fmt: skip
