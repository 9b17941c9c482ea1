"""`answer VALUE` from any shell."""

from __future__ import annotations

import queue
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockertutor.shell.answers import LONGEST, AnswerBox


@pytest.fixture
def answers() -> queue.Queue[str]:
    return queue.Queue()


@pytest.fixture
def box(tmp_path: Path, answers: queue.Queue[str]) -> Iterator[AnswerBox]:
    box = AnswerBox(tmp_path / "it's here", answers.put)
    yield box
    box.close()


def answer(box: AnswerBox, *words: str, shell: str = "sh") -> subprocess.CompletedProcess[str]:
    line = 'PATH="$0:$PATH"; answer "$@"'
    return subprocess.run(
        [shell, "-c", line, str(box.bin_folder), *words], capture_output=True, text=True, timeout=20, check=False
    )


@pytest.mark.parametrize("words", [("42",), ("two", "words"), ("$HOME; `id`",), ("é \\n %s",)])
def test_the_answer_arrives_as_it_was_typed(box: AnswerBox, answers: queue.Queue[str], words: tuple[str, ...]) -> None:
    assert answer(box, *words).returncode == 0
    assert answers.get(timeout=10) == " ".join(words)


def test_a_very_long_answer_is_cut_and_stays_one_line(box: AnswerBox, answers: queue.Queue[str]) -> None:
    answer(box, "x" * 10_000 + "\nsecond")
    assert len(answers.get(timeout=10)) <= LONGEST + 10
    assert answers.empty()


def test_the_word_alone_says_how_to_use_it(box: AnswerBox) -> None:
    done = answer(box)
    assert done.returncode == 2
    assert "answer 42" in done.stdout


def test_without_a_tutor_the_shell_says_so_and_does_not_hang(box: AnswerBox) -> None:
    box.close()
    done = answer(box, "42")
    assert done.returncode == 1
    assert "not open" in done.stdout


def test_pipe_and_script_are_for_this_user_only(box: AnswerBox, tmp_path: Path) -> None:
    folder = tmp_path / "it's here"
    assert (folder / "answers").stat().st_mode & 0o777 == 0o600
    assert (folder / "bin").stat().st_mode & 0o777 == 0o700
    assert (folder / "bin" / "answer").stat().st_mode & 0o777 == 0o700
