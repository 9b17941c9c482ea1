"""What must not be seen: two forms of a call, one for the screen and a stricter one for whatever is kept.

Screen: environment values and labels are shown unless they look like credentials. Log (files, evidence, reports): no
environment values, no labels, no options of drivers, no bodies of other people's objects, no command lines beyond
their first words. Headers, login bodies and build secrets are never read at all (`wire_bodies.NEVER`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dockertutor.facts import Call, Facts

HIDDEN = "(hidden)"

_NAME = re.compile(
    r"passw|passphrase|secret|token|credential|bearer|(^|[_.-])(auth|pass|pwd|key|apikey|pin|salt|dsn)($|[_.-])"
    r"|(api|access|private|signing|encryption)[_.-]?key|authorization",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]*|gh[opsu]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|dckr_[po]at_[\w-]{8,}"
    r"|xox[abprs]-[\w-]{8,}|(AKIA|ASIA)[0-9A-Z]{12,}|sk-[\w-]{16,}|SWMTKN-[\w-]+|SWMKEY-[\w-]+"
    r"|-----BEGIN [A-Z ]*PRIVATE"
)
_LOGIN = re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]*(?=@)")
_NAMED = re.compile(r"([\w.-]+)=")
_NAMED_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s,;&\"']+")
_GLUED = re.compile(r"-[ditP]*[el](?=[^-=])")
"""Before a name: ``-e`` and ``-l`` of `docker run`, without a space, behind short options that take no value."""
_STEP = re.compile(r"\b((?:ENV|ARG|LABEL)\s+)([\w.-]+)(\s+)(\S.*)")
_FIELD = re.compile(r"\b(x-registry-auth|x-registry-config|authorization|cookie):\s*[^\"'\r\n]+", re.IGNORECASE)
_JSON_PAIR = re.compile(r"(\\?\"([\w.-]+)\\?\"\s*:\s*\\?\")([^\"\\]+)")
_WORD = r"(\"[^\"]*\"|'[^']*'|[^\s;&|]+)"
_TYPED = (
    (re.compile(r"\blogin\s[^;&|\n]*"), re.compile(r"(\s(?:--password[\s=]\s*|-p[\s=]*))" + _WORD)),
    (re.compile(r"\bcurl\s[^;&|\n]*"), re.compile(r"(\s(?:--user[\s=]\s*|-u\s*))" + _WORD)),
)
_SAFE_NAMES = frozenset(("PWD", "OLDPWD"))
_ENVIRONMENT, _LABELS = ("Env",), ("Labels", "BuildArgs", "buildargs", "labels")
_PROGRAMS = ("Cmd", "Entrypoint", "Command", "Args", "Test")
_DRIVER = ("Options", "DriverOpts", "Config", "Sysctls", "Annotations")


def credential_name(name: str) -> bool:
    """Whether a variable, label or field of this name is likely to hold a credential."""
    return name not in _SAFE_NAMES and bool(_NAME.search(name))


def _option_name(name: str) -> bool:
    """The same for the name in an option, with which the option's letter may have grown together (``-ePASS=…``)."""
    glued = _GLUED.match(name)
    return credential_name(name[glued.end() :] if glued else name)


def _without_values(text: str) -> str:
    """Each ``NAME=value`` of a telling name without its value; one may stand in another's value (``o=password=…``)."""
    parts, at = [], 0
    for name in _NAMED.finditer(text):
        if name.start() >= at and _option_name(name[1]) and (value := _NAMED_VALUE.match(text, name.end())):
            parts += [text[at : name.end()], HIDDEN]
            at = value.end()
    return "".join((*parts, text[at:]))


def masked_text(text: str) -> str:
    """A text without the credentials in it: ``NAME=value`` of a telling name, logins in addresses, known tokens."""
    if "=" in text:
        text = _without_values(text)
    if ":" in text:
        text = _FIELD.sub(lambda field: f"{field[1]}: {HIDDEN}", text)
        text = _JSON_PAIR.sub(lambda pair: pair[1] + HIDDEN if credential_name(pair[2]) else pair[0], text)
    if "://" in text:
        text = _LOGIN.sub(HIDDEN, text)
    if "ENV" in text or "ARG" in text or "LABEL" in text:
        text = _STEP.sub(lambda it: f"{it[1]}{it[2]}{it[3]}{HIDDEN}" if credential_name(it[2]) else it[0], text)
    return _VALUE.sub(HIDDEN, text)


def masked_line(text: str) -> str:
    """A command line as it was typed, without the credentials in it: those that no name tells, too."""
    for segment, option in _TYPED:
        text = segment.sub(lambda found: option.sub(lambda it: it[1] + HIDDEN, found[0]), text)  # noqa: B023
    return masked_text(text)


# ------------------------------------------------------------------ for the screen
def screen_body(value: Any) -> Any:
    """A JSON body for the screen."""
    if isinstance(value, dict):
        return {key: _screen_field(key, part, value) for key, part in value.items()}
    if isinstance(value, list):
        return [screen_body(part) for part in value]
    return masked_text(value) if isinstance(value, str) else value


def _screen_field(key: str, value: Any, siblings: Mapping[str, Any]) -> Any:
    if isinstance(value, str) and value and credential_name(key):
        return HIDDEN
    if key in _ENVIRONMENT and isinstance(value, list):
        return [_screen_variable(part) if isinstance(part, str) else screen_body(part) for part in value]
    if key == "Value" and isinstance(value, str) and credential_name(str(siblings.get("Name", ""))):
        return HIDDEN
    return screen_body(value)


def _screen_variable(variable: str) -> str:
    name, equals, value = variable.partition("=")
    return f"{name}={HIDDEN}" if equals and credential_name(name) and value else masked_text(variable)


def screen_query(query: Mapping[str, str]) -> dict[str, str]:
    """A query for the screen."""
    return {key: HIDDEN if value and credential_name(key) else _screen_value(value) for key, value in query.items()}


def _screen_value(value: str) -> str:
    return _through_json(value, screen_body, masked_text(value)) if value[:1] in "{[" else masked_text(value)


def _through_json(text: str, change: Callable[[Any], Any], otherwise: str) -> str:
    try:
        return json.dumps(change(json.loads(text)), separators=(",", ":"))
    except (ValueError, RecursionError):
        return otherwise


def screen_client(argv: Sequence[str]) -> str:
    """A client's command line for the screen: no passwords, no credentials in ``-e NAME=value``."""
    import shlex

    shown: list[str] = []
    hide = False
    for part in argv:
        if hide:
            shown.append(HIDDEN)
        elif "login" in argv and part.startswith("-p") and not part.startswith("--") and len(part) > 2:
            shown.append(f"-p{HIDDEN}")
        else:
            shown.append(_screen_word(part))
        asks = ("-p", "--password") if "login" in argv else ("-u", "--user") if argv[0] == "curl" else ()
        hide = not hide and part in asks
    return shlex.join(shown)[:2000].replace(shlex.quote(HIDDEN), HIDDEN)


def _screen_word(word: str) -> str:
    """A word of a command line: ``NAME=value`` as a whole, also behind ``--env=``; anything else as a text."""
    option, equals, value = word.partition("=")
    if equals and value and (_option_name(option) or credential_name(option.lstrip("-"))):
        return f"{option}={HIDDEN}"
    name, equals, value = value.partition("=")
    if option.startswith("-") and equals and value and credential_name(name):
        return f"{option}={name}={HIDDEN}"
    return masked_text(word)


# ------------------------------------------------------------------ for whatever is kept
def log_form(call: Call) -> Call:
    """The call as it may be kept in a log, a report or a verdict's evidence."""
    from dataclasses import replace

    return replace(
        call,
        query=_log_query(call.query),
        request=_log_request(call),
        response=_log_response(call),
        client=first_words(call.client),
    )


def for_keeping(facts: Facts) -> Facts:
    """Facts whose API calls are in their log form: for evidence, and whatever else is written to a disk."""
    from dataclasses import replace

    from dockertutor.facts import Calls

    calls = facts.seen.get(Calls())
    if not isinstance(calls, tuple):
        return facts
    return replace(facts, seen={**facts.seen, Calls(): tuple(map(log_form, calls))})


def log_record(call: Call) -> dict[str, Any]:
    """The log form as one JSON-ready mapping: what ``--log FILE`` writes, a line a call."""
    from dataclasses import asdict

    kept = asdict(log_form(call))
    del kept["session"]  # says something only while the learner's shell runs
    return {key: value for key, value in kept.items() if value not in (None, "", {}, [], ())}


def first_words(client: str) -> str:
    """A command line up to its first option or argument: "docker run", "docker compose up", "curl"."""
    import shlex

    try:
        argv = shlex.split(client)
    except ValueError:
        return ""
    if not argv or argv[0] not in ("docker", "docker-compose", "podman"):
        return argv[0] if argv else ""
    words = [argv[0]]
    for part in argv[1:3]:
        if not part.isalpha() or not part.islower():
            break
        words.append(part)
        if part not in _GROUPS:
            break
    return " ".join(words)


_GROUPS = frozenset(
    ("compose", "buildx", "container", "image", "network", "volume", "system", "stack", "service", "swarm", "plugin")
)
_MADE = frozenset(("/containers/create", "/networks/create", "/volumes/create"))


def _log_request(call: Call) -> Any:
    ours = call.method == "POST" and (call.path in _MADE or call.path.endswith("/exec"))
    return _log_body(call.request) if ours else None


def _log_response(call: Call) -> Any:
    if call.method != "POST" or call.path not in (*_MADE, "/commit") or not isinstance(call.response, dict):
        return None
    return {key: call.response[key] for key in ("Id", "Name", "Warnings") if key in call.response}


def _log_body(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _log_field(key, part) for key, part in value.items()}
    if isinstance(value, list):
        return [_log_body(part) for part in value]
    return masked_text(value) if isinstance(value, str) else value


def _log_field(key: str, value: Any) -> Any:
    if isinstance(value, str) and value and credential_name(key):
        return HIDDEN
    if key in _ENVIRONMENT and isinstance(value, list):
        return [_without_value(part) for part in value]
    if key in _PROGRAMS and isinstance(value, list) and len(value) > 1:
        return [_log_body(value[0]), HIDDEN]
    if key in (*_LABELS, *_DRIVER) and isinstance(value, dict):
        return dict.fromkeys(value, HIDDEN)
    return _log_body(value)


def _without_value(variable: Any) -> Any:
    if not isinstance(variable, str):
        return HIDDEN
    name, equals, _value = variable.partition("=")
    return f"{name}={HIDDEN}" if equals else name


def _log_query(query: Mapping[str, str]) -> dict[str, str]:
    return {key: _log_query_value(key, value) for key, value in query.items()}


def _log_query_value(key: str, value: str) -> str:
    if value and (credential_name(key) or key in ("changes", "message", "comment")):
        return HIDDEN
    if key in ("buildargs", "labels"):
        return _through_json(value, lambda it: dict.fromkeys(it, HIDDEN) if isinstance(it, dict) else HIDDEN, HIDDEN)
    if key == "filters":
        return _through_json(value, _without_label_values, HIDDEN)
    return masked_text(value)


def _without_label_values(filters: Any) -> Any:
    if not isinstance(filters, dict):
        return HIDDEN
    return {
        name: [_without_value(it) for it in wanted] if name.startswith("label") else _log_body(wanted)
        for name, wanted in filters.items()
    }
