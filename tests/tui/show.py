"""Show one of the drawn states in a real terminal: ``python tests/tui/show.py fail [--light] [keys …]``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from sample_views import FAULT, LEFT, STATES, RecordingSession, StandIn, screen_rows, view

from dockertutor.tui.app import TutorApp
from dockertutor.tutor.view import View


def main() -> None:
    name, *rest = sys.argv[1:]
    state = STATES.get(name)
    if name == "fault":
        state = View(engine=FAULT, number=1)
    if name == "files":
        from dataclasses import replace

        from sample_views import DO

        folder = Path("/tmp/tutor-show/blog-image")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "Dockerfile").write_text(
            'FROM busybox\nCOPY index.html /www/index.html\nEXPOSE 80\nCMD ["httpd", "-f", "-h", \n'
        )
        (folder / "index.html").write_text("<p>hello\n")
        state = view(replace(DO, folder=folder, files=("Dockerfile", "index.html")))
    session = RecordingSession(state)
    session.left = LEFT
    keep = Path("/tmp/tutor-show.json") if name != "welcome" else None
    if keep:
        keep.write_text('{"welcomed": true}')
    app = TutorApp(
        session,  # type: ignore[arg-type]
        shell_factory=lambda folder, leader: StandIn(screen_rows(), leader),
        theme="light" if "--light" in rest else "dark",
        ascii="--ascii" in rest,
        settings_path=keep,
    )
    if state is not None and name == "fault":
        app.call_later(session.tell, "view", state)
    app.run()


main()
