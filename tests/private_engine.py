"""Run a command beside a Docker Engine of its own: ``python tests/private_engine.py -- COMMAND…`` (as root).

The command and the engine live in mount, network and process namespaces of their own: loopback is theirs (a published
port is reached at localhost only in here), the usual socket /var/run/docker.sock is this engine's, and whatever
happens, everything ends when the command ends. The offline kit's registry is the engine's mirror, and the kit's images
are loaded. The engine keeps its data in memory. There is no network but loopback in here: fetch things before.

With DOCKERTUTOR_ENGINE_ROOT=DIR the `dockerd` of that root file system is run, with DOCKERTUTOR_CLIENT=DIR its docker
client comes first on the PATH (a newer Debian's, see engine_root and cold/matrix.py).
Two of them run side by side; two `dockerd` in one network namespace would take over each other's bridge.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import engine_root
import namespaces

from dockertutor.engine.connection import Endpoint
from dockertutor.errors import TutorError
from dockertutor.setup import images, places
from dockertutor.setup.dockerd import Dockerd
from dockertutor.setup.engine_api import EngineApi
from dockertutor.setup.kit import Kit, registry_answers
from dockertutor.setup.record import Record
from dockertutor.setup.waiting import until

LESSONS = Path(__file__).parents[1] / "lessons"
MIRROR_PORT = 5999
RUN = Path("/run/dockertutor-private")


def main(arguments: list[str]) -> int:
    """``-- COMMAND…`` from outside, ``inside COMMAND…`` as process 1 of the new namespaces."""
    if arguments[:1] == ["inside"]:
        return inside(arguments[1:])
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command or os.geteuid() != 0 or shutil.which("unshare") is None:
        print("private_engine.py -- COMMAND…: needs a command, root and unshare", file=sys.stderr)
        return 2
    kit = Kit(places.kit())
    if not kit.complete:

        def say(line: str) -> None:
            print(line, file=sys.stderr)

        kit.make(kit.plan(say), say)
    return namespaces.enter([sys.executable, __file__, "inside", *command])


def inside(command: list[str]) -> int:
    """Mount, bring loopback up, start registry and engine, run the command, stop the engine; the command's status."""
    namespaces.die_with_parent()
    namespaces.mount("proc", "/proc", "-t", "proc")
    namespaces.mount("tmpfs", "/run", "-t", "tmpfs", "-o", "mode=755")
    RUN.mkdir()
    Path("/run/lock").mkdir(mode=0o1777)
    namespaces.loopback_up()
    kit = Kit(places.kit())
    shutil.copytree(kit.folder / "registry", RUN / "mirror" / "registry")
    shutil.copytree(kit.folder / "bin", RUN / "mirror" / "bin")
    children = [_serve(Kit(RUN / "mirror"))]
    options = ("--data-root", f"{RUN}/data", "--registry-mirror", f"http://127.0.0.1:{MIRROR_PORT}")
    other_root, client = (os.environ.get(name, "") for name in engine_root.CHOICES)
    if other_root:
        engine_root.furnish(other_root)
    engine = Dockerd(
        log=RUN / "dockerd.log",
        socket=Path("/run/docker.sock"),
        pid_file=Path("/run/docker.pid"),
        options=options,
        program=engine_root.program(other_root),
    )
    status = 70
    try:
        children.append(engine.start(detached=True))
        _bring_images(kit)
        environment = os.environ | {"DOCKER_HOST": "unix:///var/run/docker.sock", "DOCKERTUTOR_PRIVATE_ENGINE": "1"}
        environment["PATH"] = engine_root.client_path(client, RUN / "client")
        environment.pop("DOCKER_CONTEXT", None)
        status = namespaces.run_as_first(command, environment)
        engine.stop()
    except TutorError as error:
        print(f"{error}\n{error.detail[-3000:]}", file=sys.stderr)
    except KeyboardInterrupt:
        status = 130
    return status


def _serve(kit: Kit) -> subprocess.Popen[bytes]:
    with (RUN / "registry.log").open("ab") as out:
        process = subprocess.Popen(kit.serve_command(MIRROR_PORT), stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    if not until(lambda: registry_answers(f"http://127.0.0.1:{MIRROR_PORT}"), 20):
        raise SystemExit("the kit's registry does not start in the private engine's namespace")
    return process


def _bring_images(kit: Kit) -> None:
    """Load the kit's images and build the course's own. The record of the builds stays in here."""
    api = EngineApi(Endpoint("unix:///run/docker.sock"))
    for name in kit.ids:
        api.load(kit.archive(name))
    outside = os.environ.get("XDG_STATE_HOME")
    os.environ["XDG_STATE_HOME"] = str(RUN)
    images.make_available(api, images.missing(api, LESSONS, Record()), kit, Record(), lambda _: None, pull=False)
    os.environ.pop("XDG_STATE_HOME") if outside is None else os.environ.update(XDG_STATE_HOME=outside)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
