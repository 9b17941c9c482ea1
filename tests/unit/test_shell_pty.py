"""A shell on a pty: what goes in arrives whole, sizes agree, and nothing is left when it is closed."""

from __future__ import annotations

import hashlib
import os
import shlex
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dockertutor.errors import ShellError
from dockertutor.shell.driver import Driver
from dockertutor.shell.pty import Listeners, Shell
from dockertutor.shell.startup import clean_environment, prepare


class Heard:
    """Everything a shell said, and a way to wait for it."""

    def __init__(self) -> None:
        self.data = b""
        self.status: int | None = None
        self._change = threading.Condition()

    def output(self, data: bytes) -> None:
        with self._change:
            self.data += data
            self._change.notify_all()

    def exited(self, status: int) -> None:
        with self._change:
            self.status = status
            self._change.notify_all()

    def until(self, what: Callable[[], object], seconds: float = 20.0) -> None:
        with self._change:
            assert self._change.wait_for(what, seconds), self.data[-500:]


Spawn = Callable[..., Shell]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def spawn(tmp_path: Path, heard: Heard) -> Iterator[Spawn]:
    """Starts a program on a pty: ``spawn("stty", "size")``."""
    started: list[Shell] = []

    def start(*argv: str, size: tuple[int, int] = (80, 24), readable: Callable[[], None] | None = None) -> Shell:
        listeners = Listeners(output=heard.output, exited=heard.exited, readable=readable)
        env = clean_environment({"PATH": os.environ["PATH"], "HOME": str(tmp_path)})
        started.append(Shell(argv, env=env, cwd=tmp_path, size=size, listeners=listeners))
        return started[-1]

    yield start
    for shell in started:
        shell.close()


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until_true(what: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not what():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_the_size_is_right_from_the_beginning(spawn: Spawn, heard: Heard) -> None:
    spawn("stty", "size", size=(101, 33))
    heard.until(lambda: heard.status == 0)
    assert heard.data == b"33 101\r\n"


def test_a_new_size_reaches_the_program(spawn: Spawn, heard: Heard) -> None:
    shell = spawn("sh", "-c", "trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done")
    heard.until(lambda: b"ready" in heard.data)
    shell.resize(0, 10)
    shell.resize(77, 11)
    heard.until(lambda: b"11 77" in heard.data)


def test_a_paste_of_300_kilobytes_arrives_whole(spawn: Spawn, heard: Heard) -> None:
    text = "".join(f"{n:07d} 0123456789 abcdefghij\n" for n in range(11_000))
    assert len(text) > 300_000
    code = "import sys,hashlib; d=sys.stdin.buffer.read(); print(len(d), hashlib.sha256(d).hexdigest())"
    shell = spawn("sh", "-c", f"stty -echo; echo ready; {shlex.quote(sys.executable)} -c {shlex.quote(code)}")
    heard.until(lambda: b"ready" in heard.data)
    shell.paste(text)
    shell.write(b"\x04")
    heard.until(lambda: heard.status == 0)
    expected = f"{len(text)} {hashlib.sha256(text.encode()).hexdigest()}"
    assert expected in heard.data.decode()


def test_a_consumer_with_a_loop_of_its_own_reads_when_it_has_time(spawn: Spawn, heard: Heard) -> None:
    told = threading.Event()
    shell = spawn("sh", "-c", "echo one; read line; echo two", readable=told.set)
    assert told.wait(10)
    assert heard.data == b""
    assert shell.pump(1.0) is False
    assert heard.data == b"one\r\n"
    told.clear()
    shell.write(b"\r")
    while heard.status is None:
        if told.wait(0.1):
            told.clear()
            shell.pump(0.1)
    assert heard.data.endswith(b"two\r\n")


def test_a_consumer_is_given_the_loop_back_in_a_flood(spawn: Spawn, heard: Heard) -> None:
    told = threading.Event()
    shell = spawn("yes", readable=told.set)
    assert told.wait(10)
    while not shell.pump(0.0):
        assert told.wait(10)
    kept = len(heard.data)
    assert kept > 0
    time.sleep(0.1)
    assert len(heard.data) == kept


def test_the_exit_status_is_told_even_while_a_job_keeps_the_terminal(spawn: Spawn, heard: Heard) -> None:
    spawn("sh", "-c", "sleep 30 & exit 5")
    heard.until(lambda: heard.status is not None, 10)
    assert heard.status == 5


def test_a_program_ended_by_a_signal_counts_128_more(spawn: Spawn, heard: Heard) -> None:
    spawn("sh", "-c", "kill -TERM $$")
    heard.until(lambda: heard.status == 128 + signal.SIGTERM)


def test_closing_ends_the_shell_and_its_foreground_program(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    driver = Driver(folder=tmp_path / "rc", cwd=tmp_path, env=env, shell="bash")
    driver.run("sh -c 'echo $$ > pid; exec sleep 300'", 0.5)
    child = int((tmp_path / "pid").read_text())
    assert alive(child)
    driver.close()
    assert not alive(driver.shell.pid)
    deadline = time.monotonic() + 5
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(child)


def test_closing_ends_a_program_that_does_not_listen(spawn: Spawn, heard: Heard) -> None:
    shell = spawn("sh", "-c", "trap '' HUP TERM; echo ready; while :; do sleep 0.05; done")
    heard.until(lambda: b"ready" in heard.data)
    shell.close()
    assert not alive(shell.pid)
    assert heard.status == 128 + signal.SIGKILL


def test_a_closed_shell_takes_no_more_and_complains_of_nothing(spawn: Spawn) -> None:
    shell = spawn("cat")
    shell.close()
    shell.close()
    shell.write(b"x")
    shell.resize(10, 10)
    assert shell.pump(0.1) is False
    assert shell.raw is False


def test_a_shell_that_is_not_there_is_a_clear_error(spawn: Spawn) -> None:
    with pytest.raises(ShellError, match="cannot be started"):
        spawn("/no/such/shell")


def test_signals_that_we_ignore_work_in_the_shell(spawn: Spawn, heard: Heard) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        shell = spawn("sh", "-c", "echo ready; exec sleep 30")
        heard.until(lambda: b"ready" in heard.data)
        shell.write(b"\x03")
        heard.until(lambda: heard.status == 128 + signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_command_is_put_at_the_prompt_and_not_run(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    with Driver(folder=tmp_path / "rc", cwd=tmp_path, env=env, shell="bash") as driver:
        driver.shell.write(b"half a line")
        assert driver.shell.put("touch made\n")
        driver.settle(0.3, 5)
        assert not (tmp_path / "made").exists()
        driver.run("", 10)
        assert (tmp_path / "made").exists()


def test_nothing_is_put_into_a_running_program(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    with Driver(folder=tmp_path / "rc", cwd=tmp_path, env=env, shell="bash") as driver:
        driver.run("cat", 0.5)
        assert driver.shell.put("touch made") is False


def test_nothing_is_put_into_a_program_of_a_shell_without_marks(spawn: Spawn, heard: Heard) -> None:
    shell = spawn("sh", "-i")
    heard.until(lambda: heard.data)
    assert shell.put("cat")
    shell.write(b"\r")
    until_true(lambda: not shell.in_front)
    assert shell.put("touch made") is False
    shell.write(b"\x04")
    until_true(lambda: shell.in_front)
    assert shell.put("exit")


def test_a_paste_before_the_first_prompt_stands_at_it_and_is_not_run(tmp_path: Path, heard: Heard) -> None:
    (tmp_path / ".bashrc").write_text("sleep 0.5\n")
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    launch = prepare("/bin/bash", tmp_path / "rc", env)
    shell = Shell(
        launch.argv, env={**clean_environment(env), **launch.env}, cwd=tmp_path, size=(80, 24), marks=launch.marks,
        listeners=Listeners(output=heard.output, exited=heard.exited),
    )  # fmt: skip
    shell.type(b"touch none ")
    shell.paste("one\ntouch two\n")
    heard.until(lambda: b"touch two" in heard.data)
    assert not (tmp_path / "one").exists()
    shell.type(b"\r")
    until_true(lambda: (tmp_path / "two").exists())
    shell.close()


def test_keys_end_a_program_that_reads(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    with Driver(folder=tmp_path / "rc", cwd=tmp_path, env=env, shell="bash") as driver:
        output, status = driver.script("cat\n<ctrl-c>\necho after", 10, waits=0.2)
        assert status == 0
        assert "after\r\n" in output


def test_backspace_erases_a_whole_character(spawn: Spawn, heard: Heard) -> None:
    shell = spawn("sh", "-c", 'echo ready; read line; echo "<$line>"')
    heard.until(lambda: b"ready" in heard.data)
    shell.write("aé\x7fb\r".encode())
    heard.until(lambda: heard.status == 0)
    assert b"<ab>" in heard.data


def test_the_paste_mode_is_seen_however_its_sequence_is_cut(spawn: Spawn, heard: Heard) -> None:
    shell = spawn("sh", "-c", "stty -echo; printf '\\033[?20'; read line; printf '04h'; read line")
    heard.until(lambda: b"[?20" in heard.data)
    shell.write(b"\r")
    heard.until(lambda: b"04h" in heard.data)
    until_true(lambda: shell.bracketed_paste)


def test_no_control_key_is_hidden_in_a_command_that_is_put(spawn: Spawn, heard: Heard) -> None:
    shell = spawn("sh", "-c", "stty raw -echo; echo ready; head -c 9 | od -An -c")
    heard.until(lambda: b"ready" in heard.data)
    assert shell.put("echo\x03 hi")
    heard.until(lambda: heard.status == 0)
    assert heard.data.split()[1:] == rb"005 025 e c h o h i".split()
