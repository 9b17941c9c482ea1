"""Set-up with a person before it: in a terminal, and where there is none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tmux_pane import Pane

PROJECT = Path(__file__).parents[2]
NOWHERE = "unix:///nowhere/docker.sock"


@pytest.fixture
def world(tmp_path, engine_url):
    """An environment with a home of its own and the test engine."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "DOCKERTUTOR_"))}
    return kept | {"HOME": str(tmp_path), "DOCKER_HOST": engine_url}


def setup(world, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "dockertutor", "setup", *arguments],
        env=world,
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def test_an_engine_that_was_chosen_and_is_not_there_is_named(world):
    done = setup(world | {"DOCKER_HOST": NOWHERE})
    assert done.returncode == 4
    assert f"No engine listens at {NOWHERE} (DOCKER_HOST)." in done.stderr
    assert "Traceback" not in done.stderr


def test_something_that_is_not_docker_is_named(world):
    done = setup(world | {"DOCKER_HOST": "tcp://127.0.0.1:1"})
    assert done.returncode == 4
    assert "Traceback" not in done.stderr


def test_an_engine_that_was_there_is_never_stopped_or_uninstalled(world, engine):
    assert "nothing was stopped" in setup(world, "--stop-engine").stderr
    assert setup(world, "--uninstall").returncode == 0
    assert engine.ping()


def test_a_running_engine_needs_no_question(world):
    with Pane([sys.executable, "-m", "dockertutor", "setup"], folder=PROJECT, environment=world) as pane:
        seen = pane.wait_for("[ended with")
    assert "[ended with 0]" in seen
    assert "Go on?" not in seen
