"""Text as a paste: what a terminal sends for it, without what would act instead of being text."""

from __future__ import annotations


def pasted(text: str, *, bracketed: bool) -> bytes:
    """The bytes for ``text``, newlines as Enter; in brackets where the program asked for them.

    Control characters are left out but for tabs and newlines, as terminals do: Escape would end the bracket early, and
    Ctrl-C interrupts the shell in the midst of it, so that the rest would be typed and run.
    """
    body = text.replace("\r\n", "\r").replace("\n", "\r")
    clean = "".join(char for char in body if char in "\t\r" or not (char < " " or "\x7f" <= char <= "\x9f"))
    return f"\x1b[200~{clean}\x1b[201~".encode() if bracketed else clean.encode()
