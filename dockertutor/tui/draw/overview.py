"""The course as a whole: where to go on, tracks with their lessons and progress."""

from __future__ import annotations

from dockertutor.tui.draw.chrome import bar
from dockertutor.tui.draw.ink import BAR, BLANK, Line, Part, barred, line, part, spread, stack, width
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.prose import prose
from dockertutor.tutor.course_view import LessonCard, Overview, TrackCard

COLUMN, GAP = 46, 8


def overview_lines(course: Overview, cells: int, look: Look, chosen: str, *, large: bool) -> tuple[list[Line], int]:
    """Everything below the header (``cells`` from the bar's column), and the row of the chosen lesson."""
    room = cells - 2
    head = [*resume(course, room, look, large=large)]
    due = due_row(course)
    tracks = _columns(course, room, look, chosen) if large else _list(course, room, look, chosen)
    blocks = (head, due, *([[]] if large and head else []), tracks) if large else (head, tracks, due)
    out = stack(*[block for block in blocks if block])
    if large and (head or due):
        at = len(stack(*[block for block in (head, due) if block]))
        out.insert(at, BLANK)
    marks = [n for n, row in enumerate(out) if any(p.text.strip() == look.sign("›") for p in row)]
    return out, marks[0] if marks else 0


def resume(course: Overview, room: int, look: Look, *, large: bool) -> list[Line]:
    """Where the learner was."""
    card = course.resume
    if card is None:
        return []
    begun = card.state == "begun" or card.passed
    title = "Go on where you were" if begun else "Next lesson" if course.passed else "Begin here"
    do = ("open", card.id)
    rows: list[Line] = [
        (part(title, "$accent bold", do),),
        (part(f"{card.number}  {card.title}", "$strong bold", do), part(f"   {course.resume_line}", "$text-muted", do)),
    ]
    if large and course.resume_goal:
        rows += prose(course.resume_goal, min(room, 100), look)[:2]
    return barred(rows, "$accent", look.sign(BAR))


def due_row(course: Overview) -> list[Line]:
    """Questions that are due for review."""
    if not course.due:
        return []
    many = course.due != 1
    return barred([line((f"{course.due} question{'s' if many else ''}", "$strong bold"),
                        (f" {'are' if many else 'is'} due for review.", "$text"))])  # fmt: skip


def _row(card: LessonCard, cells: int, look: Look, chosen: str) -> Line:
    on = card.id == chosen
    do = ("open", card.id)
    number = f"{card.number:>2}  "
    if card.state == "done":
        sign, note = part(look.sign("✓") + " ", "$success bold"), f"done {card.when}".strip()
    elif card.state == "begun":
        sign, note = Part("  "), f"{card.passed} of {card.exercises}"
    else:
        sign, note = Part("  "), f"{card.minutes} min"
    if on:
        sign = part(look.sign("›") + " ", "$accent bold")
    colour = "$accent" if on else "$text-muted"
    left = (sign, part(number, colour, do), part(card.title, "$strong bold" if on else "$text", do))
    right = (part(note, "$accent" if on and card.state == "begun" else "$text-muted", do),)
    return spread(cells, left, right)


def _progress(track: TrackCard) -> tuple[int, int]:
    return sum(card.passed for card in track.lessons), sum(card.exercises for card in track.lessons)


def _track(track: TrackCard, cells: int, look: Look, chosen: str) -> list[Line]:
    done, total = _progress(track)
    count = f"{done} of {total}" if done else _lessons(track)
    head = spread(cells, line((track.title, "$strong bold")), line((count, "$text-muted")))
    return [head, bar(done, total, cells, look), *[_row(card, cells, look, chosen) for card in track.lessons]]


def _lessons(track: TrackCard) -> str:
    return f"{len(track.lessons)} lesson{'s' if len(track.lessons) != 1 else ''}"


def _columns(course: Overview, room: int, look: Look, chosen: str) -> list[Line]:
    """Tracks side by side, as many as fit."""
    many = max(1, (room + GAP) // (COLUMN + GAP))
    out: list[Line] = []
    for at in range(0, len(course.tracks), many):
        blocks = [_track(track, COLUMN, look, chosen) for track in course.tracks[at : at + many]]
        if out:
            out += [BLANK, BLANK]
        for n in range(max(map(len, blocks))):
            row: list[Part] = []
            for number, block in enumerate(blocks):
                cell = block[n] if n < len(block) else ()
                row += [Part(" " * (number * (COLUMN + GAP) - width(row))), *cell]
            out.append(tuple(row))
    return barred(out)


def _list(course: Overview, room: int, look: Look, chosen: str) -> list[Line]:
    """Tracks under each other; only the one with the chosen lesson shows its lessons."""
    out: list[Line] = []
    for track in course.tracks:
        is_open = any(card.id == chosen for card in track.lessons)
        done, total = _progress(track)
        count: Line = line((_lessons(track), "$text-muted"))
        if done:
            count = (*bar(done, total, 12, look), part(f"  {done} of {total}", "$text-muted"))
        do = ("open-track", track.lessons[0].id) if track.lessons else None
        if is_open and out:
            out.append(BLANK)
        out.append(spread(room, (part(track.title, "$strong bold" if is_open else "$text", do),), count))
        if is_open:
            out += [_row(card, room, look, chosen) for card in track.lessons]
            if track is not course.tracks[-1]:
                out.append(BLANK)
    return barred(out)
