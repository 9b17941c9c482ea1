"""Images made without an engine are what Docker would make."""

import io
import json
import tarfile

from dockertutor.setup.image_archive import Layer, OfflineImage, digest


def an_image(folder):
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/sh").write_text("#!")
    (folder / "bin/sh").chmod(0o755)
    (folder / "bin/ls").symlink_to("sh")
    return OfflineImage("demo:1", [Layer.of(folder, "made by hand")], {"Cmd": ["sh"]})


def test_the_same_files_make_the_same_id(tmp_path):
    assert an_image(tmp_path / "a").id == an_image(tmp_path / "b").id


def test_the_id_is_the_configs_digest(tmp_path):
    image = an_image(tmp_path)
    assert image.id == digest(image.config)


def test_a_layer_keeps_modes_and_links_and_gives_all_to_root(tmp_path):
    image = an_image(tmp_path)
    with tarfile.open(fileobj=io.BytesIO(image.layers[0].tar)) as tar:
        shell, link = tar.getmember("bin/sh"), tar.getmember("bin/ls")
    assert (shell.mode, shell.uid, shell.gid) == (0o755, 0, 0)
    assert (link.issym(), link.linkname) == (True, "sh")


def test_the_archive_names_its_config_its_layers_and_its_tag(tmp_path):
    image = an_image(tmp_path / "root")
    image.save(tmp_path / "demo.tar")
    with tarfile.open(tmp_path / "demo.tar") as tar:
        names = tar.getnames()
        manifest = json.load(tar.extractfile("manifest.json"))[0]
    assert manifest["RepoTags"] == ["demo:1"]
    assert {manifest["Config"], *manifest["Layers"]} <= set(names)
