"""What set-up says on a terminal."""

from __future__ import annotations

from dockertutor.setup.command import wrapped


def test_a_line_is_broken_between_words_and_stands_behind_its_bullet() -> None:
    line = "  - start the engine in the background (log: /root/.local/state/dockertutor/setup/dockerd.log); stop it"
    assert wrapped(line, 60).split("\n") == [
        "  - start the engine in the background (log:",
        "    /root/.local/state/dockertutor/setup/dockerd.log); stop",
        "    it",
    ]


def test_a_path_longer_than_a_row_stays_whole() -> None:
    assert wrapped("the file /a/very/long/path/indeed is here", 12).split("\n") == [
        "the file",
        "/a/very/long/path/indeed",
        "is here",
    ]


def test_short_lines_and_rows_of_their_own_stay_as_they_are() -> None:
    assert wrapped("  3 of 10  libgcc-s1 (0.0 MB)\n\nmore", 80) == "  3 of 10  libgcc-s1 (0.0 MB)\n\nmore"
