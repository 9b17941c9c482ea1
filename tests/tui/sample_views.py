"""The drawn states as views, for tests that draw, and a session that only remembers what it was asked.

Judging, engine and progress have tests of their own against a real engine; here nothing is pretended to be them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual import events

from dockertutor.course.heads import Term
from dockertutor.facts import Call
from dockertutor.tui.draw.ink import Line, line
from dockertutor.tui.widgets.drawn import Drawn
from dockertutor.tutor.course_view import LessonCard, Overview, TrackCard
from dockertutor.tutor.engine_view import CallGroup, EngineRow, Panel
from dockertutor.tutor.step_view import (
    CheckRow,
    ExerciseView,
    FinishedView,
    HintView,
    Leftover,
    OptionView,
    QuestionView,
    ReadView,
)
from dockertutor.tutor.view import EngineStatus, LessonHead, View

ENGINE = EngineStatus("ok", "Engine 28.5", "on this computer")
FAULT = EngineStatus(
    "fault",
    where="/var/run/docker.sock",
    what="The Docker engine on this computer is not running.",
    do="Start it in another terminal window:\n\n    sudo systemctl start docker",
    detail="ConnectionRefusedError: [Errno 111]",
)
CAN = frozenset({"next", "back", "choose", "answer", "hint", "solution", "check", "restart", "dispute", "leave"})
RUN = 'docker run -d -p 8317:80 tutor-blog show "I made this page"'
GOOD = 'docker run -d -p 8317:80 tutor-blog show "Cats sleep a lot"'
ID = "3f9c0d8a4b1e77d2c65f0e9ab84d1c3072e6f5a98b0d4c21e7a6f3b95d80c41e"
HEAD = LessonHead(
    "boxes-for-programs", "Boxes for programs", "What Docker is", 1, 9, 12, "Show two pages at the same time."
)

READ = ReadView("""## Two programs, one computer

The old shop program needs version 1 of a part, the new one version 2.
The computer has one place for it. Install 2, and the old shop stops.

```
┌ your computer ─────────────────┐
│ ┌ box ───────┐  ┌ box ───────┐ │
│ │ old shop   │  │ new shop   │ │
│ │ version 1  │  │ version 2  │ │
│ └────────────┘  └────────────┘ │
└────────────────────────────────┘
```

[[Docker]] makes such boxes and runs programs in them. It calls a box a
[[container]]. Used Docker before? Try the last exercise first.
""")
TASK = f"""**Put your sentence on a web page.** The image `tutor-blog` came with
this course. Write your own sentence between the quotes:

    {RUN}

In your sentence, use no `"`, `!`, `$`, `\\` or backquote. Your terminal would read
them as signs of its own. If the prompt turns into `>`, a quote is missing: press
Ctrl-C and begin again.

Then visit [[http://localhost:8317]] in your browser. No browser here? Look under
[[pane:page]].
"""
SAYS = ("My words, as with `echo`", "One long line, then the prompt", "Nothing, and no prompt until I stop the box")
PREDICT = QuestionView(
    f"`show` is a program that makes a web page from your words.\n\n    {RUN}\n\nWhat will the terminal show?",
    tuple(OptionView(say) for say in SAYS),
)
KEPT = replace(PREDICT, options=tuple(OptionView(s, chosen=n == 1) for n, s in enumerate(SAYS)), state="kept")
REVEALED = replace(
    PREDICT,
    state="revealed",
    options=(
        OptionView(SAYS[0]),
        OptionView(
            SAYS[1], True, True, "The long line is the ID of the new box. It keeps running without your terminal."
        ),
        OptionView(SAYS[2]),
    ),
)
OPEN_ROWS = (
    CheckRow("open", "A new container from tutor-blog"),
    CheckRow("open", "Published port", "8317 → 80"),
    CheckRow("open", "A page at http://localhost:8317"),
)
DO = ExerciseView(
    id="blog",
    kind="worked",
    phase="doing",
    goal="Put your sentence on a web page.",
    task=TASK,
    rows=OPEN_ROWS,
    predict=KEPT,
    hints_total=3,
    seen_pages=("http://localhost:8317",),
)
MISS = (
    "The numbers are the other way round. The left one is outside, where your browser knocks (8317); the right one "
    "is inside (80): `-p 8317:80`"
)
MADE = CheckRow("pass", "A new container from tutor-blog", "quirky_hopper")
FAIL = replace(
    DO,
    rows=(
        MADE,
        CheckRow("fail", "Published port", "", "8317 → 80", "80 → 8317", "quirky_hopper, made just now", MISS),
        CheckRow("skipped", "A page at http://localhost:8317", "after the port"),
    ),
)
PASS = replace(
    DO,
    phase="passed",
    done="Your sentence is on a web page.",
    predict=REVEALED,
    why="Your browser knocked at door 8317, Docker led it to door 80 in the box, and `show` "
    'answered: "Cats sleep a lot". While the box runs, other computers near you may be able to read the page, too.',
    rows=(
        MADE,
        CheckRow("pass", "Published port", "8317 → 80"),
        CheckRow("pass", "A page at http://localhost:8317", "answers"),
    ),
)
NO_WAY_IN = (
    "The page is ready in its box, but there is no way in. A running box gets no new door, so make another one, with "
    "`-p 8317:80` before the image."
)
HINT = replace(
    FAIL,
    rows=(
        MADE,
        replace(FAIL.rows[1], found="nothing", explanation=NO_WAY_IN),
        FAIL.rows[2],
    ),
    hints=(
        HintView(1, "where to look", "Compare your command with the one in the task, word by word, from the left."),
        HintView(
            2,
            "which command",
            "Two options first: `-d` to let go, `-p outside:inside` for the door. Then the image, the program, and "
            "your sentence.",
        ),
    ),
)
QUIZ = QuestionView(
    "You run that command three times. What does your computer hold then?",
    (
        OptionView(
            "Three images and three containers",
            True,
            False,
            "Three prints do not need three stamps. Docker made all the boxes from the same image.",
        ),
        OptionView("One image and three containers"),
        OptionView("One image and one container, started three times"),
        OptionView("One image; the containers are gone, because `echo` has ended"),
    ),
    "wrong",
)
LEFT = (
    Leftover("container", ID, "quirky_hopper", "tutor-blog", 1000.0),
    Leftover("volume", "notes", "notes", "", 600.0, ours=False),
)
FINISHED = FinishedView("Boxes for programs", 4, 4, 14, "what-a-box-shares", "What a box shares", 9, LEFT)


def view(step: Any, number: int = 1, at: int = 9, engine: EngineStatus = ENGINE, can: frozenset[str] = CAN) -> View:
    """A view of ``step`` in the sample lesson."""
    return View(replace(HEAD, step=at), step, engine, can, number=number)


STATES: dict[str, View] = {
    "read": view(READ, at=1),
    "predict": view(replace(DO, phase="predict", predict=PREDICT)),
    "do": view(DO),
    "fail": view(FAIL),
    "pass": view(PASS),
    "hint": view(HINT),
    "quiz": view(QUIZ, at=4),
    "finished": view(FINISHED, at=13),
}


def panel(now: float, ports: str = "8317 → 80") -> Panel:
    """Three containers, the newest made just now."""
    return Panel(
        (
            EngineRow("container", ID, "quirky_hopper", "tutor-blog", "running", ports, now - 5, True, True),
            EngineRow("container", "b", "hopeful_wing", "busybox", "exited", "", now - 130),
            EngineRow("container", "c", "sleepy_moore", "busybox", "exited", "", now - 380),
        )
    )


def groups(now: float) -> tuple[CallGroup, ...]:
    """The calls of three commands."""
    sent = {"Image": "tutor-blog", "Cmd": ["show", "Cats sleep a lot"], "AttachStdin": False,
            "HostConfig": {"PortBindings": {"80/tcp": [{"HostPort": "8317"}]}}}  # fmt: skip
    calls = (
        Call(1, "POST", "/containers/create", {}, now, now + 0.006, 201, 90, 90, sent, {"Id": ID, "Warnings": []}),
        Call(2, "POST", f"/containers/{ID}/wait", {}, now + 0.01, now + 0.221, 200),
        Call(3, "POST", f"/containers/{ID}/start", {}, now + 0.02, now + 0.23, 204),
    )
    older = tuple(Call(n, "GET", "/_ping", {}, now, now + 0.001, 200) for n in range(4, 8))
    return (
        CallGroup(GOOD, now, calls),
        CallGroup("docker run busybox cat letter.txt", now - 130, older),
        CallGroup('docker run busybox echo "Hello from a box"', now - 380, older),
    )


def overview() -> Overview:
    """Six tracks; the second lesson is begun."""
    names = {
        "What Docker is": (("Boxes for programs", 12), ("What a box shares", 9), ("Client, daemon, registry", 11),
                           ("No client at all", 10), ("Who may talk to the daemon", 9)),
        "Containers": (("Life cycle", 9), ("Front, back, interactive", 10), ("Names, ids, labels, inspect", 11),
                       ("Look inside", 10), ("What a container changes", 10), ("Options make the container", 9),
                       ("How programs end", 9)),
        "Images and registries": (("Pull, tag, digest", 10), ("Layers", 9), ("Registry names", 8),
                                  ("Your own registry", 12)),
        "Making images": (("First Dockerfile", 10), ("Steps", 9), ("What runs", 9), ("Cache and context", 11),
                          ("Small and clean", 10)),
        "Data, network, plugins": (("Ports", 8), ("Networks", 11), ("Volumes", 10), ("Bind mounts, tmpfs", 9),
                                   ("Plugins and drivers", 10)),
        "Running for real": (("Limits, restart, health", 11), ("Less power", 9), ("Watch and tidy", 10),
                             ("Many containers: Compose", 12), ("Services: daemons that talk", 12)),
    }  # fmt: skip
    tracks: list[TrackCard] = []
    number = 0
    for title, lessons in names.items():
        cards: list[LessonCard] = []
        for name, minutes in lessons:
            number += 1
            passed = {1: 4, 2: 1}.get(number, 0)
            state = {1: "done", 2: "begun"}.get(number, "new")
            cards.append(
                LessonCard(f"lesson-{number}", name, number, minutes, 4, passed, state, "today" * (number == 1))
            )  # type: ignore[arg-type]
        tracks.append(TrackCard(title, tuple(cards)))
    return Overview(
        "Docker", tuple(tracks), tracks[0].lessons[1], "exercise 2 of 4, about 6 minutes left",
        "Next: run `uname -r` in a box and on your computer, and compare what they print.", 5, 124, 3, ENGINE,
    )  # fmt: skip


class RecordingSession:
    """Remembers in ``asked`` what it was asked, and tells its listeners what a test gives it with `tell`."""

    def __init__(self, at: View | None = None) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.view = at or View(engine=ENGINE)
        now = time.time()
        self.panel = Panel(panel(now).rows[1:]) if at is None or at.step is DO else panel(now)
        self.calls: tuple[CallGroup, ...] = groups(now)
        self.left: tuple[Leftover, ...] = ()
        self.saved = Path("/tmp/verdict.json")
        self._listeners: dict[str, list[Callable[[object], None]]] = {}

    def subscribe(self, topic: str, listener: Callable[[object], None]) -> Callable[[], None]:
        self._listeners.setdefault(topic, []).append(listener)
        return lambda: self._listeners[topic].remove(listener)

    def tell(self, topic: str, value: Any) -> None:
        """Tell the listeners, as the session's threads do."""
        setattr(self, topic, value)
        for listener in self._listeners.get(topic, []):
            listener(value)

    def overview(self) -> Overview:
        return overview()

    def term(self, name: str) -> Term | None:
        box = "A **box** [in] which a program runs. See [[image]]."
        known = {"container": Term("container", "container", box, ("box",)),
                 "image": Term("image", "image", "What boxes are made from."),
                 "docker": Term("docker", "Docker", "A program that makes boxes.")}  # fmt: skip
        return known.get(name.lower())

    def search(self, words: str) -> tuple[tuple[str, str, str], ...]:
        return tuple((card.id, card.title, f"lesson {card.number}") for track in overview().tracks
                     for card in track.lessons if words.lower() in card.title.lower())  # fmt: skip

    def leftovers(self) -> tuple[Leftover, ...]:
        return self.left

    def dispute(self) -> Path:
        self.asked.append(("dispute",))
        return self.saved

    def explained(self, field: str) -> str:
        return "Doors of the box at which a program may wait." if field == "ExposedPorts" else ""

    def rows(self, kind: str) -> tuple[EngineRow, ...]:
        return ()

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args: self.asked.append((name, *args))


class StandIn(Drawn, can_focus=True):
    """In the terminal's place: a fixed text; remembers what was put at its prompt."""

    shell_pid = 0

    def __init__(self, rows: list[Line], leader: str) -> None:
        super().__init__(lambda cells: rows)
        self.leader, self.running = leader, ""
        self.waits = False
        self.wheel = 0
        self.at_prompt: list[str] = []
        self.keys: list[str] = []
        self.folders: list[Path] = []

    def wait(self, waits: bool) -> None:
        self.waits = waits

    def put(self, text: str) -> bool:
        self.at_prompt.append(text)
        return True

    def go(self, folder: Path) -> bool:
        self.folders.append(folder)
        return True

    def send(self, data: bytes) -> None:
        self.keys.append(data.decode())

    def send_leader(self) -> None:
        self.keys.append(self.leader)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.wheel += 1

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.keys.append(event.text)

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self.keys.append(event.key)


def prompt(command: str = "", *, cursor: bool = False) -> Line:
    return line(("$ ", "$accent"), (command, "$strong"), *([(" ", "reverse")] if cursor else []))


def screen_rows() -> list[Line]:
    """What the drawn terminal holds."""
    return [
        prompt("cat letter.txt"),
        line("Dear reader, this letter lies in a folder on your computer."),
        prompt("docker run busybox cat letter.txt"),
        line("cat: can't open 'letter.txt': No such file or directory"),
        prompt(cursor=True),
    ]
