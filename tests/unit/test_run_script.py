"""./run itself, over a Python that only notes what it is asked: when a virtual environment is made, what is undone."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit.own_packages import with_packages_of_its_own

PROJECT = Path(__file__).parents[2]
PYTHON = """#!/bin/sh
echo "python $*" >>"$NOTES"
if [ "$1 $2" = "-m venv" ]; then
    mkdir -p "$3/bin"
    ln -sf "$REAL" "$3/bin/python"
    printf '#!/bin/sh\\necho "dockertutor $*" >>"$NOTES"\\n' >"$3/bin/dockertutor"
    chmod +x "$3/bin/dockertutor"
fi
"""


class Clone:
    """A folder with ./run in it, in a place with a space in its name, and a `python3` that comes first on the PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a clone"
        self.folder.mkdir()
        shutil.copy(PROJECT / "run", self.folder / "run")
        (self.folder / "requirements.lock").write_text("one==1\n")
        (self.folder / "pyproject.toml").write_text("")
        self.notes = folder / "notes"
        self.python = folder / "programs" / "python3"
        self.python.parent.mkdir()
        self.python.write_text(PYTHON)
        self.python.chmod(0o755)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DOCKERTUTOR_", "XDG_", "PIP_", "SSL_"))}
        self.environment = kept | {
            "PATH": f"{self.python.parent}:{os.environ['PATH']}",
            "HOME": str(folder / "a home"),
            "NOTES": str(self.notes),
            "REAL": str(self.python),
        }
        self.venv = self.folder / ".venv"

    def run(self, *arguments: str, **more: str) -> list[str]:
        """Run it; what was asked of Python and of `dockertutor`, but for what Python was asked about itself."""
        self.notes.write_text("")
        command = ["sh", str(self.folder / "run"), *arguments]
        done = subprocess.run(
            command, env=self.environment | more, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return [line for line in self.notes.read_text().splitlines() if not line.startswith(("python -c", "python -I"))]

    def record(self, folder: Path) -> None:
        """Have set-up done something, as its record says."""
        folder.mkdir(parents=True)
        (folder / "record.json").write_text('{"packages": ["docker.io"]}')


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_it_is_short_enough_to_be_read_before_it_is_run() -> None:
    """It is run as root on a machine that has nothing yet: who does so wants to read all of it first. What grows
    belongs to `dockertutor setup`, which is Python, and has tests."""
    assert len((PROJECT / "run").read_text().splitlines()) <= 80


def test_it_is_posix_shell() -> None:
    dash = shutil.which("dash")
    if dash is None:
        pytest.skip("not run: needs dash")
    assert subprocess.run([dash, "-n", str(PROJECT / "run")], capture_output=True).returncode == 0


def test_a_virtual_environment_is_made_once(clone: Clone) -> None:
    assert f"python -m venv {clone.venv}" in clone.run("list")
    assert clone.run("list") == ["dockertutor setup -- list", "dockertutor list"]


def test_it_is_made_anew_where_the_python_that_made_it_is_gone(clone: Clone) -> None:
    clone.run("list")
    (clone.venv / "bin/python").unlink()
    (clone.venv / "bin/python").symlink_to("/nowhere/python3")
    made = clone.run("list")
    assert f"python -m venv {clone.venv}" in made
    assert made[-1] == "dockertutor list"


def test_it_is_made_anew_where_the_lock_file_has_changed(clone: Clone) -> None:
    clone.run("list")
    (clone.folder / "requirements.lock").write_text("one==2\n")
    assert f"python -m venv {clone.venv}" in clone.run("list")


@pytest.mark.parametrize(
    ("name", "under"), [("DOCKERTUTOR_HOME", "state/setup"), ("XDG_STATE_HOME", "dockertutor/setup")]
)
def test_what_the_record_names_is_undone_though_the_virtual_environment_is_gone(
    clone: Clone, tmp_path: Path, name: str, under: str
) -> None:
    home = tmp_path / "an other home"
    clone.record(home / under)
    assert clone.run("--uninstall", **{name: str(home)})[-1] == "dockertutor setup --uninstall"
    assert not clone.venv.exists()


def test_nothing_is_made_only_to_undo_nothing(clone: Clone) -> None:
    assert clone.run("--uninstall") == []


def test_options_before_the_command_are_handed_on_as_they_were_typed(clone: Clone) -> None:
    clone.run("list")
    typed = clone.run("--yes", "--plain", "--host", "tcp://x:1", "open", "one")
    assert typed == [
        "dockertutor setup --yes -- --plain --host tcp://x:1 open one",
        "dockertutor --plain --host tcp://x:1 open one",
    ]


@pytest.mark.root
@pytest.mark.parametrize("lock", ["dpkg/lock-frontend", "apt/lists/lock"])
def test_it_waits_while_another_program_installs_packages(tmp_path: Path, lock: str) -> None:
    text = (PROJECT / "run").read_text()
    waiting = text[text.index("patiently()") : text.index("\napt()")]
    (tmp_path / "try.sh").write_text(f"{waiting}\npatiently echo done\n")
    code = f"""
        import fcntl, subprocess
        lock = open("/var/lib/{lock}", "w")
        fcntl.lockf(lock, fcntl.LOCK_EX)
        process = subprocess.Popen(["sh", {str(tmp_path / "try.sh")!r}], stdout=-1, stderr=-1, text=True)
        print(process.stderr.readline(), end="")
        lock.close()
        print(*process.communicate(), sep="", end="")
    """
    assert with_packages_of_its_own(code) == [
        "Another program is installing packages on this machine; waiting for it …",
        "done",
    ]
