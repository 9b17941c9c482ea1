"""When to judge, when a fail is final, when a pass is recorded."""

from __future__ import annotations

import pytest

from dockertutor.tutor.pace import GATHER, PATIENT, QUIET, SEAL, TICK, Pace


def judged(pace: Pace, now: float, *, held: bool, slow: bool = False) -> bool:
    """Look at ``now``, at once; returns whether the verdict was final."""
    was_quiet = pace.starts(now)
    pace.judged(now, held=held, was_quiet=was_quiet, slow=slow)
    return was_quiet


def test_a_signal_is_followed_by_a_look_almost_at_once() -> None:
    pace = Pace(10.0)
    judged(pace, 11.0, held=False)

    pace.signal(20.0)

    assert pace.due(20.0) == pytest.approx(20.0 + GATHER)


def test_a_fail_is_final_only_when_things_have_been_quiet() -> None:
    pace = Pace(10.0)

    assert not judged(pace, 10.1, held=False)
    assert pace.due(10.1) == pytest.approx(10.0 + QUIET)
    assert judged(pace, 10.0 + QUIET, held=False)
    assert pace.due(20.0) is None


def test_while_a_command_runs_a_fail_waits_longer() -> None:
    pace = Pace(10.0)
    pace.command_began(10.0)

    assert not judged(pace, 11.0, held=False)
    assert pace.due(11.0) == pytest.approx(10.0 + PATIENT)


def test_a_signal_during_a_look_asks_for_another() -> None:
    pace = Pace(10.0)
    quiet = pace.starts(12.0)
    pace.signal(12.1)
    pace.judged(12.2, held=False, was_quiet=quiet, slow=False)

    assert not pace.final
    assert pace.due(12.2) == pytest.approx(12.1 + GATHER)


def test_a_pass_is_recorded_after_it_lasted_and_the_command_ended() -> None:
    pace = Pace(10.0)
    pace.command_began(10.0)
    judged(pace, 11.0, held=True)

    assert not pace.may_seal(13.0)
    pace.command_ended(13.0)
    assert pace.may_seal(13.0)


def test_something_that_happens_to_a_judged_object_begins_the_second_anew() -> None:
    pace = Pace(10.0)
    judged(pace, 10.1, held=True)

    pace.signal(10.9, judged_object=True)
    judged(pace, 10.95, held=True)

    assert not pace.may_seal(11.2)
    assert pace.due(11.2) == pytest.approx(10.95 + SEAL)


def test_what_happens_elsewhere_does_not_keep_a_pass_from_being_recorded() -> None:
    pace = Pace(10.0)
    judged(pace, 10.1, held=True)

    pace.signal(10.9)
    judged(pace, 10.95, held=True)

    assert pace.may_seal(10.1 + SEAL)


def test_only_what_gives_no_signal_is_looked_at_again_and_again() -> None:
    pace = Pace(10.0)
    judged(pace, 11.0, held=False, slow=True)

    assert pace.due(11.0) == pytest.approx(11.0 + TICK)


def test_while_an_image_is_on_its_way_nothing_is_looked_at_without_a_signal() -> None:
    pace = Pace(10.0)
    pace.transfers = 1

    assert not judged(pace, 20.0, held=False)

    assert pace.due(30.0) is None


def test_a_look_that_could_not_be_taken_is_no_verdict_and_is_taken_again() -> None:
    pace = Pace(10.0)
    judged(pace, 20.0, held=False)
    assert pace.final

    pace.starts(30.0)
    pace.failed(30.0)

    assert not pace.final
    assert pace.due(30.0) == pytest.approx(10.0 + QUIET)
