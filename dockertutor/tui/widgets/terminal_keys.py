"""What a key or the mouse sends to the program in a terminal: xterm's codes.

Keys come in Textual's names (``ctrl+a``, ``shift+f5``, ``full_stop``). They are encoded by name and not by character,
which is None for control keys under the kitty keyboard protocol.

What a classic terminal cannot tell apart reaches us as one key: Ctrl-H and Backspace, Ctrl-I and Tab, Ctrl-M and
Enter. Alt works with letters, digits and most signs (see `alt_keys`); with a function key it depends on the terminal
that the tutor runs in, as its codes are partly lost before they arrive here.
"""

from __future__ import annotations

from textual.binding import Binding
from textual.keys import REPLACED_KEYS, key_to_character

from dockertutor.shell.screen import Modes

_ARROWS = {"up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F"}
_TILDE = {
    "insert": 2, "delete": 3, "pageup": 5, "pagedown": 6,
    "f5": 15, "f6": 17, "f7": 18, "f8": 19, "f9": 20, "f10": 21, "f11": 23, "f12": 24,
    "f13": 25, "f14": 26, "f15": 28, "f16": 29, "f17": 31, "f18": 32, "f19": 33, "f20": 34,
}  # fmt: skip
_SS3 = {"f1": "P", "f2": "Q", "f3": "R", "f4": "S"}
_PLAIN = {"enter": "\r", "escape": "\x1b", "tab": "\t", "space": " ", "backspace": "\x7f", "newline": "\n"}
_CONTROL = {
    "@": "\x00", " ": "\x00", "2": "\x00", "[": "\x1b", "3": "\x1b", "\\": "\x1c", "4": "\x1c", "]": "\x1d",
    "5": "\x1d", "^": "\x1e", "6": "\x1e", "_": "\x1f", "7": "\x1f", "-": "\x1f", "/": "\x1f", "?": "\x7f", "8": "\x7f",
}  # fmt: skip
LOOK_BACK = {
    "shift+pageup": Binding("shift+pageup", "look_back(-1)", "a page back"),
    "shift+pagedown": Binding("shift+pagedown", "look_back(1)", "a page on"),
}
"""Keys that the pane takes for itself while no program has the alternate screen, as bindings for the help."""
BUTTONS = {"left": 0, "middle": 1, "right": 2, "none": 3, "up": 64, "down": 65}


def encode_key(key: str, character: str | None, modes: Modes) -> bytes | None:
    """The bytes for a key in Textual's name; None for a key that no terminal knows (Super, media keys)."""
    base, names = key, set()
    while (name := base.partition("+"))[0] in ("ctrl", "alt", "shift", "super", "hyper", "meta") and name[1]:
        names.add(name[0])
        base = name[2]
    if names & {"super", "hyper", "meta"}:
        return None
    shift, alt, ctrl = "shift" in names, "alt" in names, "ctrl" in names
    modifiers = 1 + shift + 2 * alt + 4 * ctrl
    if base in _ARROWS:
        if modifiers > 1:
            return f"\x1b[1;{modifiers}{_ARROWS[base]}".encode()
        return f"\x1b{'O' if modes.app_cursor else '['}{_ARROWS[base]}".encode()
    if base in _TILDE:
        return f"\x1b[{_TILDE[base]};{modifiers}~".encode() if modifiers > 1 else f"\x1b[{_TILDE[base]}~".encode()
    if base in _SS3:
        return f"\x1b[1;{modifiers}{_SS3[base]}".encode() if modifiers > 1 else f"\x1bO{_SS3[base]}".encode()
    if base == "tab" and shift:
        return b"\x1b[Z"
    text = _PLAIN.get(base)
    if text is None or (ctrl and base == "space"):
        text = _character(base, character, shift=shift, ctrl=ctrl)
    elif base == "backspace" and ctrl:
        text = "\x08"
    if text is None:
        return None
    return (("\x1b" if alt else "") + text).encode("utf-8", "ignore")


def _character(base: str, character: str | None, *, shift: bool, ctrl: bool) -> str | None:
    if not ctrl and character and character.isprintable():
        return character
    if len(base) == 1 or base == "@":
        plain: str | None = base
    elif base == "space":
        plain = " "
    else:
        plain = key_to_character(REPLACED_KEYS.get(base, base))
    if plain is None or len(plain) != 1:
        return None
    if not ctrl:
        return plain.upper() if shift else plain
    if plain.isascii() and plain.isalpha():
        return chr(ord(plain.upper()) & 0x1F)
    return _CONTROL.get(plain)


def encode_mouse(
    button: str, x: int, y: int, modes: Modes, *, pressed: bool, moving: bool = False, held: int = 0
) -> bytes | None:
    """A mouse report for a program that asked for it, or None when it did not ask for this kind. ``x``, ``y``: cells
    from 0. ``button``: a name of `BUTTONS`. ``held``: 4 for Shift, 8 for Alt, 16 for Ctrl, added together."""
    if not modes.mouse or (moving and (modes.mouse < 1002 or (modes.mouse == 1002 and button == "none"))):
        return None
    if modes.mouse == 9 and (not pressed or moving):
        return None
    code = BUTTONS[button] + held + (32 if moving else 0)
    if modes.mouse_sgr:
        return f"\x1b[<{code};{x + 1};{y + 1}{'M' if pressed or moving else 'm'}".encode()
    if not pressed and not moving:
        code = 3 + held
    if x > 222 or y > 222:
        return None
    return b"\x1b[M" + bytes((32 + code, 33 + x, 33 + y))
