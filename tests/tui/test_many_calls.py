"""The API calls tab with more calls than anybody reads."""

from __future__ import annotations

from dataclasses import replace

from driving import LARGE, make, rows
from sample_views import DO, view

from dockertutor.facts import Call
from dockertutor.tui.draw.calls import Kept, Shown, calls_lines
from dockertutor.tui.draw.look import Look
from dockertutor.tui.messages import CallsChanged
from dockertutor.tui.widgets.calls_tab import MOST, STEP, newest_of
from dockertutor.tutor.engine_view import CallGroup


def calls(first: int, last: int) -> tuple[Call, ...]:
    return tuple(
        Call(n, "GET", f"/containers/c{n}/json", started=1.0, ended=1.1, status=404) for n in range(first, last)
    )


def drawn(group: CallGroup, kept: Kept) -> list[str]:
    lines, _ = calls_lines(
        [group], 88, Look(), shown=Shown(frozenset({1.0})), at=(0, -1), now=2.0, socket="/s", kept=kept
    )
    return ["".join(part.text for part in row) for row in lines]


def test_a_row_that_was_kept_changes_with_its_call() -> None:
    kept: Kept = {}
    (ended,) = calls(1, 2)
    open_ = replace(ended, ended=None, status=0)
    assert any("open" in row for row in drawn(CallGroup("x", 1.0, (open_,), folded=0), kept))
    rows = drawn(CallGroup("x", 1.0, (ended,), folded=0), kept)
    assert any("404" in row and "100 ms" in row for row in rows)
    assert rows == drawn(CallGroup("x", 1.0, (ended,), folded=0), {})


def test_few_calls_are_shown_whole() -> None:
    group = CallGroup("x", 1.0, calls(1, MOST + 1), folded=3)
    assert newest_of(group) is group


def test_of_many_the_newest_are_shown_and_the_first_of_them_stays_while_others_come() -> None:
    firsts = []
    for last in range(5 * STEP, 7 * STEP):
        shown = newest_of(CallGroup("x", 1.0, calls(1, last), folded=0))
        assert shown.calls[-1].number == last - 1
        assert MOST <= len(shown.calls) <= MOST + STEP
        assert shown.folded + len(shown.calls) == last - 1
        firsts.append(shown.calls[0].number)
    assert len(set(firsts)) <= 3


async def test_calls_that_come_while_the_leader_key_waits_are_there_afterwards() -> None:
    app = make(view(DO))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+g", "u")
        await pilot.pause()
        await pilot.press("ctrl+g")
        app.session.calls = (CallGroup("docker ps", 9e9, calls(90, 91), folded=0), *app.session.calls)
        app.post_message(CallsChanged(app.session.calls))
        await pilot.pause()
        await pilot.press("0")  # no action has it
        await pilot.pause()
        assert any("docker ps" in row for row in rows(app))
