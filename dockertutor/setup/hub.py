"""Whether Docker Hub can be reached from here."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request

HUB = "https://registry-1.docker.io/v2/"


def reachable(seconds: float = 4.0) -> bool:
    """Whether Docker Hub answers at all (it answers 401 to those who have not logged in). Proxies are honoured."""
    try:
        with urllib.request.urlopen(HUB, timeout=seconds):
            return True
    except urllib.error.HTTPError as error:
        return error.code == 401
    except (OSError, http.client.HTTPException, ValueError):  # also: a proxy that is none
        return False
