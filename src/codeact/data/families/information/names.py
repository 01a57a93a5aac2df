"""Names of made-up places, people and works.

Invariant: a name follows from chance alone. It does not: keep names apart; `World` does.
"""

import random

from codeact.data.families.words import words

_STARTS = words(
    "Bar Cal Dor El Fen Gar Hal Il Jor Kes Lan Mor Nor Ost Pel Quar Ros Sel Tar Ul Ver Wes Yar Zan Ash Brin Cor Dun Eld "
    "Fal Glen Har Ivo Kil Lor Mar Nim Or Pri Rav Sil Tol Um Val Win Xan Yel Zor Bel Cas Dra Ems Fro Gri"
)
_MIDDLES = ["", "", "", "a", "e", "o", "an", "en", "il", "or", "ar", "im"]
_TOWNS = words("ton ville mere field stad burg port ham wick dale ford by mouth haven grove bridge")
_LANDS = ["ia", "land", "ania", "ovia", "istan", "eria", "mark", "onia"]
_FIRST = words(
    "Ada Bruno Carla Dmitri Elena Farid Greta Hugo Ines Jonas Kira Leon Mina Nadia Oskar Paula Quentin Rosa Stefan Tara "
    "Ugo Vera Walter Yara Zeno Amir Bianca Cyrus Dora Emil Flora Goran Hana Igor Julia Karim Lydia Marek Nora Otto Petra"
    " Rafael Sonja Tomas Ursula Viktor Wanda Agnes Boris Celia Daria Edgar Fiona Gustav Helga Ivan Jana"
)
_LAST_STARTS = words("Ab Bel Cor Dal Er Fos Gil Hart Is Jan Kov Lind Mel Nov Ol Per Ros Sand Tor Var Wil Zel Brand Crov Dren Fal Gron Holm")
_LAST_ENDS = words("berg er ini sen ova ski ez wood man ard elli ton stein ic ay ström mann ett ova in")
_ADJECTIVES = words(
    "Silent Golden Broken Distant Crimson Hidden Frozen Burning Hollow Restless Paper Silver Wandering Forgotten Second "
    "Velvet Iron Quiet Amber Northern Last Drifting Borrowed Glass Empty Early Sleeping Winter"
)
_NOUNS = words(
    "Harbour Garden River Lantern Orchard Mirror Station Kingdom Bridge Letter Mountain Clock Sparrow Tide Window Road "
    "Island Shadow Forest Market Tower Storm Piano Compass Meadow Engine Library Wolf"
)
_TRADES = words("Motors Foods Press Glass Textiles Shipping Optics Paper Tools Pictures Energy Records")


def town(chance: random.Random) -> str:
    """Of a town or a village."""
    return chance.choice(_STARTS) + chance.choice(_MIDDLES) + chance.choice(_TOWNS)


def land(chance: random.Random) -> str:
    """Of a country."""
    return chance.choice(_STARTS) + chance.choice(_MIDDLES[:3] + _MIDDLES[6:]) + chance.choice(_LANDS)


def person(chance: random.Random) -> str:
    """First and last name."""
    return f"{chance.choice(_FIRST)} {chance.choice(_LAST_STARTS)}{chance.choice(_LAST_ENDS)}"


def first(chance: random.Random) -> str:
    """A first name."""
    return chance.choice(_FIRST)


def last(chance: random.Random) -> str:
    """A last name."""
    return chance.choice(_LAST_STARTS) + chance.choice(_LAST_ENDS)


def work(chance: random.Random) -> str:
    """The title of a book, a film or a song."""
    adjective, noun = chance.choice(_ADJECTIVES), chance.choice(_NOUNS)
    return chance.choice((f"The {adjective} {noun}", f"{adjective} {noun}", f"The {noun} of {town(chance)}", f"My {adjective} {noun}"))


def firm(chance: random.Random) -> str:
    """Of a company."""
    return f"{last(chance)} {chance.choice(_TRADES)}"
