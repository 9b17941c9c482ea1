"""A machine whose package manager is its own, so that a test may hold its locks: mount namespaces, as root."""

from __future__ import annotations

import subprocess
import sys
import textwrap

MADE = """
for folder in /var/lib/dpkg /var/lib/apt/lists /etc/apt; do mount -t tmpfs tmpfs $folder; done
mkdir /var/lib/dpkg/updates /var/lib/dpkg/info /var/lib/apt/lists/partial
touch /var/lib/dpkg/status /var/lib/dpkg/available
exec "$0" "$@"
"""


def with_packages_of_its_own(code: str) -> list[str]:
    """Run Python ``code`` where no package is installed and none is known; the lines that it prints."""
    inside = ["sh", "-ec", MADE, sys.executable, "-c", textwrap.dedent(code)]
    command = ["unshare", "--mount", "--propagation", "private", "--", *inside]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
