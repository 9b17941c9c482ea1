"""The engine goes under the wire, and comes back: each client sees what it would see without it, word for word."""

from __future__ import annotations

import re
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engine import restarting
from tests.engine.wired import LIMIT, Terminal, Wired, eventually

pytestmark = [pytest.mark.engine, restarting.needs_own_engine]

Ended = tuple[int, frozenset[str] | str, str]
"""Exit status, standard output (as a set of lines where their number is chance), standard error."""
HERE = ("sh", "-c", "echo hello; exec sleep 600")
AGAIN = ("sh", "-c", "while :; do echo hello; sleep 1; done")
PYTHON = """
import docker, sys
client = docker.DockerClient(base_url=sys.argv[1])
events = client.events()
print("hello", flush=True)
def told(action):
    try:
        action()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
print(told(lambda: list(events)))
sys.stdin.read()  # a killed engine may yet let somebody in while its files are being closed
print(told(client.ping))
"""


class Long:
    """A command that goes on until the engine goes. ``said``: what it has written, both streams together."""

    def __init__(self, argv: list[str], env: dict[str, str]) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(argv, env=env, stdin=pipe, stdout=pipe, stderr=pipe)
        self.parts = {"out": "", "err": ""}
        self.readers = [
            threading.Thread(target=self._read, args=("out", self.process.stdout)),
            threading.Thread(target=self._read, args=("err", self.process.stderr)),
        ]
        for reader in self.readers:
            reader.start()

    def _read(self, name: str, pipe) -> None:
        for line in pipe:
            self.parts[name] += line.decode(errors="replace")

    def shows(self, word: str) -> None:
        eventually(lambda: word in self.parts["out"] + self.parts["err"])

    def ends(self) -> tuple[int, str, str]:
        self.process.stdin.close()
        status = self.process.wait(LIMIT)
        for reader in self.readers:
            reader.join(LIMIT)
        for pipe in (self.process.stdout, self.process.stderr):
            pipe.close()
        return status, self.parts["out"], self.parts["err"]


@dataclass(frozen=True)
class Command:
    """``argv``: without and with the wire, told apart by 0 and 1, since each has a container of its own."""

    argv: Callable[[int], tuple[str, ...]]
    terminal: bool = False
    word: str = "hello"
    env: tuple[tuple[str, str], ...] = ()


def long_commands(name: str, context: Path) -> dict[str, Command]:
    """By what they are; those that the client here lacks are left out by `World`."""
    since = ("--since", "1h", "--filter", f"container={name}", "--filter", "event=create")
    return {
        "events": Command(lambda _: ("events", *since, "--format", "hello {{.Action}}")),
        "logs -f": Command(lambda _: ("logs", "-f", name)),
        "stats": Command(lambda _: ("stats", "--format", "hello {{.Name}}", name)),
        "exec": Command(lambda _: ("exec", name, *HERE)),
        "exec -i": Command(lambda _: ("exec", "-i", name, *HERE)),
        "exec -it": Command(lambda _: ("exec", "-it", name, *HERE), terminal=True),
        "attach": Command(lambda i: ("attach", "--no-stdin", f"{name}-again{i}")),
        "attach -it": Command(lambda i: ("attach", f"{name}-terminal{i}"), terminal=True),
        "run": Command(lambda i: ("run", "--init", "--name", f"{name}-run{i}", "busybox", *HERE)),
        "run --rm": Command(lambda i: ("run", "--init", "--rm", "--name", f"{name}-rm{i}", "busybox", *HERE)),
        "run -it": Command(lambda i: ("run", "--init", "-it", "--name", f"{name}-it{i}", "busybox", *HERE), True),
        "start -a": Command(lambda i: ("start", "-a", f"{name}-made{i}")),
        "build, the older way": Command(
            lambda _: ("build", "--no-cache", str(context)), word="hello\n", env=(("DOCKER_BUILDKIT", "0"),)
        ),
    }


ABSENT = "FileNotFoundError(2, 'No such file or directory')"
SILENT = ("wait", "pull")
OTHERS = ("docker-py", "curl")
LONG = (*long_commands("", Path()), *SILENT, *OTHERS)
WHILE_GONE = (
    ("ps",),
    ("version",),
    ("info",),
    ("run", "busybox"),
    ("exec", "a", "true"),
    ("logs", "a"),
    ("start", "a"),
    ("stats",),
    ("events",),
    ("pull", "busybox"),
    ("cp", "a:/x", "-"),
    ("stack", "ls"),
    ("login", "-u", "me", "-p", "x", "127.0.0.1:9"),
)


def over(one: Long | Terminal) -> tuple[int, str, str]:
    """How it has ended; a terminal shows both streams as one."""
    ended = one.ends()
    return ended if isinstance(ended, tuple) else (ended, one.seen, "")


class World:
    """An engine that went while every command was under way: how each ended with the wire and without."""

    def __init__(self, docker: Wired, folder: Path) -> None:
        self.docker, self.folder = docker, folder
        self.name = f"t{secrets.token_hex(4)}"
        self.commands = long_commands(self.name, folder)
        self.registries = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        self.running: dict[str, list[Long | Terminal]] = {}
        self.ended: dict[str, list[Ended]] = {}
        self.gone: dict[tuple[str, ...], list[Ended]] = {}
        self.command: list[str] = []
        self.killed = False

    def begin(self) -> None:
        docker, name = self.docker, self.name
        (self.folder / "Dockerfile").write_text("FROM busybox\nRUN echo hello; exec sleep 600\n")
        docker("run", "-d", "--init", "--name", name, "busybox", *HERE)
        for i in (0, 1):
            docker("create", "--init", "--name", f"{name}-made{i}", "busybox", *HERE)
            docker("run", "-d", "--init", "--name", f"{name}-again{i}", "busybox", *AGAIN)
            docker("run", "-dit", "--init", "--name", f"{name}-terminal{i}", "busybox", *AGAIN)
        self._start("wait", lambda _: (docker.cli, "wait", name))
        self._start("pull", lambda i: (docker.cli, "pull", f"127.0.0.1:{self.registries[i].getsockname()[1]}/x"))
        for what, one in self.commands.items():
            self._start(what, lambda i, one=one: (docker.cli, *one.argv(i)), terminal=one.terminal, env=dict(one.env))
        sockets = [env["DOCKER_HOST"].removeprefix("unix://") for env in (docker.direct, docker.env)]
        self._start("curl", lambda i: ("curl", "-sSN", "--unix-socket", sockets[i], "http://d/events?since=1"))
        self._start("docker-py", lambda i: (sys.executable, "-c", PYTHON, f"unix://{sockets[i]}"))
        for what, pair in self.running.items():
            word = {"curl": "create"}.get(what, self.commands[what].word if what in self.commands else "hello")
            for one in pair if what not in SILENT else ():
                one.shows(word)
        for registry in self.registries:  # the engine asks there, and nobody answers
            registry.settimeout(LIMIT)
            registry.accept()[0].close()

    def _start(self, what: str, argv, *, terminal: bool = False, env: dict[str, str] | None = None) -> None:
        kind = Terminal if terminal else Long
        environments = (self.docker.direct, self.docker.env)
        self.running[what] = [kind([*argv(i)], {**environments[i], **(env or {})}) for i in (0, 1)]

    def note(self) -> None:
        """Note how what was under way has ended, and what can be said while the engine is gone."""
        for what in [what for what in self.running if what != "stats"]:
            self.ended[what] = [self._plain(what, *over(one)) for one in self.running.pop(what)]
        for args in WHILE_GONE:
            done = [self.docker.without(*args), self.docker(*args, check=False)]
            self.gone[args] = [
                self._plain("", one.returncode, one.stdout.decode(), one.stderr.decode()) for one in done
            ]

    def note_what_goes_on(self) -> None:
        """`docker stats` does not notice: it goes on with the engine that came back, until it is stopped."""
        for one in self.running["stats"]:
            assert one.process.poll() is None
            one.process.kill()
        self.ended["stats"] = [self._plain("stats", *over(one)) for one in self.running.pop("stats")]

    def _plain(self, what: str, status: int, *texts: str) -> Ended:
        """Without what differs by chance: addresses, ids, times, and how often something was said."""
        sockets = (str(self.docker.wire.socket), self.docker.direct["DOCKER_HOST"].removeprefix("unix://"))
        for one in sockets:
            texts = tuple(text.replace(one, "SOCKET").replace(one.replace("/", "%2F"), "SOCKET") for text in texts)
        names = re.compile(rf"({self.name}-[a-z]+)[01]|\b(0x)?[0-9a-f]{{10,}}\b|(?<=127\.0\.0\.1[:])\d+|%3A\d+")
        out, err = (names.sub(lambda found: found[1] or "…", text) for text in texts)
        # a killed engine leaves a socket that refuses, and ours is not there: docker has the same words for both
        out = out.replace("ConnectionRefusedError(111, 'Connection refused')", ABSENT)
        # newer engines wait with their end until the registry has been given up, for one of two reasons
        err = re.sub(r"net/http: request canceled|context deadline exceeded", "…", err)
        err = err.replace(" (Client.Timeout exceeded while awaiting headers)", "")
        # a client tells on a terminal in which second of its life it noted something
        out, err = (re.sub(r"\[\d{4}\]", "[…]", text) for text in (out, err))
        # what a client notes of its own threads comes in any order, or not at all; on a terminal before or after it has
        # put that back as it was
        notes = re.compile(r"^time=.*\n", re.M)
        out, err = (notes.sub("", text.replace("\r\n", "\n")) for text in (out, err))
        often = what in ("attach", "attach -it", "stats", "curl")
        return status, frozenset(out.splitlines()) if often and what != "curl" else ("" if often else out), err


@pytest.fixture(scope="module", params=["stopped", "killed"])
def world(
    request: pytest.FixtureRequest,
    engine_url: str,
    docker_cli: str,
    docker_env: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    docker = Wired(engine_url, docker_cli, docker_env, tmp_path_factory.mktemp("restart") / "run")
    made = World(docker, tmp_path_factory.mktemp("context"))
    try:
        made.begin()
        made.killed = request.param == "killed"
        made.command = restarting.stop(killed=made.killed)
        made.note()
        restarting.start(made.command)
        made.note_what_goes_on()
        yield made
    finally:
        if made.command and not restarting.SOCKET.exists():
            restarting.start(made.command)
        for one in [one for pair in made.running.values() for one in pair]:
            one.process.kill()
            one.ends()
        for registry in made.registries:
            registry.close()
        ids = docker.without("ps", "-aq", "--filter", f"name=^{made.name}").stdout.decode().split()
        docker.without("rm", "-f", *ids)
        # what an interrupted build left has no name
        left = docker.without("ps", "-aq", "--filter", "status=exited", "--filter", "ancestor=busybox")
        docker.without("rm", "-f", *left.stdout.decode().split())
        docker.close()


@pytest.mark.parametrize("what", LONG)
def test_what_was_under_way_ends_as_it_would(world, what):
    direct, wired = world.ended[what]
    if world.killed and what.startswith("exec"):
        # The system closes what a killed engine had open one by one. Who asks at once how the program has ended finds
        # nobody (255), or is let in and broken off (1): by chance, with us and without.
        assert {wired[0], direct[0]} <= {1, 255}
        assert wired[1].startswith("hello")
    else:
        assert wired == direct


@pytest.mark.parametrize("args", WHILE_GONE, ids=" ".join)
def test_while_it_is_gone_the_client_says_what_it_would(world, args):
    direct, wired = world.gone[args]
    assert wired == direct
    assert direct[0]


def test_the_next_call_works(world):
    docker, name = world.docker, world.name
    docker("start", name)
    eventually(lambda: docker("logs", name).stdout == b"hello\nhello\n")
    assert docker("exec", name, "echo", "again").stdout == b"again\n"
    assert list(docker.wire.socket.parent.iterdir()) == [docker.wire.socket]


def test_a_calls_end_is_reported_when_the_engine_goes(world):
    docker = world.docker
    docker.saw("GET /events", "POST /containers/*/attach", "POST /exec/*/start", "POST /containers/*/wait")
    assert [call.path for call in list(docker.seen.values()) if call.ended is None] == []
