"""What the wire never tells: passwords, credentials, secrets of a build, values of the environment, labels."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from types import SimpleNamespace

from dockertutor.engine.wire_shell import wired
from tests.engine.wired import eventually

# ------------------------------------------------------------------ secrets
SECRET = "hunter2-very-secret"


def test_a_logins_password_never_reaches_the_tutor(docker):
    docker("login", "-u", "me", "-p", SECRET, "127.0.0.1:9", check=False)
    docker("login", "-u", "me", "--password-stdin", "127.0.0.1:9", check=False, stdin=SECRET.encode())
    calls = docker.saw("POST /auth")
    assert SECRET not in repr(calls)
    assert any("login" in call.client for call in calls)


def test_a_pushs_credentials_never_reach_the_tutor(docker, prefix):
    config = Path(docker.env["DOCKER_CONFIG"])
    config.mkdir(exist_ok=True)
    login = base64.b64encode(f"me:{SECRET}".encode()).decode()
    (config / "config.json").write_text(json.dumps({"auths": {"127.0.0.1:9": {"auth": login}}}))
    try:
        docker("push", f"127.0.0.1:9/{prefix}none", check=False)
        docker("pull", f"127.0.0.1:9/{prefix}none", check=False)
    finally:
        (config / "config.json").unlink()
    told = repr(docker.saw("POST /images/*/push", "POST /images/create"))
    sent = base64.urlsafe_b64encode(json.dumps({"username": "me", "password": SECRET}).encode()).decode()
    assert not any(part in told for part in (SECRET, login, sent[:30]))


def test_a_builds_secret_never_reaches_the_tutor(old_docker, context, image, tmp_path):
    (tmp_path / "secret").write_text(SECRET)
    secret = f"id=s,src={tmp_path}/secret"
    old_docker("build", "-t", image, "--secret", secret, str(context), DOCKER_BUILDKIT="1")
    assert SECRET not in repr(old_docker.saw("POST /session", "POST /build"))


def test_a_password_in_the_environment_is_shown_nowhere(docker, prefix):
    docker("run", "--name", f"{prefix}a", "-e", f"DB_PASSWORD={SECRET}", "-e", "COLOUR=blue", "busybox", "true")
    docker("inspect", f"{prefix}a")
    told = repr(docker.saw("POST /containers/create", "GET /containers/*/json"))
    assert SECRET not in told
    assert "COLOUR=blue" in told


def test_the_log_holds_no_environment_and_no_labels(docker, engine_url, prefix, tmp_path):
    log, words = tmp_path / "calls.jsonl", ("quite-blue", "rather-round")
    with wired(SimpleNamespace(url=engine_url, tls=None), log, base=tmp_path) as docker_host:
        environment, label = (f"{name}={word}" for name, word in zip(("COLOUR", "shape"), words, strict=True))
        docker(
            "run", "-e", environment, "-l", label, "--name", f"{prefix}a", "busybox", "true", DOCKER_HOST=docker_host
        )
        docker("inspect", f"{prefix}a", DOCKER_HOST=docker_host)
        eventually(lambda: f"/containers/{prefix}a/json" in log.read_text())
    kept = log.read_text()
    assert "/containers/create" in kept
    assert not [word for word in words if word in kept]
