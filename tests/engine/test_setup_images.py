"""Set-up on an engine that was there before: it brings what is lacking and moves nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from dockertutor.engine.connection import Endpoint
from dockertutor.setup import images
from dockertutor.setup.engine_api import EngineApi
from dockertutor.setup.image_archive import Layer, OfflineImage
from dockertutor.setup.kit import Kit
from dockertutor.setup.record import Record

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def own_image(engine, prefix, tmp_path):
    """An image archive of this test's own, and its name; whatever was made of it is removed."""
    (tmp_path / "root").mkdir()
    (tmp_path / "root/hello").write_text(prefix)
    image = OfflineImage(f"{prefix}image:1", [Layer.of(tmp_path / "root", "a test's")])
    image.save(tmp_path / "image.tar")
    yield image, tmp_path / "image.tar"
    engine.images.remove(image.name)


@pytest.fixture
def api(engine_url):
    return EngineApi(Endpoint(engine_url))


def test_a_loaded_image_has_the_id_that_it_was_made_with(api, own_image):
    image, archive = own_image
    api.load(archive)
    assert api.images()[image.name] == image.id


def test_a_tag_that_exists_is_not_moved(api, own_image, engine, tmp_path, monkeypatch):
    image, archive = own_image
    engine.images.get("busybox:latest").tag(image.name)
    kit = Kit(tmp_path)
    monkeypatch.setattr(Kit, "archive", lambda *_: archive)
    images._load_unmoved(api, image.name, kit)
    assert api.images()[image.name] == engine.images.get("busybox:latest").id


def test_a_course_image_is_built_once_and_again_when_its_folder_changes(api, engine, prefix, tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKERTUTOR_HOME", str(tmp_path / "home"))
    folder = tmp_path / "images" / f"{prefix}course_2"
    folder.mkdir(parents=True)
    (folder / "Dockerfile").write_text("FROM busybox\nCOPY page /page\n")
    (folder / "page").write_text("one")
    record, name = Record(), f"{prefix}course:2"
    said = []

    def ours():
        lack = images.missing(api, tmp_path, record).course
        images.make_available(api, images.Missing(course=lack), Kit(tmp_path), record, said.append, pull=False)
        return lack

    try:
        assert ours() == (folder,)
        assert ours() == ()
        first = api.images()[name]
        (folder / "page").write_text("two")
        assert ours() == (folder,)
        assert api.images()[name] != first
        engine.images.get("busybox:latest").tag(f"{prefix}course", "2")  # now the tag is somebody else's
        (folder / "page").write_text("three")
        assert ours() == ()
    finally:
        engine.images.remove(name)
        for image in {first, *(i.id for i in engine.images.list(filters={"dangling": True}))} & {first}:
            engine.images.remove(image)


def test_setup_says_nothing_and_touches_nothing_where_all_is_there(engine, engine_url, prefix, tmp_path):
    foreign = engine.containers.run("busybox", ["sleep", "600"], name=f"{prefix}foreign", detach=True, init=True)
    lacking = images.missing(EngineApi(Endpoint(engine_url)), PROJECT / "lessons", Record())
    if lacking:
        pytest.fail(f"the test engine lacks {lacking}")
    done = subprocess.run(
        [sys.executable, "-m", "dockertutor", "setup"],
        env={
            "DOCKER_HOST": engine_url,
            "DOCKERTUTOR_HOME": str(tmp_path),
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        cwd=PROJECT,
    )
    before = foreign.attrs["State"]["StartedAt"] or foreign.attrs["Created"]
    foreign.reload()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert foreign.status == "running"
    assert foreign.attrs["State"]["StartedAt"] >= before
