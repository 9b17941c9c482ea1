"""The built wheel, alone in a fresh environment, has all that the tutor needs; so has the editable install."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def fresh_python(tmp_path_factory):
    """A Python with the built wheel in it, and this environment's libraries without the editable dockertutor."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=PROJECT, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    python = folder / "venv/bin/python"
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout.strip())
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(packages)
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def call(python, home, *arguments):
    return subprocess.run(
        [python, *arguments],
        cwd=home,
        env={"PATH": os.environ["PATH"], "HOME": str(home)},
        capture_output=True,
        text=True,
    )


def test_the_wheel_is_what_runs(fresh_python, tmp_path):
    where = call(fresh_python, tmp_path, "-c", "import dockertutor; print(dockertutor.__file__)").stdout
    assert where.startswith(str(fresh_python.parents[1]))


def test_the_wheel_finds_its_lessons(fresh_python, tmp_path):
    done = call(fresh_python, tmp_path, "-m", "dockertutor", "list")
    assert done.returncode == 0, done.stderr
    assert "boxes-for-programs/say" in done.stdout


def test_the_editable_install_lists_the_same(fresh_python, tmp_path):
    wheel = call(fresh_python, tmp_path, "-m", "dockertutor", "list").stdout
    assert call(sys.executable, tmp_path, "-m", "dockertutor", "list").stdout == wheel


@pytest.mark.parametrize(
    "file", ["setup/hello-world.txt", "tui/app.tcss", "_lessons/images/tutor-blog/Dockerfile", "py.typed"]
)
def test_the_wheel_carries_what_is_no_python(fresh_python, file):
    assert list(fresh_python.parents[1].glob(f"lib/python3*/site-packages/dockertutor/{file}"))
