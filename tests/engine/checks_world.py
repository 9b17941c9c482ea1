"""A small world for tests of `checks`: it makes what is given, runs commands, and sees facts on a real engine.

Much simpler than the tutor: it names its own objects by a prefix, so that a shared engine does no harm.
"""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import tarfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docker
import docker.errors
import urllib3

from dockertutor.checks import Check, Judgement, Matcher, first_mistake, judge
from dockertutor.engine.published import registry_digest
from dockertutor.facts import (
    Answered,
    Baseline,
    Calls,
    Changes,
    Digest,
    Exec,
    ExecAnswer,
    Facts,
    FileHere,
    FileIn,
    History,
    Http,
    HttpAnswer,
    Inspect,
    Logs,
    Names,
    Need,
    New,
    Object,
    Registry,
    Typed,
    TypedLine,
)

OURS = ("exec_", "archive-path", "top")


def plain(matcher: Matcher) -> Any:
    """A value that something is made from."""
    if matcher.op == "each":
        return {name: plain(part) for name, part in matcher.arg.items()}
    return [plain(part) for part in matcher.arg] if matcher.op == "list" else matcher.arg


class World:
    """One attempt at one stage, on a real engine."""

    def __init__(self, client: docker.DockerClient, prefix: str, folder: Path, env: dict[str, str]) -> None:
        self.api = client.api
        self.prefix = prefix
        self.folder = folder
        self.env = env
        self.given: dict[str, tuple[str, str]] = {}
        self.typed: TypedLine | None = None
        self.answer: str | None = None
        self.last: dict[str, dict[str, Any]] = {}
        self.actions: dict[str, list[str]] = {}
        self.baseline = Baseline()
        self.rounds = 0
        self.stream = self.api.events(decode=True)
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        api = docker.APIClient(base_url=self.env["DOCKER_HOST"], timeout=30)
        # what a stream raises when it is closed while it is read
        with contextlib.suppress(OSError, ValueError, AttributeError, urllib3.exceptions.HTTPError):
            for event in self.stream:
                self._note(api, event)
        api.close()

    def _note(self, api: docker.APIClient, event: dict[str, Any]) -> None:
        action, actor = event["Action"].partition(":")[0], event["Actor"]["ID"]
        if action.startswith(OURS):
            return
        self.actions.setdefault(actor, []).append(action)
        if event["Type"] == "container" and action in ("create", "start", "die", "rename"):
            try:
                self.last[actor] = api.inspect_container(actor)
            except docker.errors.APIError:
                if action == "die" and actor in self.last:
                    code = int(event["Actor"]["Attributes"].get("exitCode", 0))
                    self.last[actor]["State"] |= {"Status": "exited", "Running": False, "ExitCode": code}

    def close(self) -> None:
        self.stream.close()
        self.thread.join(5)
        for row in self.api.containers(all=True):
            if self._mine(row):
                with contextlib.suppress(docker.errors.APIError):
                    self.api.remove_container(row["Id"], force=True, v=True)
        for row in self.api.images():
            for tag in row["RepoTags"] or ():
                if self.prefix in tag:
                    self.api.remove_image(tag, force=True)
        for volume in self.api.volumes()["Volumes"] or ():
            if self.prefix in volume["Name"]:
                self.api.remove_volume(volume["Name"], force=True)

    def _mine(self, row: dict[str, Any]) -> bool:
        return self.prefix in row["Image"] or any(self.prefix in name for name in row["Names"])

    # -------------------------------------------------------------- given
    def make(self, checks: Sequence[Check]) -> None:
        """Make what is given, then take the baseline."""
        for number, check in enumerate(checks):
            properties = {name: plain(matcher) for name, matcher in check.properties}
            ident = getattr(self, f"_make_{check.kind}")(check, properties)
            if ident:
                self.given[check.handle or f"#{number}"] = (check.kind, ident)
        self.begin()

    def _make_image(self, check: Check, properties: dict[str, Any]) -> str:
        build = io.BytesIO(check.extra["dockerfile"].encode())
        list(self.api.build(fileobj=build, tag=check.subject.name, rm=True, decode=True))
        return str(self.api.inspect_image(check.subject.name)["Id"])

    def _make_volume(self, check: Check, properties: dict[str, Any]) -> str:
        self.api.create_volume(check.subject.name, labels={"dockertutor.test": "1"})
        config = self.api.create_host_config(binds=[f"{check.subject.name}:/v"])
        maker = self.api.create_container("busybox", name=f"{self.prefix}fill", volumes=["/v"], host_config=config)[
            "Id"
        ]
        self._put(maker, "/v", check.extra.get("files", {}))
        self.api.remove_container(maker)
        return str(check.subject.name)

    def _make_container(self, check: Check, properties: dict[str, Any]) -> str:
        ports = {port.partition("/")[0]: int(host) for port, host in properties.get("published", {}).items()}
        binds = [f"{source}:{target}" for target, source in properties.get("mounts", {}).items()]
        ident = self.api.create_container(
            properties["image"],
            properties.get("command"),
            name=check.subject.name,
            labels=properties.get("labels"),
            ports=[int(port) for port in ports],
            host_config=self.api.create_host_config(
                port_bindings={int(port): host for port, host in ports.items()}, binds=binds, init=True
            ),
        )["Id"]
        self._put(ident, "/", properties.get("files", {}))
        if properties["state"] != "created":
            self.api.start(ident)
        if properties["state"] == "exited":
            with contextlib.suppress(docker.errors.APIError):  # `true` may have ended by itself
                self.api.kill(ident)
            self.api.wait(ident)
        return str(ident)

    def _make_http(self, check: Check, properties: dict[str, Any]) -> None:
        for _ in range(100):
            answer = self._see(Http(int(check.extra["port"]), check.extra["path"]))
            if answer is not None and answer.status == 200:
                return
            time.sleep(0.1)
        raise AssertionError(f"nobody answers at {check.extra['port']}")

    def _put(self, ident: str, root: str, files: dict[str, str]) -> None:
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w") as archive:
            for path, text in files.items():
                info = tarfile.TarInfo(path.lstrip("/"))
                info.size = len(text.encode())
                archive.addfile(info, io.BytesIO(text.encode()))
        self.api.put_archive(ident, root, tar.getvalue())

    def begin(self) -> None:
        """Take the baseline: what happens from here on is the learner's."""
        time.sleep(0.2)
        containers, images = self.api.containers(all=True), self.api.images()
        names = {
            "container": {row["Names"][0].lstrip("/"): row["Id"] for row in containers},
            "image": {tag: row["Id"] for row in images for tag in row["RepoTags"] or ()},
        }
        ids = {"container": frozenset(row["Id"] for row in containers), "image": frozenset(r["Id"] for r in images)}
        self.baseline = Baseline(ids, names)
        self.actions.clear()

    # -------------------------------------------------------------- the learner
    def run(self, script: str, files: dict[str, str] | None = None) -> None:
        """Type a script, line by line, and wait until things are quiet."""
        for path, text in (files or {}).items():
            (self.folder / path).write_text(text)
        for line in filter(None, script.splitlines()):
            if line.startswith("answer "):
                said = subprocess.run(["bash", "-c", f"echo {line[7:]}"], env=self.env, capture_output=True, text=True)
                self.answer = said.stdout.strip()
                continue
            done = subprocess.run(
                ["bash", "-c", line], cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=60
            )
            self.typed = TypedLine(line, done.returncode)
        time.sleep(0.4)

    # -------------------------------------------------------------- facts
    def judge(self, checks: Sequence[Check]) -> Judgement:
        seen: dict[Need, Any] = {}
        for self.rounds in range(4):
            judged = judge(checks, self.facts(seen))
            if not judged.needs:
                return judged
            seen |= {need: self._see(need) for need in judged.needs}
        raise AssertionError(f"more than three rounds: {judged.needs}")

    def mistake(self, mistakes: Sequence[tuple[str, tuple[Check, ...]]]) -> str | None:
        seen: dict[Need, Any] = {}
        for _ in range(4):
            found, needs = first_mistake(mistakes, self.facts(seen))
            if not needs:
                return found
            seen |= {need: self._see(need) for need in needs}
        raise AssertionError(f"more than three rounds: {needs}")

    def facts(self, seen: dict[Need, Any]) -> Facts:
        return Facts(time.time(), self.baseline, dict(self.given), dict(seen))

    def _see(self, need: Need) -> Any:
        return getattr(self, f"_see_{type(need).__name__.lower()}")(need)

    def _object(self, kind: str, name: str, inspect: dict[str, Any], removed: bool = False) -> Object:
        ident = inspect.get("Id") or inspect.get("Name") or ""
        return Object(kind, ident, name, inspect, removed, tuple(self.actions.get(ident, ())))

    def _see_inspect(self, need: Inspect) -> Any:
        if need.kind == "daemon":
            return Object("daemon", "", "", {**self.api.version(), **self.api.info(), **_versions(self.api)})
        try:
            if need.kind == "image":
                return self._object("image", need.ref, self.api.inspect_image(need.ref))
            if need.kind == "network":
                return self._object("network", need.ref, self.api.inspect_network(need.ref))
            if need.kind == "volume":
                return self._object("volume", need.ref, self.api.inspect_volume(need.ref))
            found = self.api.inspect_container(need.ref)
        except docker.errors.NotFound:
            for ident, last in list(self.last.items()):
                if need.kind == "container" and need.ref in (ident, last["Name"].lstrip("/")):
                    return self._object("container", last["Name"].lstrip("/"), last, removed=True)
            if need.by_id and need.kind == "container":
                return Object("container", need.ref, "", {}, removed=True)
            return None
        name = found["Name"].lstrip("/")
        return self._object("container", name, found) if need.ref in (name, found["Id"]) else None

    def _see_new(self, need: New) -> Any:
        assert need.kind == "container"
        now = {row["Id"] for row in self.api.containers(all=True)}
        new = []
        for ident, last in list(self.last.items()):
            mine = self.prefix in last["Name"] or self.prefix in last["Config"]["Image"]
            if ident not in self.baseline.ids["container"] and mine:
                current = self.api.inspect_container(ident) if ident in now else last
                new.append(self._object("container", current["Name"].lstrip("/"), current, ident not in now))
        return tuple(sorted(new, key=lambda thing: thing.inspect["Created"], reverse=True))

    def _see_names(self, need: Names) -> Any:
        if need.kind == "container":
            return tuple(row["Names"][0].lstrip("/") for row in self.api.containers(all=True))
        return tuple(tag for row in self.api.images() for tag in row["RepoTags"] or ())

    def _see_logs(self, need: Logs) -> Any:
        try:
            return self.api.logs(need.container_id).decode()
        except docker.errors.APIError:
            return None

    def _see_filein(self, need: FileIn) -> Any:
        try:
            stream, _ = self.api.get_archive(need.container_id, need.path)
            with tarfile.open(fileobj=io.BytesIO(b"".join(stream))) as archive:
                member = archive.extractfile(archive.getmembers()[0])
                return member.read().decode() if member else None
        except docker.errors.NotFound:
            return None

    def _see_changes(self, need: Changes) -> Any:
        words = ("changed", "added", "deleted")
        return {row["Path"]: words[row["Kind"]] for row in self.api.diff(need.container_id) or ()}

    def _see_exec(self, need: Exec) -> Any:
        ident = self.api.exec_create(need.container_id, list(need.command))["Id"]
        output = self.api.exec_start(ident).decode()
        return ExecAnswer(self.api.exec_inspect(ident)["ExitCode"], output)

    def _see_history(self, need: History) -> Any:
        return tuple(self.api.history(need.image_id))

    def _see_http(self, need: Http) -> Any:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{need.port}{need.path}", timeout=3) as answer:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return HttpAnswer(answer.status, headers, answer.read(65536).decode("utf-8", "replace"))
        except urllib.error.HTTPError as error:
            with error:
                return HttpAnswer(error.code, {}, "")
        except OSError:
            return None

    def _see_registry(self, need: Registry) -> Any:
        answer = self._see_http(Http(need.port, f"/v2/{need.repository}/tags/list"))
        return tuple(json.loads(answer.body)["tags"] or ()) if answer and answer.status == 200 else None

    def _see_digest(self, need: Digest) -> Any:
        return registry_digest("127.0.0.1", need.port, need.repository, need.tag)

    def _see_filehere(self, need: FileHere) -> Any:
        path = self.folder / need.path
        return path.read_text() if path.exists() else None

    def _see_typed(self, need: Typed) -> Any:
        return self.typed

    def _see_answered(self, need: Answered) -> Any:
        return self.answer

    def _see_calls(self, need: Calls) -> Any:
        return None


def _versions(api: docker.APIClient) -> dict[str, Any]:
    version = api.version()
    return {"Version": version["Version"], "ApiVersion": version["ApiVersion"], "ServerVersionInfo": version}
