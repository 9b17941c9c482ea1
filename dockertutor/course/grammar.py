"""The keys of a lesson, a course and a glossary: which there are, what may stand there, what they are for.

Loader, JSON Schema and the reference in docs/ are all made from what stands here.
"""

from __future__ import annotations

from dockertutor.course.shapes import Checks, Field, Flag, Items, Names, OneKey, Record, Text, TextOr, Whole, Word

ID = Text(
    pattern=r"(?=.{1,80}$)[a-z0-9]+([.-][a-z0-9]+)*", what="an id of at most 80 small letters, digits, `-` and `.`"
)  # it becomes the name of a folder
PROSE = Text()
VARIABLE_NAME = r"[a-z][a-z0-9_]*"

_BOUND = Record(
    "number",
    {
        "from": Field(Whole(0, 999_999), "The smallest number that may be drawn.", True),
        "to": Field(Whole(0, 999_999), "The largest number that may be drawn.", True),
    },
)
_REMEMBERED = Record(
    "remembered",
    {"default": Field(Text(), "What it is for a learner who has not done the lesson that keeps it.", True)},
)
DRAWN = ("name", "token", "free-port")
VARIABLE = TextOr(
    Word(DRAWN),
    OneKey(
        "variable",
        {
            "number": Field(_BOUND, "A whole number between two bounds."),
            "one-of": Field(Items(Text(), least=1), "One of these texts."),
            "remembered": Field(_REMEMBERED, "A value that an earlier lesson kept with `remember`."),
        },
    ),
)
VARIABLES = Names(VARIABLE, VARIABLE_NAME, "small letters, digits and `_`")
FILES = Names(Text(empty=True))

SCRIPT = TextOr(
    Text(),
    Record(
        "script",
        {
            "files": Field(FILES, "Files that are written into the learner's folder first: path and text."),
            "run": Field(Text(), "What is then typed, line by line."),
        },
    ),
)

OPTION = Record(
    "option",
    {
        "say": Field(PROSE, "The answer as the learner reads it.", True),
        "because": Field(PROSE, "Why it is right; or where that belief is right, and where it ends."),
        "correct": Field(Flag(), "Exactly one option is `correct: true`."),
    },
)
QUESTION = Record(
    "question",
    {
        "ask": Field(PROSE, "The question, in Markdown.", True),
        "options": Field(Items(OPTION, least=2), "At least two answers, one of them correct.", True),
    },
)
MISTAKE = Record(
    "mistake",
    {
        "id": Field(ID, "Its id, for ever; unique in its stage.", True),
        "when": Field(
            Checks("when", single=True, least=1), "What reveals it: one check, or several that all hold.", True
        ),
        "say": Field(PROSE, "What happened, why, the next move. Never what the learner failed to do.", True),
        "by": Field(SCRIPT, "What provokes it: a proof that the tutor really says so."),
    },
)
_STAGE = {
    "files": Field(FILES, "Files in the learner's folder: path and text."),
    "given": Field(Checks("given"), "What is made before it begins, and removed afterwards."),
    "task": Field(PROSE, "What to do, in Markdown. The first bold sentence is the goal.", True),
    "expect": Field(Checks("expect", least=1), "What must be true in the end.", True),
    "mistakes": Field(Items(MISTAKE), "Misunderstandings; looked at after a fail, the first that matches speaks."),
    "hints": Field(Items(PROSE), "Three: where to look, which command, almost all of it."),
    "solution": Field(SCRIPT, "What passes it."),
    "also": Field(Items(SCRIPT), "Other right ways."),
    "why": Field(PROSE, "Shown after the pass: what happened inside, in two sentences."),
}
STAGE = Record("stage", _STAGE)
KINDS = ("worked", "faded", "independent", "question")
EXERCISE = Record(
    "exercise",
    {
        "id": Field(ID, "Its id, for ever; unique in its lesson.", True),
        "was": Field(ID, "The id it had before it was renamed."),
        "kind": Field(Word(KINDS), "How much is shown: all of it, a part, nothing; or a question.", True),
        "completes": Field(Word(("lesson",)), "`lesson`: who passes this exercise has passed the lesson."),
        "exclusive": Field(Flag(), "Judged on the engine's global state (its counts, a swarm)."),
        "requires": Field(Checks("requires"), 'Checks on the engine; where they do not hold: "not on this engine".'),
        "vars": Field(VARIABLES, "What is drawn anew for each attempt."),
        "predict": Field(QUESTION, "A prediction: asked before the run, answered after it."),
        **_STAGE,
        "then": Field(Items(STAGE), "Further stages of the same story."),
        "done": Field(PROSE, "Shown in bold after the pass: what has been reached, one short sentence."),
    },
)
STEP = OneKey(
    "step",
    {
        "read": Field(PROSE, "A page to read, in Markdown: at most 16 lines of 74 columns."),
        "quiz": Field(QUESTION, "A question with answers to choose from."),
        "exercise": Field(EXERCISE, "Something to do on the engine."),
    },
)
_FORMAT = Field(Word(("1",)), "The version of the lesson language: 1.", True)
LESSON = Record(
    "lesson",
    {
        "format": _FORMAT,
        "id": Field(ID, "Its id, for ever; unique in the course.", True),
        "was": Field(ID, "The id it had before it was renamed."),
        "title": Field(PROSE, "Its title, as in the overview.", True),
        "minutes": Field(Whole(1, 90), "How long it takes, in minutes."),
        "needs": Field(Items(ID), "Lessons that should come first. It advises, and never locks."),
        "introduces": Field(Items(ID), "Glossary terms that this lesson introduces."),
        "images": Field(Items(Text()), "Images that its exercises use."),
        "vars": Field(VARIABLES, "What is drawn for the whole lesson: read steps may show it."),
        "steps": Field(Items(STEP, least=1), "Its pages, questions and exercises, in order.", True),
    },
)

TERM = Record(
    "term",
    {
        "name": Field(Text(), "How it is written; the term's id where this is left out."),
        "text": Field(PROSE, "One explanation in everyday words, in Markdown.", True),
        "also": Field(Items(Text()), "Other words for it: plurals, abbreviations, everyday names."),
        "fields": Field(Names(PROSE), "Fields of the Engine API that belong to it, and what each of them says."),
    },
)
GLOSSARY = Record(
    "glossary",
    {
        "format": _FORMAT,
        "terms": Field(
            Names(TERM, r"[a-z0-9]+([.-][a-z0-9]+)*", "small letters, digits and `-`"), "Terms by id.", True
        ),
    },
)
COURSE = Record(
    "course",
    {
        "format": _FORMAT,
        "id": Field(ID, "The course's id, for ever.", True),
        "title": Field(PROSE, "The course's title.", True),
        "tracks": Field(
            Names(Text(), r"[0-9]{2}-[a-z0-9-]+", "a folder's name such as `01-what-docker-is`"),
            "The title of each folder of lessons.",
            True,
        ),
    },
)
