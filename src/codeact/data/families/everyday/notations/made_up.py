"""Numbers of many digits and mail addresses, made up; and words for places in a row.

Invariant: a number does not begin with 0. It does not: say what it is the number of.
"""

import random
import string
from dataclasses import dataclass

from codeact.data.families.wordlists import PEOPLE, WORDS
from codeact.data.families.words import words

SURNAMES = words("Weber Rossi Novak Lindgren Okafor Tanaka Silva Murphy Haddad Costa Jensen Moreau Kaya Popov Reyes Dunn")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail address: what is before the @, and what is after it."""

    name: str
    domain: str

    def __str__(self) -> str:
        return f"{self.name}@{self.domain}"


def digits(chance: random.Random, count: int) -> str:
    """A number of so many digits."""
    return str(chance.randrange(1, 10)) + "".join(chance.choice(string.digits) for _ in range(count - 1))


def mail(chance: random.Random) -> Mail:
    """An address of somebody, perhaps with a surname or a number."""
    person = chance.choice(PEOPLE).lower()
    ending = chance.choice(("", f".{chance.choice(SURNAMES).lower()}", str(chance.randrange(1, 100))))
    site = f"{chance.choice(WORDS)}.{chance.choice(('com', 'org', 'net', 'co.uk', 'de'))}"
    return Mail(person + ending, site)


def nth(place: int) -> str:
    """The word for one of the first four places, counted from 0."""
    return ("first", "second", "third", "fourth")[place]
