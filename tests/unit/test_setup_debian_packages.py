"""The kit's packages on a machine whose package lists are missing: it fetches lists of its own, and uses them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dockertutor.errors import SetupError
from dockertutor.setup import apt, debian_packages
from dockertutor.setup.debian_packages import DebianPackages, Package

BUSYBOX = Package("busybox-static", "busybox-static_1.deb", 7)


@pytest.fixture
def machine(monkeypatch):
    """An apt that knows packages by its machine's lists, where it has any, or by those that it is told of."""
    has = {"lists": False}

    def call(command: list[str], folder: Path) -> str:
        folder.mkdir(parents=True, exist_ok=True)
        own = any(word.startswith("Dir::State::lists=") for word in command)
        if command[0] == "apt-cache" or "update" in command:
            return ""
        if not (own or has["lists"]):
            raise SetupError("`apt-get download` failed: E: Unable to locate package busybox-static")
        if "--print-uris" in command:
            return f"'http://deb/{BUSYBOX.file}' {BUSYBOX.file} {BUSYBOX.size}"
        (folder / BUSYBOX.file).write_text("x" * BUSYBOX.size)
        return ""

    monkeypatch.setattr(debian_packages.shutil, "which", lambda _: "/usr/bin/apt-get")
    monkeypatch.setattr(debian_packages, "_call", call)
    return has


def test_what_was_planned_by_lists_of_its_own_is_fetched_by_them(machine, tmp_path):
    said: list[str] = []
    assert DebianPackages(tmp_path).plan(["busybox-static"], said.append) == [BUSYBOX]
    assert said == [apt.FETCHING_LISTS]
    assert DebianPackages(tmp_path).fetch(BUSYBOX).exists()


def test_the_machines_lists_are_used_again_when_they_are_here(machine, tmp_path):
    DebianPackages(tmp_path).plan(["busybox-static"], lambda _: None)
    machine["lists"] = True
    packages = DebianPackages(tmp_path)
    packages.plan(["busybox-static"], pytest.fail)
    assert packages._options == []
