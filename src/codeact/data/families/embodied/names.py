"""What is found in made-up houses, and what tools of a house may be called.

Invariant: names follow from chance alone. It does not: place anything.
"""

import random
from dataclasses import dataclass

from codeact.data.families.words import words

OPEN_PLACES = words("shelf|table|counter|desk|bench|sofa|windowsill|armchair|dresser|stool|rack|side table", "|")
CLOSED_PLACES = words("drawer cabinet cupboard chest wardrobe box locker trunk bin basket")
FOODS = words("apple|potato|egg|tomato|bread roll|carrot|onion|pear|corn cob|sausage|dumpling|pie", "|")
DISHES = words("mug plate bowl fork spoon pan cup glass ladle knife jar saucer")
OBJECTS = words(
    "book|key ring|pencil|candle|newspaper|vase|watch|hat|phone|wallet|pillow|letter|scarf|coin|stamp|battery|ruler|notebook", "|"
)
LAMPS = ["desk lamp", "floor lamp", "reading light", "night light"]


@dataclass(frozen=True, slots=True)
class Verbs:
    """Names of the tools of one house."""

    go: str
    unclose: str
    take: str
    put: str
    hot: str
    cold: str
    clean: str
    light: str


def verbs(chance: random.Random) -> Verbs:
    """Choose the names."""
    return Verbs(
        go=chance.choice(("go_to", "walk_to", "move_to", "visit", "approach")),
        unclose=chance.choice(("open_up", "open_place", "unlatch", "open_it")),
        take=chance.choice(("take", "pick_up", "grab", "fetch_thing")),
        put=chance.choice(("put", "put_down", "set_down", "lay_down")),
        hot=chance.choice(("heat", "warm_up", "make_hot")),
        cold=chance.choice(("cool", "chill", "cool_down")),
        clean=chance.choice(("clean", "wash", "rinse")),
        light=chance.choice(("toggle", "switch", "press_switch")),
    )
