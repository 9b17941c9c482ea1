"""What each key of the lesson screen does: a method for each action of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widget import Widget

from dockertutor.errors import TutorError
from dockertutor.tui.actions import ALL, BY_ID
from dockertutor.tui.browser import open_in_browser
from dockertutor.tui.draw.footer_keys import Focus
from dockertutor.tui.draw.keys import LEADER_AGAIN
from dockertutor.tui.messages import Said
from dockertutor.tui.widgets.drawn import Acted
from dockertutor.tui.widgets.leader_keys import LEADING, LeaderKeys
from dockertutor.tui.widgets.lower_pane import LowerPane
from dockertutor.tutor.step_view import ExerciseView, FinishedView, QuestionView, ReadView
from dockertutor.tutor.task_text import one_line

if TYPE_CHECKING:
    from dockertutor.tui.app import TutorApp
    from dockertutor.tui.screens.lesson import LessonScreen
    from dockertutor.tui.widgets.terminal import TerminalPane


class LessonActions:
    """Mixed into `LessonScreen`; calls the session and moves the keys, nothing else."""

    OWN_BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "primary", "the obvious next thing", id="primary"),
        *(Binding(str(n), f"choose({n - 1})", "choose an answer", id=f"choose-{n}") for n in range(1, 10)),
        Binding("escape", "out", "out of here", id="escape"),
    ]

    @property
    def _me(self) -> LessonScreen:
        return cast("LessonScreen", self)

    @property
    def _app(self) -> TutorApp:
        return cast("TutorApp", self._me.app)

    def _able(self, action_id: str) -> bool:
        """Whether an action works now; one that does not is silent, as its key is not lit."""
        return action_id in self._me.works

    # ------------------------------------------------------------------ going
    def action_primary(self) -> None:
        """Enter on a page: on, or on to the next lesson."""
        me = self._me
        step = me.view.step
        if isinstance(step, FinishedView):
            self._app.leave_lesson(step.next_id)
        elif isinstance(step, QuestionView):
            if step.state != "open":
                self.action_next()
        elif me.peek:
            me.peek = False
            me.show(me.view)
        elif isinstance(step, ReadView) or (isinstance(step, ExerciseView) and step.phase in ("passed", "not-here")):
            self.action_next()

    def action_next(self) -> None:
        if self._able("next"):
            self._me.session.next(self._seen)

    def action_back(self) -> None:
        if self._me.peek:
            self._me.peek = False
            self._me.show(self._me.view)
        elif self._able("back"):
            self._me.session.back(self._seen)

    @property
    def _seen(self) -> int:
        """The step that is drawn: a key that comes before the next one is drawn is meant for this one."""
        return self._me.view.lesson.step if self._me.view.lesson else 0

    def action_lesson(self) -> None:
        me = self._me
        if me.peek:
            me.peek = False
            me.show(me.view)
        if not me.reading:
            self.give_keys("lesson")

    def action_terminal(self) -> None:
        me = self._me
        if me.reading:
            if isinstance(me.view.step, ExerciseView):
                self.action_skip()
                return
            me.peek = True
        self.give_keys("terminal")

    def action_out(self) -> None:
        """Escape: out of a pane, to where one types; on a page there is nothing to leave."""
        if not self._me.reading:
            self.give_keys("terminal")

    def action_course(self) -> None:
        self._app.leave_lesson("")

    # ------------------------------------------------------------------ answering
    def action_choose(self, option: int) -> None:
        step = self._me.view.step
        question = step if isinstance(step, QuestionView) else step.predict if isinstance(step, ExerciseView) else None
        if (
            question is not None
            and self._me.reading
            and option < len(question.options)
            and "choose" in self._me.view.can
        ):
            self._me.session.choose(option)

    def action_answer(self) -> None:
        exercise = self._me.exercise
        if exercise is None or not self._able("answer"):
            return
        from dockertutor.tui.screens.dialogs import FieldScreen

        asked = f"**{exercise.goal.rstrip('.')}.** Type the answer alone, and press Enter."
        screen = FieldScreen("Your answer", asked, self._me.look_now())

        def give(value: str | None) -> None:
            if value and (said := value.strip().removeprefix("answer ").strip()):  # the task shows it as a command
                self._me.session.answer(said)

        self._me.app.push_screen(screen, give)

    # ------------------------------------------------------------------ help
    def action_hint(self) -> None:
        if self._able("hint"):
            self._me.session.hint()

    def action_solution(self) -> None:
        exercise = self._me.exercise
        if exercise is not None and exercise.phase == "predict":
            self.action_skip()
        elif self._able("solution"):
            self._me.session.solution()

    def action_skip(self) -> None:
        """Go on without a prediction."""
        exercise = self._me.exercise
        if exercise is not None and exercise.phase == "predict":
            self._me.skipped = True
            self._me.turn_page()
            self.give_keys("terminal")

    def action_check(self) -> None:
        if self._able("check"):
            self._me.session.check()

    def action_restart(self) -> None:
        if self._able("restart"):
            self._me.session.restart()

    def action_anew(self) -> None:
        """Begin the whole lesson anew, after a question."""
        me = self._me
        if not self._able("anew") or me.view.lesson is None:
            return
        from dockertutor.tui.screens.dialogs import ChoiceScreen

        rows = [("", "No, go on as it is", ""), ("yes", "Yes, begin anew", "what was passed here is forgotten")]
        screen = ChoiceScreen("Begin this lesson anew?", rows, me.look_now())
        me.app.push_screen(screen, lambda answer: me.session.reset("lesson") if answer == "yes" else None)

    def action_dispute(self) -> None:
        """Save what the verdict rests on, and say where it lies."""
        if not self._able("dispute"):
            return
        me = self._me

        def save() -> None:
            try:
                path = me.session.dispute()
            except TutorError as error:
                me.app.post_message(Said(f"{error.what} {error.do}", "That could not be saved"))
            else:
                words = (
                    f"What was seen is saved in this file:\n\n    {path}\n\nSend it to whoever looks after the course."
                )
                me.app.post_message(Said(words, "This verdict is wrong"))

        me.run_worker(save, thread=True, exclusive=True, group="dispute")

    def action_glossary(self) -> None:
        self._app.open_glossary(self._me.view)

    def action_help(self) -> None:
        from dockertutor.tui.screens.dialogs import HelpScreen

        self._me.app.push_screen(HelpScreen(self._me.look_now(), self._me.works), self._then)

    # ------------------------------------------------------------------ looking
    def action_next_tab(self) -> None:
        low = self._me.query_one(LowerPane)
        self.open_tab(low.following() if self._me.pane in ("low", "files") else low.active)

    def action_engine(self) -> None:
        self.open_tab("engine")

    def action_calls(self) -> None:
        self.open_tab("calls")

    def action_files(self) -> None:
        self.open_tab("files")

    def action_page(self) -> None:
        self.open_tab("page")
        self._me.page_tab.look_at()

    def action_visit(self, address: str = "") -> None:
        self.open_tab("page")
        self._me.page_tab.look_at(address)

    def action_browse(self, address: str) -> None:
        """A lesson's link: the learner's browser, or the Page tab where there is none."""
        if open_in_browser(address):
            return
        if self._me.reading:
            self._app.copy_to_clipboard(address)
            self._app.say(f"No browser was found here. The address is on your clipboard: {address}", "Address")
            return
        self.action_visit(address)

    def open_tab(self, name: str) -> None:
        """Show a tab of the lower pane and give it the keys."""
        me = self._me
        if me.reading:
            return
        me.query_one(LowerPane).show(name)
        self.give_keys("files" if name == "files" else "low")

    def action_zoom(self) -> None:
        if self._me.reading:
            return
        self._me.zoomed = not self._me.zoomed
        self._me.redraw()

    def give_keys(self, pane: Focus) -> None:
        """Put the keys into a pane."""
        me = self._me
        me.pane = pane
        if not me.standing:
            return
        me.redraw()
        target: Widget | None = None
        if pane == "terminal":
            target = me.open_terminal()
        elif pane == "lesson":
            target = me.query_one("#lesson")
        elif pane == "page":
            target = me.query_one("#reading")
        elif pane == "files":
            target = me.files_tab.field()
        else:
            target = {"engine": me.engine_tab, "calls": me.calls_tab, "page": me.page_tab}.get(
                me.query_one(LowerPane).active, me.files_tab)  # fmt: skip
        if target is not None and target.is_mounted:
            target.focus(scroll_visible=False)
        elif target is not None:
            me.call_after_refresh(target.focus, False)

    # ------------------------------------------------------------------ the terminal
    def action_type_it(self) -> None:
        """Put the worked command at the prompt; the learner presses Enter."""
        exercise = self._me.exercise
        if exercise is not None and self._able("type_it"):
            self.type_in(exercise.type_this)

    def type_in(self, text: str) -> None:
        """Type ``text`` at the prompt, one line, without Enter."""
        self.give_keys("terminal")
        self._app.type_into(self._me.open_terminal(), one_line(text))

    def on_terminal_pane_command_began(self, event: TerminalPane.CommandBegan) -> None:
        self._app.began(event.text)

    def on_terminal_pane_command_ended(self, event: TerminalPane.CommandEnded) -> None:
        self._app.ended(event.text, event.status)
        self._me.files_tab.read_folder(self._me.exercise.files if self._me.exercise else ())

    def on_terminal_pane_failed(self, event: TerminalPane.Failed) -> None:
        self._app.say(f"{event.error.what} {event.error.do}", "Terminal")

    def on_terminal_pane_copied(self, event: TerminalPane.Copied) -> None:
        """Said aloud: any program in the terminal may do it, one in a container too."""
        self._app.say(f"{len(event.text)} characters from the terminal are on your clipboard.", "Terminal")

    # ------------------------------------------------------------------ leader, clicks
    def action_leader(self) -> None:
        """The leader key was pressed: the next key is ours."""
        self._me.set_class(True, LEADING)
        self._me.draw_keys()

    def after_leader(self, event: events.Key) -> None:
        """The key after the leader: a known letter does its action, the leader again reaches the terminal, and any
        other key brings back what was there."""
        known = next((action.id for action in ALL if event.character == action.key), "")
        self._led(LEADER_AGAIN if event.key == self._app.leader else known)

    def is_on_keys(self, event: events.MouseEvent) -> bool:
        """Whether the mouse is on the leader's keys."""
        return self._me.query_one(LeaderKeys).region.contains(event.x, event.y)

    def stop_leading(self) -> None:
        """Bring back what was there before the leader key."""
        me = self._me
        if me.leading:
            me.set_class(False, LEADING)
            me.draw_keys()
            me.show_calls(me.session.calls)

    def on_screen_suspend(self) -> None:
        """Another screen has come: the next key is for that."""
        self.stop_leading()

    def _led(self, action_id: str) -> None:
        me = self._me
        lit = action_id in me.works
        self.stop_leading()
        if action_id == LEADER_AGAIN and me.pane == "terminal":
            self._app.type_leader(me.terminal)
        elif lit:
            self._app.act(BY_ID[action_id].call)

    def _then(self, action_id: str | None) -> None:
        if action_id:
            action = BY_ID.get(action_id)
            self._me.call_later(self._me.run_action, action.call if action else action_id)

    def on_acted(self, event: Acted) -> None:
        """A click does what the key at that place does."""
        event.stop()
        name, value = event.do
        me = self._me
        if me.leading:
            self._led(name)
        elif name == "choose" and value:
            self.action_choose(int(value))
        elif name == "term":
            self._app.open_term(value)
        elif name == "browse":
            self.action_browse(value)
        elif name == "visit" and value:
            self.action_visit(value)
        elif name == "visit":
            me.page_tab.look_at()
        elif name == "type":
            self.type_in(value)
        elif name == "page" and not me.reading:
            self.action_page()
        elif name == "new_file":
            me.files_tab.action_new()
        elif name == "open_call":
            me.calls_tab.action_open()
        elif name == "scroll_page":
            self.action_scroll_page(int(value))
        elif name in BY_ID or name in ("primary", "skip", "leader"):
            self._then(name)

    def action_scroll_page(self, pages: int) -> None:
        """Space and page keys on a long page."""
        cast("Screen[None]", self).query_one("#reading", VerticalScroll).scroll_relative(
            y=pages * self._me.size.height // 2, animate=False
        )
