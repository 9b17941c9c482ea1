"""A lesson's link opens the learner's browser only where that has a window of its own."""

from __future__ import annotations

import webbrowser

from dockertutor.tui.browser import open_in_browser


class Window(webbrowser.BaseBrowser):
    opened: list[str]

    def open(self, url, new=0, autoraise=True):
        self.opened.append(url)
        return True


def test_a_browser_with_a_window_gets_the_address(monkeypatch):
    window = Window()
    window.opened = []
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.setattr(webbrowser, "get", lambda: window)
    assert open_in_browser("http://localhost:8080")
    assert window.opened == ["http://localhost:8080"]


def test_without_a_display_nothing_is_opened(monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not open_in_browser("http://localhost:8080")


def test_a_browser_that_draws_in_the_terminal_does_not_count(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("false"))
    assert not open_in_browser("http://localhost:8080")


def test_only_web_addresses_are_opened(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":9")
    assert not open_in_browser("file:///etc/passwd")
