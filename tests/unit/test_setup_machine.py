"""What set-up refuses to do on which machine, and what it says to do there."""

import pytest

from dockertutor.setup.machine import Machine

DEBIAN = {"distribution": ("debian",), "name": "Debian GNU/Linux 12", "root": True}


def test_root_on_debian_may_install():
    assert Machine(**DEBIAN).refusal() is None


def test_root_on_a_child_of_ubuntu_may_install():
    assert Machine(distribution=("linuxmint", "ubuntu", "debian"), root=True).refusal() is None


@pytest.mark.parametrize(
    ("machine", "said"),
    [
        (Machine(system="Darwin"), "Docker Desktop, OrbStack or Colima"),
        (Machine(**DEBIAN, wsl=True), "WSL integration"),
        (Machine(**DEBIAN, docker_packages=frozenset({"docker-desktop"})), "Start Docker Desktop"),
        (Machine(**DEBIAN, docker_packages=frozenset({"snap"})), "sudo snap start docker"),
        (Machine(**DEBIAN, docker_packages=frozenset({"docker-ce"})), "sudo systemctl start docker"),
        (Machine(distribution=("fedora",), name="Fedora 41", root=True), "https://docs.docker.com/engine/install/"),
        (Machine(distribution=("debian",)), "sudo apt-get install docker.io"),
        (Machine(distribution=("debian",), dockerd="/usr/sbin/dockerd"), "sudo systemctl start docker"),
    ],
)
def test_elsewhere_it_says_how_to_get_an_engine(machine, said):
    refusal = machine.refusal()
    assert refusal is not None
    assert said in refusal.do


def test_the_refusal_names_the_system():
    refusal = Machine(distribution=("fedora",), name="Fedora 41", root=True).refusal()
    assert refusal is not None
    assert "Fedora 41" in refusal.what
