# Ctrl-C (to everything in the foreground, as a terminal does) just when the engine's program has been unpacked, then at
# any moment; each time the last run goes on to the end.
. tests/cold/scenarios/lib.sh
goes_on() {
    holds ./run --yes list
    holds docker run --rm hello-world
    [ ! -e /usr/sbin/policy-rc.d ]
    [ -z "$(dpkg --audit)" ]
    holds ./run --uninstall
    packages | diff /tmp/before - || { echo "packages differ after --uninstall"; exit 1; }
}
packages >/tmp/before
holds ./run --yes --only-python
env --default-signal=INT setsid ./run --yes list </dev/null >/tmp/run.log 2>&1 &
for n in $(seq 6000); do [ ! -e /usr/sbin/dockerd ] || break; sleep 0.02; done
kill -INT -$!
wait $! || true
echo "with dockerd just there: $(tail -n 1 /tmp/run.log)"
[ -e /usr/sbin/dockerd ] && [ -n "$(dpkg --audit)" ] || { echo "it was not interrupted there"; exit 1; }
goes_on
for seconds in 1 3 5 7 9 11 13 15; do
    timeout -s INT "$seconds" ./run --yes list </dev/null >/tmp/run.log 2>&1 || true
    echo "after $seconds s: $(tail -n 1 /tmp/run.log)"
done
goes_on
