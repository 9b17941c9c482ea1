"""The learner's own web browser, where there is one with a window."""

from __future__ import annotations

import os
import sys


def open_in_browser(address: str) -> bool:
    """Open a web address in the learner's browser; False where there is none with a window of its own.

    A browser that draws in the terminal would draw over the tutor, so it does not count.
    """
    if not address.startswith(("http://", "https://")):
        return False
    if sys.platform != "darwin" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    import webbrowser

    try:
        browser = webbrowser.get()
        if isinstance(browser, webbrowser.GenericBrowser) and not isinstance(browser, webbrowser.BackgroundBrowser):
            return False
        return browser.open(address)
    except (webbrowser.Error, OSError):
        return False
