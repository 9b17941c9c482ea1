# What the scenarios share. Sourced; runs inside a fresh root, in the project's folder.
set -eu
holds() { "$@" >/tmp/holds.log 2>&1 || { echo "does not hold: $*"; cat /tmp/holds.log; exit 1; }; }
fails() { if "$@" >/tmp/holds.log 2>&1; then echo "should have failed: $*"; cat /tmp/holds.log; exit 1; fi; }
packages() { dpkg-query -W -f '${Package}\n' | sort; }
says() { grep -q -- "$1" /tmp/holds.log || { echo "did not say: $1"; cat /tmp/holds.log; exit 1; }; }
