# Ctrl-C (to everything in the foreground, as a terminal does) at any moment; the last run goes on to the end.
. tests/cold/scenarios/lib.sh
packages >/tmp/before
for seconds in 1 3 5 7 9 11 13 15; do
    timeout -s INT "$seconds" ./run --yes list </dev/null >/tmp/run.log 2>&1 || true
    echo "after $seconds s: $(tail -n 1 /tmp/run.log)"
done
holds ./run --yes list
holds docker run --rm hello-world
[ ! -e /usr/sbin/policy-rc.d ]
[ -z "$(dpkg --audit)" ]
holds ./run --uninstall
packages | diff /tmp/before - || { echo "packages differ after --uninstall"; exit 1; }
