"""A bare machine does not know the name localhost."""

from __future__ import annotations

import socket

import pytest

from dockertutor.engine.published import reached_as
from dockertutor.setup.hosts import LINE, add_localhost, remove_localhost
from dockertutor.tutor.page_text import fetch


def nothing_known(*args: object, **options: object) -> None:
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


@pytest.mark.parametrize("before", ["", "127.0.1.1\tmine\n", "127.0.1.1\tmine"])
def test_the_name_is_written_once_and_taken_out_again(tmp_path, before):
    hosts = tmp_path / "hosts"
    hosts.write_text(before)
    add_localhost(hosts)
    add_localhost(hosts)
    assert hosts.read_text().splitlines() == [*before.splitlines(), LINE.rstrip()]
    assert remove_localhost(hosts)
    assert (hosts.read_text() if hosts.exists() else "").splitlines() == before.splitlines()
    assert not remove_localhost(hosts)


def test_a_file_that_was_not_there_goes_again(tmp_path):
    hosts = tmp_path / "hosts"
    add_localhost(hosts)
    assert remove_localhost(hosts)
    assert not hosts.exists()


def test_pages_at_localhost_are_read_where_nobody_knows_the_name(monkeypatch):
    assert reached_as("localhost") == "localhost"
    monkeypatch.setattr(socket, "getaddrinfo", nothing_known)
    assert reached_as("localhost") == "127.0.0.1"
    assert reached_as("elsewhere") == "elsewhere"


def test_an_unknown_name_is_said_in_words(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", nothing_known)
    assert fetch("http://elsewhere/").what == "No computer is known by the name in this address."
