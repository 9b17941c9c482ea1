"""Drives a tutor as a learner would: opens an exercise of a lesson given as text, types docker commands."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

from dockertutor.course.heads import Course
from dockertutor.course.loader import load_text
from dockertutor.engine.connection import Endpoint, connect
from dockertutor.tutor.core import Tutor
from dockertutor.tutor.outcome import Outcome
from dockertutor.tutor.own import Own
from dockertutor.tutor.progress import Store
from dockertutor.tutor.step_view import ExerciseView
from dockertutor.tutor.view import View

LESSON = """
format: 1
id: lesson
title: A lesson
minutes: 5
steps:
"""

Docker = Callable[..., subprocess.CompletedProcess[str]]


class Driver:
    """One learner. ``tutor`` is the real thing, on a real engine."""

    def __init__(self, url: str, data: Path, docker: Docker) -> None:
        self.data = data
        self.docker = docker
        self.url = url
        self.store = Store(data / "progress.db")
        course = Course("course", "Course", data, ())
        self.tutor = Tutor(course, self.store, lambda: connect(Endpoint(url)), folder_root=data / "work").start()

    def open(self, exercise: str, id_: str = "one") -> ExerciseView:
        """Open the exercise, and wait until it can be done."""
        indented = "\n".join(f"      {line}" if line else "" for line in exercise.strip("\n").splitlines())
        self.tutor.open_lesson(load_text(f"{LESSON}  - exercise:\n{indented}\n", "lesson.yaml"), id_)
        ready = ("doing", "predict", "passed", "unmade", "not-here", "lost")
        self.tutor.wait(lambda v: isinstance(v.step, ExerciseView) and v.step.id == id_ and v.step.phase in ready, 20)
        return self.phase(*ready)

    @property
    def values(self) -> dict[str, str]:
        assert self.tutor.attempt is not None
        return self.tutor.attempt.values

    def type(self, line: str, *, marks: bool = True) -> int:
        """Type ``docker …`` with the exercise's variables put in; returns the exit status."""
        for name, value in self.values.items():
            line = line.replace(f"${{{name}}}", value)
        if marks:
            self.tutor.command_began(line)
        done = self.docker(*shlex.split(line)[1:], check=False)
        if marks:
            self.tutor.command_ended(line, done.returncode)
        return done.returncode

    def phase(self, *phases: str, timeout: float = 20.0) -> ExerciseView:
        """Wait for one of the phases; fails with what there was instead."""
        view = self.tutor.wait(lambda v: isinstance(v.step, ExerciseView) and v.step.phase in phases, timeout)
        assert isinstance(view.step, ExerciseView), view
        assert view.step.phase in phases, view.step
        return view.step

    def final(self, after: int = 0, timeout: float = 20.0) -> Outcome:
        """Wait for a final verdict later than look number ``after``."""
        found = self.tutor.wait_outcome(lambda o: o.final and o.number > after, timeout)
        assert found is not None
        assert found.final, found.verdicts
        return found

    def view(self, good: Callable[[View], bool], timeout: float = 20.0) -> ExerciseView:
        view = self.tutor.wait(good, timeout)
        assert good(view), view
        assert isinstance(view.step, ExerciseView)
        return view.step

    def clean(self) -> None:
        """Remove all that the ledger knows, and end."""
        self.store = self.store if self.store.open else Store(self.data / "progress.db")
        own = Own(self.store, wire=self.tutor.wire)
        engine = connect(Endpoint(self.url))
        try:
            problems = own.remove(engine, own.leftovers(engine))
        finally:
            engine.close()
            self.tutor.close()
            self.store.close()
        assert not problems
