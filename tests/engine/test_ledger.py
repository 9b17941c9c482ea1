"""The ledger: only what is ours is removed, by Id; foreign objects stay, whatever they look like."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from dockertutor.engine.engine import Engine
from dockertutor.engine.rows import seconds
from dockertutor.facts import Call
from dockertutor.tutor.given import make
from dockertutor.tutor.ledger import LABEL, Ledger
from dockertutor.tutor.ledger_rows import Owned
from dockertutor.tutor.step_view import Leftover
from tests.engine.ledger_world import made, names


def test_a_container_whose_create_call_passed_the_wire_is_ours(asked, ledger, baseline, run_docker, prefix):
    id_ = run_docker("run", "-d", "--init", "--name", f"{prefix}a", "busybox", "sleep", "60").stdout.strip()
    ledger.saw(asked, made("container", id_, "/containers/create"), baseline, "a1")
    left = ledger.leftovers(asked)
    assert names(left) == {("container", f"{prefix}a", True)}
    assert left[0].image == "busybox"
    assert ledger.remove(asked, left) == ()
    assert asked.inspect("container", id_, by_id=True) is None
    assert ledger.leftovers(asked) == ()


def test_without_a_call_it_is_not_ours_and_is_only_offered(asked, ledger, baseline, run_docker, prefix):
    id_ = run_docker("create", "--name", f"{prefix}a", "busybox").stdout.strip()
    assert ledger.leftovers(asked) == ()
    offered = [one for one in ledger.leftovers(asked, since=baseline) if one.id == id_]
    assert names(offered) == {("container", f"{prefix}a", False)}
    assert ledger.remove(asked, offered) == ()
    assert asked.inspect("container", id_, by_id=True) is None


def test_creating_a_volume_that_exists_makes_it_not_ours(asked, ledger, run_docker, prefix):
    run_docker("volume", "create", f"{prefix}v")
    baseline = asked.baseline()
    run_docker("volume", "create", f"{prefix}v")
    ledger.saw(asked, made("volume", f"{prefix}v", "/volumes/create"), baseline, "a1")
    assert ledger.leftovers(asked) == ()


def test_a_volume_that_a_container_of_ours_brought_is_ours(asked, ledger, baseline, run_docker, prefix):
    id_ = run_docker("create", "--name", f"{prefix}a", "-v", f"{prefix}v:/data", "busybox").stdout.strip()
    ledger.saw(asked, made("container", id_, "/containers/create"), baseline, "a1")
    left = ledger.leftovers(asked)
    assert names(left) == {("container", f"{prefix}a", True), ("volume", f"{prefix}v", True)}
    assert ledger.remove(asked, left) == ()
    assert asked.inspect("volume", f"{prefix}v") is None


def test_a_given_volume_stays_ours_when_something_is_written_into_it(asked, ledger, run_docker, prefix):
    run_docker("volume", "create", "--label", f"{LABEL}=a1", f"{prefix}v")
    ledger.given(asked.inspect("volume", f"{prefix}v"), "a1")
    time.sleep(1.1)  # engines before 23 then tell another CreatedAt, in whole seconds
    run_docker("run", "--rm", "-v", f"{prefix}v:/data", "busybox", "touch", "/data/written")
    assert names(ledger.leftovers(asked)) == {("volume", f"{prefix}v", True)}
    assert ledger.remove(asked, ledger.leftovers(asked)) == ()
    assert asked.inspect("volume", f"{prefix}v") is None


def test_a_volume_of_the_same_name_without_the_label_is_not_the_given_one(asked, ledger, run_docker, prefix):
    run_docker("volume", "create", "--label", f"{LABEL}=a1", f"{prefix}v")
    ledger.given(asked.inspect("volume", f"{prefix}v"), "a1")
    run_docker("volume", "rm", f"{prefix}v")
    time.sleep(1.1)
    run_docker("volume", "create", f"{prefix}v")
    assert ledger.leftovers(asked) == ()


def test_a_foreign_volume_in_a_container_of_ours_stays(asked, ledger, run_docker, prefix):
    run_docker("volume", "create", f"{prefix}v")
    baseline = asked.baseline()
    id_ = run_docker("create", "--name", f"{prefix}a", "-v", f"{prefix}v:/data", "busybox").stdout.strip()
    ledger.saw(asked, made("container", id_, "/containers/create"), baseline, "a1")
    ledger.remove(asked, ledger.leftovers(asked))
    assert asked.inspect("volume", f"{prefix}v") is not None


def test_another_volume_of_the_same_name_is_not_ours(asked, store, baseline, run_docker, prefix):
    run_docker("volume", "create", f"{prefix}v")
    store.add(Owned("volume", f"{prefix}v", "", "wire", "a1", "2020-01-01T00:00:00Z"))
    ledger = Ledger(store)
    assert ledger.leftovers(asked) == ()
    ledger.remove(asked, [Leftover("volume", f"{prefix}v", f"{prefix}v")])
    assert asked.inspect("volume", f"{prefix}v") is not None


def test_a_container_of_the_same_name_is_not_ours(asked, ledger, baseline, run_docker, prefix):
    id_ = run_docker("create", "--name", f"{prefix}a", "busybox").stdout.strip()
    ledger.saw(asked, made("container", id_, "/containers/create"), baseline, "a1")
    left = ledger.leftovers(asked)
    run_docker("rm", f"{prefix}a")
    other = run_docker("create", "--name", f"{prefix}a", "busybox").stdout.strip()
    ledger.remove(asked, left)
    assert asked.inspect("container", other, by_id=True) is not None


def test_an_image_loses_our_tag_only_while_it_means_our_image(asked, ledger, baseline, commit, run_docker, prefix):
    tag = f"{prefix}i:1"
    commit(tag)
    ledger.saw(asked, made("", "", "/build", t=tag), baseline, "a1")
    foreign = commit(f"{prefix}other:1")
    run_docker("tag", foreign, tag)  # somebody moved the tag
    ledger.remove(asked, ledger.leftovers(asked))
    assert asked.inspect("image", tag).id == foreign


def test_an_image_with_a_foreign_tag_keeps_it(asked, ledger, baseline, commit, run_docker, prefix):
    tag = f"{prefix}i:1"
    id_ = commit(tag)
    ledger.saw(asked, made("", "", "/build", t=tag), baseline, "a1")
    run_docker("tag", tag, f"{prefix}theirs:1")
    ledger.remove(asked, ledger.leftovers(asked))
    assert asked.inspect("image", tag) is None
    assert asked.inspect("image", f"{prefix}theirs:1").id == id_


def test_a_tag_that_the_learner_put_on_a_foreign_image_goes_and_the_image_stays(
    asked, ledger, commit, run_docker, prefix
):
    id_ = commit(f"{prefix}theirs:1")
    baseline = asked.baseline()
    run_docker("tag", f"{prefix}theirs:1", f"{prefix}mine:1")
    call = made("", "", f"/images/{prefix}theirs:1/tag", repo=f"{prefix}mine", tag="1")
    ledger.saw(asked, call, baseline, "a1")
    left = ledger.leftovers(asked)
    assert [(one.kind, one.name) for one in left] == [("image", f"{prefix}mine:1")]  # what goes, and nothing else
    ledger.remove(asked, left)
    assert asked.inspect("image", f"{prefix}mine:1") is None
    assert asked.inspect("image", f"{prefix}theirs:1").id == id_


@pytest.mark.parametrize("alone", [True, False], ids=["with our tag alone", "with another tag of ours"])
def test_a_foreign_image_without_a_tag_stays_when_a_build_of_ours_gave_it_one(
    asked, store, ledger, commit, run_docker, prefix, alone
):
    """A build that finds everything in the cache makes no image: it puts its tag on one that was there before."""
    id_ = commit(f"{prefix}theirs:1")
    run_docker("tag", "busybox", f"{prefix}theirs:1")  # somebody's tag moved on, their image stayed
    baseline = asked.baseline()
    tags = [f"{prefix}mine:1"] if alone else [f"{prefix}mine:1", f"{prefix}mine:2"]
    for tag in tags:
        run_docker("tag", id_, tag)
        ledger.saw(asked, made("image", id_, "/build", t=tag), baseline, "a1")
    assert {row.how for row in store.rows} == {"tag"}

    assert ledger.remove(asked, ledger.leftovers(asked)) == ()

    kept = asked.inspect("image", id_, by_id=True)
    assert kept is not None
    assert not kept.inspect["RepoTags"]
    assert [asked.inspect("image", tag) for tag in tags] == [None] * len(tags)
    assert ledger.leftovers(asked) == ()
    run_docker("rmi", id_)


def test_a_foreign_tag_that_the_learner_moved_stays(asked, ledger, commit, run_docker, prefix):
    old = commit(f"{prefix}theirs:1")
    baseline = asked.baseline()
    new = commit(f"{prefix}mine:1")
    run_docker("tag", new, f"{prefix}theirs:1")
    call = made("", "", f"/images/{prefix}mine:1/tag", repo=f"{prefix}theirs", tag="1")
    ledger.saw(asked, call, baseline, "a1")
    ledger.remove(asked, ledger.leftovers(asked))
    assert asked.inspect("image", f"{prefix}theirs:1").id == new
    run_docker("rmi", old)


def test_a_tag_of_ours_that_is_in_the_baseline_stays_ours_when_the_learner_moves_it(
    asked, ledger, baseline, commit, run_docker, prefix
):
    tag = f"{prefix}mine:1"
    first = commit(tag)
    ledger.saw(asked, made("image", tag, "/build", t=tag), baseline, "a1")
    second_stage = asked.baseline()
    second = commit(tag)  # built anew: the tag moves on
    ledger.saw(asked, made("image", tag, "/build", t=tag), second_stage, "a1")

    assert ledger.remove(asked, ledger.leftovers(asked)) == ()

    assert asked.inspect("image", first, by_id=True) is None
    assert asked.inspect("image", second, by_id=True) is None


def test_an_image_in_use_is_not_forced(asked, ledger, baseline, commit, run_docker, prefix):
    tag = f"{prefix}i:1"
    id_ = commit(tag)
    ledger.saw(asked, made("image", id_, "/commit", repo=f"{prefix}i", tag="1"), baseline, "a1")
    run_docker("create", "--name", f"{prefix}user", tag)
    problems = ledger.remove(asked, ledger.leftovers(asked))
    assert len(problems) == 1
    assert asked.inspect("image", tag) is not None
    assert asked.inspect("container", f"{prefix}user") is not None
    run_docker("rm", f"{prefix}user")


def test_labels_that_leak_make_nothing_ours(asked, ledger, run_docker, prefix, tmp_path: Path):
    from tests.engine.test_given import given

    checks = given(f'[{{container: "{prefix}a", as: box, image: busybox, state: created}}]')
    found = make(
        asked,
        checks,
        folder=tmp_path,
        attempt_id="a1",
        say=lambda words: None,
        note=lambda one: ledger.given(one, "a1"),
    )
    run_docker("commit", f"{prefix}a", f"{prefix}leak:1")
    run_docker("create", "--name", f"{prefix}heir", f"{prefix}leak:1")
    try:
        heir = asked.inspect("container", f"{prefix}heir")
        assert heir.inspect["Config"]["Labels"]["dockertutor.attempt"] == "a1"  # the trap is there
        left = ledger.leftovers(asked)
        assert {one.id for one in left} == {found["box"][1]}
        ledger.remove(asked, left)
        assert asked.inspect("container", f"{prefix}heir") is not None
        assert asked.inspect("image", f"{prefix}leak:1") is not None
    finally:
        run_docker("rm", f"{prefix}heir")
        run_docker("rmi", f"{prefix}leak:1")


def test_a_network_in_use_is_told_and_stays(asked, ledger, baseline, run_docker, prefix):
    id_ = run_docker("network", "create", f"{prefix}n").stdout.strip()
    ledger.saw(asked, made("network", id_, "/networks/create"), baseline, "a1")
    run_docker("run", "-d", "--init", "--name", f"{prefix}user", "--network", f"{prefix}n", "busybox", "sleep", "60")
    (problem,) = ledger.remove(asked, ledger.leftovers(asked))
    assert f"{prefix}n" in problem
    assert asked.inspect("network", id_, by_id=True) is not None


def test_the_ledger_outlasts_the_program(asked, store, ledger, baseline, run_docker, prefix):
    id_ = run_docker("create", "--name", f"{prefix}a", "busybox").stdout.strip()
    ledger.saw(asked, made("container", id_, "/containers/create"), baseline, "a1")
    again = Ledger(store)
    assert again.owns("container", id_)
    assert names(again.leftovers(asked)) == {("container", f"{prefix}a", True)}


def test_a_call_that_failed_makes_nothing_ours(asked, ledger, baseline, run_docker, prefix):
    id_ = run_docker("create", "--name", f"{prefix}a", "busybox").stdout.strip()
    refused = Call(1, "POST", "/containers/create", ended=1.0, status=409, created=(("container", id_),))
    ledger.saw(asked, refused, baseline, "a1")
    assert not ledger.owns("container", id_)


def test_what_the_wire_names_by_a_reference_is_ours_by_that_tag(asked, ledger, baseline, commit):
    tag = "dockertutor-test-reference:1"
    commit(tag)
    ledger.saw(asked, Call(1, "POST", "/images/load", ended=1.0, status=200, created=(("image", tag),)), baseline, "a1")
    assert names(ledger.leftovers(asked)) == {("image", tag, True)}
    assert ledger.remove(asked, ledger.leftovers(asked)) == ()
    assert asked.inspect("image", tag) is None


def test_a_volume_outlives_its_container_and_is_ours(asked, ledger, baseline, run_docker, prefix):
    run_docker("run", "--rm", "-v", f"{prefix}v:/data", "busybox", "true")
    call = Call(
        1,
        "POST",
        "/containers/create",
        ended=1.0,
        status=201,
        request={"Image": "busybox", "HostConfig": {"Binds": [f"{prefix}v:/data", "/tmp:/x"]}},
        created=(("container", "0" * 64),),
    )
    ledger.saw(asked, call, baseline, "a1")
    assert names(ledger.leftovers(asked)) == {("volume", f"{prefix}v", True)}
    assert ledger.remove(asked, ledger.leftovers(asked)) == ()


def test_a_new_volume_of_somebody_else_stays_when_a_container_of_ours_mounts_it_too(asked, ledger, run_docker, prefix):
    baseline = asked.baseline()
    run_docker("volume", "create", f"{prefix}v")
    made = asked.inspect("volume", f"{prefix}v")
    later = seconds(made.inspect["CreatedAt"]) + 60
    call = Call(
        1,
        "POST",
        "/containers/create",
        started=later,
        ended=later + 1,
        status=201,
        request={"HostConfig": {"Mounts": [{"Type": "volume", "Source": f"{prefix}v", "Target": "/data"}]}},
        created=(("container", "0" * 64),),
    )
    ledger.saw(asked, call, baseline, "a1")
    assert ledger.leftovers(asked) == ()


def test_a_build_takes_its_own_steps_along_and_leaves_a_foreign_build_cache(
    asked: Engine, ledger: Ledger, run_docker, prefix, tmp_path: Path
) -> None:
    """Removing an image as `docker rmi` does would take untagged parents along: a foreign build's cache, too."""
    folder = tmp_path / "context"
    folder.mkdir()
    (folder / "Dockerfile").write_text(f"FROM busybox\nRUN echo {prefix} >/a\nRUN echo {prefix} >/b\nRUN echo x >/c\n")

    def build(tag: str) -> None:
        with asked.asking("build") as api:  # through the API: the classic builder, whatever the client
            assert not [row for row in api.build(path=str(folder), tag=tag, rm=True, decode=True) if "error" in row]

    build(f"{prefix}theirs")
    theirs = asked.inspect("image", f"{prefix}theirs")
    assert theirs is not None
    cache = str(theirs.inspect["Parent"])
    run_docker("rmi", "--no-prune", f"{prefix}theirs")
    before = asked.baseline()
    assert cache in before.ids["image"]

    (folder / "Dockerfile").write_text((folder / "Dockerfile").read_text() + "RUN echo y >/d\nRUN echo z >/e\n")
    build(f"{prefix}mine")
    ledger.saw(asked, made("", "", "/build", t=f"{prefix}mine"), before, "a1")
    assert len(asked.baseline().ids["image"]) > len(before.ids["image"]) + 1

    left = ledger.leftovers(asked)
    assert names(left) == {("image", f"{prefix}mine:latest", True)}
    assert ledger.remove(asked, left) == ()
    assert asked.baseline().ids["image"] == before.ids["image"]
    run_docker("rmi", cache)
