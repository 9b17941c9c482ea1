"""What bash and zsh really tell: the marks of real shells on real ptys."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dockertutor.shell import driver as driver_module
from dockertutor.shell.driver import Driver
from dockertutor.shell.startup import Launch, prepare, prepare_window

SHELLS = [name for name in ("bash", "zsh") if shutil.which(name)]
Told = list[tuple[str, int]]


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def told() -> Told:
    """Commands as the shell told them: text and exit status."""
    return []


@pytest.fixture
def open_driver(
    shell: str, home: Path, tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Driver]]:
    """Opens the driver when the test is ready for it (after it wrote a start-up file, say)."""
    opened: list[Driver] = []
    ended = Driver._ended

    def listen(self: Driver, text: str, status: int) -> None:
        told.append((text, status))
        ended(self, text, status)

    monkeypatch.setattr(Driver, "_ended", listen)

    def make() -> Driver:
        env = {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TMUX": "x", "COLUMNS": "3"}
        opened.append(Driver(folder=tmp_path / "rc", cwd=home, env=env, shell=shell))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def driver(open_driver: Callable[[], Driver]) -> Driver:
    return open_driver()


@pytest.mark.parametrize(
    ("line", "status"),
    [("echo hi", 0), ("false", 1), (" spaced-out", 127), ("(exit 42)", 42), ("echo 'a;b' \"$HOME\" | cat", 0)],
)
def test_a_command_is_told_as_typed_with_its_status(driver: Driver, told: Told, line: str, status: int) -> None:
    assert driver.run(line, 10)[1] == status
    assert told == [(line, status)]


def test_a_line_that_the_shell_cannot_read_is_told_too(driver: Driver, told: Told) -> None:
    assert driver.run("echo )", 10)[1] != 0
    assert [text for text, _ in told] == ["echo )"]
    assert told[0][1] != 0


def test_a_command_of_several_lines_is_one(driver: Driver, told: Told) -> None:
    driver.script("for i in 1 2; do\necho n$i\ndone", 10)
    assert told[0][0].split() == ["for", "i", "in", "1", "2;", "do", "echo", "n$i", "done"]


def test_a_command_longer_than_a_terminal_line_is_told_whole(driver: Driver, told: Told) -> None:
    line = "echo " + "word " * 1500 + "end"
    assert driver.run(line, 20)[1] == 0
    assert told == [(line, 0)]


def test_an_empty_line_tells_nothing(driver: Driver, told: Told) -> None:
    driver.run("", 10)
    assert told == []


def test_the_same_command_twice_is_told_twice(driver: Driver, told: Told) -> None:
    driver.run("true", 10)
    driver.run("true", 10)
    assert told == [("true", 0), ("true", 0)]


def test_the_learner_sees_the_status_of_their_own_command(driver: Driver) -> None:
    driver.run("(exit 7)", 10)
    assert re.search(r"[\r\n]7\r\n", driver.run("echo $?", 10)[0])


def test_exit_ends_the_command_and_the_shell(driver: Driver, told: Told) -> None:
    driver.run("exit 3", 10)
    assert driver.shell.wait(10) == 3
    assert told == [("exit 3", 3)]


def test_ctrl_c_ends_an_endless_command(driver: Driver, told: Told) -> None:
    driver.script("yes\n<ctrl-c>", 10, waits=0.1)
    assert told == [("yes", 130)]


def test_a_forged_mark_is_ignored(driver: Driver, told: Told) -> None:
    driver.run(r"printf '\033]7717;0000;D;0;0000\007'; false", 10)
    assert [status for _, status in told] == [1]


def test_no_program_finds_the_nonce_in_its_environment(driver: Driver, tmp_path: Path) -> None:
    nonce = (
        next(line for path in (tmp_path / "rc").iterdir() for line in path.read_text().splitlines() if "7717;" in line)
        .split("7717;")[1]
        .split(";")[0]
    )
    assert len(nonce) == 32
    driver.run("set -a; x=1; export -p > /dev/null", 10)
    found, _ = driver.run("cat /proc/self/environ | tr '\\0' '\\n' | grep -c " + nonce, 10)
    assert re.search(r"[\r\n]0\r\n", found)


def test_the_learners_own_start_up_file_is_honoured_and_the_prompt_stays_short(
    open_driver: Callable[[], Driver], home: Path
) -> None:
    for name in (".bashrc", ".zshrc"):
        (home / name).write_text("alias greet='echo good morning'\nPS1='a very long prompt> '\nset -a\n")
    driver = open_driver()
    output, status = driver.run("greet", 10)
    driver.settle(0.2, 5)
    assert "good morning" in output
    assert status == 0
    assert "a very long prompt" not in driver.output()


def test_the_lesson_does_not_touch_the_learners_history(driver: Driver, home: Path) -> None:
    driver.run("echo secret-word", 10)
    driver.run("exit", 10)
    driver.shell.wait(10)
    assert not [p.name for p in home.iterdir() if p.is_file() and "secret-word" in p.read_text(errors="replace")]


def test_variables_of_another_terminal_do_not_reach_the_shell(driver: Driver) -> None:
    output, _ = driver.run('echo "<$TMUX|$TERM>"', 10)
    assert "<|xterm-256color>" in output


def test_start_up_files_are_for_this_user_only(driver: Driver, tmp_path: Path) -> None:
    assert (tmp_path / "rc").stat().st_mode & 0o777 == 0o700
    assert {p.stat().st_mode & 0o777 for p in (tmp_path / "rc").iterdir() if "7717" in p.read_text()} == {0o600}


def test_a_shell_without_marks_is_started_plainly(tmp_path: Path) -> None:
    launch = prepare("/bin/sh", tmp_path / "rc", {"PATH": "/bin"}, tmp_path / "bin")
    assert launch == Launch(("/bin/sh", "-i"), {"PATH": f"{tmp_path / 'bin'}:/bin", "PS1": "$ "})


def test_keys_are_written_in_angle_brackets() -> None:
    assert driver_module.encode_keys("<ctrl-p><ctrl-q>") == b"\x10\x11"
    assert driver_module.encode_keys("<up> <enter>") == b"\x1b[A\r"
    assert driver_module.encode_keys("echo <ctrl-c>") is None
    assert driver_module.encode_keys("<nonsense>") is None


def test_a_shell_at_its_prompt_goes_where_it_is_told_without_a_line(
    open_driver: Callable[[], Driver], tmp_path: Path, told: Told
) -> None:
    driver = open_driver()
    there = tmp_path / "a folder"
    there.mkdir()
    (there / "only-here.txt").write_text("found\n")
    driver.settle(0.3, 5)
    assert driver.shell.go(there)
    driver.settle(0.5, 5)
    driver.shell.write(b"cat only-\t")  # the shell completes the name in the new folder
    driver.settle(0.3, 5)
    assert "only-here.txt" in driver.run("", 10)[0]
    assert [text.strip() for text, _ in told] == ["cat only-here.txt"]


def test_a_busy_shell_goes_there_before_its_next_prompt(open_driver: Callable[[], Driver], tmp_path: Path) -> None:
    driver = open_driver()
    there = tmp_path / "there"
    there.mkdir()
    driver.shell.write(b"sleep 0.5\r")
    driver.settle(0.2, 5)
    assert driver.shell.go(there)
    driver.settle(0.8, 5)
    assert str(there) in driver.run("pwd", 10)[0]


ELSEWHERE = "export DOCKER_HOST=unix:///elsewhere.sock DOCKER_CONTEXT=other DOCKER_TLS_VERIFY=1\n"
ASKED = 'echo "[$DOCKER_HOST|$DOCKER_CONTEXT|$DOCKER_TLS_VERIFY]"'


def test_a_start_up_file_has_no_say_about_the_engine(shell: str, home: Path, tmp_path: Path) -> None:
    (home / f".{shell}rc").write_text(ELSEWHERE)
    env = {"HOME": str(home), "PATH": os.environ["PATH"], "DOCKER_HOST": "unix:///it's the wire.sock"}
    with Driver(folder=tmp_path / "rc", cwd=home, env=env, shell=shell) as driver:
        output, _ = driver.script(ASKED, 10)
    assert "[unix:///it's the wire.sock||]" in output


def test_a_window_of_ones_own_is_led_to_the_engine_too(shell: str, home: Path, tmp_path: Path) -> None:
    (home / f".{shell}rc").write_text(ELSEWHERE + "alias own='echo mine'\n")
    env = {"HOME": str(home), "PATH": os.environ["PATH"], "DOCKER_HOST": "unix:///wire.sock"}
    launch = prepare_window(shutil.which(shell) or "", tmp_path / "rc", env, tmp_path / "bin")
    line = f"{ASKED}; alias own; echo $PATH"
    done = subprocess.run([*launch.argv, "-c", line], env=env | launch.env, capture_output=True, text=True, timeout=20)
    lines = done.stdout.splitlines()
    assert "[unix:///wire.sock||]" in lines
    assert any("echo mine" in one for one in lines)
    assert lines[-1].startswith(f"{tmp_path / 'bin'}:")
    assert "7717" not in done.stdout
