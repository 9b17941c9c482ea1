"""Real clients through the wire: the same results as without it, and the calls they made."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import tarfile
import time

import pytest

from dockertutor.engine.wire_shell import run_wired
from dockertutor.tutor.calls import CallBook, curl_line, picture
from dockertutor.tutor.engine_view import CallGroup
from tests.engine.wired import LIMIT, eventually


# ------------------------------------------------------------------ run, exec, attach
def test_run(docker, prefix):
    done = docker("run", "--name", f"{prefix}a", "busybox", "sh", "-c", "echo out; echo err >&2; exit 3", check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, b"out\n", b"err\n")
    direct = docker.without("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2; exit 3")
    assert (done.returncode, done.stdout, done.stderr) == (direct.returncode, direct.stdout, direct.stderr)
    calls = docker.saw("POST /containers/*/start", "POST /containers/*/attach", "POST /containers/*/wait")
    made = next(call for call in calls if call.path == "/containers/create")
    assert made.request["Image"] == "busybox"
    assert made.created == (("container", made.response["Id"]),)
    assert all(call.client.startswith(f"docker run --name {prefix}a busybox") for call in calls)
    attach = next(call for call in calls if call.path.endswith("/attach"))
    assert (attach.upgrade, attach.status) == ("tcp", 101)


def test_run_reads_standard_input_to_its_end_a_hundred_times(docker, prefix):
    docker("run", "-d", "--name", f"{prefix}a", "busybox", "sleep", "600")
    for number in range(100):
        said = f"{number}\n".encode()
        assert docker("exec", "-i", f"{prefix}a", "cat", stdin=said).stdout == said


def test_run_with_a_large_input_and_output(docker):
    data = os.urandom(5_000_000)
    assert docker("run", "--rm", "-i", "busybox", "cat", stdin=data).stdout == data


def test_run_it(docker, prefix):
    for env in (docker.env, docker.direct):
        terminal = docker.on_terminal("run", "-it", "--rm", "--name", f"{prefix}a", "busybox", "sh", env=env)
        terminal.shows("/ #")
        terminal.type("stty size; echo $((6*7))\r")
        terminal.shows("33 101")
        terminal.shows("42")
        terminal.type("exit 5\r")
        assert terminal.ends() == 5
    docker.saw("POST /containers/*/resize")


def test_exec_it(docker, prefix):
    docker("run", "-d", "--name", f"{prefix}a", "busybox", "sleep", "600")
    for env in (docker.env, docker.direct):
        terminal = docker.on_terminal("exec", "-it", f"{prefix}a", "sh", env=env)
        terminal.shows("/ #")
        terminal.type("echo $((6*7)); exit 4\r")
        assert terminal.ends() == 4
        assert "42" in terminal.seen
    calls = docker.saw("POST /containers/*/exec", "POST /exec/*/start", "GET /exec/*/json")
    start = next(call for call in calls if call.path.endswith("/start") and call.path.startswith("/exec"))
    assert start.request["Tty"] is True
    assert start.upgrade == "tcp"


def test_attach(docker, prefix):
    ended = []
    for number, env in enumerate((docker.env, docker.direct)):
        docker.without("run", "-dit", "--name", f"{prefix}{number}", "busybox", "sh")
        terminal = docker.on_terminal("attach", f"{prefix}{number}", env=env)
        terminal.type("echo $((6*7))\r")
        terminal.shows("42")
        terminal.type("exit 6\r")
        ended.append(terminal.ends())
    assert ended == [6, 6]
    docker.saw("POST /containers/*/attach", "POST /containers/*/wait")


def test_detach_keys(docker, prefix):
    docker("run", "-dit", "--name", f"{prefix}a", "busybox", "sh")
    terminal = docker.on_terminal("attach", f"{prefix}a")
    terminal.type("echo $((6*7))\r")
    terminal.shows("42")
    terminal.type("\x10\x11")
    terminal.shows("read escape sequence")
    terminal.ends()
    assert docker("inspect", "-f", "{{.State.Running}}", f"{prefix}a").stdout == b"true\n"
    docker.saw("POST /containers/*/attach")


@pytest.mark.parametrize("how", ["run", "exec"])
def test_half_close(docker, prefix, how):
    """Only the end of standard input lets `cat` end: what was written before it comes back whole, and after it still
    what follows, and the exit status."""
    docker.without("run", "-d", "--init", "--name", f"{prefix}a", "busybox", "sleep", "600")
    said, script = os.urandom(300_000), ("sh", "-c", "cat; echo over; exit 9")
    command = {"run": ("run", "--rm", "-i", "busybox", *script), "exec": ("exec", "-i", f"{prefix}a", *script)}[how]
    wired, direct = docker(*command, check=False, stdin=said), docker.without(*command, stdin=said)
    assert (wired.returncode, wired.stdout, wired.stderr) == (9, said + b"over\n", b"")
    assert (wired.returncode, wired.stdout, wired.stderr) == (direct.returncode, direct.stdout, direct.stderr)


def test_a_killed_attach_leaves_no_connection(docker, prefix):
    docker("run", "-d", "--name", f"{prefix}a", "busybox", "sleep", "600")
    process = docker.start("attach", "--no-stdin", f"{prefix}a")
    eventually(lambda: any(c.path.endswith("/attach") and c.status == 101 for c in docker.seen.values()))
    process.kill()
    process.wait()
    docker.saw("POST /containers/*/attach")


def test_ctrl_c_ends_what_runs_in_front(docker, prefix):
    command = ("run", "--rm", "--init", "--name", f"{prefix}a", "busybox", "sh", "-c", "echo up; sleep 600")
    for env in (docker.env, docker.direct):
        terminal = docker.on_terminal(*command, env=env)
        terminal.shows("up")
        terminal.type("\x03")
        assert terminal.ends() == 130
    docker.saw("POST /containers/*/kill")


# ------------------------------------------------------------------ streams
def test_logs_f(docker, prefix):
    for number, logs in enumerate((docker, docker.without)):
        name = f"{prefix}{number}"
        docker.without("run", "-d", "--name", name, "busybox", "sh", "-c", "echo one; sleep 1; echo two; echo no >&2")
        done = logs("logs", "-f", name)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"one\ntwo\n", b"no\n")
    docker.saw("GET /containers/*/logs")


def test_logs_f_ends_with_ctrl_c(docker, prefix):
    docker("run", "-d", "--name", f"{prefix}a", "busybox", "sh", "-c", "echo one; sleep 600")
    process = docker.start("logs", "-f", f"{prefix}a", stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"one\n"
    process.send_signal(signal.SIGINT)
    process.wait(LIMIT)
    process.stdout.close()
    docker.saw("GET /containers/*/logs")


def test_events(docker, prefix):
    process = docker.start(
        "events", "--filter", f"container={prefix}a", "--format", "{{.Action}}", stdout=subprocess.PIPE
    )
    eventually(lambda: any(call.path == "/events" and call.status == 200 for call in docker.seen.values()))
    docker("run", "--name", f"{prefix}a", "busybox", "true")
    lines = [process.stdout.readline().strip() for _ in range(4)]
    process.terminate()
    process.wait()
    process.stdout.close()
    assert lines == [b"create", b"attach", b"start", b"die"]


def test_stats(docker, prefix):
    docker("run", "-d", "--name", f"{prefix}a", "busybox", "sleep", "600")
    assert docker("stats", "--no-stream", "--format", "{{.Name}}", f"{prefix}a").stdout.strip() == f"{prefix}a".encode()
    docker.saw("GET /containers/*/stats")


def test_stats_live_until_ctrl_c(docker, prefix):
    """Of all containers: with a name, client 28 stays until the third Ctrl-C, with or without a wire."""
    name, ended = f"{prefix}a", []
    docker.without("run", "-d", "--init", "--name", name, "busybox", "sleep", "600")
    for env in (docker.env, docker.direct):
        terminal = docker.on_terminal("stats", "--format", "{{.Name}} has {{.PIDs}}.", env=env)
        # newer clients draw each line twice a time; an engine that may not count processes says 0, or nothing
        eventually(lambda shown=terminal: len(re.findall(rf"{name} has \S*\.", shown.seen)) >= 4)
        terminal.type("\x03")
        ended.append(terminal.ends())
    assert ended[0] == ended[1]
    calls = [call for call in docker.saw("GET /containers/*/stats", "GET /events") if call.path.endswith("/stats")]
    assert {call.query["stream"] for call in calls} == {"1"}


def test_build_the_legacy_way(docker, context, image):
    said = docker("build", "-t", image, str(context), DOCKER_BUILDKIT="0").stdout
    assert b"Successfully tagged" in said
    call = next(call for call in docker.saw("POST /build") if call.path == "/build")
    assert call.created[0] == ("image", docker("inspect", "-f", "{{.Id}}", image).stdout.decode().strip())
    assert call.sent > 2_000_000


def test_build_with_buildkit(old_docker, context, image):
    docker = old_docker
    docker("build", "-t", image, str(context), DOCKER_BUILDKIT="1")
    assert docker("inspect", "-f", "{{.Config.Labels.a}}", image).stdout == b"b\n"
    calls = docker.saw("POST /build", "POST /session")
    assert next(call for call in calls if call.path == "/session").upgrade == "h2c"
    build = next(call for call in calls if call.path == "/build" and call.method == "POST")
    assert build.created[-1] == ("image", docker("inspect", "-f", "{{.Id}}", image).stdout.decode().strip())


@pytest.fixture
def at_registry(docker, prefix, context, image, engine) -> str:
    """The name of an image for a registry of its own, which is ready and empty."""
    docker.without("run", "-d", "--name", f"{prefix}reg", "-p", "127.0.0.1::5000", "registry:2")
    port = docker.without("port", f"{prefix}reg", "5000/tcp").stdout.decode().strip().rsplit(":", 1)[1]
    empty = re.compile(b"unknown|not found")
    eventually(lambda: empty.search(docker.without("pull", f"127.0.0.1:{port}/nothing").stderr))
    name = f"127.0.0.1:{port}/{prefix}image:1"
    assert docker.without("build", "-t", name, str(context), DOCKER_BUILDKIT="0").returncode == 0
    return name


def test_push(docker, at_registry):
    identity = docker.without("inspect", "-f", "{{.Id}}", at_registry).stdout
    first = docker("push", at_registry).stdout.splitlines()
    assert any(line.endswith(b": Pushed") for line in first)
    wired, direct = docker("push", at_registry), docker.without("push", at_registry)
    assert (wired.returncode, wired.stdout, wired.stderr) == (direct.returncode, direct.stdout, direct.stderr)
    assert b"digest: sha256:" in first[-1]
    assert first[-1] == direct.stdout.splitlines()[-1]
    docker.without("rmi", at_registry)
    assert docker.without("pull", at_registry).returncode == 0
    assert docker.without("inspect", "-f", "{{.Id}}", at_registry).stdout == identity
    docker.saw("POST /images/*/push")


def test_pull(docker, at_registry):
    assert docker.without("push", at_registry).returncode == 0
    got = []
    for pull in (docker, docker.without):
        assert docker.without("rmi", at_registry).returncode == 0
        done = pull("pull", at_registry)
        looked = docker.without("inspect", "-f", "{{.Id}} {{.RepoDigests}}", at_registry)
        got.append((done.returncode, done.stdout.splitlines()[-3:], done.stderr, looked.returncode, looked.stdout))
    assert got[0] == got[1]
    assert got[0][3] == 0
    assert b"Downloaded newer image" in got[0][1][1]
    pull = next(call for call in docker.saw("POST /images/create") if call.path == "/images/create")
    assert pull.created == (("image", at_registry),)


def test_run_pulls_what_is_missing(docker, at_registry):
    assert docker.without("push", at_registry).returncode == 0
    docker("rmi", at_registry)
    docker.saw("DELETE /images/*")  # what the rmi asked is reported too
    docker.seen.clear()
    # there is no program in it: it is pulled, made, and does not start
    docker("run", "--rm", at_registry, "x", check=False)
    ended = docker.saw("POST /containers/*/start")
    asked = [f"{call.method} {call.path}" for call in ended if call.method == "POST"]
    assert asked[:3] == ["POST /containers/create", "POST /images/create", "POST /containers/create"]
    drawn = picture(CallGroup("docker run", 0.0, tuple(ended)))
    steps = ["there is none (404)", f"give me {at_registry[:20]}", "1 layer", "start it"]
    assert [drawn.index(step) for step in steps] == sorted(drawn.index(step) for step in steps)


def test_save(docker, context, image):
    docker.without("build", "-t", image, str(context), DOCKER_BUILDKIT="0")
    wired, direct = docker("save", image), docker.without("save", image)
    assert len(wired.stdout) > 2_000_000

    def contents(data: bytes) -> dict[str, bytes]:
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            return {m.name: tar.extractfile(m).read() for m in tar if m.isfile()}

    assert contents(wired.stdout) == contents(direct.stdout)
    assert (wired.returncode, wired.stderr) == (direct.returncode, direct.stderr)
    docker.saw("GET /images/get")


def test_load(docker, context, image):
    docker.without("build", "-t", image, str(context), DOCKER_BUILDKIT="0")
    identity = docker.without("inspect", "-f", "{{.Id}}", image).stdout
    saved = docker.without("save", image).stdout
    got = []
    for load in (docker, docker.without):
        assert docker.without("rmi", image).returncode == 0
        done = load("load", stdin=saved)
        assert docker.without("inspect", "-f", "{{.Id}}", image).stdout == identity
        got.append((done.returncode, done.stdout, done.stderr))
    assert got[0] == got[1]
    assert got[0][1].decode().endswith(f"Loaded image: {image}\n")
    call = next(call for call in docker.saw("POST /images/load") if call.path == "/images/load")
    assert call.created == (("image", image),)
    assert call.sent > 2_000_000


def test_commit_tag_and_import(docker, prefix, image):
    docker("run", "--name", f"{prefix}a", "busybox", "touch", "/made")
    identity = docker("commit", f"{prefix}a", image).stdout.decode().strip()
    docker("tag", image, image.replace(":1", ":2"))
    docker("import", "-", image.replace(":1", ":3"), stdin=docker("export", f"{prefix}a").stdout)
    calls = docker.saw("POST /commit", "POST /images/*/tag", "POST /images/create", "GET /containers/*/export")
    made = {made for call in calls for made in call.created if made[0] == "image"}
    third = docker("inspect", "-f", "{{.Id}}", image.replace(":1", ":3")).stdout.decode().strip()
    assert made == {("image", identity), ("image", image.replace(":1", ":2")), ("image", third)}


# ------------------------------------------------------------------ files and the rest
def test_cp_out_and_in(docker, prefix, tmp_path):
    docker("create", "--name", f"{prefix}a", "busybox", "cat", "/here")
    (tmp_path / "here").write_bytes(os.urandom(1_000_000))
    docker("cp", str(tmp_path / "here"), f"{prefix}a:/here")
    docker("cp", f"{prefix}a:/here", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == (tmp_path / "here").read_bytes()
    docker.saw("HEAD /containers/*/archive", "PUT /containers/*/archive", "GET /containers/*/archive")


def test_export(docker, prefix):
    docker("create", "--name", f"{prefix}a", "busybox")
    assert docker("export", f"{prefix}a").stdout == docker.without("export", f"{prefix}a").stdout


@pytest.mark.parametrize(
    "args",
    [
        ("version",),
        ("image", "inspect", "busybox"),
        ("inspect", "no-such-thing"),
        ("network", "ls", "--filter", "driver=bridge", "--format", "{{json .Name}}", "--filter", "name=^bridge$"),
        ("run", "no/such:image-at-all"),
        ("run", "--bad-option"),
        ("stack", "ls"),
        ("node", "ls"),
        ("ps", "--filter", "name=nothing-is-called-so"),
    ],
)
def test_commands_say_the_same_as_without_the_wire(docker, args):
    wired, direct = docker(*args, check=False), docker.without(*args)
    assert (wired.returncode, wired.stdout, wired.stderr) == (direct.returncode, direct.stdout, direct.stderr)


@pytest.mark.parametrize(
    "args",
    [
        ("ps", "-a", "--no-trunc", "--filter", "name=NAME", "--format", "{{.ID}} {{.Names}} {{.Command}} {{.State}}"),
        ("inspect", "NAME"),
        ("logs", "-t", "NAME"),
        ("logs", "--tail", "1", "NAME"),
        ("exec", "NAME", "sh", "-c", "echo out; echo err >&2; exit 3"),
        ("exec", "NAME", "no-such-program"),
        ("exec", "-i", "NAME", "sh", "-c", "wc -c; exit 4"),
        ("run", "-i", "--rm", "busybox", "sh", "-c", "wc -c; exit 5"),
        ("run", "--rm", "busybox", "no-such-program"),
        ("run", "--rm", "--pull", "always", "busybox", "true"),
        ("run", "--name", "NAME", "busybox"),
        ("attach", "no-such-container"),
        ("start", "-a", "NAME-over"),
        ("wait", "NAME-over"),
        ("top", "NAME", "-o", "args"),
        ("diff", "NAME"),
        ("port", "NAME"),
        ("cp", "NAME:/etc/passwd", "-"),
        ("cp", "NAME:/no/such/file", "-"),
        ("stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}}", "NAME"),
        ("events", "--since", "10m", "--until", "0s", "--filter", "container=NAME", "--filter", "event=start"),
        ("history", "--no-trunc", "--format", "{{json .CreatedBy}} {{.Size}}", "busybox"),
        ("pull", "busybox"),
        ("pull", "127.0.0.1:9/nobody/here"),
        ("push", "no-such-image:1"),
        ("save", "no-such-image:1"),
        ("load",),
        ("build", "-"),
        ("export", "no-such-container"),
        ("rm", "NAME"),
        ("volume", "inspect", "no-such-volume"),
        ("service", "ls"),
    ],
    ids=" ".join,
)
def test_commands_on_a_container_end_the_same_as_without_the_wire(docker, prefix, args):
    """Exit status, output and errors; each reads the same 1,000,000 bytes."""
    name, told = f"{prefix}a", b"x" * 1_000_000
    docker.without("run", "-d", "--init", "--name", name, "busybox", "sh", "-c", "echo one; echo two; exec sleep 600")
    docker.without("run", "--name", f"{name}-over", "busybox", "sh", "-c", "echo over; exit 6")
    eventually(lambda: docker.without("logs", name).stdout == b"one\ntwo\n")
    args = [arg.replace("NAME", name) for arg in args]

    wired, direct = docker(*args, check=False, stdin=told), docker.without(*args, stdin=told)

    assert (wired.returncode, wired.stdout) == (direct.returncode, direct.stdout)
    assert plain(wired.stderr) == plain(direct.stderr)


def plain(said: bytes) -> str:
    """Without ids of containers, numbers of connections and the times a build took, which are others each time, and
    what a client notes of its own threads, by chance."""
    return re.sub(r"[0-9a-f]{64}|127\.0\.0\.1:\d+->| \d+\.\d+s|(?m:^time=.*\n)", "", said.decode())


@pytest.mark.parametrize("keys", ["ctrl-p,ctrl-q", "ctrl-x"])
@pytest.mark.parametrize("how", ["attach", "exec", "run"])
def test_detach_keys_end_a_command_as_without_the_wire(docker, prefix, how, keys):
    typed = {"ctrl-p,ctrl-q": "\x10\x11", "ctrl-x": "\x18"}[keys]
    docker.without("run", "-dit", "--name", f"{prefix}a", "busybox", "sh")
    ended = []
    for number, env in enumerate((docker.env, docker.direct)):
        command = {
            "attach": ("attach", "--detach-keys", keys, f"{prefix}a"),
            "exec": ("exec", "--detach-keys", keys, "-it", f"{prefix}a", "sh"),
            "run": ("run", "--detach-keys", keys, "-it", "--name", f"{prefix}run{number}", "busybox", "sh"),
        }[how]
        terminal = docker.on_terminal(*command, env=env)
        terminal.type("echo $((6*7))\r")
        terminal.shows("42")
        terminal.type(typed)
        status = terminal.ends()
        ended.append((status, "read escape sequence" in terminal.seen))
    assert ended[0] == ended[1]
    running = docker("ps", "-q", "--filter", f"name={prefix}").stdout.split()
    assert len(running) == (3 if how == "run" else 1)


def test_stack_deploy(docker, tmp_path):
    (tmp_path / "stack.yml").write_text('version: "3"\nservices: {a: {image: busybox}}\n')
    args = ("stack", "deploy", "-c", str(tmp_path / "stack.yml"), "never-deployed")
    if docker("info", "-f", "{{.Swarm.LocalNodeState}}").stdout.strip() != b"inactive":
        pytest.skip("not run: this engine is in somebody's swarm")
    wired, direct = docker(*args, check=False), docker.without(*args)
    assert (wired.returncode, wired.stdout, wired.stderr) == (direct.returncode, direct.stdout, direct.stderr)


def test_compose(docker, prefix, tmp_path):
    compose = next(
        (
            command
            for command in ([docker.cli, "compose"], ["docker-compose"])
            if shutil.which(command[0])
            and subprocess.run([*command, "version"], env=docker.direct, capture_output=True).returncode == 0
        ),
        None,
    )
    if compose is None:
        pytest.skip("not run: needs Compose")
    file = tmp_path / "compose.yml"

    def session(name: str, env: dict[str, str]) -> list[tuple[int, str]]:
        """Exit statuses and what was said (without progress), with a project of its own."""

        def run(*args: str) -> subprocess.CompletedProcess[str]:
            base = [*compose, "-p", name, "-f", str(file)]
            return subprocess.run([*base, *args], env=env, capture_output=True, text=True, timeout=LIMIT)

        file.write_text(
            f"""
            version: "2.4"
            services:
              one: {{image: busybox, container_name: {name}one, command: "echo hello"}}
              two: {{image: busybox, container_name: {name}two, command: "sleep 600", init: true, depends_on: [one]}}
            networks: {{default: {{name: {name}net}}}}
            """
        )
        done = [run("up", "-d")]
        assert done[0].returncode == 0, done[0].stderr
        docker.without("wait", f"{name}one")
        done += [run("logs", "--no-color", "one"), run("run", "-T", "--rm", "one", "sh", "-c", "echo out; exit 3")]
        done.append(run("down", "-t", "1"))
        return [(one.returncode, one.stdout.replace(name, "NAME")) for one in done]

    wired = session(f"{prefix}w", docker.env)
    assert wired == session(f"{prefix}d", docker.direct)
    assert [status for status, _ in wired] == [0, 0, 3, 0]
    assert "hello" in wired[1][1]
    made = {made[0] for call in docker.saw("DELETE /networks/*") for made in call.created}
    assert made == {"container", "network"}


def test_docker_py(docker, prefix):
    import docker as docker_py

    def session(url: str, name: str) -> list[object]:
        client = docker_py.DockerClient(base_url=url)
        try:
            found = [client.containers.run("busybox", "echo hi", name=f"{name}a")]
            container = client.containers.run("busybox", "cat", name=f"{name}b", detach=True, stdin_open=True)
            sock = container.attach_socket(params={"stdin": 1, "stream": 1, "stdout": 1})
            below = sock._sock
            below.sendall(b"over the wire\n")
            back = b""
            while not back.endswith(b"\n"):
                back += sock.read(30)
            sock._response.close()  # before its socket: from Python 3.13 on, one that finds it closed complains
            below.close()
            sock.close()
            found += [back, container.exec_run("sh -c 'echo out; exit 3'")]
            events = client.events(decode=True, filters={"container": f"{name}b", "event": "kill"})
            container.kill()
            found += [next(events)["Action"], container.wait(), container.logs(), client.images.get("busybox").attrs]
            events.close()
            events._response.close()
            try:
                client.containers.get("no-such-container")
            except docker_py.errors.NotFound as missing:
                found += [missing.status_code, missing.explanation]
            return found
        finally:
            client.close()

    wired = session(docker.wire.docker_host, f"{prefix}w")
    assert wired == session(docker.direct["DOCKER_HOST"], f"{prefix}d")
    assert wired[0] == b"hi\n"
    assert wired[1].endswith(b"over the wire\n")
    assert wired[-2] == 404
    calls = docker.saw("POST /containers/*/attach", "POST /containers/*/kill")
    assert calls[0].agent.startswith("docker-sdk-python/")


def test_curl(docker, engine_url):
    paths = ["/_ping", "/version", "/images/busybox/json", "/containers/no-such-container/json"]

    def curl(url: str) -> tuple[int, bytes, bytes]:
        where = ["--unix-socket", url.removeprefix("unix://")] if url.startswith("unix://") else []
        base = "http://localhost" if where else url.replace("tcp://", "http://")
        say = ["-w", " %{http_code} %{content_type}\n"]
        line = ["curl", "-s", *where, *say, *(base + path for path in paths)]
        done = subprocess.run(line, capture_output=True, timeout=LIMIT)
        return done.returncode, done.stdout, done.stderr

    wired = curl(f"unix://{docker.wire.socket}")
    assert wired == curl(engine_url)
    assert wired[1].startswith(b"OK 200 text/plain")
    assert b" 404 application/json" in wired[1]
    calls = docker.saw("GET /containers/*/json")
    assert [call.path for call in calls] == paths
    assert all(call.agent.startswith("curl/") for call in calls)


def test_the_curl_line_of_a_call_makes_the_same_call(docker, prefix):
    docker("create", "--name", f"{prefix}it's", "busybox", check=False)
    options = ("--label", "a=it's $HOME", "--label", "empty", "--tmpfs", "/run1", "--stop-timeout", "0")
    docker("create", "--name", f"{prefix}a", *options, "busybox", "echo", 'a "b" $c `d` \\')
    made = [call for call in docker.saw("POST /containers/create") if call.status == 201][-1]
    line = curl_line(made, str(docker.wire.socket)).replace(f"name={prefix}a", f"name={prefix}b")
    subprocess.run(["bash", "-c", line], check=True, capture_output=True, timeout=LIMIT)
    one, two = (json.loads(docker("inspect", f"{prefix}{name}").stdout)[0] for name in "ab")
    for part in ("Config", "HostConfig", "Path", "Args"):
        for found in (one, two):
            if part == "Config":
                del found[part]["Hostname"]
            if isinstance(found[part], dict):  # the engine hands back an empty list as it got it
                found[part] = {key: value for key, value in found[part].items() if value not in (None, [], {})}
        assert one[part] == two[part]
    assert (two["Config"]["Labels"]["empty"], two["HostConfig"]["Tmpfs"], two["Config"]["StopTimeout"]) == (
        "",
        {"/run1": ""},
        0,
    )


def test_a_hundred_clients_at_once(docker):
    processes = [docker.start("version", "--format", "{{.Server.Version}}", stdout=subprocess.PIPE) for _ in range(100)]
    answers = [process.communicate(timeout=LIMIT)[0] for process in processes]
    assert len(set(answers)) == 1
    assert answers[0].strip()
    eventually(lambda: sum(call.path == "/version" and bool(call.ended) for call in docker.seen.values()) == 100)


def test_calls_of_one_command_are_one_group_and_draw_its_picture(docker, prefix):
    book = CallBook()
    text = f"docker run --name {prefix}a busybox true"
    book.command_began(text, time.time())
    docker(*text.split()[1:])
    book.command_ended(text, time.time())
    for call in docker.saw("POST /containers/*/start", "POST /containers/*/wait", "POST /containers/*/attach"):
        book.add(call)
    (group,) = book.groups()
    assert (group.command, group.folded) == (text, 1)
    drawn = picture(group)
    steps = ["make a container", "connect to its output", "tell me when it ends", "start it", "it ended with 0"]
    assert [drawn.index(step) for step in steps] == sorted(drawn.index(step) for step in steps)


def test_one_wired_command_returns_its_exit_status(docker, prefix):
    assert (
        run_wired([docker.cli, "run", "--name", f"{prefix}a", "busybox", "sh", "-c", "exit 7"], docker.wire.docker_host)
        == 7
    )
    docker.saw("POST /containers/create")
