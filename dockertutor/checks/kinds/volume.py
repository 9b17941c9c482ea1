"""What can be asked of a volume: ``GET /volumes/NAME``."""

from __future__ import annotations

from dockertutor.checks.kinds.common import NAME_PROP, inspect_prop
from dockertutor.checks.table import Kind, Prop, at
from dockertutor.checks.values import ID, TEXTS_BY_NAME, VOLUME_SCOPE, WORD

_P = Prop
VOLUME = Kind(
    "volume",
    "A volume. What lies in it is asked of a container that mounts it (`files`).",
    "its exact name, `{given: HANDLE}` or `{new: true}`",
    (
        _P("driver", WORD, "Driver", "Driver", "As `local`.", "local", at("Driver")),
        _P("scope", VOLUME_SCOPE, "Scope", "Scope", "`local` or `global`.", "local", at("Scope")),
        _P("mountpoint", WORD, "Place on the host", "Mountpoint", "The engine's folder for it.", "{present: true}",
           at("Mountpoint")),
        _P("labels", TEXTS_BY_NAME, "Label", "Labels", "Labels by name.", "{course: {present: true}}", at("Labels")),
        _P("options", TEXTS_BY_NAME, "Option", "Options", "Options of its driver by name.", "{present: false}",
           at("Options")),
        _P("created_at", WORD, "Created", "CreatedAt", "When it was made, as the API writes it.", "{present: true}",
           at("CreatedAt")),
        _P("id", ID, "ID", "Name", "A volume's Id is its name.", "{present: true}", lambda thing, look: thing.id),
        NAME_PROP,
        inspect_prop("{Driver: local}"),
    ),
    maker=(
        ("files", "texts of files by path, put into it"),
        ("contents", "as `files`"),
    ),
    example="{volume: posts, driver: local}",
)  # fmt: skip
