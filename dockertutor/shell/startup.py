"""How the learner's shell is started: which one, with which start-up files, and whether it speaks marks."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dockertutor.errors import ShellError
from dockertutor.shell.marks import MarkReader, new_nonce

_ENGINE = ("DOCKER_HOST", "DOCKER_SOCKET", "DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH")
"""What leads a docker client to an engine."""
_RC = Path(__file__).with_name("rc")
_FOREIGN = ("TMUX", "TMUX_PANE", "COLUMNS", "LINES", "TERMCAP", "WINDOWID", "STY", "TERM_PROGRAM_VERSION")


def clean_environment(base: Mapping[str, str]) -> dict[str, str]:
    """``base`` without what describes another terminal, with what describes ours. DOCKER_HOST is the caller's."""
    kept = {k: v for k, v in base.items() if k not in _FOREIGN and not k.startswith("TEXTUAL")}
    kept |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TERM_PROGRAM": "dockertutor"}
    return kept


@dataclass(frozen=True)
class Launch:
    """``argv`` to spawn, ``env`` to add to the environment, and a reader for the shell's marks (None: it has none).
    ``where``: the file that tells the shell which folder to go to, None where it cannot be told."""

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    marks: MarkReader | None = None
    where: Path | None = None


def find_shell(env: Mapping[str, str]) -> str:
    """The learner's shell: ``SHELL``, else bash, else sh. Raises `ShellError` where there is none."""
    for name in (env.get("SHELL", ""), "bash", "/bin/sh"):
        if name and (path := shutil.which(name)):
            return path
    raise ShellError("There is no shell on this machine.", "Install bash and open the lesson again.")


def prepare(shell: str, folder: Path, env: Mapping[str, str], bin_folder: Path | None = None) -> Launch:
    """Write the start-up files of ``shell`` into ``folder`` (made 0700; private to this one shell) and say how to
    start it. ``bin_folder`` is put first on its PATH, and docker's client is led to the engine that ``env`` says,
    after the learner's own start-up files had their say: rootless Docker tells people to set DOCKER_HOST there.

    The files hold the secret nonce: they are readable by this user only, and nothing of it is in the environment.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    nonce = new_nonce()
    words = {
        "@NONCE@": nonce,
        "@FOLDER@": _inside_quotes(str(folder)),
        **_afterwards(env, bin_folder),
    }
    first = {"PATH": f"{bin_folder}:{env.get('PATH', os.defpath)}"} if bin_folder else {}
    match Path(shell).name:
        case "bash":
            rc = _write(folder / "bashrc", "bash.sh", words)
            return Launch((shell, "--rcfile", str(rc), "-i"), first, MarkReader(nonce), folder / "where")
        case "zsh":
            _write_zshenv(folder, env)
            _write(folder / ".zshrc", "zshrc.zsh", words)
            return Launch((shell, "-i"), {**first, "ZDOTDIR": str(folder)}, MarkReader(nonce), folder / "where")
        case _:
            return Launch((shell, "-i"), {**first, "PS1": "$ "})


def prepare_window(shell: str, folder: Path, env: Mapping[str, str], bin_folder: Path | None = None) -> Launch:
    """As `prepare`, for a shell in a window of the learner's own: with their own prompt, and without marks."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    words = _afterwards(env, bin_folder)
    match Path(shell).name:
        case "bash":
            return Launch((shell, "--rcfile", str(_write(folder / "bashrc", "window.bash", words)), "-i"))
        case "zsh":
            _write_zshenv(folder, env)
            _write(folder / ".zshrc", "window.zsh", words)
            return Launch((shell, "-i"), {"ZDOTDIR": str(folder)})
        case _:
            return Launch((shell, "-i"))


def _afterwards(env: Mapping[str, str], bin_folder: Path | None) -> dict[str, str]:
    """What is put right after the learner's own start-up file."""
    lines = [f"export {name}={shlex.quote(env[name])}" if name in env else f"unset {name}" for name in _ENGINE]
    return {"@BIN@": _inside_quotes(str(bin_folder or "")), "@DOCKER@": "\n".join(lines)}


def _write_zshenv(folder: Path, env: Mapping[str, str]) -> None:
    own = env.get("ZDOTDIR") or env.get("HOME", "/")
    _write(folder / ".zshenv", "zshenv.zsh", {"@ZDOTDIR@": shlex.quote(own), "@FOLDER@": shlex.quote(str(folder))})


def _inside_quotes(text: str) -> str:
    return text.replace("'", "'\\''")


def _write(path: Path, template: str, words: Mapping[str, str]) -> Path:
    text = (_RC / template).read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace(word, value)
    with open(path, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)
    return path
