"""Questions about a JSON file with a list for each key.

Invariant: no item is twice in one list. It does not: nest lists deeper.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass

from codeact.data.families.everyday.small_files.options import Question, choose, only_one
from codeact.data.families.everyday.small_files.reading import JSON, SmallFile, file_name, question
from codeact.data.families.wordlists import FOODS, GOODS, PEOPLE
from codeact.data.families.words import words
from codeact.data.family import Instance
from codeact.data.phrasing import Phrase


@dataclass(frozen=True, slots=True)
class _Subject:
    """What lists are about.

    Args:
        stems: of the file's name.
        key: what a key is called.
        keys: to choose from.
        items: what the items are called.
        pool: items to choose from.
    """

    stems: Sequence[str]
    key: str
    keys: Sequence[str]
    items: str
    pool: Sequence[str]


_SUBJECTS = (
    _Subject(("shifts", "rota"), "day", words("Monday Tuesday Wednesday Thursday Friday Saturday"), "helpers", PEOPLE),
    _Subject(("recipes", "menu"), "dish", words("soup stew salad curry pie risotto"), "ingredients", FOODS),
    _Subject(("boxes", "attic"), "box", words("A B C D E F"), "things", GOODS),
    _Subject(("teams", "clubs"), "team", words("Falcons Otters Comets Badgers Wolves"), "players", PEOPLE),
)


def lists(chance: random.Random, phrase: Phrase) -> Instance:
    """How many items there are, where one is, and which key has most."""
    subject = chance.choice(_SUBJECTS)
    pool = chance.sample(subject.pool, 9)
    keys = chance.sample(subject.keys, chance.randrange(3, 6))
    data = {key: chance.sample(pool, chance.randrange(1, 7)) for key in keys}
    key = chance.choice(keys)
    item = chance.choice([item for items in data.values() for item in items])
    asked = choose(chance, _questions(subject, data, key, item))
    file = SmallFile(file_name(chance, subject.stems, ".json"), json.dumps(data, indent=1), JSON)
    prompt = phrase(file=file.name, **asked.places())
    return question(chance, prompt, file, asked.right, asked.code, look=chance.random() < 0.6)


def _questions(subject: _Subject, data: dict[str, list[str]], key: str, item: str) -> tuple[Question, ...]:
    """Questions about all lists, about that of a key, and about those with an item."""
    flat = [one for items in data.values() for one in items]
    items = subject.items
    return (
        Question(
            f"the number of {items} of the {subject.key} {key}",
            f'print(len(data["{key}"]))',
            len(data[key]),
            ask=f"how many {items} does the {subject.key} {key} have",
        ),
        Question(
            f"the number of different {items}",
            "print(len(set(item for items in data.values() for item in items)))",
            len(dict.fromkeys(flat)),
            ask=f"how many different {items} are there",
        ),
        Question(
            f"the number of {items} with repeats counted",
            "print(sum(len(v) for v in data.values()))",
            len(flat),
            ask=f"how many {items}, counting repeats, are there",
        ),
        Question(
            f"the list of keys with {item}",
            f'print([key for key, items in data.items() if "{item}" in items])',
            [one for one, held in data.items() if held.count(item)],
            ask=f"under which keys (as a list) is {item}",
        ),
        Question(
            f"the {subject.key} with the most {items}",
            "print(max(data, key=lambda key: len(data[key])))",
            only_one(list(data), lambda one: len(data[one])),
            ask=f"which {subject.key} has the most {items}",
        ),
    )
