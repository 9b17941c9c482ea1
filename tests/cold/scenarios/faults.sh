# No network, then none for pip, then a full disk: each is said in words, and the next run goes on.
. tests/cold/scenarios/lib.sh
proxy=$http_proxy
unset http_proxy https_proxy
fails ./run --yes list
says "apt could not install Python"
export http_proxy="$proxy"
fails ./run --yes list
says "set https_proxy"
export https_proxy="$proxy"
certificate=${PIP_CERT:-}
PIP_CERT=/etc/hostname SSL_CERT_FILE=/etc/hostname fails ./run --yes list
says "PIP_CERT"
[ -z "$certificate" ] || export PIP_CERT="$certificate" SSL_CERT_FILE="$certificate"
mkdir -p /root/.cache
mount -t tmpfs -o size=8m tmpfs /root/.cache
fails ./run --yes list
says "No space left"
says "goes on from here\|run ./run again"
umount /root/.cache
holds ./run --yes list
holds docker run --rm hello-world
