"""The words and sentences that questions about letters are made of.

Invariant: only letters of a to z in words; sentences have no full stop, comma or apostrophe. It does not: ask.
"""

import random

from codeact.data.families.wordlists import CITIES, FOODS, GOODS, PEOPLE, WORDS
from codeact.data.families.words import capital, words
from codeact.data.phrasing import Phrase

DOUBLES = words("balloon committee coffee puzzle success tattoo raccoon bassoon assessment millennium bookkeeper mississippi grammar")
LONG = words("banana strawberry encyclopedia refrigerator parallel electricity environment philosophy basketball caterpillar")
PALINDROMES = words("level radar civic kayak rotor refer madam noon stats tenet racecar deified rotator solos")

ANAGRAMS = (
    ("listen", "silent"),
    ("heart", "earth"),
    ("stone", "notes"),
    ("night", "thing"),
    ("study", "dusty"),
    ("cheap", "peach"),
    ("below", "elbow"),
    ("lemon", "melon"),
    ("danger", "garden"),
)
RHYMES = (
    ("night", "light", "flight", "bright"),
    ("train", "brain", "chain", "grain"),
    ("cake", "lake", "snake", "brake"),
    ("string", "spring", "king", "wing"),
    ("shell", "spell", "smell"),
)
"""Words with the same last three letters."""

ONE_BEGINNING = (
    ("interval", "internal", "interview"),
    ("transport", "transfer", "transit"),
    ("carbon", "cargo", "carpet"),
    ("portal", "portrait", "portable"),
    ("compare", "company"),
)
_SENTENCES = (
    "{name} [bought|lost|found|sold] [a|the|that] [red|small|broken|new] {thing} in {city}",
    "the [train|ferry|bus|night flight] to {city} leaves [before|after|around] [noon|sunset|midnight]",
    "[please|always|never] leave the {thing} [under|beside|behind] the [old door|garden gate|kitchen table]",
    "[my sister|our teacher|the baker|{name}] [eats|orders|brings] one {food} every [Monday|winter|weekend]",
    "we [meet|visit|call] {name} and {other} at the [station|harbour|museum] [tomorrow|on Friday]",
    "[all that glitters is not gold|a rolling stone gathers no moss|better late than never|time and tide wait for no man]",
)


def sentence(chance: random.Random) -> str:
    """Four to ten words, with a capital at the beginning or without."""
    name, other = chance.sample(PEOPLE, 2)
    city = chance.choice(CITIES)
    thing = chance.choice(GOODS)
    food = chance.choice(FOODS)
    text = Phrase(_SENTENCES, chance)(name=name, other=other, city=city, thing=thing, food=food)
    return capital(text) if chance.random() < 0.5 else text


def word(chance: random.Random) -> str:
    """A word in lower case."""
    return chance.choice(chance.choice((WORDS, WORDS, DOUBLES, LONG, GOODS, FOODS)))


def word_or_sentence(chance: random.Random) -> str:
    """More often a word."""
    return chance.choice((word, word, sentence))(chance)
