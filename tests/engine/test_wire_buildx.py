"""``docker build`` of newer clients goes through buildx: what it made is known all the same."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockertutor.facts import Call
from dockertutor.tutor.ledger import Ledger
from tests.engine.ledger_world import Kept
from tests.engine.test_tutor_wire import WiredDriver, driver
from tests.engine.wired import Wired, eventually

pytestmark = pytest.mark.engine
__all__ = ["driver"]

NEW_IMAGE = """
id: one
kind: independent
vars: {word: token}
task: An image of your own
expect: [{image: {new: true}, labels: {word: "${word}"}}]
solution: docker build .
"""


@pytest.fixture
def buildx(engine_url: str, docker_cli: str, docker_env: dict[str, str], tmp_path: Path) -> Iterator[Wired]:
    """A client whose ``docker build`` is buildx's, through a wire."""
    if subprocess.run([docker_cli, "buildx", "version"], env=docker_env, capture_output=True).returncode:
        pytest.skip("not run: needs a docker client with buildx (./test matrix has them)")
    wired = Wired(engine_url, docker_cli, docker_env | {"BUILDKIT_PROGRESS": "plain"}, tmp_path / "run")
    yield wired
    wired.close()


@pytest.fixture
def context(tmp_path: Path, prefix: str) -> Path:
    folder = tmp_path / "context"
    folder.mkdir()
    (folder / "Dockerfile").write_text(f"FROM busybox\nRUN echo {prefix} > /made\nCMD cat /made\n")
    return folder


@pytest.fixture
def names(prefix: str, run_docker) -> Iterator[list[str]]:
    """Names for images; removed afterwards, where the test left them."""
    made = [f"{prefix}image:{number}" for number in (1, 2)]
    yield made
    for name in made:
        run_docker("rmi", name, check=False)


def built(docker: Wired) -> list[Call]:
    """The calls that carried a build: buildx talks through more than one connection, and each ends by itself."""
    return [call for call in list(docker.seen.values()) if call.path == "/grpc" and call.created]


def test_the_call_that_carried_the_build_names_the_image(buildx, context, names):
    buildx("build", "-t", names[0], str(context))
    assert buildx("run", "--rm", names[0]).stdout
    identity = buildx("inspect", "-f", "{{.Id}}", names[0]).stdout.decode().strip()
    (call,) = eventually(lambda: built(buildx))
    assert call.created == (("image", identity),)
    assert call.upgrade == "h2c"


def test_what_it_built_is_ours_with_every_tag_and_goes(buildx, asked, context, names):
    baseline, ledger = asked.baseline(), Ledger(Kept())
    buildx("build", "-t", names[0], "-t", names[1], str(context))
    for call in eventually(lambda: built(buildx)):
        ledger.saw(asked, call, baseline, "a1")
    left = ledger.leftovers(asked)
    assert {name for one in left for name in one.name.split(", ")} == set(names)
    assert ledger.remove(asked, left) == ()
    assert asked.inspect("image", names[0]) is None
    assert asked.inspect("image", names[1]) is None


def test_a_tag_that_was_there_before_is_not_ours(buildx, asked, context, names, run_docker):
    run_docker("tag", "busybox", names[0])
    baseline, ledger = asked.baseline(), Ledger(Kept())
    buildx("build", "-t", names[0], "-t", names[1], str(context))
    for call in eventually(lambda: built(buildx)):
        ledger.saw(asked, call, baseline, "a1")
    assert ledger.remove(asked, ledger.leftovers(asked)) == ()
    assert asked.inspect("image", names[0]) is not None
    assert asked.inspect("image", names[1]) is None


def test_a_build_that_fails_says_the_same_as_without_the_wire(buildx, context):
    (context / "Dockerfile").write_text("FROM busybox\nRUN false\n")
    wired, direct = buildx("build", str(context), check=False), buildx.without("build", str(context))
    assert wired.returncode == direct.returncode != 0
    assert wired.stderr.splitlines()[-1] == direct.stderr.splitlines()[-1]
    buildx.saw("POST /grpc")
    assert not built(buildx)


def test_a_builds_secret_is_used_and_reaches_nobody(buildx, context, tmp_path, names):
    secret = "hunter2-very-secret"
    (tmp_path / "secret").write_text(secret)
    (context / "Dockerfile").write_text(
        "FROM busybox\nRUN --mount=type=secret,id=s wc -c < /run/secrets/s > /made\nCMD cat /made\n"
    )
    buildx("build", "-t", names[0], "--secret", f"id=s,src={tmp_path}/secret", str(context))
    assert buildx("run", "--rm", names[0]).stdout.strip() == str(len(secret)).encode()
    assert secret not in repr(buildx.saw("POST /grpc"))


@pytest.mark.parametrize("marks", [True, False])
@pytest.mark.parametrize("tagged", [True, False])
def test_a_learners_build_is_ticked_off_and_offered_for_removal(
    buildx: Wired, driver: WiredDriver, context: Path, names: list[str], tagged: bool, marks: bool
) -> None:
    driver.open(NEW_IMAGE)
    driver.final()
    tag = f"-t {names[0]} " if tagged else ""

    assert driver.type(f"docker build {tag}--label word=${{word}} {context}", marks=marks) == 0

    driver.phase("passed")
    driver.tutor.wait(lambda v: bool(driver.tutor.leftovers()), 10)
    (left,) = driver.tutor.leftovers()
    assert left.ours
    assert left.kind == "image"
    assert not tagged or left.name == names[0]
