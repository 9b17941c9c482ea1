"""A page that a container serves, as text: what a browser would show, for those who have none at hand."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.message import Message

from dockertutor.tui.draw.ink import Line, line, part, stack
from dockertutor.tui.draw.look import Look
from dockertutor.tui.draw.prose import flow
from dockertutor.tui.widgets.drawn import Drawn
from dockertutor.tutor.engine_view import Panel
from dockertutor.tutor.page_addresses import page_addresses
from dockertutor.tutor.page_text import Page, fetch

NO_PAGE = (
    "This step names no page, and no running container of this lesson publishes a port. Start one with "
    "`-p 8080:80`, for example, and its address appears here."
)


class PageTab(Drawn, can_focus=True):
    """Shows the addresses of pages that there are; fetches one when the tab is opened, or when asked again."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "look_again", "look again", id="page-again")]

    class Arrived(Message):
        """``address`` was answered, or could not be."""

        def __init__(self, address: str, page: Page) -> None:
            super().__init__()
            self.address, self.page = address, page

    def __init__(self) -> None:
        super().__init__(id="page-text")
        self.addresses: tuple[str, ...] = ()
        self.address = ""
        self._named: tuple[str, ...] = ()
        self._look = Look()
        self._page: Page | None = None
        self._waiting = False

    def show(self, named: tuple[str, ...], panel: Panel, look: Look) -> None:
        """These addresses the task names, and this is on the engine. What is looked at stays while containers come and
        go, as long as its own address is there."""
        addresses = page_addresses(named, panel)
        gone = self.address in self.addresses and self.address not in addresses
        if named != self._named or gone or not self.address:
            self.address, self._page, self._waiting = addresses[0] if addresses else "", None, False
        self._named, self.addresses, self._look = named, addresses, look
        self._redraw()

    @property
    def filled(self) -> bool:
        """Whether there is an address to look at."""
        return bool(self.address)

    def look_at(self, address: str = "") -> None:
        """Fetch ``address`` (or the present one) and show it."""
        self.address = address or self.address
        if self.address:
            self._waiting = True
            self._redraw()
            self._fetch(self.address)

    def action_look_again(self) -> None:
        self.look_at()

    @work(thread=True, exclusive=True, group="page")
    def _fetch(self, address: str) -> None:
        self.post_message(self.Arrived(address, fetch(address)))

    def on_page_tab_arrived(self, event: Arrived) -> None:
        """An answer to an address that is no longer looked at is dropped."""
        event.stop()
        if event.address == self.address:
            self._waiting, self._page = False, event.page
            self._redraw()

    def _redraw(self) -> None:
        page, waiting, look = self._page, self._waiting, self._look
        addresses, address = self.addresses, self.address
        self.paint(lambda cells: page_lines(addresses, address, page, waiting, cells, look))


def page_lines(addresses: tuple[str, ...], address: str, page: Page | None, waiting: bool, cells: int,
               look: Look) -> list[Line]:  # fmt: skip
    """Addresses, then the page's text."""
    if not addresses and not address:
        return flow(NO_PAGE, cells, look, "$text-muted")
    heads: list[Line] = [
        (part(one, "$accent underline" if one == address else "underline", ("visit", one)),) for one in addresses
    ] or [line((address, "$accent underline"))]
    again = [(part("Enter", "$accent bold", ("visit", address)), part("  look again", "$text-muted"))]
    if waiting:
        return stack(heads, [line((f"{look.sign('◐')} Asking {address}", "$text-muted"))])
    if page is None:
        return stack(heads, again)
    if not page.ok:
        sign = part(look.sign("✗") + " ", "$error bold")
        rows = flow(page.what, cells - 2, look)
        return stack(heads, [(sign, *rows[0]), *[(part("  "), *row) for row in rows[1:]]], again)
    body = [row for text in page.text.split("\n") for row in _wrapped(text, cells)]
    title = [line((page.title, "$strong bold"))] if page.title else []
    return stack(heads, title, body or [line(("The page is empty.", "$text-muted"))], again)


def _wrapped(text: str, cells: int) -> list[Line]:
    """Plain words, broken at spaces: nothing in them is Markdown."""
    from textwrap import wrap

    return [line((row, "$text")) for row in wrap(text, cells)] or [()]
