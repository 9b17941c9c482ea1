"""What set-up does where the engine is refused the images, or breaks off: it says so, and takes the offline kit."""

from __future__ import annotations

import json
import socket
import threading
import urllib.request
from pathlib import Path

import pytest

from dockertutor.errors import EngineUnreachable, SetupError
from dockertutor.setup import apt, hub, machine
from dockertutor.setup.debian_packages import Package
from dockertutor.setup.flow import Setup
from dockertutor.setup.kit import Kit
from dockertutor.setup.kit_images import NAMES
from dockertutor.setup.machine import Machine
from dockertutor.setup.record import Record
from tests.unit.plain_engine import Answer, plain_engine

TOO_MANY = "toomanyrequests: You have reached your pull rate limit."
NO_WAY = "Get https://registry-1.docker.io/v2/: dial tcp: lookup registry-1.docker.io: no such host"


class FakeKit(Kit):
    """A kit whose making fetches 5 MB, in no time; each archive holds its image's name."""

    def plan(self, say: object) -> list[Package]:
        return [Package("docker-registry", "docker-registry.deb", 5_000_000)]

    def make(self, plan: object, say: object) -> None:
        (self.folder / "images").mkdir(parents=True)
        for name in NAMES:
            self.archive(name).write_text(name)
        (self.folder / "kit.json").write_text(json.dumps({"format": 1, "images": {}}))


def refuses(message: str, status: int = 500):
    """A pull that is refused before it begins."""
    return lambda answer: answer.json({"message": message}, status)


def refuses_midway(message: str):
    """A pull that is refused when it has begun."""

    def pull(answer: Answer) -> None:
        lines = [{"status": "Pulling from library/busybox"}, {"error": message}]
        data = "".join(json.dumps(line) + "\r\n" for line in lines).encode()
        answer.send_response(200)
        answer.send_header("Content-Length", str(len(data)))
        answer.end_headers()
        answer.wfile.write(data)

    return pull


LINE = b'{"status": "Pulling from library/busybox"}\r\n'


def breaks_off(field: str, sent: bytes):
    """A pull whose answer, of the length that a header field tells, ends after ``sent``."""

    def pull(answer: Answer) -> None:
        answer.send_response(200)
        answer.send_header(*field.split(": "))
        answer.end_headers()
        answer.wfile.write(sent)

    return pull


class World:
    """Set-up before an engine that does ``pull`` when it is asked for an image."""

    def __init__(self, folder: Path, engine) -> None:
        self.folder, self.engine = folder, engine
        self.said: list[str] = []
        self.asked: list[str] = []
        self.kit: Kit = FakeKit(folder / "kit")

    def ensure(self, *, agree: bool = True) -> str:
        def ask(question: str) -> bool:
            self.asked.append(question)
            return agree

        Setup(self.folder, self.said.append, ask, self.engine.url, kit=self.kit, record=Record()).ensure()
        return "\n".join(self.said)


@pytest.fixture
def before(tmp_path, monkeypatch):
    """Set-up before an engine that does so when it is asked for an image, on a machine that reaches Docker Hub."""
    monkeypatch.setenv("DOCKERTUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(hub, "reachable", lambda: True)
    made = []

    def begin(pull) -> World:
        made.append(plain_engine(tmp_path / "engine.sock", pull))
        return World(tmp_path, made[-1].__enter__())

    yield begin
    for one in made:
        one.__exit__(None, None, None)


@pytest.mark.parametrize("pull", [refuses(TOO_MANY, 429), refuses(NO_WAY), refuses_midway(NO_WAY)])
def test_where_a_pull_is_refused_the_kit_is_taken(before, pull):
    world = before(pull)
    said = world.ensure()
    assert world.engine.loaded == [name.encode() for name in NAMES]
    assert "fetching 5.0 MB of Debian's packages for it" in said
    assert world.asked == ["Go on?"]


def test_the_refusal_is_said_in_the_engines_words(before):
    assert f"The engine refused POST /images/create: {TOO_MANY}" in before(refuses(TOO_MANY, 429)).ensure()


def test_only_what_is_still_lacking_comes_from_the_kit(before):
    def first_only(answer: Answer) -> None:
        if answer.server.tags:
            refuses(TOO_MANY, 429)(answer)
        else:
            answer.server.tags.append(NAMES[0])
            answer.json({"status": "Pull complete"})

    world = before(first_only)
    world.ensure()
    assert world.engine.loaded == [name.encode() for name in NAMES[1:]]


def test_a_kit_that_is_there_needs_no_question(before):
    world = before(refuses(TOO_MANY, 429))
    world.kit.make((), print)
    world.ensure()
    assert world.asked == []


def test_without_consent_nothing_is_fetched(before):
    world = before(refuses(TOO_MANY, 429))
    with pytest.raises(SetupError, match="The lesson images are not here"):
        world.ensure(agree=False)
    assert not world.kit.complete


@pytest.mark.parametrize(
    ("pull", "do"),
    [
        (refuses(TOO_MANY, 429), "log in (`docker login`) and get them yourself: `docker pull"),
        (refuses_midway(TOO_MANY), "Wait some hours"),
        (refuses(NO_WAY), "See that this engine reaches Docker Hub"),
    ],
)
def test_where_no_kit_can_be_made_the_refusal_says_what_to_do(before, monkeypatch, tmp_path, pull, do):
    world = before(pull)
    world.kit = Kit(tmp_path / "kit")
    monkeypatch.setenv("PATH", str(tmp_path))  # no apt-get: no Debian
    with pytest.raises(SetupError) as raised:
        world.ensure()
    assert do in raised.value.do
    assert "refused" in raised.value.what or "engine says" in raised.value.what


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("Transfer-Encoding: chunked", b"%x\r\n%s\r\n" % (len(LINE), LINE)),
        ("Transfer-Encoding: chunked", b"%x\r\n%s" % (len(LINE), LINE[:9])),
        ("Content-Length: 5000", LINE),
    ],
    ids=["between chunks", "in a chunk", "in a body of known length"],
)
def test_an_engine_that_breaks_off_in_a_pull_is_told_of(before, field, sent):
    with pytest.raises(EngineUnreachable, match="broke off in the middle of its answer"):
        before(breaks_off(field, sent)).ensure()


# ------------------------------------------------------------------ shown before anything is fetched
@pytest.fixture
def order(monkeypatch, tmp_path):
    """What is said and fetched, in order, where no engine is here, and the package lists are missing at first."""
    monkeypatch.setenv("DOCKERTUTOR_HOME", str(tmp_path / "home"))
    steps: list[str] = []

    def size(packages: object, say: object) -> tuple[int, int]:
        if "lists fetched" not in steps:
            raise SetupError("`apt-get -q` failed: Unable to locate package docker.io")
        return 20, 90_000_000

    monkeypatch.setattr(machine, "look", lambda: Machine(distribution=("debian",), root=True))
    monkeypatch.setattr(hub, "reachable", lambda: True)
    monkeypatch.setattr(apt, "docker_packages", lambda: ["docker.io"])
    monkeypatch.setattr(apt, "download_size", size)
    monkeypatch.setattr(apt, "update", lambda say: steps.append("lists fetched"))
    monkeypatch.setattr(Setup, "find_engine", lambda self: None)
    return steps


def test_package_lists_are_announced_with_their_size_before_they_are_fetched(order, tmp_path):
    def ask(question: str) -> bool:
        order.append(question)
        return False

    with pytest.raises(SetupError, match="Nothing was installed"):
        Setup(tmp_path, order.append, ask, record=Record()).ensure()
    fetched = order.index("lists fetched")
    assert order[:fetched] == [apt.FETCHING_LISTS]
    assert "MB" in apt.FETCHING_LISTS
    assert order[fetched + 1] == "No Docker Engine answers here. Set-up would now:"
    assert "install docker.io (20 packages, 90 MB)" in order[fetched + 2]
    assert order[-1] == "Go on?"


def test_nothing_is_said_of_package_lists_that_are_here(order, monkeypatch, tmp_path):
    monkeypatch.setattr(apt, "download_size", lambda *_: (20, 90_000_000))
    with pytest.raises(SetupError):
        Setup(tmp_path, order.append, lambda _: False, record=Record()).ensure()
    assert apt.FETCHING_LISTS not in order


@pytest.fixture
def proxy(monkeypatch):
    """Set the proxy of a fresh process: a running one keeps what it found first."""
    monkeypatch.setattr(urllib.request, "_opener", None)
    for name in ("no_proxy", "NO_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return lambda address: monkeypatch.setenv("https_proxy", address)


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9.2\r\n", b"", b"HTTP/1.1 200\r\n\r\nnonsense"])
def test_a_proxy_that_is_none_leads_nowhere(proxy, answer):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                client.recv(4096)
                client.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        proxy(f"http://127.0.0.1:{listener.getsockname()[1]}")
        assert not hub.reachable()
        thread.join()


def test_a_proxys_address_that_is_none_leads_nowhere(proxy):
    proxy("http://127.0.0.1:many")
    assert not hub.reachable()
