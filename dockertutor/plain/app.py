"""The tutor as lines of text, driven by short commands."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TextIO

from dockertutor.errors import TutorError
from dockertutor.plain import words
from dockertutor.tutor.session import Session
from dockertutor.tutor.view import CheckRow, ExerciseView, FinishedView, QuestionView, View


@dataclass(frozen=True)
class Command:
    """One command. ``names``: the first is the one shown. ``takes``: what may follow it, for the help."""

    names: tuple[str, ...]
    does: str
    run: Callable[[Plain, str], None]
    takes: str = ""


class Plain:
    """One learner at one session, over ``read`` and ``write``.

    ``environment``: what the learner's commands run with (wired). ``shell``: the program that runs them.
    """

    def __init__(
        self,
        session: Session,
        *,
        read: TextIO,
        write: TextIO,
        environment: Mapping[str, str],
        shell: str,
        width: int = 0,
    ) -> None:
        self.session = session
        self._read, self._write = read, write
        self._environment, self._shell = dict(environment), shell
        self._width = width or min(80, shutil.get_terminal_size((80, 24)).columns)
        self._lock = threading.Lock()
        self._shown = View()
        self._over = False

    def run(self) -> int:
        """Read commands until `quit` or the end of the input; returns the exit code."""
        stop = self.session.subscribe("view", self._changed)
        try:
            self.say(words.overview(self.session.overview()))
            self.say(["", "Type `help` for the commands."])
            while not self._over:
                self._prompt()
                line = self._read.readline()
                if not line:
                    break
                try:
                    self.obey(line.strip())
                except TutorError as error:
                    self.say([error.what, error.do])
        finally:
            stop()
        return 0

    def obey(self, line: str) -> None:
        """Carry out one line."""
        if line.startswith(("$ ", "docker ")) or line == "docker":
            self.command(line.removeprefix("$ "))
            return
        if line.isdigit():
            self.choose(line)
            return
        name, _, rest = line.partition(" ")
        command = _BY_NAME.get(name or "next")
        if command is None:
            self.say([f"There is no command `{words.clean(name)}`. Type `help`, or `$ {words.clean(line)}` to run it."])
            return
        command.run(self, rest.strip())

    def say(self, lines: Iterable[str]) -> None:
        """Write lines."""
        with self._lock:
            for line in lines:
                self._write.write(line.rstrip() + "\n")
            self._write.flush()

    def _prompt(self) -> None:
        if self._read.isatty():
            with self._lock:
                self._write.write("> ")
                self._write.flush()

    # --- what changed
    def _changed(self, new: object) -> None:
        if not isinstance(new, View):
            return
        old, self._shown = self._shown, new
        lines: list[str] = []
        if new.engine.state == "fault" and old.engine.what != new.engine.what:
            lines += [new.engine.what, new.engine.do]
        if new.busy and new.busy != old.busy:
            lines.append(new.busy)
        if _place(new) != _place(old) or isinstance(new.step, FinishedView | QuestionView):
            if new.step != old.step:
                lines += ["", *words.step(new, self._width)]
        elif isinstance(new.step, ExerciseView) and isinstance(old.step, ExerciseView):
            lines += self._progress(old.step, new.step)
        if lines:
            self.say(lines)

    def _progress(self, old: ExerciseView, new: ExerciseView) -> list[str]:
        lines: list[str] = []
        before = {(n, row.title): row for n, row in enumerate(old.rows)}
        for n, row in enumerate(new.rows):
            was = before.get((n, row.title))
            if _news(was, row):
                lines += words.check(row, self._width)
        for hint in new.hints[len(old.hints) :]:
            lines += [f"Hint {hint.tier} of {new.hints_total}, {hint.label}:", *words.prose(hint.text, self._width)]
        if new.solution is not None and old.solution is None:
            lines += ["One solution:", *("    " + line for line in new.solution.splitlines())]
        if new.notice and new.notice != old.notice:
            lines += words.prose(new.notice, self._width)
        if new.phase == "passed" and old.phase != "passed":
            lines += words.passed(new, self._width)
        return lines

    # --- commands
    def command(self, line: str) -> None:
        """Run one command line of the learner's, wired, in the exercise's folder."""
        self.session.command_began(line)
        step = self.session.view.step
        folder = step.folder if isinstance(step, ExerciseView) else None
        try:
            done = subprocess.run(
                [self._shell, "-c", line], env=self._environment, cwd=folder, stdin=self._input(), check=False
            )
            status = done.returncode
        except KeyboardInterrupt:
            status = 130
        self.session.command_ended(line, status if status >= 0 else 128 - status)

    def shell(self, _rest: str) -> None:
        """A shell in this window, in the exercise's folder."""
        step = self.session.view.step
        folder = step.folder if isinstance(step, ExerciseView) else None
        self.say(["This is a shell. `exit` brings you back."])
        subprocess.run([self._shell, "-i"], env=self._environment, cwd=folder, check=False)

    def _input(self) -> int | None:
        return None if self._read.isatty() else subprocess.DEVNULL

    def task(self, _rest: str) -> None:
        self.say(words.step(self.session.view, self._width))

    def choose(self, number: str) -> None:
        """Choose an option of the open question by its number, or a lesson when none is open."""
        step = self.session.view.step
        question = step.predict if isinstance(step, ExerciseView) else step if isinstance(step, QuestionView) else None
        if question is None:
            self.open(number)
        elif 1 <= int(number[:4]) <= len(question.options):
            self.session.choose(int(number) - 1)
        else:
            self.say([f"Type a number from 1 to {len(question.options)}."])

    def open(self, what: str) -> None:
        """Open a lesson by its number or id."""
        course = self.session.overview()
        lessons = [lesson for track in course.tracks for lesson in track.lessons]
        found = next((lesson for lesson in lessons if what in (str(lesson.number), lesson.id)), None)
        if found is None:
            self.say([f"There is no lesson `{words.clean(what)}`. Type `lessons` for a list."])
            return
        self.session.open(found.id)

    def next(self, _rest: str) -> None:
        if self.session.view.lesson is None:
            resume = self.session.overview().resume
            if resume is not None:
                self.session.open(resume.id)
        else:
            self.session.next()

    def answer(self, rest: str) -> None:
        if rest:
            self.session.answer(rest)
        else:
            self.say(["Give the answer after the word, for instance: answer 42"])

    def term(self, rest: str) -> None:
        found = self.session.term(rest)
        if found is None:
            self.say([f"`{words.clean(rest)}` is not in the glossary."])
        else:
            self.say([found.name, *words.prose(found.text, self._width)])

    def folder(self, _rest: str) -> None:
        step = self.session.view.step
        where = step.folder if isinstance(step, ExerciseView) else None
        self.say([str(where) if where else "This step has no folder."])

    def engine(self, _rest: str) -> None:
        rows = self.session.panel.rows
        self.say(
            f"{row.kind} {words.clean(row.name)}, {words.clean(row.image)}, {row.state} {row.ports}".strip(" ,")
            for row in rows
        )
        if not rows:
            self.say(["Nothing was made here yet."])

    def calls(self, _rest: str) -> None:
        for group in self.session.calls:
            self.say([words.clean(group.command)])
            self.say(
                f"    {call.method} {words.clean(call.path)}: {call.status or 'under way'}" for call in group.calls
            )

    def dispute(self, _rest: str) -> None:
        path = self.session.dispute()
        self.say([f"Saved to {path}. Send this file to whoever wrote the lesson."])

    def remove(self, _rest: str) -> None:
        ours = [thing for thing in self.session.leftovers() if thing.ours]
        self.session.leave(remove=ours)
        self.say([f"Removed: {len(ours)}."])

    def help(self, _rest: str) -> None:
        self.say(f"{' '.join([c.names[0], c.takes]).strip():<18} {c.does}" for c in COMMANDS)
        self.say([f"{'$ COMMAND':<18} runs a command, for instance: $ docker ps"])

    def quit(self, _rest: str) -> None:
        self._over = True


def _place(view: View) -> tuple[object, ...]:
    """What a new whole page is shown for: another step, stage, or phase that changes the page."""
    step = view.step
    if isinstance(step, ExerciseView):
        kind = step.phase if step.phase in ("preparing", "predict", "not-here", "unmade") else "doing"
        asked = step.predict.state if step.phase == "predict" and step.predict else ""
        return (view.lesson and (view.lesson.id, view.lesson.step), step.id, step.stage, kind, asked)
    return (view.lesson and (view.lesson.id, view.lesson.step), type(step))


def _news(was: CheckRow | None, row: CheckRow) -> bool:
    """Whether a changed row is worth a line: a new state that says something, or a new finding."""
    if row.status in ("open", "waiting", "skipped"):
        return False
    return was is None or (was.status, was.found, was.explanation) != (row.status, row.found, row.explanation)


COMMANDS = (
    Command(("task", "t"), "shows this step again", Plain.task),
    Command(("next", "n"), "goes on", Plain.next),
    Command(("back", "b"), "goes back", lambda self, _: self.session.back()),
    Command(("hint", "h"), "gives a hint, then a clearer one", lambda self, _: self.session.hint()),
    Command(("solution",), "shows a solution", lambda self, _: self.session.solution()),
    Command(("answer", "a"), "answers a question", Plain.answer, "VALUE"),
    Command(("check", "c"), "looks now whether all holds", lambda self, _: self.session.check()),
    Command(("restart",), "begins this exercise again", lambda self, _: self.session.restart()),
    Command(("shell", "sh"), "opens a shell in this window", Plain.shell),
    Command(("folder",), "tells where your files are", Plain.folder),
    Command(("engine", "e"), "lists what was made here", Plain.engine),
    Command(("calls",), "lists the API calls behind your commands", Plain.calls),
    Command(("term", "g"), "explains a word", Plain.term, "WORD"),
    Command(("lessons", "l"), "lists the lessons", lambda self, _: self.say(words.overview(self.session.overview()))),
    Command(("open", "o"), "opens a lesson", Plain.open, "NUMBER"),
    Command(("remove",), "removes what this lesson has made", Plain.remove),
    Command(("keep",), "leaves this lesson and removes nothing", lambda self, _: self.session.leave()),
    Command(("wrong",), "saves what was seen: this verdict is wrong", Plain.dispute),
    Command(("retry",), "looks for the engine again", lambda self, _: self.session.retry_engine()),
    Command(("help", "?"), "shows this list", Plain.help),
    Command(("quit", "q"), "ends; your progress is kept", Plain.quit),
)
_BY_NAME = {name: command for command in COMMANDS for name in command.names}
