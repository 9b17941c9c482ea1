"""Plain mode as it is used: lines through a pipe, and a person at a dumb terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from newcomer import Newcomer

from tests.engine.breakable import Breakable

pytestmark = pytest.mark.engine

ESCAPES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def pipe(newcomer: Newcomer, *lines: str, options: tuple[str, ...] = ("--plain",)) -> str:
    """What is answered when all lines come at once."""
    done = subprocess.run(
        [sys.executable, "-m", "dockertutor", *options],
        input="\n".join(lines) + "\n",
        env=newcomer.environment,
        cwd=newcomer.home,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert newcomer.processes() == {}
    assert newcomer.runtime_things() == []
    return done.stdout


def in_order(text: str, *wanted: str) -> None:
    at = 0
    for words in wanted:
        found = text.find(words, at)
        assert found >= 0, f"{words!r} does not come after what stands before it in:\n{text}"
        at = found + len(words)


def test_lines_that_come_faster_than_a_learner_types_lose_no_tick(newcomer: Newcomer) -> None:
    out = pipe(
        newcomer,
        *("open 0", "next", "2", "hint", "$ cp note.txt cpoy.txt", "$ cp note.txt copy.txt", "next"),
        *("open boxes-for-programs", "next", "1", 'docker run busybox echo "Hello from a box"', "next", "next"),
        "quit",
    )
    in_order(
        out,
        "0 of ",
        "Words instead of buttons",
        "Before you run it, what do you expect?",
        "Your turn",
        "Hint 1 of 3",
        "not yet",
        "expected: in your folder",
        "found: no such file",
        "its name is cpoy.txt",
        "Not done yet",
        "Done.",
        "That was right.",
        "A line and its parts",
        "Boxes for programs",
        "Hello from a box",
        "Done.",
        "What each word did",
        "Question",
    )
    assert not ESCAPES.search(out)
    assert "2 of " in pipe(newcomer, "quit").splitlines()[0]


def test_it_goes_on_where_it_was(newcomer: Newcomer) -> None:
    first = pipe(newcomer, "open 0", "next", "1", "hint")
    again = pipe(newcomer, "", "hint", "task")
    word = re.search(r"has (\w+)", first)
    assert word
    in_order(again, "step 2 of", "Your turn", "Hint 2 of 3", "step 2 of", word[0], "Hint 1 of 3", "Hint 2 of 3")


def test_the_answer_and_a_wrong_one(newcomer: Newcomer) -> None:
    out = pipe(newcomer, "open first-steps/show", "$ cat note.txt", "answer note.txt", "folder")
    in_order(out, "The word is", "Your answer: not yet", "is the name of the file", "note.txt")
    word = re.search(r"The word is (\w+)\.", out)
    assert word
    in_order(pipe(newcomer, "open first-steps/show", f"$ answer {word[1]}"), "Done.")


def test_what_a_container_writes_is_no_escape_code(newcomer: Newcomer) -> None:
    line = r'docker run --rm busybox printf "\033[31mred\033[0m \033]0;title\007end\n"'
    out = pipe(newcomer, line)
    assert "red end\n" in out
    assert not ESCAPES.search(out)


@pytest.mark.parametrize("where", ["open the-daemon/named", "open the-daemon"])
def test_what_two_commands_have_just_made_is_removed(
    newcomer: Newcomer, run_docker: Callable[..., subprocess.CompletedProcess[str]], prefix: str, where: str
) -> None:
    runs = [f"docker run -d --name {prefix}{name} busybox sleep 1000" for name in ("one", "two")]
    out = pipe(newcomer, where, "2", f"$ {runs[0]}; sleep 0.3; {runs[1]}", "remove")
    in_order(out, "Removed: 2.")
    assert prefix not in run_docker("ps", "-a", "--format", "{{.Names}}").stdout


def test_what_nobody_saw_being_made_is_removed_by_its_name_alone(
    newcomer: Newcomer, run_docker: Callable[..., subprocess.CompletedProcess[str]], prefix: str
) -> None:
    runs = [f"docker run -d --name {prefix}{name} busybox sleep 1000" for name in ("one", "two")]
    out = pipe(
        newcomer,
        *("open the-daemon/named", "2", f"$ {runs[0]}; {runs[1]}; sleep 4", "remove", f"remove {prefix}two"),
        options=("--plain", "--no-wire"),
    )
    in_order(out, f"- container {prefix}two, perhaps not from a lesson", "Removed: 1.")
    left = run_docker("ps", "-a", "--format", "{{.Names}}").stdout
    assert f"{prefix}one" in left
    assert f"{prefix}two" not in left
    run_docker("rm", "-f", f"{prefix}one")


def test_an_exercise_and_a_lesson_are_reset(newcomer: Newcomer) -> None:
    done = ("open 0", "next", "2", "$ cp note.txt copy.txt")
    out = pipe(newcomer, *done, "reset", "reset lesson", "no", "lessons", "reset lesson", "yes", "lessons")
    in_order(
        out, "Done.", "This exercise begins anew.", "what do you expect?", "anew? What was passed in it is forgotten"
    )
    in_order(
        out, "There is no command `no`", "0  First steps", "This lesson begins anew.", "step 1 of", "0  First steps"
    )


def test_a_command_that_fails_says_its_status(newcomer: Newcomer) -> None:
    in_order(pipe(newcomer, "docker run --rm busybox sh -c 'exit 7'"), "The command ended with status 7.")


def test_without_an_engine_it_says_so_and_reading_goes_on(newcomer: Newcomer) -> None:
    options = ("--host", "unix:///nowhere/docker.sock", "--plain")
    out = pipe(newcomer, "open 0", "next", "back", options=options)
    in_order(out, "Words instead of buttons", "Words instead of buttons")
    assert "/nowhere/docker.sock" in out


class Talk:
    """A person at a dumb terminal: a pty with TERM=dumb."""

    def __init__(self, newcomer: Newcomer, *options: str) -> None:
        leader, follower = pty.openpty()
        self._leader = leader
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dockertutor", "--plain", *options],
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env=newcomer.environment | {"TERM": "dumb"},
            cwd=newcomer.home,
            start_new_session=True,
            preexec_fn=_own_terminal,
        )
        os.close(follower)
        self.heard = ""

    def say(self, line: str) -> None:
        os.write(self._leader, f"{line}\n".encode())

    def press(self, key: bytes) -> None:
        os.write(self._leader, key)

    def hear(self, words: str, seconds: float = 60.0) -> str:
        """Listen until ``words`` come; returns what was heard until then, and forgets it."""
        end = time.monotonic() + seconds
        while words not in self.heard:
            ready, _, _ = select.select([self._leader], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"{words!r} was not heard in:\n{self.heard}"
            try:
                got = os.read(self._leader, 65536)
            except OSError:
                got = b""
            assert got, f"it ended before {words!r} was heard:\n{self.heard}"
            self.heard += got.decode(errors="replace").replace("\r\n", "\n")
        until, _, self.heard = self.heard.partition(words)
        return until + words

    def close(self) -> int:
        try:
            return self.process.wait(20)
        finally:
            self.process.kill()
            self.process.wait()
            os.close(self._leader)


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture
def talk(newcomer: Newcomer) -> Iterator[Talk]:
    one = Talk(newcomer)
    yield one
    if one.process.poll() is None:
        one.say("quit")
    one.close()


def test_a_person_at_a_dumb_terminal_does_an_exercise(talk: Talk) -> None:
    heard = talk.hear("> ")
    talk.say("")
    heard += talk.hear("> ")
    talk.say("next")
    heard += talk.hear("> ")
    talk.say("1")
    heard += talk.hear("Your turn") + talk.hear("> ")
    talk.say("$ cp note.txt copy.txt")
    heard += talk.hear("Done.") + talk.hear("> ")
    assert not ESCAPES.search(heard.replace("\r", ""))


def test_a_box_of_ones_own_can_be_talked_to(talk: Talk) -> None:
    talk.hear("> ")
    talk.say("docker run --rm -it busybox sh")
    talk.hear("#")
    talk.say("echo $((6 * 7))")
    talk.hear("\n42")
    talk.say("exit")
    talk.hear("> ")


def test_ctrl_c_stops_the_command_and_not_the_tutor(talk: Talk) -> None:
    talk.hear("> ")
    talk.say("$ echo begun; sleep 60")
    talk.hear("\nbegun")
    time.sleep(0.3)  # between two commands of a line, bash itself may miss the key
    talk.press(b"\x03")
    talk.hear("The command ended with status 130.")
    talk.hear("> ")
    talk.press(b"\x03")
    talk.hear("Type `quit` to end.")


def test_ctrl_c_breaks_off_a_page_that_does_not_come(talk: Talk) -> None:
    with socket.create_server(("localhost", 0)) as silent:
        talk.hear("> ")
        talk.say(f"page http://localhost:{silent.getsockname()[1]}")
        with silent.accept()[0]:
            talk.press(b"\x03")
            talk.hear("Broken off.")
    talk.hear("> ")
    talk.say("term container")
    talk.hear("container")


def test_ctrl_c_breaks_off_the_wait_for_a_removal(
    talk: Talk, run_docker: Callable[..., subprocess.CompletedProcess[str]], prefix: str
) -> None:
    talk.hear("> ")
    talk.say("open the-daemon")
    talk.hear("> ")
    talk.say(f"docker network create {prefix}held")
    talk.hear("> ")
    run_docker("run", "-d", "--init", "--name", f"{prefix}user", "--network", f"{prefix}held", "busybox", "sleep", "60")
    talk.say("remove")  # it is tried again for a while: the network is in use
    talk.hear("Removing what was made here.")
    talk.press(b"\x03")
    talk.hear("Broken off.")
    talk.hear("> ")
    talk.say("lessons")
    talk.hear("> ")


def test_when_the_engine_goes_it_is_said_and_when_it_comes_one_sees_where_to_type(
    newcomer: Newcomer, engine_url: str
) -> None:
    if not engine_url.startswith("unix://"):
        pytest.skip("the relay of this test speaks unix sockets only")
    engine = Breakable(engine_url.removeprefix("unix://"), newcomer.home / "e.sock")
    engine.start()
    talk = Talk(newcomer, "--host", engine.url)
    try:
        talk.hear("> ")
        talk.say("open the-daemon/named")
        talk.hear("Your turn")
        talk.hear("> ")
        engine.stop()
        talk.hear("nobody listens at")
        talk.hear("\n> ")
        for word in ("check", "task"):
            talk.say(word)
            talk.hear("nobody listens at")
            talk.hear("\n> ")
        engine.start()
        talk.hear("answers again.")
        talk.hear("\n> ")
        talk.say("quit")
    finally:
        talk.close()
        engine.stop()


def test_ctrl_d_ends_it(talk: Talk, newcomer: Newcomer) -> None:
    talk.hear("> ")
    talk.press(b"\x04")
    assert talk.process.wait(20) == 0
    assert newcomer.runtime_things() == []
