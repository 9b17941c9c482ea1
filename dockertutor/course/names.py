"""Names and tokens that are drawn: short, safe as host names and in shells, easy to type and to tell apart."""

from __future__ import annotations

import random

_ADJECTIVES = """
amber big blu bold brave brisk calm clear cool cosy deep dry early fair fast fine fond free fresh glad gold good grand
green grey happy jolly keen kind late light lucky merry mild mint neat new nice old olive open pale pink plain proud
pure quick quiet rare red ripe round sharp shy silver slow smart soft spry still sunny sure tall tidy tiny true vast
warm white wide wild wise young
"""
_ANIMALS = """
adder badger bat bear beaver bee bison boar bream camel carp cat cobra cod condor crab crane crow dace deer dingo dove
duck eagle egret eland elk emu ermine falcon ferret finch fox gecko gibbon goat goose grebe gull hare hawk heron hippo
horse hyena ibex ibis iguana impala jackal jay kiwi koala koi lark lemur lion lizard llama loon lynx magpie marten mole
moose moth mouse mule newt okapi orca oriole osprey otter owl ox panda parrot perch pigeon pike plover pony puffin puma
quail rabbit ram raven robin rook salmon seal shark sheep shrew skunk sloth snail snipe spider stoat stork swan swift
tapir tern tiger toad trout tuna turtle viper vole walrus wasp weasel whale wolf wombat wren yak zebra
"""
LONGEST_NAME = max(map(len, _ADJECTIVES.split())) + 1 + max(map(len, _ANIMALS.split()))
"""The number of characters of the longest name that can be drawn."""
_CONSONANTS = "bdglmnprstvz"
_VOWELS = "aeiou"
_AVOID = ("nig", "neg", "tit", "tat", "pis", "pus", "rap", "dag", "nud", "zan", "lez", "bit", "bob", "rut", "sat")
"""Parts that can make a token rude, or a word of its own."""


def draw_name(rng: random.Random) -> str:
    """A name such as ``blu-otter``."""
    return f"{rng.choice(_ADJECTIVES.split())}-{rng.choice(_ANIMALS.split())}"


def draw_token(rng: random.Random) -> str:
    """A word that exists in no language we know, such as ``modupar``: one of some two million."""
    while True:
        syllables = "".join(rng.choice(_CONSONANTS) + rng.choice(_VOWELS) for _ in range(3))
        word = syllables + rng.choice(_CONSONANTS)
        if not any(part in word for part in _AVOID):
            return word
