# Set up, stop, go on, undo: after --uninstall the machine has the packages and the host names that it had.
. tests/cold/scenarios/lib.sh
hosts() { ls /etc/hosts 2>/dev/null && cat /etc/hosts; true; }
packages >/tmp/before
hosts >/tmp/hosts-before
fails ./run </dev/null
says "Run ./run --yes\|agrees beforehand"
[ "$(packages)" = "$(cat /tmp/before)" ]
holds ./run --yes list
holds docker run --rm hello-world
says "Hello from Docker!"
holds docker pull nginx:alpine
[ ! -e /usr/sbin/policy-rc.d ]
holds ./run list
[ ! -s /tmp/holds.log ] || ! grep -q "Installing\|Making" /tmp/holds.log
holds ./run --stop-engine
says "Stopped the Docker Engine"
fails docker info
holds ./run --yes list
holds docker run --rm busybox true
kill -9 "$(cat /var/run/docker.pid)" "$(cat ~/.local/state/dockertutor/setup/registry.pid)"
sleep 1
holds ./run --yes list
holds docker run --rm busybox true
holds ./run --uninstall
packages | diff /tmp/before - || { echo "packages differ after --uninstall"; exit 1; }
if [ -s /tmp/hosts-before ]; then
    hosts | diff /tmp/hosts-before - || { echo "/etc/hosts differs after --uninstall"; exit 1; }
elif grep -s dockertutor /etc/hosts; then   # netbase writes one, and Debian leaves it: Debian 13's Python brings that
    echo "/etc/hosts has a line of set-up's after --uninstall"; exit 1
fi
[ ! -e .venv ] && [ ! -e ~/.cache/dockertutor ] && [ ! -e /usr/sbin/policy-rc.d ]
