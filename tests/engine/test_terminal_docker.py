"""The terminal pane with real containers in it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest
from textual.app import App, ComposeResult

from dockertutor.shell import screen
from dockertutor.shell.driver import Driver
from dockertutor.tui.widgets.terminal import TerminalPane

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(not screen.available(), reason="no screen model for this platform"),
]


class Bare(App[None]):
    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        super().__init__()
        self.pane = TerminalPane(env=env, cwd=folder, folder=folder / "rc", shell="bash")

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.pane.focus()


async def until(what: Callable[[], object], seconds: float = 20.0, show: Callable[[], str] = lambda: "") -> None:
    for _ in range(int(seconds / 0.02)):
        if what():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"it never happened:\n{show()}")


@pytest.fixture
def env(docker_cli: str, docker_env: dict[str, str]) -> dict[str, str]:
    return {**docker_env, "PATH": f"{Path(docker_cli).parent}:{os.environ['PATH']}"}


@pytest.fixture
def driver(env: dict[str, str], tmp_path: Path) -> Iterator[Driver]:
    with Driver(folder=tmp_path / "rc", cwd=tmp_path, env=env, shell="bash") as driver:
        yield driver


async def test_vi_inside_a_container_gives_the_screen_back(env: dict[str, str], tmp_path: Path, prefix: str) -> None:
    app = Bare(tmp_path, env)
    async with app.run_test(size=(90, 20)) as pilot:
        await until(lambda: app.pane.text() == "$", show=app.pane.text)
        app.pane.send(f"docker run -it --rm --name {prefix}vi busybox sh\r".encode())
        await until(lambda: app.pane.text().rstrip().endswith("#"), show=app.pane.text)
        # The client tells the engine the size just after the start, so the first answer may come too early.
        app.pane.send(b"until stty size | grep '20 90'; do sleep 0.1; done\r")
        await until(lambda: "\n20 90\n" in app.pane.text(), show=app.pane.text)
        app.pane.send(b"vi letter\r")
        await until(lambda: app.pane.modes.alternate and "~\n~" in app.pane.text(), show=app.pane.text)
        await pilot.press("i", "h", "o", "escape")
        # Escape and the next key at once would be one key (Alt with that key) to vi, as in any terminal.
        await until(lambda: "- letter [Modified]" in app.pane.text(), show=app.pane.text)
        await pilot.press(":", "w", "q", "enter")
        await until(lambda: not app.pane.modes.alternate and "~" not in app.pane.text(), show=app.pane.text)
        assert "\n20 90\n" in app.pane.text()
        app.pane.send(b"cat letter; exit\r")
        await until(lambda: not app.pane.running, show=app.pane.text)
        assert "\nho\n" in app.pane.text()


def test_detach_keys_leave_the_container_running(driver: Driver, engine: docker.DockerClient, prefix: str) -> None:
    driver.script(f"docker run -it --name {prefix}kept busybox sh\n<ctrl-p><ctrl-q>", 30)
    assert engine.containers.get(f"{prefix}kept").status == "running"
    assert driver.run("echo back", 10)[1] == 0


def test_lines_go_into_the_container_and_its_status_comes_out(driver: Driver, prefix: str) -> None:
    output, status = driver.script(f"docker run -it --rm --name {prefix}in busybox sh\nhostname\nexit 9", 30)
    assert status == 9
    assert "hostname" in output


def test_docker_commands_end_with_their_own_status(driver: Driver) -> None:
    assert driver.run("docker run --rm busybox sh -c 'exit 6'", 30)[1] == 6
    assert driver.run("docker version --format x > /dev/null", 30)[1] == 0
