"""Who loads what: lower rooms start without the screen's library and without Docker's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "dockertutor"
HEAVY = ("textual", "docker", "pyghostty")
LOWER = ("errors", "facts", "shell", "setup", "checks", "course", "tutor", "authoring", "reports", "plain")


def modules(room: str) -> list[str]:
    """Every module of a room, by its dotted name."""
    place = PACKAGE / room
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files]
    return [name.removesuffix(".__init__") for name in names]


def loaded_by(code: str) -> set[str]:
    """Which of the heavy libraries a fresh process holds after ``code``."""
    ask = f"{code}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("room", LOWER)
def test_a_lower_room_loads_neither_textual_nor_docker(room: str) -> None:
    assert modules(room)
    code = "import importlib\n" + "\n".join(f"importlib.import_module({name!r})" for name in modules(room))
    assert loaded_by(code) & {"textual", "docker"} == set()


def test_engine_loads_docker_and_no_screen() -> None:
    code = "import importlib\n" + "\n".join(f"importlib.import_module({name!r})" for name in modules("engine"))
    assert "textual" not in loaded_by(code)


@pytest.mark.parametrize(
    "words", [["--version"], ["list"], ["status"], ["glossary", "container"], ["lesson", "schema"]]
)
def test_a_command_that_draws_nothing_starts_light(words: list[str], tmp_path: Path) -> None:
    code = (
        f"import os; os.environ['XDG_DATA_HOME'] = {str(tmp_path)!r}\n"
        "import contextlib, io\nfrom dockertutor.cli import main\n"
        f"with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit): main({words!r})"
    )
    assert loaded_by(code) == set()
