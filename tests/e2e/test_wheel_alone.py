"""The wheel in an environment of its own carries every file that is no Python, and runs without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=PROJECT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def alone(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh Python with the wheel in it, and this environment's libraries but not its editable dockertutor."""
    folder = tmp_path_factory.mktemp("alone")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    packages = next(folder.glob("lib/python3*/site-packages"))
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(packages)
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "python"


def files(*folders: str) -> list[str]:
    """The project's files: git's, or, where it came as an archive, all but what Python leaves behind."""
    if not (PROJECT / ".git").exists():
        found = (path for folder in folders for path in (PROJECT / folder).rglob("*") if path.is_file())
        return [str(path.relative_to(PROJECT)) for path in found if "__pycache__" not in path.parts]
    listed = subprocess.run(
        ["git", "ls-files", "-z", *folders], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return [path for path in listed.stdout.split("\0") if path and (PROJECT / path).exists()]


def test_the_wheel_carries_every_file_of_package_and_course(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        carried = set(opened.namelist())
    wanted = {path.replace("lessons/", "dockertutor/_lessons/", 1) if path.startswith("lessons/") else path
              for path in files("dockertutor", "lessons")}  # fmt: skip
    assert wanted - carried == set()
    assert {"dockertutor/authoring/lint/common-words.txt", "dockertutor/shell/rc/bash.sh"} <= carried


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("list",), "first-steps/copy"),
        (("glossary", "container"), "container: "),
        (("lesson", "lint"), "0 errors"),
        (("lesson", "new", "01-mine.yaml"), "is written"),
        (("--plain",), "First steps in a terminal"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_it_runs_alone(alone: Path, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = subprocess.run(
        [alone, "-m", "dockertutor", *words],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "DOCKER_HOST": "unix:///nowhere/docker.sock"},
        input="quit\n",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert said in done.stdout
