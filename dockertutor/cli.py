"""The door: parses the command line, builds the objects, wires them; nothing else."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from dockertutor.called import COMMAND, SETUP
from dockertutor.errors import ContentError, TutorError, UsageError
from dockertutor.exit_codes import BROKEN, NO_ENGINE, OK, USAGE
from dockertutor.narrow import widen_output
from dockertutor.visible import visible

if TYPE_CHECKING:
    from dockertutor.course.heads import Course
    from dockertutor.engine.connection import Endpoint
    from dockertutor.tutor.progress import Store

CUT_OFF = 128 + 13  # what a shell says of a program that a closed pipe has ended: it says nothing of the exercises


def main(argv: Sequence[str] | None = None) -> int:
    """Run `dockertutor` with ``argv`` (without the program's name) and return its exit code."""
    _open_streams()
    widen_output()
    arguments = list(sys.argv[1:] if argv is None else argv)
    command: list[str] = []
    if "--" in arguments:  # `shell -- COMMAND…`: what follows is not ours to read
        at = arguments.index("--")
        arguments, command = arguments[:at], arguments[at + 1 :]
    try:
        try:
            options = _parser(commands=bool(arguments)).parse_args(arguments)
            options.run_command = command
            code: int = options.do(options)
        finally:
            sys.stdout.flush()  # what cannot be written is told here, not when Python ends
    except TutorError as error:
        _complain(f"{error.what}\n{error.do}".rstrip())
        return _code(error)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of a pipe has read enough; Python would complain when it flushes at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CUT_OFF
    except OSError as error:
        _complain(
            f"{error.filename or 'The system'}: {error.strerror or error}.\n"
            "See that the disk works and has room, and that the file is yours."
        )
        return NO_ENGINE
    except Exception as error:  # noqa: BLE001 - a fault of our own: told in a sentence, kept whole in a file
        _complain(_broke(error))
        return NO_ENGINE
    return code


def _open_streams() -> None:
    """A program that was called with closed descriptors (`<&-`) reads nothing and writes nowhere."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, os.fdopen(number, mode, closefd=False))


def _complain(text: str) -> None:
    """Words on stderr; what was typed, or came from the engine, stands in them without its control characters."""
    print(visible(text), file=sys.stderr)


def _broke(error: Exception) -> str:
    from dockertutor.tutor.breakage import note
    from dockertutor.tutor.progress import data_home

    return f"Something in dockertutor broke ({type(error).__name__}).\nThe details are in {note(data_home(), error)}."


def _code(error: TutorError) -> int:
    if isinstance(error, UsageError):
        return USAGE
    if isinstance(error, ContentError):
        return BROKEN
    return NO_ENGINE


# ------------------------------------------------------------------ the command line
def _parser(*, commands: bool = True) -> argparse.ArgumentParser:
    """``commands``: with all commands. Where nothing was typed there is none to know, and their parsers take as long
    as a tenth of the way to the first paint."""
    parser = argparse.ArgumentParser(
        prog=COMMAND,
        description="Learn Docker in your terminal, on a real Docker Engine.",
        epilog=f"`{SETUP} --stop-engine` stops the engine that set-up started; "
        f"`{SETUP} --uninstall` removes what it installed, and only that.",
    )
    parser.add_argument("--version", action="version", version=f"dockertutor {_version()}")
    parser.add_argument("--course", type=Path, metavar="PATH", help="a course's folder, instead of the one shipped")
    parser.add_argument("--context", default="", metavar="NAME", help="the engine of this docker context")
    parser.add_argument("--host", default="", metavar="URL", help="the engine at this address, as in docker --host")
    parser.add_argument("--plain", action="store_true", help="lines of text, for screen readers and pipes")
    parser.add_argument("--no-terminal", action="store_true", help="use a terminal window of your own")
    parser.add_argument("--no-wire", action="store_true", help="do not watch the client's API calls")
    parser.add_argument("--leader", default="", metavar="KEY", help="the leader key in the terminal (ctrl+g)")
    parser.add_argument("--theme", choices=("dark", "light"), default="", help="colours")
    parser.add_argument("--ascii", action="store_true", default=None, help="signs in plain letters")
    parser.set_defaults(do=_open)
    if commands:
        _add_commands(parser)
    return parser


def _add_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def add(name: str, words: str, do: object) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=words, description=words)
        one.set_defaults(do=do)
        return one

    add("open", "open a lesson", _open).add_argument("which", metavar="LESSON[/EXERCISE]")
    add("list", "list lessons and exercises", _list).add_argument("--format", choices=("text", "json"), default="text")
    add("status", "show where you are", _status).add_argument("--format", choices=("text", "json"), default="text")
    check = add("check", "judge exercises now, against the attempts you have begun", _check)
    check.add_argument("which", nargs="?", default="", metavar="LESSON[/EXERCISE]")
    check.add_argument("--all", action="store_true", help="the whole course")
    check.add_argument("--format", choices=("text", "json", "junit"), default="text")
    reset = add("reset", "begin an exercise, a lesson or everything again", _reset)
    reset.add_argument("which", nargs="?", default="", metavar="LESSON[/EXERCISE]")
    reset.add_argument("--all", action="store_true", help="the whole course")
    shell = add("shell", "a shell, or one command after --, with its API calls in the tutor", _shell)
    shell.add_argument("--log", type=Path, metavar="FILE", help="keep the calls as JSON lines")
    add("glossary", "explain a word, or all", _glossary).add_argument("term", nargs="?", default="")
    add("doctor", "look for what is wrong with the set-up", _doctor)
    images = add("images", "the images that set-up makes available", _images)
    images.add_argument("action", choices=("list",), nargs="?", default="list")
    images.add_argument("--format", choices=("text", "json"), default="text")
    setup = add("setup", "find or start an engine and get the images", _setup)
    setup.add_argument("--yes", action="store_true", help="install what is needed without asking")
    setup.add_argument("--stop-engine", action="store_true", help="stop the engine that set-up started")
    setup.add_argument("--uninstall", action="store_true", help="remove what set-up installed, and only that")
    _lesson_parser(add("lesson", "for lesson authors", _lesson_help))


def _lesson_parser(lesson: argparse.ArgumentParser) -> None:
    lesson.set_defaults(lesson_parser=lesson)
    commands = lesson.add_subparsers(title="commands", metavar="COMMAND")

    def add(name: str, words: str, do: object) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=words, description=words)
        one.set_defaults(do=do)
        return one

    add("new", "write a lesson to begin with", _new).add_argument("path", type=Path)
    add("lint", "find what is wrong in lessons", _lint).add_argument("paths", type=Path, nargs="*", metavar="PATH")
    preview = add("preview", "show a lesson as text", _preview)
    preview.add_argument("lesson")
    preview.add_argument("--seed", type=int)
    add("schema", "print the JSON Schema of a lesson, for editors", _schema)
    prove = add("prove", "try every exercise on a real engine, with right and wrong solutions", _prove)
    prove.add_argument("paths", type=Path, nargs="*", metavar="PATH")
    prove.add_argument("--changed", action="store_true", help="only lessons that are changed, or whose images are")
    prove.add_argument("--format", choices=("text", "json"), default="text")
    prove.add_argument("--exercise", action="append", default=[], metavar="ID", help="only this one (more than once)")
    prove.add_argument("--shell", choices=("bash", "zsh"), default="bash", help="bash (the default) or zsh")


def _version() -> str:
    from dockertutor import __version__

    return __version__


# ------------------------------------------------------------------ what is built
def _root(options: argparse.Namespace) -> Path:
    from dockertutor.course import find_root

    return find_root(options.course)


def _course(options: argparse.Namespace) -> Course:
    from dockertutor.course import load_course

    return load_course(_root(options))


def _store(course: Course) -> Store:
    from dockertutor.tutor.progress import Store, course_home

    return Store(course_home(course) / "progress.db", course=course.digest)


def _folders(course: Course) -> Path:
    from dockertutor.tutor.progress import course_home

    return course_home(course) / "folders"


def _endpoint(options: argparse.Namespace) -> Endpoint:
    from dockertutor.engine.connection import candidates, first_listening

    return first_listening(candidates(host=options.host, context=options.context))


# ------------------------------------------------------------------ commands for learners
def _open(options: argparse.Namespace) -> int:
    if not options.plain:
        import gc

        gc.disable()  # until the first paint: collecting while everything is imported costs a tenth of the start

    from dockertutor.launch import open_tutor

    return open_tutor(options, _course(options), lambda: _endpoint(options))


def _list(options: argparse.Namespace) -> int:
    from dockertutor.commands import list_course

    return list_course(_course(options), options.format, sys.stdout)


def _status(options: argparse.Namespace) -> int:
    from dockertutor.commands import status

    course = _course(options)
    with closing(_store(course)) as store:
        return status(course, store, options.format, sys.stdout)


def _check(options: argparse.Namespace) -> int:
    from dockertutor.commands import check
    from dockertutor.tutor.stored import parse_which

    if options.all and options.which:
        raise UsageError("Both --all and an exercise were given.", "Give one of them.")
    course = _course(options)
    parse_which(course, options.which)
    with closing(_store(course)) as store:
        return check(
            course, store, _folders(course), options.which, lambda: _endpoint(options), options.format,
            sys.stdout, complain=lambda fault: _complain(f"{fault.what}\n{fault.do}"),
        )  # fmt: skip


def _reset(options: argparse.Namespace) -> int:
    from dockertutor.commands import begin_again

    if options.all == bool(options.which):
        raise UsageError("Say what to begin again.", "Name LESSON, LESSON/EXERCISE, or --all.")
    course = _course(options)
    with closing(_store(course)) as store:
        return begin_again(course, store, _folders(course), options.which, sys.stdout)


def _shell(options: argparse.Namespace) -> int:
    from dockertutor.launch import own_shell

    return own_shell(options.run_command, options.log, lambda: _endpoint(options))


def _glossary(options: argparse.Namespace) -> int:
    from dockertutor.commands import glossary

    return glossary(_course(options), options.term, sys.stdout)


def _doctor(options: argparse.Namespace) -> int:
    from dockertutor.doctor import doctor

    return doctor(lambda: _course(options), lambda: _endpoint(options))


def _images(options: argparse.Namespace) -> int:
    from dockertutor.commands import images

    return images(_endpoint(options), _root(options), options.format, sys.stdout)


def _setup(options: argparse.Namespace) -> int:
    from dockertutor.setup.command import run

    flags = {"--yes": options.yes, "--stop-engine": options.stop_engine, "--uninstall": options.uninstall}
    arguments = [flag for flag, given in flags.items() if given]
    if options.run_command:
        following = _understood(options.run_command)
        if not arguments and (following is None or following.do not in (_open, _check, _shell, _prove)):
            return OK  # the command that follows needs no engine
        if following is not None:
            options.course = options.course or following.course
            options.host, options.context = options.host or following.host, options.context or following.context
    if options.host:
        arguments += ["--host", options.host]
    if options.context:
        arguments += ["--context", options.context]
    return run(arguments, _root(options))


def _understood(arguments: Sequence[str]) -> argparse.Namespace | None:
    """What `dockertutor ARGUMENTS`, which set-up runs before, will do; None for a usage error, --help and --version,
    which are said when the command itself is run."""
    words = arguments[: arguments.index("--")] if "--" in arguments else arguments
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        try:
            return _parser().parse_args(words)
        except SystemExit:
            return None


# ------------------------------------------------------------------ commands for authors
def _lesson_help(options: argparse.Namespace) -> int:
    options.lesson_parser.print_help(sys.stderr)
    return USAGE


def _new(options: argparse.Namespace) -> int:
    from dockertutor.authoring.commands import cli_new

    return cli_new(options.path, sys.stdout)


def _lint(options: argparse.Namespace) -> int:
    from dockertutor.authoring.commands import cli_lint

    return cli_lint(options.paths, sys.stdout, root=_root(options))


def _preview(options: argparse.Namespace) -> int:
    from dockertutor.authoring.commands import cli_preview

    return cli_preview(options.lesson, sys.stdout, root=_root(options), seed=options.seed)


def _schema(options: argparse.Namespace) -> int:
    from dockertutor.authoring.commands import cli_schema

    return cli_schema(sys.stdout)


def _prove(options: argparse.Namespace) -> int:
    from dockertutor.authoring.prove_command import cli_prove

    return cli_prove(
        options.paths,
        _endpoint(options),
        sys.stdout,
        sys.stderr,
        root=_root(options),
        changed=options.changed,
        format_=options.format,
        shell=options.shell,
        only=options.exercise,
    )
