"""What the overview says of where the learner stands."""

from __future__ import annotations

from dockertutor import course as courses
from dockertutor.tutor.record import PAUSE, Entry, ExerciseRecord, LessonRecord, Record
from dockertutor.tutor.standing import going_on, is_done, overview
from dockertutor.tutor.view import EngineStatus

COURSE = courses.load_course(courses.find_root(None))
FIRST = COURSE.tracks[0].lessons[0]


def line(at: str, *passed: str) -> str:
    record = Record(
        lessons={FIRST.id: LessonRecord(step=1, at=at)},
        exercises={(FIRST.id, one): ExerciseRecord(passed=1.0) for one in passed},
        last=FIRST.id,
    )
    return overview(COURSE, record, EngineStatus()).resume_line


def test_the_exercise_to_go_on_with_is_the_next_one_that_is_not_passed() -> None:
    one, two, three, *_ = FIRST.exercises
    total = len(FIRST.exercises)
    assert line(one).startswith(f"exercise 1 of {total}")
    assert line(one, one).startswith(f"exercise 2 of {total}")
    assert line(three, one, three).startswith(f"exercise 4 of {total}")
    assert line(FIRST.exercises[-1], *FIRST.exercises[1:]).startswith(f"exercise 1 of {total}")
    assert line(two).startswith(f"exercise 2 of {total}")


def test_after_the_last_lesson_what_was_left_out_before_comes() -> None:
    known = [one for track in COURSE.tracks for one in track.lessons]
    done = [one for one in known if one.id != FIRST.id]
    record = Record(lessons={one.id: LessonRecord(completed=1.0) for one in done}, last=known[-1].id)
    assert going_on(COURSE, record) is FIRST


def test_a_long_pause_is_not_counted_as_time_in_the_lesson() -> None:
    record = Record()
    for number, moment in enumerate((0.0, 60.0, 60.0 + 8 * 3600)):
        record.take(Entry(number, str(number), 1, "d", "c", moment, "moved", "l", "", "", {"step": number}))
    assert record.lessons["l"].seconds == 60.0 + PAUSE


def test_an_attempt_that_was_drawn_again_is_one_attempt() -> None:
    record = Record()
    for number in range(2):
        record.take(Entry(number, str(number), 1, "d", "c", 1.0, "begun", "l", "one", "a1", {"values": {}}))
    assert record.exercise("l", "one").attempts == 1


LAST = COURSE.tracks[-1].lessons[0]


def lesson(ended: float | None, **states: ExerciseRecord) -> Record:
    """A record of the last track's first lesson: whether its last page was reached, and its exercises by number."""
    exercises = {(LAST.id, LAST.exercises[int(number[1:])]): state for number, state in states.items()}
    return Record(lessons={LAST.id: LessonRecord(ended=ended)}, exercises=exercises, last=LAST.id)


def none_here(ended: float | None) -> Record:
    return lesson(ended, **{f"n{n}": ExerciseRecord(not_here=True) for n in range(len(LAST.exercises))})


def test_a_lesson_in_which_nothing_can_be_done_here_is_done_at_its_last_page() -> None:
    assert not is_done(none_here(None), LAST)
    assert is_done(none_here(1.0), LAST)


def test_a_lesson_is_not_done_at_its_last_page_while_something_can_be_done() -> None:
    assert not is_done(lesson(1.0), LAST)
    assert not is_done(lesson(1.0, n0=ExerciseRecord(passed=1.0)), LAST)


def test_a_lesson_is_done_when_all_that_can_be_done_here_is_passed() -> None:
    states = {f"n{n}": ExerciseRecord(not_here=True) for n in range(1, len(LAST.exercises))}
    assert is_done(lesson(None, n0=ExerciseRecord(passed=1.0), **states), LAST)
