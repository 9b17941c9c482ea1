"""Completion as json, junit and further formats, one file each. `render` is all that may be called from outside."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dockertutor.tutor.stored import Checked

FORMATS = {"text": "text", "json": "json_report", "junit": "junit"}
"""Format → the module that renders it."""


def render(results: Sequence[Checked], format_: str) -> str:
    """Results of `tutor.stored.judge_stored` in one of `FORMATS`."""
    text: str = import_module(f"dockertutor.reports.{FORMATS[format_]}").render(results)
    return text
