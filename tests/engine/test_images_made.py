"""A new image counts where a call of the learner's made it, however it was made; what others make does not."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dockertutor.engine.engine import Engine
from dockertutor.tutor.context import AttemptContext
from dockertutor.tutor.gather import Gatherer
from tests.engine.test_gather import checks
from tests.engine.wired import Wired, eventually

pytestmark = pytest.mark.engine

Client = Callable[..., object]
OLD = {"DOCKER_BUILDKIT": "0"}


class Learner:
    """An attempt whose calls come from a wire, and images in all ways: through it, or beside it."""

    def __init__(self, engine: Engine, docker: Wired, folder: Path, image: str, prefix: str) -> None:
        self.engine, self.docker, self.image, self.prefix = engine, docker, image, prefix
        self.folder, self.archive = folder / "context", folder / "image.tar"
        self.context = AttemptContext(folder, wire=True)

    def ready(self, way: str) -> None:
        """Have there what the way needs, then begin the stage."""
        direct = self.docker.without
        if way in ("load", "pull", "tag"):
            assert self.beside("build", "-t", self.image, str(self.folder)).returncode == 0
        if way == "load":
            direct("save", "-o", str(self.archive), self.image)
            direct("rmi", self.image)
        if way == "pull":
            direct("run", "-d", "--name", f"{self.prefix}reg", "-p", "127.0.0.1::5000", "registry:2")
            port = direct("port", f"{self.prefix}reg", "5000/tcp").stdout.decode().split()[0].rpartition(":")[2]
            direct("tag", self.image, f"127.0.0.1:{port}/{self.image}")
            direct("rmi", self.image)
            self.image = f"127.0.0.1:{port}/{self.image}"
            eventually(lambda: direct("push", self.image).returncode == 0)
            direct("rmi", self.image)
        if way == "commit":
            direct("create", "--name", f"{self.prefix}c", "busybox", "true")
        self.begin()

    def begin(self) -> None:
        self.context.begin_stage(self.engine.baseline(), {}, since=self.engine.now())

    def through(self, *args: str) -> subprocess.CompletedProcess[bytes]:
        return self.docker(*args, **OLD)

    def beside(self, *args: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([self.docker.cli, *args], env={**self.docker.direct, **OLD}, capture_output=True)

    def makes(self, way: str, client: Client) -> None:
        match way:
            case "build":
                client("build", "-t", self.image, str(self.folder))
            case "pull":
                client("pull", self.image)
            case "load":
                client("load", "-i", str(self.archive))
            case "import":
                client("import", str(self.folder / "root.tar"), self.image)
            case "commit":
                client("commit", "-m", self.prefix, f"{self.prefix}c", self.image)

    def status(self, wanted: str = "") -> str:
        """What is said of a check for a new image with the name, after all calls were told."""
        self.docker._fence()
        for call in list(self.docker.seen.values()):
            self.context.note_call(call)
        wanted = wanted or f"tags: {{contains: {json.dumps(self.image)}}}"
        judged = checks(f"[{{image: {{new: true}}, {wanted}}}]")
        return Gatherer(self.engine).judge(judged, (), self.context)[0].status


@pytest.fixture
def learner(asked: Engine, docker: Wired, tmp_path: Path, context: Path, image: str, prefix: str) -> Iterator[Learner]:
    made = Learner(asked, docker, tmp_path, image, prefix)
    root = context / "root.tar"
    docker.without("create", "--name", f"{prefix}root", "busybox", "true")
    docker.without("export", "-o", str(root), f"{prefix}root")
    yield made
    docker.without("rm", "-f", "-v", f"{prefix}reg", f"{prefix}c")
    docker.without("rmi", made.image)


@pytest.mark.parametrize("way", ["build", "pull", "load", "import", "commit"])
def test_an_image_counts_where_the_learner_made_it(learner: Learner, way: str) -> None:
    learner.ready(way)
    assert learner.status() == "fail"
    learner.makes(way, learner.beside)
    assert learner.status() == "fail", "somebody else made it"
    learner.docker.without("rmi", learner.image)

    learner.begin()
    learner.makes(way, learner.through)
    assert learner.status() == "pass"


def test_an_image_that_the_learner_tags_counts(learner: Learner) -> None:
    learner.begin()
    learner.makes("build", learner.beside)
    other = learner.image.replace(":1", ":2")
    learner.beside("tag", learner.image, other)
    assert learner.status() == "fail"

    learner.through("tag", learner.image, other)

    assert learner.status() == "pass"
    learner.beside("rmi", other)
    assert learner.status() == "pass", "it stays theirs"


def test_a_build_of_the_learners_makes_no_image_of_somebody_else_theirs(learner: Learner) -> None:
    learner.begin()
    learner.through("build", "-q", str(learner.folder))
    assert learner.status("labels: {a: b}") == "pass"
    assert learner.status() == "fail"
    learner.makes("import", learner.beside)
    assert learner.status() == "fail"


def test_a_call_that_was_under_way_as_the_stage_began_is_none_of_it(learner: Learner) -> None:
    follows = learner.docker.start("events", "--filter", f"container={learner.prefix}x")
    eventually(lambda: any(call.path == "/events" for call in list(learner.docker.seen.values())))
    learner.begin()
    follows.kill()
    follows.wait()
    learner.docker.saw("GET /events")
    learner.docker("ps")
    learner.docker.saw("GET /containers/json")
    learner.status()
    judged = checks("[{api-call: GET /events}, {api-call: GET /containers/json}]")
    verdicts = Gatherer(learner.engine).judge(judged, (), learner.context)[0].verdicts
    assert [one.status for one in verdicts] == ["fail", "pass"]


def test_an_image_that_buildkit_built_counts(learner: Learner, old_docker: Wired) -> None:
    learner.begin()
    learner.makes("build", learner.beside)
    old_docker("build", "--label", "mine=yes", str(learner.folder), DOCKER_BUILDKIT="1")

    assert learner.status('labels: {mine: "yes"}') == "pass"
    assert learner.status() == "fail", "somebody else made that one"
