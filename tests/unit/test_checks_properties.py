"""Every property of every engine object: an inspect that it holds for, and one that it does not hold for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from checks_reading import BUSYBOX, container, ended, judged

from dockertutor.checks.kinds import KINDS
from dockertutor.facts import Changes, Exec, ExecAnswer, FileIn, History, Inspect, Logs, Object

RUN = {"Status": "running", "Running": True}
PORTS = {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8317"}, {"HostIp": "::", "HostPort": "8317"}]}
OFF = {"Status": "exited", "Running": False, "ExitCode": 0}

# property, as a lesson writes it: (what it holds for, what it does not hold for); None: not inspected, see below
CONTAINER: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("image", "busybox", {"Image": "sha256:1"}, {"Image": "sha256:2", "Config": {"Image": "busybox"}}),
    ("image", "{contains: '@sha256'}", {"Config": {"Image": "a@sha256:1"}}, {"Config": {"Image": "a:1"}}),
    ("state", "running", {"State": RUN}, {"State": OFF}),
    ("exit_code", "7", {"State": {**OFF, "ExitCode": 7}}, {"State": OFF}),
    ("exit_code", "0", {"State": OFF}, {"State": {**RUN, "ExitCode": 0}}),
    ("exit_code", "{present: false}", {"State": {"Status": "created", "ExitCode": 0}}, {"State": OFF}),
    ("exit_code", "127", {"State": {"Status": "created", "ExitCode": 127, "Error": "not found"}}, {"State": OFF}),
    ("error", "{contains: found}", {"State": {"Error": "not found"}}, {"State": {"Error": ""}}),
    ("command", "[sh, -c, ls]", {"Path": "sh", "Args": ["-c", "ls"]}, {"Path": "sh", "Args": ["ls"]}),
    ("command", "top", {"Path": "top", "Args": []}, {"Path": "top", "Args": ["-b"]}),
    ("args", "[-c, ls]", {"Path": "sh", "Args": ["-c", "ls"]}, {"Path": "-c", "Args": ["ls"]}),
    ("entrypoint", "[e]", {"Config": {"Entrypoint": ["e"]}}, {"Config": {"Entrypoint": None}}),
    ("detached", "true", {"Config": {"AttachStdout": False}}, {"Config": {"AttachStdout": True}}),
    ("detached", "true", {"attached": False, "Config": {"AttachStdout": True}}, {"attached": True}),
    ("published", "{80/tcp: '8317'}", {"NetworkSettings": {"Ports": PORTS}}, {"NetworkSettings": {"Ports": {}}}),
    ("published", "{present: false}", {"NetworkSettings": {"Ports": {"80/tcp": None}}},
     {"NetworkSettings": {"Ports": PORTS}}),
    ("published", "{80/tcp: '8317'}", {"State": OFF, "HostConfig": {"PortBindings": PORTS}},
     {"State": OFF, "NetworkSettings": {"Ports": PORTS}}),
    ("published_on", "{'80': [127.0.0.1]}",
     {"NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8317"}]}}},
     {"NetworkSettings": {"Ports": PORTS}}),
    ("published_on", "{80/tcp: [127.0.0.1]}",
     {"NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "1"}]}}},
     {"NetworkSettings": {"Ports": PORTS}}),
    ("exposed", "[80/tcp]", {"Config": {"ExposedPorts": {"80/tcp": {}}}}, {"Config": {}}),
    ("tty", "true", {"Config": {"Tty": True}}, {"Config": {"Tty": False}}),
    ("open_stdin", "true", {"Config": {"OpenStdin": True}}, {"Config": {"OpenStdin": False}}),
    ("auto_remove", "true", {"HostConfig": {"AutoRemove": True}}, {"HostConfig": {"AutoRemove": False}}),
    ("env", "{A: b=c}", {"Config": {"Env": ["X=1", "A=b=c"]}}, {"Config": {"Env": ["A=b"]}}),
    ("labels", "{a: b}", {"Config": {"Labels": {"a": "b", "c": "d"}}}, {"Config": {"Labels": {}}}),
    ("hostname", "box", {"Config": {"Hostname": "box"}}, {"Config": {"Hostname": "other"}}),
    ("working_dir", "/www", {"Config": {"WorkingDir": "/www"}}, {"Config": {"WorkingDir": ""}}),
    ("user", "www", {"Config": {"User": "www"}}, {"Config": {"User": ""}}),
    ("mounts", "{/data: posts}", {"Mounts": [{"Type": "volume", "Name": "posts", "Destination": "/data"}]},
     {"Mounts": [{"Type": "volume", "Name": "post", "Destination": "/data"}]}),
    ("mounts", "{/www: /home/me}", {"Mounts": [{"Type": "bind", "Source": "/home/me", "Destination": "/www"}]},
     {"Mounts": []}),
    ("mount_types", "{/data: bind}", {"Mounts": [{"Type": "bind", "Source": "/x", "Destination": "/data"}]},
     {"Mounts": [{"Type": "volume", "Name": "x", "Destination": "/data"}]}),
    ("mount_modes", "{/data: ro}", {"Mounts": [{"RW": False, "Destination": "/data"}]},
     {"Mounts": [{"RW": True, "Destination": "/data"}]}),
    ("networks", "[a, b]", {"NetworkSettings": {"Networks": {"b": {}, "a": {}}}},
     {"NetworkSettings": {"Networks": {"bridge": {}}}}),
    ("network_mode", "host", {"HostConfig": {"NetworkMode": "host"}}, {"HostConfig": {"NetworkMode": "default"}}),
    ("aliases", "{n: {contains: db}}", {"NetworkSettings": {"Networks": {"n": {"Aliases": ["db"]}}}},
     {"NetworkSettings": {"Networks": {"n": {"Aliases": None}}}}),
    ("ip_address", "172.17.0.2", {"NetworkSettings": {"IPAddress": "172.17.0.2"}},
     {"NetworkSettings": {"IPAddress": "", "Networks": {"n": {"IPAddress": "172.18.0.2"}}}}),
    ("ip_addresses", "{n: 172.18.0.2}", {"NetworkSettings": {"Networks": {"n": {"IPAddress": "172.18.0.2"}}}},
     {"NetworkSettings": {"Networks": {"m": {"IPAddress": "172.18.0.2"}}}}),
    ("health", "healthy", {"State": {"Health": {"Status": "healthy"}}}, {"State": {"Health": {"Status": "unhealthy"}}}),
    ("health", "{present: false}", {"State": {"Health": {"Status": "none"}}},
     {"State": {"Health": {"Status": "healthy"}}}),
    ("restart_policy", "always", {"HostConfig": {"RestartPolicy": {"Name": "always"}}}, {"HostConfig": {}}),
    ("restart_count", "{at-least: 1}", {"RestartCount": 2}, {"RestartCount": 0}),
    ("memory", "64m", {"HostConfig": {"Memory": 67108864}}, {"HostConfig": {"Memory": 0}}),
    ("cpus", "0.5", {"HostConfig": {"NanoCpus": 500000000}}, {"HostConfig": {"NanoCpus": 0}}),
    ("pids_limit", "50", {"HostConfig": {"PidsLimit": 50}}, {"HostConfig": {"PidsLimit": None}}),
    ("init", "true", {"HostConfig": {"Init": True}}, {"HostConfig": {"Init": None}}),
    ("privileged", "false", {"HostConfig": {"Privileged": False}}, {"HostConfig": {"Privileged": True}}),
    ("read_only", "true", {"HostConfig": {"ReadonlyRootfs": True}}, {"HostConfig": {"ReadonlyRootfs": False}}),
    ("cap_add", "{contains: NET_ADMIN}", {"HostConfig": {"CapAdd": ["NET_ADMIN"]}}, {"HostConfig": {"CapAdd": None}}),
    ("cap_drop", "[ALL]", {"HostConfig": {"CapDrop": ["ALL"]}}, {"HostConfig": {"CapDrop": None}}),
    ("log_driver", "none", {"HostConfig": {"LogConfig": {"Type": "none"}}},
     {"HostConfig": {"LogConfig": {"Type": "json-file"}}}),
    ("stop_signal", "SIGINT", {"Config": {"StopSignal": "SIGINT"}}, {"Config": {}}),
    ("oom_killed", "true", {"State": {"OOMKilled": True}}, {"State": {"OOMKilled": False}}),
    ("started_at", "{starts-with: '2026'}", {"State": {"StartedAt": "2026-01-01T00:00:00Z"}},
     {"State": {"StartedAt": "0001-01-01T00:00:00Z"}}),
    ("id", "id-web", {}, {"ident": "other"}),
    ("inspect", "{HostConfig.Dns: [1.1.1.1]}", {"HostConfig": {"Dns": ["1.1.1.1"]}}, {"HostConfig": {"Dns": []}}),
    ("inspect", "{Config.Labels.a.b: x}", {"Config": {"Labels": {"a.b": "x"}}}, {"Config": {"Labels": {"a": "x"}}}),
    ("inspect", "{Mounts.0.Type: bind}", {"Mounts": [{"Type": "bind"}]}, {"Mounts": []}),
    ("inspect", "{State.Paused: true}", {"State": {"Paused": True}}, {"State": {"Paused": False}}),
    ("inspect", "{State.Pid: {at-least: 1}}", {"State": {"Pid": 7}}, {"State": {"Pid": 0}}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "good", "bad"), CONTAINER, ids=[f"{c[0]}: {c[1]}" for c in CONTAINER])
def test_container(name: str, text: str, good: dict[str, Any], bad: dict[str, Any]) -> None:
    assert _status(f"{name}: {text}", container(**good)) == "pass"
    assert _status(f"{name}: {text}", container(**bad)) == "fail"


def _status(line: str, thing: Object, seen: Mapping[Any, Any] | None = None) -> str:
    return judged(f"[{{{thing.kind}: web, {line}}}]", {Inspect(thing.kind, "web"): thing, **(seen or {})}).status


OTHERS: dict[str, list[tuple[str, str, dict[str, Any], dict[str, Any]]]] = {
    "image": [
        ("tags", "{contains: 'a:1'}", {"RepoTags": ["a:1", "b:1"]}, {"RepoTags": ["<none>:<none>"]}),
        ("digests", "{present: true}", {"RepoDigests": ["a@sha256:1"]}, {"RepoDigests": ["<none>@<none>"]}),
        ("command", "[cat, /page]", {"Config": {"Cmd": ["cat", "/page"]}}, {"Config": {"Cmd": None}}),
        ("entrypoint", "[echo]", {"Config": {"Entrypoint": ["echo"]}}, {"Config": {}}),
        ("env", "{A: b}", {"Config": {"Env": ["A=b"]}}, {"Config": {"Env": None}}),
        ("labels", "{a: b}", {"Config": {"Labels": {"a": "b"}}}, {"Config": {"Labels": None}}),
        ("working_dir", "/www", {"Config": {"WorkingDir": "/www"}}, {"Config": {"WorkingDir": ""}}),
        ("user", "www", {"Config": {"User": "www"}}, {"Config": {}}),
        ("exposed", "[80/tcp]", {"Config": {"ExposedPorts": {"80/tcp": {}}}}, {"Config": {}}),
        ("volumes", "[/data]", {"Config": {"Volumes": {"/data": {}}}}, {"Config": {"Volumes": None}}),
        ("stop_signal", "SIGINT", {"Config": {"StopSignal": "SIGINT"}}, {"Config": {}}),
        ("healthcheck", "{contains: CMD}", {"Config": {"Healthcheck": {"Test": ["CMD", "x"]}}}, {"Config": {}}),
        ("layers", "{starts-with: [x]}", {"RootFS": {"Layers": ["x", "y"]}}, {"RootFS": {"Layers": ["y"]}}),
        ("layer_count", "2", {"RootFS": {"Layers": ["x", "y"]}}, {"RootFS": {"Layers": ["x"]}}),
        ("base_layers", "[x]", {"RootFS": {"Layers": ["x", "y"]}}, {"RootFS": {"Layers": ["x"]}}),
        ("size", "{at-most: 5m}", {"Size": 5 << 20}, {"Size": (5 << 20) + 1}),
        ("architecture", "arm64", {"Architecture": "arm64"}, {"Architecture": "amd64"}),
        ("os", "linux", {"Os": "linux"}, {"Os": "windows"}),
        ("author", "me", {"Author": "me"}, {"Author": ""}),
        ("comment", "{contains: Imported}", {"Comment": "Imported from -"}, {"Comment": ""}),
        ("created_at", "{starts-with: '2026'}", {"Created": "2026-01-01"}, {"Created": "2025-01-01"}),
        ("id", "abc", {"Id": "sha256:abc"}, {"Id": "sha256:abd"}),
        ("inspect", "{Os: linux}", {"Os": "linux"}, {}),
    ],
    "network": [
        ("driver", "bridge", {"Driver": "bridge"}, {"Driver": "null"}),
        ("scope", "local", {"Scope": "local"}, {"Scope": "swarm"}),
        ("internal", "true", {"Internal": True}, {"Internal": False}),
        ("attachable", "true", {"Attachable": True}, {"Attachable": False}),
        ("ipv6", "true", {"EnableIPv6": True}, {"EnableIPv6": False}),
        ("subnet", "10.9.0.0/24", {"IPAM": {"Config": [{"Subnet": "10.9.0.0/24"}]}}, {"IPAM": {"Config": None}}),
        ("gateway", "10.9.0.1", {"IPAM": {"Config": [{"Gateway": "10.9.0.1"}]}}, {"IPAM": {"Config": [{}]}}),
        ("containers", "[a, b]", {"Containers": {"2": {"Name": "b"}, "1": {"Name": "a"}}}, {"Containers": {}}),
        ("labels", "{a: b}", {"Labels": {"a": "b"}}, {"Labels": {}}),
        ("options", "{a: b}", {"Options": {"a": "b"}}, {"Options": None}),
        ("created_at", "{present: true}", {"Created": "2026"}, {}),
        ("id", "abc", {"Id": "abc"}, {"Id": "abd"}),
        ("name", "web", {}, {"Name": "other"}),
        ("inspect", "{IPAM.Driver: default}", {"IPAM": {"Driver": "default"}}, {}),
    ],
    "volume": [
        ("driver", "local", {"Driver": "local"}, {"Driver": "nfs"}),
        ("scope", "local", {"Scope": "local"}, {"Scope": "global"}),
        ("mountpoint", "{starts-with: /var}", {"Mountpoint": "/var/x"}, {"Mountpoint": "/x"}),
        ("labels", "{a: b}", {"Labels": {"a": "b"}}, {"Labels": None}),
        ("options", "{type: nfs}", {"Options": {"type": "nfs"}}, {"Options": None}),
        ("created_at", "{present: true}", {"CreatedAt": "2026"}, {}),
        ("id", "abc", {"Id": "abc"}, {"Id": "abd"}),
        ("name", "web", {}, {"Name": "other"}),
        ("inspect", "{Driver: local}", {"Driver": "local"}, {}),
    ],
}
CASES = [(kind, *case) for kind, rows in OTHERS.items() for case in rows]


@pytest.mark.parametrize(("kind", "name", "text", "good", "bad"), CASES, ids=[f"{c[0]} {c[1]}: {c[2]}" for c in CASES])
def test_other_objects(kind: str, name: str, text: str, good: dict[str, Any], bad: dict[str, Any]) -> None:
    def thing(inspect: dict[str, Any]) -> Object:
        return Object(kind, inspect.get("Id", "an-id"), inspect.get("Name", "web"), inspect)

    assert _status(f"{name}: {text}", thing(good)) == "pass"
    assert _status(f"{name}: {text}", thing(bad)) == "fail"


DAEMON: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("version", '{at-least: "20.10"}', {"Version": "20.10.24+dfsg1"}, {"Version": "19.3.0"}),
    ("api_version", '{at-least: "1.41"}', {"ApiVersion": "1.51"}, {"ApiVersion": "1.5"}),
    ("os", "linux", {"OSType": "linux"}, {"OSType": "windows"}),
    ("operating_system", "{contains: Debian}", {"OperatingSystem": "Debian 12"}, {"OperatingSystem": "Alpine"}),
    ("architecture", "x86_64", {"Architecture": "x86_64"}, {"Architecture": "aarch64"}),
    ("kernel_version", "6.1", {"KernelVersion": "6.1"}, {"KernelVersion": "6.2"}),
    ("name", "host", {"Name": "host"}, {"Name": "other"}),
    ("id", "AB:CD", {"ID": "AB:CD"}, {"ID": "AB"}),
    ("containers", "3", {"Containers": 3}, {"Containers": 2}),
    ("containers_running", "1", {"ContainersRunning": 1}, {"ContainersRunning": 0}),
    ("containers_paused", "1", {"ContainersPaused": 1}, {"ContainersPaused": 0}),
    ("containers_stopped", "1", {"ContainersStopped": 1}, {"ContainersStopped": 0}),
    ("images", "1", {"Images": 1}, {"Images": 0}),
    ("storage_driver", "overlay2", {"Driver": "overlay2"}, {"Driver": "vfs"}),
    ("log_driver", "json-file", {"LoggingDriver": "json-file"}, {"LoggingDriver": "local"}),
    ("cgroup_version", "'2'", {"CgroupVersion": "2"}, {"CgroupVersion": "1"}),
    ("cgroup_driver", "systemd", {"CgroupDriver": "systemd"}, {"CgroupDriver": "cgroupfs"}),
    ("root_dir", "/var/lib/docker", {"DockerRootDir": "/var/lib/docker"}, {"DockerRootDir": "/x"}),
    ("cpus", "{at-least: 2}", {"NCPU": 2}, {"NCPU": 1}),
    ("memory", "{at-least: 1g}", {"MemTotal": 1 << 30}, {"MemTotal": 1 << 29}),
    ("runtimes", "{contains: runc}", {"Runtimes": {"runc": {}}}, {"Runtimes": {}}),
    ("swarm", "inactive", {"Swarm": {"LocalNodeState": "inactive"}}, {"Swarm": {"LocalNodeState": "active"}}),
    ("live_restore", "true", {"LiveRestoreEnabled": True}, {"LiveRestoreEnabled": False}),
    ("security", "{contains: name=rootless}", {"SecurityOptions": ["name=rootless"]}, {"SecurityOptions": None}),
    ("inspect", "{NCPU: '2'}", {"NCPU": 2}, {"NCPU": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "good", "bad"), DAEMON, ids=[f"{c[0]}: {c[1]}" for c in DAEMON])
def test_daemon(name: str, text: str, good: dict[str, Any], bad: dict[str, Any]) -> None:
    def status(inspect: dict[str, Any]) -> str:
        seen = {Inspect("daemon", "daemon"): Object("daemon", "", "", inspect)}
        return judged(f"[{{daemon: {{{name}: {text}}}}}]", seen).status

    assert status(good) == "pass"
    assert status(bad) == "fail"


def test_output_files_and_commands_are_looked_at_in_the_container() -> None:
    web = container()
    assert _status("logs: {contains: bye}", web, {Logs("id-web"): "hi\r\nbye\r\n"}) == "pass"
    assert _status("logs: {contains: bye}", web, {Logs("id-web"): None}) == "fail"
    assert _status("files: {/a: {contains: x}}", web, {FileIn("id-web", "/a"): "axa"}) == "pass"
    assert _status("files: {/a: {contains: x}}", web, {FileIn("id-web", "/a"): None}) == "fail"
    answer = {Exec("id-web", ("ls", "/")): ExecAnswer(0, "bin\n")}
    assert _status("exec: {command: [ls, /], exit_code: 0, output: {contains: bin}}", web, answer) == "pass"
    assert _status("exec: {command: [ls, /], exit_code: 1}", web, answer) == "fail"


def test_changed_files_are_looked_at_by_path_and_told_by_path() -> None:
    web, seen = container(), {Changes("id-web"): {"/tmp": "changed", "/tmp/note": "added"}}
    assert _status("changes: {/tmp/note: added}", web, seen) == "pass"
    assert _status("changes: {/etc/motd: {present: false}}", web, seen) == "pass"
    assert _status("changes: {length: 2}", web, seen) == "pass"
    assert _status("changes: {/tmp/note: deleted}", web, seen) == "fail"
    assert _status("changes: {/tmp/note: added}", web, {Changes("id-web"): None}) == "fail"
    text = "[{container: web, changes: {/tmp/note: deleted, /etc/motd: added}}]"
    row = judged(text, {Inspect("container", "web"): web, **seen}).verdicts[-1]
    assert (row.title, row.expected) == ("Changed files", "/tmp/note: deleted, /etc/motd: added")
    assert row.found == "/tmp/note: added, no /etc/motd"


def test_a_command_cannot_run_in_a_container_that_does_not_run() -> None:
    assert _status("exec: {command: [ls], exit_code: 0}", container(State=ended())) == "fail"


def test_an_images_history_is_looked_at() -> None:
    seen = {History("sha256:1"): ({"CreatedBy": "RUN x"}, {"CreatedBy": "FROM y"})}
    good = judged("[{image: busybox, history: {matches: RUN}}]", {Inspect("image", "busybox"): BUSYBOX, **seen})
    bad = judged("[{image: busybox, history: {matches: COPY}}]", {Inspect("image", "busybox"): BUSYBOX, **seen})
    assert (good.status, bad.status) == ("pass", "fail")


def test_the_sizes_of_an_images_steps_are_looked_at() -> None:
    rows = ({"CreatedBy": "ENV x", "Size": 0}, {"CreatedBy": "RUN y", "Size": 5 << 20}, {"CreatedBy": "FROM z"})
    seen = {Inspect("image", "busybox"): BUSYBOX, History("sha256:1"): rows}
    for wanted in ("{contains: {at-least: 5m}}", "{contains: 5m}", "['0', 5242880, '0']", "{length: 3}"):
        assert judged(f"[{{image: busybox, history_sizes: {wanted}}}]", seen).status == "pass", wanted
    row = judged("[{image: busybox, history_sizes: {contains: {at-least: 6m}}}]", seen).verdicts[-1]
    assert (row.status, row.expected, row.found) == ("fail", "has at least 6m", "0b 5m 0b")


def test_every_property_has_a_case() -> None:
    tested = {"container": {case[0] for case in CONTAINER} | {"logs", "files", "changes", "exec", "name"},
              "daemon": {case[0] for case in DAEMON}}  # fmt: skip
    tested |= {kind: {case[0] for case in rows} for kind, rows in OTHERS.items()}
    tested["image"] |= {"history", "history_sizes"}
    missing = {k: {p.name for p in KINDS[k].properties} - names for k, names in tested.items()}
    assert {kind: names for kind, names in missing.items() if names} == {}
