"""The terminal pane alone in an app, with a real shell on a real pty."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from dockertutor.shell import screen
from dockertutor.tui.widgets.terminal import TerminalPane

pytestmark = pytest.mark.skipif(not screen.available(), reason="no screen model for this platform")


class Bare(App[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", priority=False),
        Binding("ctrl+p", "command_palette", priority=False),
    ]

    def __init__(self, folder: Path, shell: str = "bash") -> None:
        super().__init__()
        (folder / "home").mkdir()
        self.pane = TerminalPane(
            env={**os.environ, "HOME": str(folder / "home"), "SHELL": shell},
            cwd=folder,
            folder=folder / "rc",
            shell=shell,
        )
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.pane.focus()

    def on_terminal_pane_command_began(self, message: TerminalPane.CommandBegan) -> None:
        self.heard.append(message)

    def on_terminal_pane_command_ended(self, message: TerminalPane.CommandEnded) -> None:
        self.heard.append(message)

    def on_terminal_pane_leader(self, message: TerminalPane.Leader) -> None:
        self.heard.append(message)

    def on_terminal_pane_exited(self, message: TerminalPane.Exited) -> None:
        self.heard.append(message)

    def on_terminal_pane_copied(self, message: TerminalPane.Copied) -> None:
        self.heard.append(message)

    def on_terminal_pane_failed(self, message: TerminalPane.Failed) -> None:
        self.heard.append(message)

    def said(self, kind: type[Message]) -> list[Message]:
        return [m for m in self.heard if isinstance(m, kind)]


async def until(what: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until ``what`` is true; the test fails if it never becomes so."""
    for _ in range(int(seconds / 0.02)):
        if what():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never happened")


async def type_line(app: Bare, line: str, shows: str = "") -> None:
    ended = len(app.said(TerminalPane.CommandEnded))
    app.pane.send(line.encode() + b"\r")
    if shows:
        await until(lambda: shows in app.pane.text())
    else:
        await until(lambda: len(app.said(TerminalPane.CommandEnded)) > ended)


async def prompt(app: Bare) -> None:
    await until(lambda: app.pane.text().rstrip().endswith("$"))


@pytest.fixture
def app(tmp_path: Path) -> Bare:
    return Bare(tmp_path)
