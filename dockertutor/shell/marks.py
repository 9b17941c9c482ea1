"""Shell marks: where a command began and ended, told by the shell itself in private control sequences.

    ESC ] 7717 ; NONCE ; C ; the command ; NONCE BEL      a command begins
    ESC ] 7717 ; NONCE ; D ; exit status ; NONCE BEL      it has ended
    ESC ] 7717 ; NONCE ; P ; exit status ; NONCE BEL      the prompt is shown

The nonce is random, drawn for each shell and never in its environment: what a program prints cannot forge a mark. It
also ends the mark, so that a command of any length, with any characters, goes through. Marks are taken out of the
stream here; no screen ever sees them.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

LONGEST = 1_000_000
"""Bytes after which an unfinished mark is given up and shown as it is."""


@dataclass(frozen=True, slots=True)
class Output:
    data: bytes


@dataclass(frozen=True, slots=True)
class Started:
    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    status: int


@dataclass(frozen=True, slots=True)
class Prompt:
    status: int


Event = Output | Started | Ended | Prompt


def new_nonce() -> str:
    return secrets.token_hex(16)


class MarkReader:
    """Takes a shell's stream apart, however it is cut into pieces."""

    def __init__(self, nonce: str) -> None:
        self._begin = f"\x1b]7717;{nonce};".encode()
        self._end = f";{nonce}\x07".encode()
        self._held = b""

    def feed(self, data: bytes) -> list[Event]:
        """The events in ``data``, in order. An unfinished mark is held back until it is whole."""
        data, self._held = self._held + data, b""
        events: list[Event] = []
        while data:
            at = data.find(self._begin)
            if at < 0:
                keep = self._beginning_at_end(data)
                data, self._held = data[: len(data) - keep], data[len(data) - keep :]
                if data:
                    events.append(Output(data))
                break
            if at:
                events.append(Output(data[:at]))
            inner = at + len(self._begin)
            end = data.find(self._end, inner)
            if end < 0:
                if len(data) - at > LONGEST:
                    events.append(Output(data[at:]))
                else:
                    self._held = data[at:]
                break
            if (event := _parse(data[inner:end])) is not None:
                events.append(event)
            data = data[end + len(self._end) :]
        return events

    def _beginning_at_end(self, data: bytes) -> int:
        """How many bytes at the end of ``data`` may be the beginning of a mark."""
        at = data.rfind(b"\x1b", max(0, len(data) - len(self._begin) + 1))
        return len(data) - at if at >= 0 and self._begin.startswith(data[at:]) else 0


def _parse(body: bytes) -> Event | None:
    kind, _, rest = body.partition(b";")
    text = rest.decode("utf-8", "replace").replace("\r\n", "\n")
    match kind:
        case b"C":
            return Started(text.strip("\n"))
        case b"D" if text.isdigit():
            return Ended(int(text))
        case b"P" if text.isdigit():
            return Prompt(int(text))
        case _:
            return None
