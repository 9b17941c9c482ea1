# An ordinary user in the docker group, on an engine that was there before, with foreign things on it.
. tests/cold/scenarios/lib.sh
holds ./run --yes list
docker rmi nginx:alpine hello-world >/dev/null
docker run -d --init --name foreign busybox sleep 3600 >/dev/null
printf 'FROM busybox\nRUN echo mine >/mine\n' | docker build -q -t registry:2 - >/dev/null
mine=$(docker inspect -f '{{.Id}}' registry:2)
started=$(docker inspect -f '{{.State.StartedAt}}' foreign)
engine=$(cat /var/run/docker.pid)
useradd -m -G docker -s /bin/sh learner 2>/dev/null || adduser --disabled-password --gecos "" learner
cp -a /project /home/learner/project && rm -rf /home/learner/project/.venv && chown -R learner: /home/learner
as_learner() { setpriv --reuid=learner --regid=learner --init-groups env HOME=/home/learner USER=learner "$@"; }
cd /home/learner/project
holds as_learner ./run --yes list
holds as_learner docker run --rm hello-world
[ "$(docker inspect -f '{{.Id}}' registry:2)" = "$mine" ]
[ "$(docker inspect -f '{{.State.StartedAt}}' foreign)" = "$started" ]
[ "$(cat /var/run/docker.pid)" = "$engine" ]
holds as_learner ./run --stop-engine
says "nothing was stopped"
holds as_learner ./run --uninstall
holds docker inspect foreign
gpasswd -d learner docker >/dev/null
fails as_learner ./run --yes list
says "adduser"
