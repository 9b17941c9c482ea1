"""What front ends pick out of a task's Markdown: the command to type, the addresses it names."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"https?://[^\s`\"'<>)\]]+[^\s`\"'<>)\].,;:!?]")


def first_block(task: str) -> str:
    """The first indented block: what is to be typed, without its indent; "" where there is none."""
    lines: list[str] = []
    fenced = False
    for line in task.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
            continue
        if line.startswith("    ") and line.strip() and not fenced:
            lines.append(line[4:])
        elif lines:
            break
    return "\n".join(lines).rstrip()


def one_line(command: str) -> str:
    """A command that goes on below, as it is put at a prompt: a sign ``\\`` that ends a line is no word of it."""
    return " ".join(re.sub(r"[ \t]*\\\n\s*", " ", command).split("\n"))


def addresses(task: str) -> tuple[str, ...]:
    """Web addresses that the task names, each once, in order."""
    return tuple(dict.fromkeys(_ADDRESS.findall(task)))
