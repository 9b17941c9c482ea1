"""The ledger over time: what is gone, what comes back, what another engine or another process has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dockertutor.engine.engine import Engine
from dockertutor.errors import EngineNotRunning
from dockertutor.facts import Baseline, Call
from dockertutor.tutor.ledger import Ledger
from dockertutor.tutor.ledger_rows import Owned, Rows
from dockertutor.tutor.step_view import Leftover
from tests.engine.ledger_world import Kept, made, names


@pytest.fixture
def load(run_docker, prefix, commit, tmp_path: Path) -> Callable[[], str]:
    """Loads one and the same image, as a pull would bring it: the same Id each time. Gives the Id."""
    tag, archive = f"{prefix}i:1", str(tmp_path / "image.tar")
    id_ = commit(tag)
    run_docker("save", "-o", archive, tag)
    run_docker("rmi", tag)

    def call() -> str:
        run_docker("load", "-q", "-i", archive)
        return id_

    return call


def loaded(tag: str) -> Call:
    return Call(1, "POST", "/images/load", ended=1.0, status=200, created=(("image", tag),))


# ------------------------------------------------------------------ engines
def test_a_row_says_on_which_engine_its_object_is(asked, store, ledger, baseline, load, prefix) -> None:
    load()
    ledger.saw(asked, loaded(f"{prefix}i:1"), baseline, "a1")
    assert {row.engine for row in store.rows} == {asked.id}
    assert asked.id


def test_an_image_that_another_engine_has_of_us_is_not_ours_here(asked, store, load, prefix) -> None:
    store.add(Owned("image", load(), f"{prefix}i:1", "wire", "a1", engine="another engine"))
    ledger = Ledger(store)
    assert ledger.leftovers(asked) == ()
    assert ledger.remove(asked, [Leftover("image", load(), f"{prefix}i:1")]) == ()
    assert asked.inspect("image", f"{prefix}i:1") is not None


def test_what_is_not_here_is_not_gone_from_another_engine(asked, store) -> None:
    row = Owned("container", "c" * 64, "", "wire", "a1")  # of a version that did not note the engine
    store.add(row)
    store.add(row._replace(id="d" * 64, engine="another engine"))
    Ledger(store).leftovers(asked)
    elsewhere = Rows(store)
    elsewhere.at("another engine")
    assert {one.id for one in elsewhere.all()} == {"c" * 64, "d" * 64}


# ------------------------------------------------------------------ what is gone
@pytest.mark.parametrize("removed_by", ["us", "the learner"])
def test_what_was_seen_to_be_gone_and_comes_back_without_us_is_not_ours(
    asked, store, ledger, baseline, load, run_docker, prefix, removed_by
) -> None:
    tag = f"{prefix}i:1"
    load()
    ledger.saw(asked, loaded(tag), baseline, "a1")
    if removed_by == "us":
        assert ledger.remove(asked, ledger.leftovers(asked)) == ()
    else:
        run_docker("rmi", tag)
        assert ledger.leftovers(asked) == ()
    load()
    assert ledger.leftovers(asked) == ()
    assert Ledger(store).leftovers(asked) == ()  # nor tomorrow
    assert asked.inspect("image", tag) is not None


def test_what_passes_the_wire_again_is_ours_again(asked, ledger, baseline, load, run_docker, prefix) -> None:
    tag = f"{prefix}i:1"
    load()
    ledger.saw(asked, loaded(tag), baseline, "a1")
    second_stage = asked.baseline()
    run_docker("rmi", tag)
    ledger.leftovers(asked)
    load()
    ledger.saw(asked, loaded(tag), second_stage, "a1")
    assert names(ledger.leftovers(asked)) == {("image", tag, True)}


def test_a_volume_that_passes_the_wire_again_is_ours_again(asked, ledger, baseline, run_docker, prefix) -> None:
    def create() -> None:
        run_docker("volume", "create", f"{prefix}v")
        ledger.saw(asked, made("volume", f"{prefix}v", "/volumes/create"), baseline, "a1")

    create()
    baseline = ledger.opened(asked)
    run_docker("volume", "rm", f"{prefix}v")
    ledger.leftovers(asked)
    create()
    assert names(ledger.leftovers(asked)) == {("volume", f"{prefix}v", True)}


def test_a_tag_that_somebody_puts_on_our_image_in_the_place_of_ours_is_theirs(
    asked, ledger, baseline, load, run_docker, prefix
) -> None:
    id_, tag = load(), f"{prefix}i:1"
    ledger.saw(asked, loaded(tag), baseline, "a1")
    run_docker("tag", tag, f"{prefix}theirs:1")
    run_docker("rmi", tag)
    ledger.leftovers(asked)
    run_docker("tag", id_, tag)
    ledger.remove(asked, ledger.leftovers(asked))
    assert asked.inspect("image", tag).id == id_


def test_an_image_of_ours_whose_tag_has_moved_on_is_still_ours(asked, ledger, baseline, commit, prefix) -> None:
    tag = f"{prefix}mine:1"
    first = commit(tag)
    ledger.saw(asked, made("image", tag, "/build", t=tag), baseline, "a1")
    second = commit(tag)
    ledger.saw(asked, made("image", tag, "/build", t=tag), baseline, "a1")
    ledger.leftovers(asked)
    assert {one.id for one in ledger.leftovers(asked)} == {first, second}
    assert ledger.remove(asked, ledger.leftovers(asked)) == ()
    assert asked.inspect("image", first, by_id=True) is None


def test_an_engine_that_cannot_be_listed_has_lost_nothing(asked, store, ledger, baseline, run_docker, prefix) -> None:
    id_ = run_docker("create", "--name", f"{prefix}a", "busybox").stdout.strip()
    ledger.saw(asked, made("container", id_, "/containers/create"), baseline, "a1")

    class Failing(Engine):
        def __init__(self) -> None:
            self.__dict__.update(asked.__dict__)

        def baseline(self) -> Baseline:
            raise EngineNotRunning("Gone.", "Wait.")

    with pytest.raises(EngineNotRunning):
        ledger.leftovers(Failing())
    assert ledger.owns("container", id_)
    assert {row.how for row in store.rows} == {"wire"}


def test_what_is_made_while_the_engine_is_listed_is_not_missed(asked, store, ledger, run_docker, prefix) -> None:
    class Slow(Engine):
        def __init__(self) -> None:
            self.__dict__.update(asked.__dict__)

        def baseline(self) -> Baseline:
            listed = asked.baseline()
            id_ = run_docker("create", "--name", f"{prefix}a", "busybox").stdout.strip()
            store.add(Owned("container", id_, "", "wire", "a2", engine=asked.id))  # by another process
            return listed

    ledger.leftovers(Slow())
    assert names(ledger.leftovers(asked)) == {("container", f"{prefix}a", True)}


def test_what_another_process_has_noted_is_ours_too(asked, store, ledger, baseline, run_docker, prefix) -> None:
    id_ = run_docker("create", "--name", f"{prefix}a", "busybox").stdout.strip()
    Ledger(store).saw(asked, made("container", id_, "/containers/create"), baseline, "a2")
    assert names(ledger.leftovers(asked)) == {("container", f"{prefix}a", True)}


def test_each_row_is_read_once() -> None:
    class Counting(Kept):
        read = 0

        def all(self, start: int = 0) -> tuple[Owned, ...]:
            found = tuple(self.rows[start:])
            self.read += len(found)
            return found

    store = Counting()
    rows = Rows(store)
    for number in range(100):
        rows.add(Owned("container", str(number), "", "wire", "a1"))
        assert ("container", str(number)) in rows.known
    assert store.read == 100


# ------------------------------------------------------------------ what was there before
def test_an_old_baseline_of_an_attempt_makes_no_foreign_tag_ours(asked, ledger, load, prefix) -> None:
    begun_long_ago = asked.baseline()
    load()  # by somebody, since then
    ledger.opened(asked)
    ledger.saw(asked, loaded(f"{prefix}i:1"), begun_long_ago, "a1")  # a pull that brings nothing
    assert ledger.leftovers(asked) == ()


def test_an_image_that_was_ours_once_and_is_there_without_us_stays_somebodys(
    asked, store, ledger, baseline, load, prefix
) -> None:
    load()
    ledger.saw(asked, loaded(f"{prefix}i:1"), baseline, "a1")
    when_it_was_ours = asked.baseline()
    ledger.remove(asked, ledger.leftovers(asked))
    load()
    tomorrow = Ledger(store)
    tomorrow.opened(asked)
    tomorrow.saw(asked, loaded(f"{prefix}i:1"), when_it_was_ours, "a1")
    assert tomorrow.leftovers(asked) == ()


def test_what_is_ours_when_a_lesson_is_opened_and_is_made_again_is_ours(
    asked, ledger, baseline, load, run_docker, prefix
) -> None:
    load()
    ledger.saw(asked, loaded(f"{prefix}i:1"), baseline, "a1")
    ledger.opened(asked)
    run_docker("rmi", f"{prefix}i:1")
    ledger.leftovers(asked)
    load()
    ledger.saw(asked, loaded(f"{prefix}i:1"), baseline, "a1")
    assert names(ledger.leftovers(asked)) == {("image", f"{prefix}i:1", True)}


def test_what_is_made_before_the_first_look_at_the_engine_is_ours(asked, ledger, run_docker, prefix) -> None:
    id_ = run_docker("create", "--name", f"{prefix}a", "busybox").stdout.strip()
    baseline = ledger.opened(asked)
    ledger.saw(asked, made("container", id_, "/containers/create"), baseline, "a1")
    assert names(ledger.leftovers(asked)) == {("container", f"{prefix}a", True)}
