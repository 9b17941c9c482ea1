"""Which engine is chosen: as docker's CLI would."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from dockertutor.engine.connection import DEFAULT_SOCKET, candidates, checked_url
from dockertutor.errors import EngineBadAddress


def context(home: Path, name: str, host: str, **more: object) -> Path:
    folder = home / ".docker/contexts/meta" / hashlib.sha256(name.encode()).hexdigest()
    folder.mkdir(parents=True)
    (folder / "meta.json").write_text(json.dumps({"Name": name, "Endpoints": {"docker": {"Host": host, **more}}}))
    return folder


def current(home: Path, name: str) -> None:
    (home / ".docker").mkdir(exist_ok=True)
    (home / ".docker/config.json").write_text(json.dumps({"currentContext": name}))


def urls(*args: object, **more: str) -> list[str]:
    return [place.url for place in candidates(*args, **more)]


def test_docker_host_comes_before_every_context(tmp_path):
    context(tmp_path, "c", "unix:///c.sock")
    current(tmp_path, "c")
    assert urls({"DOCKER_HOST": "unix:///h.sock", "DOCKER_CONTEXT": "c"}, tmp_path) == ["unix:///h.sock"]


def test_docker_context_comes_before_the_current_one(tmp_path):
    context(tmp_path, "a", "unix:///a.sock")
    context(tmp_path, "b", "unix:///b.sock")
    current(tmp_path, "a")
    assert urls({"DOCKER_CONTEXT": "b"}, tmp_path) == ["unix:///b.sock"]
    assert urls({}, tmp_path) == ["unix:///a.sock"]


def test_options_come_before_the_environment(tmp_path):
    context(tmp_path, "a", "unix:///a.sock")
    assert urls({"DOCKER_HOST": "unix:///h.sock"}, tmp_path, context="a") == ["unix:///a.sock"]
    assert urls({"DOCKER_HOST": "unix:///h.sock"}, tmp_path, host="tcp://x") == ["tcp://x:2375"]
    with pytest.raises(EngineBadAddress):
        candidates({}, tmp_path, host="tcp://x", context="a")


def test_the_default_context_is_the_usual_socket(tmp_path):
    assert urls({"DOCKER_CONTEXT": "default"}, tmp_path) == [f"unix://{DEFAULT_SOCKET}"]


def test_without_a_choice_the_usual_sockets_follow(tmp_path):
    for path in (".colima/default/docker.sock", "run/docker.sock"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).touch()
    found = candidates({"XDG_RUNTIME_DIR": str(tmp_path / "run")}, tmp_path)
    assert found[0].url == f"unix://{DEFAULT_SOCKET}"
    assert [p.source for p in found[1:3]] == ["Colima's socket", "the rootless engine's socket"]


def test_a_context_brings_its_certificates(tmp_path):
    meta = context(tmp_path, "far", "tcp://far:2376")
    folder = tmp_path / ".docker/contexts/tls" / meta.name / "docker"
    folder.mkdir(parents=True)
    (folder / "ca.pem").touch()
    (found,) = candidates({"DOCKER_CONTEXT": "far"}, tmp_path)
    assert found.tls is not None
    assert found.tls.ca == folder / "ca.pem"
    assert found.tls.cert is None
    assert found.tls.verify


def test_a_broken_config_file_is_as_none(tmp_path):
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker/config.json").write_text("{nonsense")
    assert urls({}, tmp_path)[0] == f"unix://{DEFAULT_SOCKET}"


def test_a_folder_for_the_configuration_may_be_elsewhere(tmp_path):
    (tmp_path / "c").mkdir()
    (tmp_path / "c/config.json").write_text(json.dumps({"currentContext": "nope"}))
    with pytest.raises(EngineBadAddress):
        candidates({"DOCKER_CONFIG": str(tmp_path / "c")}, tmp_path)


def test_an_address_tells_where_published_ports_are(tmp_path):
    (here,) = candidates({"DOCKER_HOST": "unix:///x.sock"}, tmp_path)
    (far,) = candidates({"DOCKER_HOST": "ssh://me@lab.example"}, tmp_path)
    assert (here.local, here.host) == (True, "localhost")
    assert (far.local, far.host) == (False, "lab.example")


def test_a_tcp_address_gets_the_usual_port():
    assert checked_url("tcp://h") == "tcp://h:2375"
    assert checked_url("tcp://h:1/") == "tcp://h:1/"
