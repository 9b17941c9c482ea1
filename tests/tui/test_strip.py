"""The strip above a small terminal says how to answer where the task asks for an answer."""

from __future__ import annotations

from dataclasses import replace

from sample_views import DO

from dockertutor.tui.draw.ink import text, width
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.strip import ROWS, strip_lines

TASK = replace(DO, takes_answer=True, hints=())
LOOK = Look(typing=True)


def test_a_task_that_takes_an_answer_says_how_and_where_it_stands():
    rows = strip_lines(TASK, 78, LOOK)
    assert "To answer: Ctrl-G y   the whole task: Ctrl-G l" in text(rows[-1])
    assert len(rows) <= ROWS
    assert max(width(row) for row in rows) <= 78


def test_a_long_task_leaves_room_for_it():
    rows = strip_lines(
        replace(TASK, task="\n\n".join("Many words of a task. " * 9 for _ in range(3)), type_this=""), 78, LOOK
    )
    assert len(rows) == ROWS
    assert "To answer" in text(rows[-1])


def test_other_tasks_do_not_speak_of_answers():
    assert not any("To answer" in text(row) for row in strip_lines(replace(TASK, takes_answer=False), 78, LOOK))
