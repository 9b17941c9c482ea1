"""API calls as the learner sees them: grouped under the command that caused them, in plain words, to be repeated.

`CallBook` keeps them, bounded; the functions put one call, or one group, into text. All text from a call (names,
paths, bodies) is data: front ends must not read markup in it.
"""

from __future__ import annotations

import shlex
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace

from dockertutor.engine.wire_secrets import masked_line
from dockertutor.facts import Call
from dockertutor.tutor.call_picture import picture
from dockertutor.tutor.call_shown import curl_line, printable, readable, sentence, short_path, words
from dockertutor.tutor.call_terms import fields_of
from dockertutor.tutor.engine_view import CallGroup

__all__ = ["CallBook", "curl_line", "fields_of", "picture", "readable", "sentence", "short_path", "words"]

EARLY = 0.25
"""Seconds that a call may seem to come before its command: the shell's mark takes a way through the terminal."""


_Question = tuple[str, str, tuple[tuple[str, str], ...]]
"""Method, path and query of a call that only asks."""


@dataclass(eq=False)
class _Command:
    text: str
    began: float
    ended: float | None = None
    shell: int = 0

    def reaches(self, call: Call) -> bool:
        """Whether the call's client may be a process of the command's: they are in one terminal session, as far as
        that is known of both."""
        return not (self.shell and call.session) or call.session == self.shell


@dataclass(eq=False)
class _Group:
    command: str
    started: float
    calls: OrderedDict[int, Call] = field(default_factory=OrderedDict)
    typed: _Command | None = None
    client: tuple[int, str] = (0, "")
    shown: CallGroup | None = None
    asked: dict[_Question, list[int]] = field(default_factory=dict)

    def put(self, call: Call) -> None:
        """Take in a call, or the newer picture of one."""
        if call.number not in self.calls and (question := _question(call)):
            self.asked.setdefault(question, []).append(call.number)
        self.calls[call.number] = call
        self.shown = None

    def drop(self, number: int) -> None:
        """Forget a call."""
        question = _question(self.calls.pop(number))
        if question is not None:
            self.asked[question].remove(number)
            if not self.asked[question]:
                del self.asked[question]
        self.shown = None

    def unfolded(self) -> tuple[Call, ...]:
        """Without pings beside other calls, and of a question asked over and over only the first and the last."""
        hidden = {number for numbers in self.asked.values() for number in numbers[1:-1]}
        others = tuple(call for call in self.calls.values() if call.path != "/_ping" and call.number not in hidden)
        return others or tuple(self.calls.values())[:1]


class CallBook:
    """The calls of a session, newest command first. Safe to use from several threads.

    At most ``most`` calls are kept, and about ``weight`` bytes of bodies: the oldest lose their bodies, then go.
    """

    def __init__(self, most: int = 10_000, weight: int = 16 * 1024 * 1024) -> None:
        self._most, self._weight_limit = most, weight
        self._lock = threading.Lock()
        self._groups: list[_Group] = []
        self._group_of: OrderedDict[int, _Group] = OrderedDict()
        self._weights: OrderedDict[int, int] = OrderedDict()
        self._weight = 0
        self._commands: list[_Command] = []
        self._by_client: dict[tuple[int, str], _Group] = {}

    def add(self, call: Call) -> None:
        """Take in a call, or the newer picture of one (same ``number``)."""
        with self._lock:
            group = self._group_of.get(call.number)
            if group is None:
                group = self._find_group(call)
                self._group_of[call.number] = group
            group.put(call)
            self._weigh(call)
            self._bound()

    def command_began(self, text: str, time: float, shell: int = 0) -> None:
        """A command line began in the learner's shell at ``time`` (seconds since the epoch). ``shell``: the process id
        of that shell, which leads its terminal's session; calls from other sessions are not the command's. 0: unknown.
        """
        with self._lock:
            command = _Command(text, time, shell=shell)
            self._commands = [*self._commands[-49:], command]
            for group in [group for group in self._groups if group.typed is None]:
                early = [
                    call for call in group.calls.values() if call.started >= time - EARLY and command.reaches(call)
                ]
                if early and len(early) == len(group.calls):
                    self._forget(group)
                    home = self._command_group(command)
                    for call in early:
                        home.put(call)
                        self._group_of[call.number] = home

    def command_ended(self, text: str, time: float) -> None:
        """The command line ended."""
        with self._lock:
            for command in reversed(self._commands):
                if command.ended is None and command.text == text:
                    command.ended = time
                    return

    def groups(self) -> tuple[CallGroup, ...]:
        """All groups, newest first; each one's calls oldest first, with pings and polling folded away."""
        with self._lock:
            return tuple(self._shown(group) for group in reversed(self._groups) if group.calls)

    # ------------------------------------------------------------------ inside
    def _find_group(self, call: Call) -> _Group:
        fits = [
            command
            for command in self._commands
            if command.began - EARLY <= call.started and (command.ended is None or call.started <= command.ended)
            if command.reaches(call) and not _of_another(command.text, call.client)
        ]
        if fits:
            named = [command for command in fits if _names(command.text, call.client)]
            return self._command_group((named or fits)[-1])
        key = (call.pid, call.client)
        group = self._by_client.get(key)
        if group is None or not call.pid:
            group = _Group(call.client or call.agent or "another program", call.started, client=key)
            self._by_client[key] = group
            self._groups.append(group)
        return group

    def _forget(self, group: _Group) -> None:
        self._groups.remove(group)
        if self._by_client.get(group.client) is group:
            del self._by_client[group.client]

    def _command_group(self, command: _Command) -> _Group:
        for group in reversed(self._groups):
            if group.typed is command:
                return group
        group = _Group(command.text, command.began, typed=command)
        self._groups.append(group)
        return group

    def _weigh(self, call: Call) -> None:
        weight = min(call.sent, 65536) * (call.request is not None) + min(call.received, 262144) * (
            call.response is not None
        )
        self._weight += weight - self._weights.pop(call.number, 0)
        if weight:
            self._weights[call.number] = weight

    def _bound(self) -> None:
        while self._weight > self._weight_limit and len(self._weights) > 1:
            number, weight = self._weights.popitem(last=False)
            self._weight -= weight
            group = self._group_of[number]
            group.calls[number] = replace(group.calls[number], request=None, response=None)
            group.shown = None
        while len(self._group_of) > self._most:
            number, group = self._group_of.popitem(last=False)
            group.drop(number)
            self._weight -= self._weights.pop(number, 0)
            if not group.calls:
                self._forget(group)

    def _shown(self, group: _Group) -> CallGroup:
        if group.shown is None:
            kept = group.unfolded()
            group.shown = CallGroup(
                printable(masked_line(group.command)), group.started, kept, folded=len(group.calls) - len(kept)
            )
        return group.shown


def _question(call: Call) -> _Question | None:
    """What is the same where something is asked again; None for a call that changes something, and for a ping."""
    if call.method not in ("GET", "HEAD") or call.path == "/_ping":
        return None
    return call.method, call.path, tuple(sorted(call.query.items()))


def _of_another(text: str, client: str) -> bool:
    """Whether a docker command as typed cannot have caused this client, as it is another docker command: somebody works
    in a second window while the first one is held (``docker logs -f``, ``docker run -it``)."""
    try:
        typed, argv = shlex.split(text), shlex.split(client)
    except ValueError:
        return False
    if typed[:1] != ["docker"] or argv[:1] != ["docker"] or any(sign in text for sign in ";&|$`()<>\n"):
        return False
    return len(typed) > 1 and typed[1] not in argv[1:]


def _names(text: str, client: str) -> bool:
    """Whether a command line as typed tells of this client process."""
    try:
        argv = shlex.split(client)
    except ValueError:
        return False
    return bool(argv) and all(part in text for part in argv[:2]) and argv[-1] in text
