"""What a person types to call this program: what ``./run`` was called by in a clone, else ``dockertutor``."""

from __future__ import annotations

import os

_RUN = os.environ.get("DOCKERTUTOR_CALLED", "")
COMMAND = _RUN or "dockertutor"
"""Calls the program; arguments may follow."""
SETUP = _RUN or "dockertutor setup"
"""Finds or installs an engine, and gets the images."""
