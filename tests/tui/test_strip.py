"""The strip above a small terminal: what stands there when there is room for one thing only."""

from __future__ import annotations

from dataclasses import replace

from sample_views import DO, FAIL, HEAD, HINT, PASS

from dockertutor.tui.draw.ink import text, width
from dockertutor.tui.draw.lesson import onward
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


def test_a_solution_that_was_asked_for_stands_there_and_a_later_verdict_takes_its_place():
    asked = replace(HINT, solution="    docker run -d -p 8317:80 tutor-blog show Hello")
    rows = [text(row) for row in strip_lines(asked, 78, LOOK, prefer="hint")]
    assert any("One way to do it" in row for row in rows)
    assert any("docker run -d -p 8317:80" in row for row in rows)
    rows = [text(row) for row in strip_lines(replace(FAIL, solution=asked.solution), 78, LOOK, prefer="verdict")]
    assert not any("One way" in row for row in rows)
    assert any("Published port" in row for row in rows)


def test_what_was_expected_shows_no_marks():
    assert PASS.predict is not None
    chosen = replace(PASS.predict.options[0], say="The words, as with `echo`", chosen=True, correct=False)
    told = replace(PASS, why="Short.", predict=replace(PASS.predict, options=(chosen,)))
    rows = [text(row) for row in strip_lines(told, 78, LOOK)]
    assert any("You expected the words, as with echo: ✗ not this time." in row for row in rows)


def test_goals_and_what_was_reached_show_no_marks():
    told = replace(PASS, done="You found the file that `ls` leaves out.")
    assert "Done. You found the file that ls leaves out." in text(strip_lines(told, 78, LOOK)[0])
    asked = replace(DO, goal="Find the file that `ls` does not name.")
    assert "Find the file that ls does not name  " in text(strip_lines(asked, 78, LOOK)[0])
    (way,) = onward(PASS, replace(HEAD, next_goal=asked.goal), LOOK)
    assert text(way).endswith("next: find the file that ls does not name")


def test_a_task_goes_on_in_whole_sentences_after_its_goal():
    task = "**Show two pages**, from two boxes:\n\n- one at port 1\n- one at port 2\n\nNo command is given."
    view = replace(DO, task=task, goal="Show two pages", type_this="", takes_answer=False)
    rows = [text(row) for row in strip_lines(view, 78, LOOK)]
    assert rows[1].endswith("From two boxes: one at port 1; one at port 2. No command is given.")


def test_a_wrong_expectation_is_answered_with_what_happens():
    question = PASS.predict
    assert question is not None
    wrong = tuple(replace(o, chosen=not o.correct, correct=bool(o.correct)) for o in question.options[:2])
    rows = [text(row) for row in strip_lines(replace(PASS, predict=replace(question, options=wrong)), 78, LOOK)]
    assert len(rows) == ROWS
    assert rows[-2].endswith(": ✗ not this time.")
    assert rows[-1] == "▌ What happens: one long line, then the prompt"


def test_a_task_that_says_more_than_its_command_names_the_place_of_the_whole():
    view = replace(DO, kind="faded", task="**Start it**, then stop it.\n\n    docker start ____", goal="Start it")
    rows = [text(row) for row in strip_lines(view, 78, LOOK)]
    assert rows[1].strip("▌ ") == "docker start ____"
    assert rows[2].strip("▌ ") == "the whole task: Ctrl-G l"
    assert len(strip_lines(DO, 78, LOOK)) == 2


def test_a_task_whose_only_block_asks_for_an_answer_stands_in_words():
    task = "**Count them.** How many calls has it left?\n\n    answer ____"
    view = replace(DO, kind="independent", takes_answer=True, task=task, goal="Count them.", type_this="")
    rows = [text(row) for row in strip_lines(view, 78, LOOK)]
    assert "How many calls has it left?" in rows[1]
    assert "To answer" in rows[-1]


def test_a_task_that_stands_there_whole_needs_no_other_place():
    short = replace(DO, kind="independent", task="**Copy it.** Name it `two.txt`.", goal="Copy it.", type_this="")
    assert not any("the whole task" in text(row) for row in strip_lines(short, 78, LOOK))
    long = replace(short, task="**Copy it.** " + "Many words of a task. " * 40)
    rows = [text(row) for row in strip_lines(long, 78, LOOK)]
    assert len(rows) == ROWS
    assert "the whole task: Ctrl-G l" in rows[-1]
