"""Common English: 5,000 headwords of a published frequency list (common-words.txt), and their inflections."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources

_IRREGULAR = """
ate eat, began begin, begun begin, bent bend, bit bite, bitten bite, bled bleed, blew blow, blown blow, bred breed,
broke break, broken break, built build, burnt burn, bought buy, caught catch, chose choose, chosen choose, came come,
dealt deal, drew draw, drawn draw, drove drive, driven drive, dug dig, fed feed, felt feel, fled flee, flew fly,
flown fly, forbade forbid, forbidden forbid, forgot forget, forgotten forget, froze freeze, frozen freeze, grew grow,
grown grow, hid hide, hidden hide, hung hang, kept keep, knew know, known know, laid lay, lain lie, led lead,
leapt leap, learnt learn, left leave, lent lend, lit light, lost lose, made make, meant mean, met meet, paid pay,
rang ring, rung ring, rode ride, ridden ride, rose rise, risen rise, ran run, said say, sang sing, sank sink, sat sit,
saw see, seen see, sent send, sewn sew, shaken shake, shook shake, shone shine, shown show, shrank shrink, shut shut,
slept sleep, slid slide, sought seek, sold sell, spelt spell, spent spend, spoke speak, spoken speak, sprang spring,
stood stand, stole steal, stolen steal, stuck stick, struck strike, swam swim, swore swear, swept sweep, swung swing,
taken take, taught teach, tore tear, torn tear, threw throw, thrown throw, told tell, understood understand,
woke wake, woken wake, wore wear, worn wear, won win, wound wind, wove weave, woven weave, wrote write,
written write, children child, feet foot, geese goose, knives knife, leaves leaf, lives life, men man, mice mouse,
people person, shelves shelf, teeth tooth, wives wife, women woman, halves half, selves self, better good, best good,
worse bad, worst bad, further far, anew new
"""


@cache
def common_words() -> frozenset[str]:
    """The words of the list."""
    text = resources.files(__package__).joinpath("common-words.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def _irregular() -> dict[str, str]:
    words = _IRREGULAR.replace(",", " ").split()
    return dict(zip(words[::2], words[1::2], strict=True))


def bases(word: str) -> Iterator[str]:
    """The words that ``word`` may be an inflection of, itself first."""
    yield word
    if word in _irregular():
        yield _irregular()[word]
    if "our" in word:
        yield from bases(word.replace("our", "or"))
    for ending in ("'s", "n't", "'re", "'ll", "'ve", "'d", "'m", "'"):
        if word.endswith(ending):
            yield word[: -len(ending)]
    if word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]
        if word.endswith("es"):
            yield word[:-2]
        if word.endswith("ies"):
            yield word[:-3] + "y"
    for ending in ("ed", "ing", "er", "est", "ers"):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            stem = word[: -len(ending)]
            yield stem
            yield stem + "e"
            if stem.endswith("i"):
                yield stem[:-1] + "y"
            if len(stem) > 2 and stem[-1] == stem[-2]:
                yield stem[:-1]
            if ending == "ing" and stem.endswith("y"):
                yield stem[:-1] + "ie"


def is_common(word: str) -> bool:
    """Whether a word, or one that it is an inflection of, is common English. Upper case does not matter."""
    lower = word.lower().replace("’", "'")
    return len(lower) == 1 or any(base in common_words() for base in bases(lower))
