"""The command line beside a real engine: judging, a shell of one's own, a full disk, another user."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from newcomer import Newcomer, leader, quit_app, to_exercise

from dockertutor.setup.waiting import until

pytestmark = pytest.mark.engine


def call(newcomer: Newcomer, *words: str, typed: str = "", before: tuple[str, ...] = ()):
    """``dockertutor WORDS``; never a traceback."""
    done = subprocess.run(
        [*before, sys.executable, "-m", "dockertutor", *words],
        input=typed,
        env=newcomer.environment,
        cwd=newcomer.home,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    return done


# ------------------------------------------------------------------ judging
def test_check_says_1_until_it_holds_and_then_0(newcomer: Newcomer) -> None:
    assert call(newcomer, "check", "first-steps/copy").returncode == 1
    call(newcomer, "--plain", typed="open 0\nnext\n1\n")
    failed = call(newcomer, "check", "first-steps/copy")
    assert failed.returncode == 1
    assert "not yet" in failed.stdout
    call(newcomer, "--plain", typed="open 0\n$ cp note.txt copy.txt\n")
    held = call(newcomer, "check", "first-steps/copy", "--format", "json")
    assert held.returncode == 0
    assert "pass" in held.stdout
    assert call(newcomer, "check", "first-steps").returncode == 1


def test_what_was_begun_and_cannot_be_judged_is_4(newcomer: Newcomer) -> None:
    call(newcomer, "--plain", typed="open boxes-for-programs\nnext\n")
    nowhere = ("--host", "unix:///nowhere/docker.sock")
    assert call(newcomer, *nowhere, "check", "boxes-for-programs/say").returncode == 4


def test_the_status_tells_what_was_passed(newcomer: Newcomer) -> None:
    call(newcomer, "--plain", typed="open 0\nnext\n1\n$ cp note.txt copy.txt\n")
    assert json.loads(call(newcomer, "status", "--format", "json").stdout)["passed"] == 1
    assert call(newcomer, "reset", "first-steps/copy").returncode == 0
    again = json.loads(call(newcomer, "status", "--format", "json").stdout)
    assert again["lessons"][0]["exercises"][0]["state"] != "passed"


def test_doctor_finds_nothing_wrong(newcomer: Newcomer) -> None:
    done = call(newcomer, "doctor")
    assert "!!" not in done.stdout
    assert done.returncode == 0


def test_the_images_of_the_course_are_listed(newcomer: Newcomer) -> None:
    found = {one["name"]: one for one in json.loads(call(newcomer, "images", "list", "--format", "json").stdout)}
    assert found["busybox:latest"]["id"].startswith("sha256:")
    assert "tutor-blog:latest" in found
    assert "busybox:latest: on the engine (Docker Hub, or the offline kit)\n" in call(newcomer, "images", "list").stdout


# ------------------------------------------------------------------ a shell of one's own
def test_one_wired_command_gives_its_own_status(newcomer: Newcomer) -> None:
    assert call(newcomer, "shell", "--", "docker", "version").returncode == 0
    assert call(newcomer, "shell", "--", "sh", "-c", "exit 7").returncode == 7
    assert newcomer.runtime_things() == []


def test_the_log_has_a_line_for_each_call(newcomer: Newcomer) -> None:
    log = newcomer.home / "calls.jsonl"
    done = call(newcomer, "shell", "--log", str(log), "--", "docker", "ps")
    assert done.returncode == 0, done.stderr
    calls = [json.loads(line) for line in log.read_text().splitlines()]
    assert any("/containers/json" in json.dumps(one) for one in calls)


def test_a_start_up_file_that_names_an_engine_does_not_lead_a_wired_shell_away(newcomer: Newcomer) -> None:
    (newcomer.home / ".bashrc").write_text("export DOCKER_HOST=unix:///nowhere.sock\n")
    log = newcomer.home / "calls.jsonl"
    with newcomer.app("shell", "--log", str(log)) as pane:
        pane.wait_for("Its API calls are written down.", 30)
        pane.type("docker ps && echo and on")
        pane.key("Enter")
        pane.wait_for("\nand on", 30)
        pane.type("exit")
        pane.key("Enter")
        pane.wait_for("[ended with 0]", 30)
    assert "/containers/json" in log.read_text()
    assert newcomer.runtime_things() == []


def test_a_command_in_another_window_ticks_in_the_open_tutor(newcomer: Newcomer) -> None:
    with newcomer.app("open", "boxes-for-programs") as pane:
        pane.wait_for("Boxes for programs ", 60)
        to_exercise(pane)
        done = call(newcomer, "shell", "--", "docker", "run", "busybox", "echo", "from another window")
        assert done.stdout == "from another window\n"
        pane.wait_for("✓ Done", 30)
        leader(pane, "w")
        pane.wait_for(lambda s: "w next tab" in s and "leader" not in s)
        pane.wait_for(lambda s: "╭─ Engine" in s)
        pane.key("w")
        pane.wait_for("/containers/create", 20)
        pane.key("t")
        pane.wait_for("type here" if "type here" in pane.screen() else "Ctrl-G")
        quit_app(pane)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP])
def test_who_ends_a_wired_command_by_our_id_ends_the_command(newcomer: Newcomer, sign: signal.Signals) -> None:
    ours = subprocess.Popen(
        [sys.executable, "-m", "dockertutor", "shell", "--", "docker", "events"],
        env=newcomer.environment,
        cwd=newcomer.home,
        start_new_session=True,
    )
    assert until(lambda: any(line.startswith("docker events") for line in newcomer.processes().values()), 60)
    ours.send_signal(sign)
    assert ours.wait(60) == 128 + sign
    assert until(lambda: newcomer.processes() == {}, 60)
    assert newcomer.runtime_things() == []


@pytest.mark.parametrize("options", [("--plain",), ()])
def test_where_there_is_no_docker_command_it_is_said_at_once(newcomer: Newcomer, options: tuple[str, ...]) -> None:
    programs = newcomer.home / "programs"
    programs.mkdir()
    for name in ("sh", "bash", "sleep", "env", "mkdir", "cat", "tmux"):
        (programs / name).symlink_to(str(shutil.which(name)))
    newcomer.environment["PATH"] = str(programs)
    words = "There is no command `docker` on this computer"
    if options:
        assert words in call(newcomer, *options, typed="quit\n").stdout
    else:
        with newcomer.app() as pane:
            pane.wait_for("No docker client", 60)
            assert "There is no command" in pane.screen()


def test_the_lessons_about_calls_can_be_completed_where_none_are_watched(newcomer: Newcomer) -> None:
    for lesson in ("listening-in", "without-the-client"):
        call(newcomer, "--plain", "--no-wire", typed=f"open {lesson}\n" + "next\n" * 20 + "quit\n")
    told = json.loads(call(newcomer, "status", "--format", "json").stdout)
    states = {one["id"]: one["state"] for one in told["lessons"]}
    assert (states["listening-in"], states["without-the-client"]) == ("done", "done")


# ------------------------------------------------------------------ what is in the way
@pytest.mark.root
def test_a_full_disk_is_a_sentence(newcomer: Newcomer) -> None:
    """In a mount namespace of its own, the data folder is a file system of 100 kB that is full."""
    data = newcomer.home / "data"
    data.mkdir()
    fill = f'mount -t tmpfs -o size=100k tmpfs {data} && head -c 100k /dev/zero > {data}/full 2>/dev/null; exec "$@"'
    before = ("unshare", "--mount", "sh", "-c", fill, "sh")
    for words in (("status",), ("reset", "--all"), ("--plain",), ("check",)):
        done = call(newcomer, *words, before=before)
        assert done.returncode == 4, (words, done.stdout)
        assert done.stderr.strip()


@pytest.mark.root
def test_a_disk_that_fills_up_under_way_is_told_in_plain_mode(newcomer: Newcomer) -> None:
    data = newcomer.home / "data"
    data.mkdir()
    before = ("unshare", "--mount", "sh", "-c", f'mount -t tmpfs -o size=300k tmpfs {data}; exec "$@"', "sh")
    typed = f"open 0\nnext\n1\n$ head -c 400k /dev/zero > {data}/full\nhint\nnext\nnext\nnext\nquit\n"
    done = call(newcomer, "--plain", typed=typed, before=before)
    assert done.returncode == 0
    assert "full" in done.stdout.lower() or "room" in done.stdout.lower()


@pytest.mark.root
def test_another_user_without_rights_is_told_so(newcomer: Newcomer, engine_url: str) -> None:
    if shutil.which("setpriv") is None or not engine_url.startswith("unix://"):
        pytest.skip("not run: needs setpriv, and an engine at a socket")
    socket = Path(engine_url.removeprefix("unix://"))
    # who may read this checkout, wherever it lies (in /root, say), but write nothing and open no socket of others
    reads = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *reads)
    mode = socket.stat().st_mode & 0o777
    socket.chmod(0o600)
    try:
        done = call(newcomer, "doctor", before=nobody)
    finally:
        socket.chmod(mode)
    assert done.returncode == 4
    assert "!!  engine" in done.stdout
    assert "!!  progress: nothing can be written" in done.stdout
