"""The tutor as lines of text, driven by short commands."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from dockertutor.errors import TutorError
from dockertutor.plain import words
from dockertutor.plain.news import news
from dockertutor.plain.runner import Runner
from dockertutor.plain.waiting import wait_for_line
from dockertutor.tutor.page_text import fetch
from dockertutor.tutor.session import Session
from dockertutor.tutor.step_view import ExerciseView, FinishedView, Leftover, QuestionView
from dockertutor.tutor.view import View

_TYPED = 15.0
_PIPED = 90.0
"""Seconds for which the next line waits until what was asked is done: a person may give up with Ctrl-C, too."""


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
    ``unwatched``: why their API calls are not seen, or "".
    """

    def __init__(
        self,
        session: Session,
        *,
        read: TextIO,
        write: TextIO,
        environment: Mapping[str, str],
        shell: str,
        unwatched: str = "",
        width: int = 0,
    ) -> None:
        self.session = session
        self._read, self._write = read, write
        self._runner = Runner(shell, environment, terminal=read.isatty(), write=self._pass_on)
        self._unwatched = unwatched
        self._width = width or min(80, shutil.get_terminal_size((80, 24)).columns)
        self._lock = threading.Lock()
        self._asking = False
        self._if_yes: Callable[[], None] | None = None
        self._shown = View()
        self._over = False

    def run(self) -> int:
        """Read commands until `quit` or the end of the input; returns the exit code."""
        stop = self.session.subscribe("view", self._changed)
        try:
            if self.session.view.lesson is None:
                self.say(words.overview(self.session.overview()))
            self.say(["", "Type `help` for the commands."])
            self._settle()
            while not self._over:
                line = self._line()
                if line is None:
                    break
                try:
                    self.obey(line.strip())
                    self._settle()
                except TutorError as error:
                    self.say([error.what, error.do])
                except KeyboardInterrupt:
                    self.say(["", "Broken off."])
        finally:
            stop()
        return 0

    def _line(self) -> str | None:
        """The next line, None at the end of the input. Ctrl-C gives the line up."""
        while True:
            try:
                return self._asked()
            except KeyboardInterrupt:
                self.say(["", "Type `quit` to end."])
            except UnicodeDecodeError:
                self.say(["This line is not text in UTF-8. Type it again."])

    def _asked(self) -> str | None:
        """Ask for a line at the prompt. News that come meanwhile draw it anew, so that it is seen where to type."""
        try:
            if self._read.isatty():
                with self._lock:
                    self._asking = True
                    self._prompt()
            wait_for_line(self._read)
            return self._read.readline() or None
        finally:
            with self._lock:
                self._asking = False

    def _settle(self) -> None:
        """Wait until what was asked is done, so that lines which come faster than a learner types lose nothing."""
        try:
            self.session.settle(_TYPED if self._read.isatty() else _PIPED)
        except KeyboardInterrupt:
            self.say(["", "Not waited for."])

    def obey(self, line: str) -> None:
        """Carry out one line. A question of ours is answered by the line after it, or dropped."""
        if_yes, self._if_yes = self._if_yes, None
        if if_yes is not None and line.lower() == "yes":
            if_yes()
            return
        if line.startswith("$"):
            self.command(line.removeprefix("$").strip())
            return
        if line == "docker" or line.startswith("docker "):
            self.command(line)
            return
        if line.isdecimal():
            self.choose(line)
            return
        if not line:
            self.enter()
            return
        name, _, rest = line.partition(" ")
        command = _BY_NAME.get(name.lower())
        if command is None:
            self.say([f"There is no command `{words.clean(name)}`. Type `help`, or `$ {words.clean(line)}` to run it."])
            return
        command.run(self, rest.strip())

    def say(self, lines: Iterable[str]) -> None:
        """Write lines, whoever they come from, without control characters."""
        with self._lock:
            if self._asking:
                self._write.write("\n")
            for line in lines:
                self._write.write(words.clean(line).rstrip() + "\n")
            self._write.flush()
            if self._asking:
                self._prompt()

    def _prompt(self) -> None:
        self._write.write("> ")
        self._write.flush()

    def _changed(self, new: object) -> None:
        if isinstance(new, View):
            old, self._shown = self._shown, new
            if lines := list(news(old, new, self._width)):
                self.say(lines)

    # --- commands
    def command(self, line: str) -> None:
        """Run one command line of the learner's, wired, in the exercise's folder or where the last `cd` led."""
        if not line:
            self.say(["Type the command after the sign, for instance: $ docker ps"])
            return
        self.session.command_began(line, self._runner.shell_pid)
        status = self._runner.run(line, self._home())
        self.session.command_ended(line, status)
        if status:
            self.say([f"The command ended with status {status}."])
        self._settle()
        self._stand()

    def _pass_on(self, text: str) -> None:
        with self._lock:
            self._write.write(text)
            self._write.flush()

    def _home(self) -> Path | None:
        step = self.session.view.step
        return step.folder if isinstance(step, ExerciseView) else None

    def _stand(self) -> None:
        """Where the exercise stands after a command that did not finish it: silence would leave the learner waiting."""
        step = self.session.view.step
        if not isinstance(step, ExerciseView) or step.phase not in ("doing", "lost"):
            return
        more = " Type `hint` for a hint." if len(step.hints) < step.hints_total else ""
        if step.rows:
            self.say([f"Not done yet: {step.holding} of {len(step.rows)} hold.{more}"])

    def shell(self, _rest: str) -> None:
        """A shell in this window, in the exercise's folder."""
        if not self._read.isatty():
            self.say(["A shell needs a terminal. Here, start each command with the sign $."])
            return
        self.say(["This is a shell. `exit` brings you back."])
        self._runner.shell(self._home())
        self.session.check()
        self._settle()
        self._stand()

    def enter(self) -> None:
        """An empty line goes on where nothing can be lost by it, and else says what is to be done."""
        step = self.session.view.step
        if isinstance(step, ExerciseView) and step.phase not in ("passed", "not-here"):
            self.say([f"{step.goal} Type `task` to hear it again, or `next` to go on without it."])
        else:
            self.next("")

    def task(self, _rest: str) -> None:
        if self.session.view.lesson is None:
            self.lessons("")
        else:
            self.say(words.step(self.session.view, self._width))
            step = self.session.view.step
            if isinstance(step, ExerciseView) and step.phase != "passed":
                self._say_if_engine_is_gone()

    def _say_if_engine_is_gone(self) -> bool:
        """Say so where no engine answers: nothing can be seen or ticked off until it does. Whether it is so."""
        engine = self.session.view.engine
        if engine.state == "fault":
            self.say([engine.what, engine.do])
        return engine.state == "fault"

    def lessons(self, _rest: str) -> None:
        self.say(words.overview(self.session.overview()))

    def choose(self, number: str) -> None:
        """Choose an option of the open question by its number, or a lesson when none is open."""
        view = self.session.view
        step = view.step
        question = step.predict if isinstance(step, ExerciseView) else step if isinstance(step, QuestionView) else None
        if view.lesson is None:
            self.open(number)
        elif question is None or "choose" not in view.can:
            self.say([f"No question is open here. To go to lesson {number}, type: open {number}"])
        elif 1 <= int(number[:4]) <= len(question.options):
            self.session.choose(int(number) - 1)
        else:
            self.say([f"Type a number from 1 to {len(question.options)}."])

    def open(self, what: str) -> None:
        """Open a lesson by its number or id, or an exercise as LESSON/EXERCISE."""
        if not what:
            self.say(["Name the lesson, for instance: open 1"])
            return
        course = self.session.overview()
        lesson, _, exercise = what.partition("/")
        lessons = [lesson for track in course.tracks for lesson in track.lessons]
        found = next((one for one in lessons if lesson in (str(one.number), one.id)), None)
        if found is None:
            self.say([f"There is no lesson `{words.clean(what)}`. Type `lessons` for a list."])
            return
        self.session.open(found.id, exercise)

    def next(self, _rest: str) -> None:
        view = self.session.view
        step = view.step
        if view.lesson is None:
            resume = self.session.overview().resume
            if resume is None:
                self.say(["All lessons are done. `open` and a number opens one again."])
            else:
                self.session.open(resume.id)
        elif isinstance(step, FinishedView):
            if step.next_id:
                self.session.open(step.next_id)
            else:
                self.say(["This was the last lesson. Type `lessons` for a list, or `quit`."])
        else:
            if isinstance(step, ExerciseView) and step.phase in ("predict", "doing", "held", "lost"):
                self.say(["Left as it is. `back` brings you back to it."])
            self.session.next()

    def hint(self, _rest: str) -> None:
        step, can = self.session.view.step, self.session.view.can
        if self.session.view.lesson is None:
            otherwise = "No lesson is open, so there is no hint. Type `lessons` for a list."
        elif not isinstance(step, ExerciseView):
            otherwise = "This page has no hints."
        else:
            otherwise = "There is no further hint here." if step.hints_total else "This exercise has no hints."
            otherwise += " `solution` shows a solution." if "solution" in can else ""
        self._if_can("hint", self.session.hint, otherwise)

    def solution(self, _rest: str) -> None:
        self._if_can("solution", self.session.solution, "There is no solution to show here.")

    def check(self, _rest: str) -> None:
        step = self.session.view.step
        if not isinstance(step, ExerciseView):
            self.say(["This step has nothing to check."])
            return
        self.session.check()
        self._settle()
        if self._say_if_engine_is_gone():
            return
        step = self.session.view.step
        if isinstance(step, ExerciseView) and step.phase in ("doing", "lost", "held"):
            self.say(words.checks(step, self._width))
        elif isinstance(step, ExerciseView) and step.phase == "predict":
            self._stand()

    def restart(self, _rest: str) -> None:
        self._if_can("restart", self.session.restart, "This step has nothing to begin again.")

    def reset(self, what: str) -> None:
        """Forget what was done in this exercise; or, after a question, in the whole lesson."""
        view = self.session.view
        if what not in ("", "lesson"):
            self.say(["Type `reset` for this exercise, or `reset lesson` for the whole lesson."])
        elif view.lesson is None:
            self.say(["No lesson is open. Type `lessons` for a list."])
        elif what == "lesson":
            self._if_yes = self._reset_lesson
            self.say([f"Begin the lesson {view.lesson.title} anew? What was passed in it is forgotten.",
                      "Type `yes` to do so. Any other line leaves it as it is."])  # fmt: skip
        elif not isinstance(view.step, ExerciseView):
            self.say(["This step has nothing to forget. `reset lesson` begins the whole lesson anew."])
        else:
            self.session.reset("exercise")
            self.say(["This exercise begins anew. What you wrote in its folder is put aside, not deleted."])

    def _reset_lesson(self) -> None:
        self.session.reset("lesson")
        self.say(["This lesson begins anew. What you wrote in its folders is put aside, not deleted."])

    def back(self, _rest: str) -> None:
        self._if_can("back", self.session.back, "This is the beginning. `lessons` lists all lessons.")

    def _if_can(self, action: str, do: Callable[[], None], otherwise: str) -> None:
        if action in self.session.view.can:
            do()
        else:
            self.say([otherwise])

    def answer(self, rest: str) -> None:
        if not rest:
            self.say(["Give the answer after the word, for instance: answer 42"])
        elif self._asks_answer():
            self.session.answer(_unquoted(rest))
            self._settle()
            self._stand()
        else:
            self.say(["No answer is asked for here."])

    def _asks_answer(self) -> bool:
        step = self.session.view.step
        return isinstance(step, ExerciseView) and step.takes_answer and step.phase in ("predict", "doing", "lost")

    def page(self, rest: str) -> None:
        """A page as a browser would show it, as text; without an address the one that the task names."""
        step = self.session.view.step
        named = step.seen_pages if isinstance(step, ExerciseView) else ()
        address = rest or (named[0] if named else "")
        if not address:
            self.say(["Name the page's address, for instance: page http://localhost:8080"])
            return
        found = fetch(address if "://" in address else f"http://{address}")
        if not found.ok:
            self.say([words.clean(found.what)])
            return
        self.say([words.clean(found.title), ""] if found.title else [])
        self.say(words.clean(found.text).splitlines())

    def term(self, rest: str) -> None:
        if not rest:
            self.say(["Name the word, for instance: term container"])
            return
        found = self.session.term(rest)
        if found is None:
            self.say([f"`{words.clean(rest)}` is not in the glossary."])
        else:
            self.say([found.name, *words.prose(found.text, self._width)])

    def search(self, rest: str) -> None:
        """Lines of the lessons and the glossary that hold all the words."""
        if not rest:
            self.say(["Name the words, for instance: search port"])
            return
        found = self.session.search(rest)
        self.say(words.found(found, self.session.overview(), self._width))
        if not found:
            self.say([f"Nothing in the course has `{words.clean(rest)}`."])

    def folder(self, _rest: str) -> None:
        step = self.session.view.step
        if not isinstance(step, ExerciseView) or step.folder is None:
            self.say(["This step has no folder."])
            return
        self.say([str(step.folder), *(f"- {words.clean(name)}" for name in step.files)])

    def engine(self, _rest: str) -> None:
        rows = self.session.panel.rows
        self.say(
            f"{row.kind} {words.clean(row.name)}, {words.clean(row.image)}, {row.state} {row.ports}".strip(" ,")
            for row in rows
        )
        if not rows:
            self.say(["Nothing was made here yet."])

    def calls(self, _rest: str) -> None:
        groups = self.session.calls
        if not groups:
            why = self._unwatched or "What the docker client asks the engine is listed here. So far, nothing."
            self.say(words.prose(why, self._width))
        for group in groups:
            self.say([words.clean(group.command)])
            self.say(
                f"    {call.method} {words.short(words.clean(call.path))}: {call.status or 'under way'}"
                for call in group.calls
            )

    def dispute(self, _rest: str) -> None:
        path = self.session.dispute()
        self.say([f"Saved to {path}. Send this file to whoever wrote the lesson."])

    def remove(self, name: str) -> None:
        """Remove all that is ours; or one thing by its name, which is the only way for what nobody saw being made."""
        if name:
            self._remove_one(name)
            return
        left = self.session.leftovers()
        ours = [thing for thing in left if thing.ours]
        if ours:
            self._remove(ours)
            return
        self.say(["Nothing of yours is left to remove."])
        if left:
            self.say(["Type `remove` and a name for what is perhaps not from a lesson:", *words.things(left)])

    def _remove_one(self, name: str) -> None:
        """Remove what is called ``name``, or KIND NAME where several things are called so."""
        found = [thing for thing in self.session.leftovers() if name in words.calls(thing)]
        if not found:
            self.say([f"Nothing that was made in a lesson is called `{words.clean(name)}`."])
        elif len(found) > 1:
            self.say([f"Several things are called `{words.clean(name)}`. Type `remove` and one of these:"])
            self.say(words.things(found))
        else:
            self._remove(found)

    def _remove(self, chosen: list[Leftover]) -> None:
        self.session.leave(remove=chosen)
        view = self.session.settle(_PIPED)
        if not view.trouble:
            self.say([f"Removed: {len(chosen)}. Type `next` for the next lesson, or `lessons`."])

    def keep(self, _rest: str) -> None:
        self.session.leave()
        self.say(["Nothing was removed. Type `next` for the next lesson, or `lessons`."])

    def help(self, _rest: str) -> None:
        self.say(f"{' '.join([c.names[0], c.takes]).strip():<18} {c.does}" for c in COMMANDS)
        self.say([f"{'$ COMMAND':<18} runs a command, for instance: $ docker ps"])

    def quit(self, _rest: str) -> None:
        self._over = True


def _unquoted(text: str) -> str:
    """An answer as `answer` in a shell would get it: one pair of quotes around it is not part of it."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


COMMANDS = (
    Command(("task", "t"), "shows this step again", Plain.task),
    Command(("next", "n"), "goes on", Plain.next),
    Command(("back", "b"), "goes back", Plain.back),
    Command(("hint", "h"), "gives a hint, then a clearer one", Plain.hint),
    Command(("solution",), "shows a solution", Plain.solution),
    Command(("answer", "a"), "answers a question", Plain.answer, "VALUE"),
    Command(("check", "c"), "looks now whether all holds", Plain.check),
    Command(("restart",), "begins this exercise again", Plain.restart),
    Command(("reset",), "forgets what was done in this exercise or lesson", Plain.reset, "[lesson]"),
    Command(("shell", "sh"), "opens a shell in this window", Plain.shell),
    Command(("folder",), "tells where your files are", Plain.folder),
    Command(("page", "p"), "reads a web page to you", Plain.page, "[ADDRESS]"),
    Command(("engine", "e"), "lists what was made here", Plain.engine),
    Command(("calls",), "lists the API calls behind your commands", Plain.calls),
    Command(("term", "g"), "explains a word", Plain.term, "WORD"),
    Command(("search",), "finds words in the course", Plain.search, "WORDS"),
    Command(("lessons", "l", "course"), "lists the lessons", Plain.lessons),
    Command(("open", "o"), "opens a lesson, by its number or name", Plain.open, "LESSON"),
    Command(("remove",), "removes what your lessons have made, or one thing", Plain.remove, "[NAME]"),
    Command(("keep",), "leaves this lesson and removes nothing", Plain.keep),
    Command(("wrong",), "saves what was seen: this verdict is wrong", Plain.dispute),
    Command(("retry",), "looks for the engine again", lambda self, _: self.session.retry_engine()),
    Command(("help", "?"), "shows this list", Plain.help),
    Command(("quit", "q"), "ends; your progress is kept", Plain.quit),
)
_BY_NAME = {name: command for command in COMMANDS for name in command.names}
