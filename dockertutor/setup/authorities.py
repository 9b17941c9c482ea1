"""The file of certificate authorities that a person names, in a network whose proxy opens what is encrypted."""

from __future__ import annotations

import os
from pathlib import Path

NAMED_BY = ("SSL_CERT_FILE", "PIP_CERT")
"""Variables that name it: OpenSSL's and Go's, and pip's."""


def file() -> str:
    """Its absolute path (who reads it may work elsewhere); "" where none is named, or none that can be read: pip, which
    comes first in ./run, has said so then."""
    for name in NAMED_BY:
        path = os.environ.get(name, "")
        if path and Path(path).is_file() and os.access(path, os.R_OK):
            return str(Path(path).absolute())
    return ""


def for_engine() -> dict[str, str]:
    """What makes a `dockerd` trust them, too, as additions to its environment."""
    named = file()
    return {"SSL_CERT_FILE": named} if named else {}


def for_apt() -> list[str]:
    """Options of apt-get that make it trust them. It reads them as root then: the user that it fetches as otherwise may
    not look into /root, and no package would come any more."""
    named = file()
    return ["-o", f"Acquire::https::CAInfo={named}", "-o", "APT::Sandbox::User=root"] if named else []
