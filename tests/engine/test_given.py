"""Given objects: made through the API as the checks say, verified, labelled; taken back when they cannot be made."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from docker.errors import ImageNotFound, NotFound

from dockertutor.checks import parse_check
from dockertutor.checks.model import Check
from dockertutor.checks.nodes import compose
from dockertutor.engine.engine import Engine
from dockertutor.engine.ports import free_port
from dockertutor.errors import TutorError
from dockertutor.facts import Exec, FileIn
from dockertutor.tutor.given import make
from dockertutor.tutor.wanted import Unmakeable


def given(text: str) -> tuple[Check, ...]:
    problems: list = []
    node = compose(text, "test.yaml", problems)
    found = [parse_check(item, file="test.yaml", problems=problems, use="given") for item in node.value]
    assert not problems, problems
    return tuple(found)


@pytest.fixture
def made(asked: Engine, tmp_path: Path, engine):
    """Makes what a text says; images are removed afterwards (the rest goes by its prefix)."""
    built: list[str] = []

    def call(text: str, **more):
        return make(
            asked,
            given(text),
            folder=tmp_path,
            attempt_id="a1",
            say=lambda words: None,
            note=lambda one: built.append(one.name) if one.kind == "image" else None,
            **more,
        )

    yield call
    for container in engine.api.containers(all=True, filters={"label": "dockertutor.attempt=a1"}):
        engine.api.remove_container(container["Id"], force=True)
    for tag in built:
        try:
            engine.api.remove_image(tag)
        except ImageNotFound:
            continue


@pytest.mark.parametrize(
    ("state", "status"), [("created", "created"), ("running", "running"), ("exited", "exited"), ("paused", "paused")]
)
def test_a_container_is_brought_to_its_state(asked, made, prefix, state, status):
    found = made(f'[{{container: "{prefix}a", as: box, image: busybox, command: [sleep, "60"], state: {state}}}]')
    kind, id_ = found["box"]
    thing = asked.inspect(kind, id_, by_id=True)
    assert thing.inspect["State"]["Status"] == status
    assert thing.inspect["Config"]["Labels"]["dockertutor.attempt"] == "a1"
    assert thing.name == f"{prefix}a"


def test_a_program_that_ends_keeps_its_own_exit_code(asked, made, prefix):
    found = made(f'[{{container: "{prefix}a", image: busybox, command: [sh, "-c", "exit 7"], state: exited}}]')
    assert asked.inspect("container", found[f"container:{prefix}a"][1], True).inspect["State"]["ExitCode"] == 7


def test_files_labels_environment_and_volumes(asked, made, prefix):
    found = made(
        f'[{{volume: "{prefix}v", files: {{post.txt: hello, sub/x: deep}}}},'
        f'{{container: "{prefix}a", as: box, image: busybox, command: [sleep, "60"], init: true, state: running,'
        f' labels: {{course: c1}}, env: {{WORD: w1}}, mounts: {{/data: "{prefix}v"}}, files: {{/etc/secret: s1}},'
        " working_dir: /tmp, hostname: blog, memory: 64m}]"
    )
    box = found["box"][1]
    assert asked.look(FileIn(box, "/data/post.txt")) == "hello"
    assert asked.look(FileIn(box, "/data/sub/x")) == "deep"
    assert asked.look(FileIn(box, "/etc/secret")) == "s1"
    assert asked.look(Exec(box, ("sh", "-c", "echo $WORD $PWD $(hostname)"))).output == "w1 /tmp blog\n"
    assert asked.inspect("container", f"{prefix}v-filling") is None


def test_a_network_and_its_members(asked, made, prefix):
    found = made(
        f'[{{network: "{prefix}n", as: net, internal: true}},'
        f'{{container: "{prefix}a", image: busybox, command: [sleep, "60"], init: true, state: running,'
        f' networks: ["{prefix}n"], aliases: {{"{prefix}n": {{contains: db}}}}}}]'
    )
    network = asked.inspect(*found["net"], by_id=True)
    assert [member["Name"] for member in network.inspect["Containers"].values()] == [f"{prefix}a"]


def test_a_published_page_is_waited_for(asked, made, prefix):
    port = free_port(asked)
    made(
        f'[{{container: "{prefix}a", image: busybox, command: [sh, "-c", "sleep 0.5; exec httpd -f -h /www"],'
        f' init: true, files: {{/www/index.html: hi}}, published: {{80/tcp: "{port}"}}, state: running}},'
        f'{{http: "{port}", body: {{contains: hi}}}}]'
    )


def test_two_images_with_equal_content_have_ids_of_their_own(asked, made, prefix):
    text = r'{{image: "{0}i:{1}", as: i{1}, dockerfile: "FROM busybox\nRUN echo same > /v\n"}}'
    found = made(f"[{text.format(prefix, 1)}, {text.format(prefix, 2)}]")
    assert found["i1"] != found["i2"]
    assert not asked.inspect(*found["i1"], by_id=True).inspect["Config"]["Labels"]


def test_an_image_of_from_alone_is_not_its_base(asked, made, prefix):
    found = made(f'[{{image: "{prefix}i:1", as: i, dockerfile: "FROM busybox\\n"}}]')
    assert found["i"][1] != asked.inspect("image", "busybox").id


def test_a_dockerfile_gets_its_files(asked, made, prefix):
    made(
        f'[{{image: "{prefix}i:1", dockerfile: "FROM busybox\\nCOPY page /page\\nCMD [\\"cat\\", \\"/page\\"]\\n",'
        f' files: {{page: hello}}}}, {{container: "{prefix}a", image: "{prefix}i:1", state: exited, logs: hello}}]'
    )


def test_what_cannot_be_made_leaves_nothing_behind(asked, made, prefix):
    with pytest.raises(TutorError) as caught:
        made(
            f'[{{network: "{prefix}n"}}, {{image: "{prefix}i:1", dockerfile: "FROM busybox\\nRUN true\\n"}},'
            f'{{container: "{prefix}a", image: "{prefix}i:1", command: [nope-nope], state: running}}]'
        )
    assert caught.value.do
    assert asked.inspect("network", f"{prefix}n") is None
    assert asked.inspect("image", f"{prefix}i:1") is None
    assert asked.inspect("container", f"{prefix}a") is None


def test_a_name_that_is_taken_says_so_and_its_owner_stays(asked, made, prefix, engine):
    other = engine.api.create_container("busybox", name=f"{prefix}a")["Id"]
    with pytest.raises(TutorError, match="in use"):
        made(f'[{{container: "{prefix}a", image: busybox, state: created}}]')
    assert asked.inspect("container", other, by_id=True)


def test_an_existing_volume_is_not_taken_over(asked, made, prefix, engine):
    engine.api.create_volume(f"{prefix}v")
    with pytest.raises(TutorError, match="already"):
        made(f'[{{volume: "{prefix}v", files: {{a: b}}}}]')
    assert asked.inspect("volume", f"{prefix}v")


@pytest.mark.parametrize(
    "more",
    [
        "privileged: true",
        "network_mode: host",
        "mounts: {/x: /var/run/docker.sock}",
        "mounts: {/x: /}",
        "mounts: {/x: ../..}",
        "cap_add: [SYS_ADMIN]",
    ],
)
def test_what_would_leave_the_box_is_refused(made, prefix, engine, more):
    with pytest.raises(Unmakeable):
        made(f'[{{container: "{prefix}a", image: busybox, {more}}}]')
    with pytest.raises(NotFound):
        engine.api.inspect_container(f"{prefix}a")


def test_a_link_out_of_the_folder_is_refused(made, prefix, tmp_path):
    (tmp_path / "out").symlink_to("/etc")
    with pytest.raises(Unmakeable):
        made(f'[{{container: "{prefix}a", image: busybox, mounts: {{/x: ./out}}}}]')


def test_a_volume_that_is_a_folder_of_the_host_is_refused(made, prefix):
    with pytest.raises(Unmakeable):
        made(f'[{{volume: "{prefix}v", options: {{type: none, o: bind, device: /etc}}}}]')


def test_a_folder_of_the_learner_may_be_mounted(asked, made, prefix, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a").write_text("mine")
    found = made(
        f'[{{container: "{prefix}a", as: box, image: busybox, command: [sleep, "60"], init: true, state: running,'
        " mounts: {/site: ./site}, mount_types: {/site: bind}}]".replace("./site", str(tmp_path / "site"))
    )
    assert asked.look(FileIn(found["box"][1], "/site/a")) == "mine"


def test_a_free_port_is_low_and_not_published_here(asked, made, prefix):
    port = free_port(asked)
    assert port < 32768
    made(f'[{{container: "{prefix}a", image: busybox, state: created, published: {{80/tcp: "{port}"}}}}]')
    from dockertutor.engine.ports import published_ports

    assert port in published_ports(asked)


def test_a_port_that_a_program_holds_is_not_free(asked, monkeypatch):
    from dockertutor.engine import ports

    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        monkeypatch.setattr(ports, "RANGE", range(held.getsockname()[1], held.getsockname()[1] + 1))
        assert free_port(asked) in ports.WIDER
