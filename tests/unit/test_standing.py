"""What the overview says of where the learner stands."""

from __future__ import annotations

from dockertutor import course as courses
from dockertutor.tutor.record import ExerciseRecord, LessonRecord, Record
from dockertutor.tutor.standing import overview
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
