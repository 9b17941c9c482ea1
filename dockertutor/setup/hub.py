"""Whether Docker Hub can be reached from here."""

from __future__ import annotations

import http.client
import ssl
import urllib.error
import urllib.request

from dockertutor.setup import authorities

HUB = "https://registry-1.docker.io/v2/"


def reachable(seconds: float = 4.0) -> bool:
    """Whether Docker Hub answers at all (it answers 401 to those who have not logged in). Proxies are honoured,
    and so are certificate authorities of the person's own, beside the system's: the engine will trust both."""
    try:
        with urllib.request.urlopen(HUB, timeout=seconds, context=_trusting()):
            return True
    except urllib.error.HTTPError as error:
        return error.code == 401
    except (OSError, http.client.HTTPException, ValueError):  # also: a proxy that is none
        return False


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    if named := authorities.file():
        context.load_verify_locations(named)
    return context
