"""What can be asked of the engine itself: ``GET /info`` with the answer of ``GET /version`` beside it."""

from __future__ import annotations

from dockertutor.checks.kinds.common import inspect_prop
from dockertutor.checks.table import Kind, Prop, at, keys_at
from dockertutor.checks.values import ID, NUMBER, SIZE, TEXT, TRUTH, VERSION, WORD, WORDS

_P = Prop
DAEMON = Kind(
    "daemon",
    "The engine itself. `daemon` is also a handle that always exists.",
    "its properties, or `true`",
    (
        _P("version", VERSION, "Engine version", "/version: Version", "The engine's version.", '{at-least: "20.10"}',
           at("Version")),
        _P("api_version", VERSION, "API version", "/version: ApiVersion", "The newest API it speaks.",
           '{at-least: "1.41"}', at("ApiVersion")),
        _P("os", WORD, "System", "OSType", "As `linux`.", "linux", at("OSType")),
        _P("operating_system", TEXT, "Operating system", "OperatingSystem", "Its name and version.", "{present: true}",
           at("OperatingSystem")),
        _P("architecture", WORD, "Architecture", "Architecture", "As `x86_64`.", "{present: true}",
           at("Architecture")),
        _P("kernel_version", WORD, "Kernel", "KernelVersion", "What `uname -r` says there.", "{present: true}",
           at("KernelVersion")),
        _P("name", WORD, "Host name", "Name", "The name of its computer.", "{present: true}", at("Name")),
        _P("id", ID, "ID", "ID", "The engine's Id.", "{present: true}", at("ID")),
        _P("containers", NUMBER, "Containers", "Containers", "How many there are.", "{at-least: 0}", at("Containers")),
        _P("containers_running", NUMBER, "Running containers", "ContainersRunning", "How many run.", "{at-least: 0}",
           at("ContainersRunning")),
        _P("containers_paused", NUMBER, "Paused containers", "ContainersPaused", "How many are paused.",
           "{at-least: 0}", at("ContainersPaused")),
        _P("containers_stopped", NUMBER, "Stopped containers", "ContainersStopped", "How many do not run.",
           "{at-least: 0}", at("ContainersStopped")),
        _P("images", NUMBER, "Images", "Images", "How many there are.", "{at-least: 1}", at("Images")),
        _P("storage_driver", WORD, "Storage driver", "Driver", "As `overlay2`.", "{present: true}", at("Driver")),
        _P("log_driver", WORD, "Log driver", "LoggingDriver", "Where output goes unless a container says otherwise.",
           "json-file", at("LoggingDriver")),
        _P("cgroup_version", WORD, "Control groups", "CgroupVersion", "`1` or `2`.", '{one-of: ["1", "2"]}',
           at("CgroupVersion")),
        _P("cgroup_driver", WORD, "Control group driver", "CgroupDriver", "`cgroupfs` or `systemd`.",
           "{present: true}", at("CgroupDriver")),
        _P("root_dir", WORD, "Root folder", "DockerRootDir", "Where it keeps its objects.", "{present: true}",
           at("DockerRootDir")),
        _P("cpus", NUMBER, "Processors", "NCPU", "How many it may use.", "{at-least: 1}", at("NCPU")),
        _P("memory", SIZE, "Memory", "MemTotal", "In bytes, or as `4g`.", "{at-least: 64m}", at("MemTotal")),
        _P("runtimes", WORDS, "Runtimes", "Runtimes", "Names of the runtimes it knows, sorted.", "{contains: runc}",
           keys_at("Runtimes")),
        _P("swarm", WORD, "Swarm", "Swarm.LocalNodeState", "`inactive`, `active` …", "{present: true}",
           at("Swarm", "LocalNodeState")),
        _P("live_restore", TRUTH, "Live restore", "LiveRestoreEnabled", "Containers go on while it restarts.",
           "{one-of: [true, false]}", at("LiveRestoreEnabled")),
        _P("security", WORDS, "Security options", "SecurityOptions", "As the engine lists them.",
           "{contains: {starts-with: name=}}", at("SecurityOptions")),
        inspect_prop("{ServerVersion: {present: true}}"),
    ),
    example='{daemon: {version: {at-least: "20.10"}}}',
)  # fmt: skip
