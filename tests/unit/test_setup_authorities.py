"""Certificate authorities of a person's own: whoever fetches something for set-up trusts them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dockertutor.setup import apt, authorities, debian_packages, hub, own_engine
from dockertutor.setup.dockerd import Dockerd
from tests.unit.own_authority import ASKED, serving

PROJECT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch):
    for name in (*authorities.NAMED_BY, "https_proxy", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def named(tmp_path, monkeypatch):
    """Write files of authorities and name them by these variables; the files' paths."""

    def name(*variables: str) -> list[str]:
        paths = [tmp_path / f"{variable}.pem" for variable in variables]
        for variable, path in zip(variables, paths, strict=True):
            path.write_text("")
            monkeypatch.setenv(variable, str(path))
        return [str(path) for path in paths]

    return name


# ------------------------------------------------------------------ which file
def test_none_is_named():
    assert (authorities.file(), authorities.for_engine(), authorities.for_apt()) == ("", {}, [])


@pytest.mark.parametrize("variable", authorities.NAMED_BY)
def test_either_variable_names_it(named, variable):
    (path,) = named(variable)
    assert authorities.file() == path


def test_the_variable_that_engines_read_too_comes_first(named):
    engines, _ = named("SSL_CERT_FILE", "PIP_CERT")
    assert authorities.file() == engines


def test_one_that_is_not_there_is_passed_over(named, monkeypatch, tmp_path):
    _, pips = named("SSL_CERT_FILE", "PIP_CERT")
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/authority.pem")
    assert authorities.file() == pips
    monkeypatch.setenv("PIP_CERT", str(tmp_path))
    assert authorities.file() == ""


def test_a_path_from_here_holds_from_anywhere(named, monkeypatch, tmp_path):
    named("PIP_CERT")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIP_CERT", "PIP_CERT.pem")
    assert authorities.file() == str(tmp_path / "PIP_CERT.pem")


# ------------------------------------------------------------------ Docker Hub
@pytest.fixture
def own_hub(tmp_path, monkeypatch):
    """A Docker Hub for which only an authority of its own vouches; the authority's file."""
    (tmp_path / "www").mkdir()
    with serving(tmp_path / "www", tmp_path) as (address, authority):
        monkeypatch.setenv("no_proxy", "localhost")
        monkeypatch.setattr(hub, "HUB", f"{address}/")
        yield authority


@pytest.mark.parametrize("variable", authorities.NAMED_BY)
def test_docker_hub_is_reached_by_an_own_authority(own_hub, monkeypatch, variable):
    monkeypatch.setenv(variable, str(own_hub))
    assert hub.reachable()


def test_without_that_authority_it_is_not_reached(own_hub):
    assert not hub.reachable()


def test_a_file_that_holds_no_authority_leads_nowhere(own_hub, named):
    named("PIP_CERT")
    assert not hub.reachable()


# ------------------------------------------------------------------ the engine
@pytest.mark.parametrize("variable", authorities.NAMED_BY)
def test_the_drop_in_hands_it_on(named, variable):
    (path,) = named(variable)
    assert f'\nEnvironment="SSL_CERT_FILE={path}"\n' in own_engine.drop_in("dockerd", 0)


def test_the_drop_in_names_none_where_there_is_none():
    assert "SSL_CERT_FILE" not in own_engine.drop_in("dockerd", 0)


def test_the_drop_in_keeps_what_systemd_would_read_otherwise(monkeypatch):
    monkeypatch.setenv("https_proxy", 'http://me:p%40"\\@proxy:3128')
    assert r'"https_proxy=http://me:p%%40\"\\@proxy:3128"' in own_engine.drop_in("dockerd", 0)


LISTENING = """
import os, socket, sys, time
with open({seen!r}, "w") as seen:
    seen.write(os.environ.get("SSL_CERT_FILE", ""))
listener = socket.socket(socket.AF_UNIX)
listener.bind({socket!r})
listener.listen()
time.sleep(600)
"""


@pytest.mark.parametrize("variables", [(), ("PIP_CERT",), ("SSL_CERT_FILE", "PIP_CERT")])
def test_an_engine_started_by_hand_is_told(named, monkeypatch, tmp_path, variables):
    paths = named(*variables)
    monkeypatch.setattr("dockertutor.setup.dockerd.mount_cgroups", lambda: None)
    code = LISTENING.format(seen=str(tmp_path / "seen"), socket=str(tmp_path / "docker.sock"))
    engine = Dockerd(
        log=tmp_path / "log",
        socket=tmp_path / "docker.sock",
        pid_file=tmp_path / "docker.pid",
        program=(sys.executable, "-c", code),
    )
    process = engine.start()
    process.kill()
    process.wait()
    assert (tmp_path / "seen").read_text() == "".join(paths[:1])


# ------------------------------------------------------------------ apt
RELEASE = """Date: Thu, 01 Jan 2026 00:00:00 UTC
SHA256:
 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 0 Packages
"""


@pytest.fixture
def own_packages(tmp_path, monkeypatch):
    """A machine whose packages come from such a server; the authority's file, which only its owner may read."""
    for folder in ("www", "lists/partial", "cache/archives/partial", "parts"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "www/Release").write_text(RELEASE)
    (tmp_path / "www/Packages").write_text("")
    with serving(tmp_path / "www", tmp_path) as (address, authority):
        authority.chmod(0o600)
        (tmp_path / "sources.list").write_text(f"deb [trusted=yes] {address} ./\n")
        settings = {
            "Dir::Etc::main": "/dev/null",
            "Dir::Etc::parts": tmp_path / "parts",
            "Dir::Etc::sourcelist": tmp_path / "sources.list",
            "Dir::Etc::sourceparts": tmp_path / "parts",
            "Dir::State::lists": tmp_path / "lists",
            "Dir::Cache": tmp_path / "cache",
            "Acquire::https::Proxy": "DIRECT",
            "Acquire::Retries": 0,
            "APT::Update::Error-Mode": "any",
        }
        (tmp_path / "apt.conf").write_text("".join(f'{key} "{value}";\n' for key, value in settings.items()))
        monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))
        yield authority


@pytest.mark.root
@pytest.mark.parametrize("variable", authorities.NAMED_BY)
def test_apt_fetches_by_an_own_authority(own_packages, monkeypatch, variable):
    monkeypatch.setenv(variable, str(own_packages))
    apt.update(pytest.fail)
    assert any(path.endswith("/InRelease") for path in ASKED)


@pytest.mark.root
def test_without_that_authority_apt_fetches_nothing(own_packages):
    with pytest.raises(apt.SetupError, match=r"(?i)certificate"):
        apt.update(pytest.fail)


def test_the_kits_packages_are_fetched_so_too(named, monkeypatch, tmp_path):
    (path,) = named("PIP_CERT")
    called = []
    monkeypatch.setattr(debian_packages, "_call", lambda command, folder: called.append(command) or "")
    debian_packages.DebianPackages(tmp_path)._apt("download", "busybox-static")
    assert f"Acquire::https::CAInfo={path}" in called[0]


@pytest.mark.parametrize("variable", authorities.NAMED_BY)
def test_run_has_apt_trust_it_before_there_is_any_python(named, tmp_path, variable):
    (path,) = named(variable)
    asked = [line for line in (PROJECT / "run").read_text().splitlines() if line.startswith(("ca=", "apt()"))]
    (tmp_path / "try.sh").write_text("\n".join(["set -eu", 'patiently() { echo "$@"; }', *asked, "apt update"]))
    shell = ["sh", str(tmp_path / "try.sh")]
    assert f"-o Acquire::https::CAInfo={path} -o APT::Sandbox::User=root update" in _said(shell, os.environ)
    assert _said(shell, os.environ | {variable: "/nowhere"}) == "apt-get -q -o DPkg::Lock::Timeout=600 update\n"


def _said(command, environment) -> str:
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
