"""The reference page of checks, docs/checks.md, written from the tables: ``python -m dockertutor.checks.reference``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from dockertutor.checks.kinds import KINDS, LATER
from dockertutor.checks.schema import OPERATOR_DOCS
from dockertutor.checks.table import Kind, Prop

_HEAD = """\
# Checks

This page is written from the tables in `dockertutor/checks/kinds/` by `python -m dockertutor.checks.reference`; a test
sees that it is up to date, and that every example can be judged.

A check names an object of one kind, and what must hold for it:

```yaml
expect:
  - {container: web, state: running, published: {80/tcp: "8317"}}
```

The same checks stand in four places. `given` is made before the exercise begins, `expect` is for the learner to make
true, `when` (of a mistake) reveals a misunderstanding, `requires` asks the engine whether the exercise can be done.

## Which object

| written | means |
|---|---|
| `container: web` | exactly this name, exactly this kind |
| `container: {given: HANDLE}` | that very object, by its Id, whatever its name is now |
| `container: {new: true}` | one that was not there when the stage began. In `expect` each is a different one, \
chosen so that all hold; in `when` the first is the newest, the second the next newest |

Every object also knows:

| key | means |
|---|---|
| `exists: true`, `false` | it is there, or it is not. With other keys, `false` means: it was made in this stage, is \
gone, and the last that was seen of it satisfies them |
| `same: true`, `false` | whether it has the Id that this name had when the stage began |
| `events: [start, die]` | what happened to it since the stage began, in this order; others may lie between |
| `as: HANDLE` | a name for it in this exercise; `daemon` is a handle that always exists |
| `remember: {NAME: PROPERTY}` | a value to keep for later lessons |

A removed object is judged by the last that was seen of it, but its state is `removed` and `exists: true` fails.

## Matchers

A plain value means equal; a list is the whole list, in order, and its items may be matchers. Where names stand
(labels, env, files …) a mapping asks for the names it has and allows more; there only `present`, `length` and
`exactly` are matchers. Something absent satisfies only `present: false` and `not`.

| matcher | means |
|---|---|
"""

_SETTINGS = {
    "path": ("text", "(what is asked for)", "/"),
    "repository": ("text", "(what is asked for)", "blog"),
    "exists": ("true or false", "(wire)", "false"),
}
"""Keys that are no properties: their type, what they read, and an example."""


def reference() -> str:
    """The whole page, as Markdown."""
    rows = [f"| `{name}` | {doc} |" for name, doc in OPERATOR_DOCS.items()]
    later = ", ".join(f"`{name}`" for name in LATER)
    parts = [_HEAD + "\n".join(rows), *map(_kind, KINDS.values()), f"{later} come with the lessons that need them.\n"]
    return "\n\n".join(parts)


def _kind(kind: Kind) -> str:
    lines = [f"## {kind.name}", "", f"{kind.doc} Takes {kind.takes}.", "", "```yaml", kind.example, "```", ""]
    if not (len(kind.properties) == 1 and kind.name in ("file", "answer", "remaining")):
        lines += ["| property | type | reads | meaning | example |", "|---|---|---|---|---|", *_rows(kind)]
    for name, doc in kind.settings:
        type_, reads, example = _SETTINGS[name]
        lines.append(f"| `{name}` | {type_} | {reads} | {doc} | `{name}: {example}` |")
    if kind.maker:
        lines += ["", "Only in `given`: " + "; ".join(f"`{name}`, {doc}" for name, doc in kind.maker) + "."]
    return "\n".join(lines).rstrip()


def _rows(kind: Kind) -> Iterator[str]:
    for prop in kind.properties:
        yield (
            f"| `{prop.name}` | {prop.type.word} | {_cell(prop.field)} | {_cell(prop.doc)} "
            f"| `{_cell(example_line(prop))}` |"
        )


def example_line(prop: Prop) -> str:
    """The example as it stands in a lesson: ``state: running``."""
    return f"{prop.name}: {prop.example}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(reference())
