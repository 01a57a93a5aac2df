"""Questions about a record of one line: CSV, pairs of names and numbers, JSON.

Invariant: right answers come from the parts that the line was put together from. It does not: ask for records of a file.
"""

import random

from codeact.data.families.everyday.notations.kinds import Kind, Values, family
from codeact.data.families.everyday.notations.made_up import nth
from codeact.data.families.wordlists import CITIES, GOODS, PEOPLE, WORDS


def _records(chance: random.Random) -> Values:
    person, name = chance.sample(PEOPLE, 2)
    town = chance.choice(CITIES)
    tags = chance.sample(WORDS, chance.randrange(2, 4))
    place = f"{town}, {chance.choice(('north', 'old town', 'harbour'))}"
    fields = [person, place, str(chance.randrange(2, 90)), chance.choice(GOODS)]
    keys = chance.sample(("width", "height", "depth", "weight", "price", "age"), 3)
    sizes = chance.sample(range(2, 900), 3)
    at = chance.randrange(4)
    which = chance.randrange(3)
    quoted_tags = ", ".join(f'"{tag}"' for tag in tags)
    return {
        "line": f'{person},"{place}",{fields[2]},{fields[3]}',
        "at": at,
        "nth": nth(at),
        "field": fields[at],
        "pairs": "; ".join(f"{key}={size}" for key, size in zip(keys, sizes, strict=True)),
        "keys": keys,
        "total": sum(sizes),
        "largest": keys[sizes.index(max(sizes))],
        "key": keys[which],
        "value": sizes[which],
        "json": f'{{"name": "{name}", "{keys[which]}": {sizes[which]}, "tags": [{quoted_tags}]}}',
        "name": name,
        "tags": tags,
        "last": tags[-1],
    }


_PAIRS = 'text = "{pairs}"\npairs = dict(part.split("=") for part in text.split("; "))'
_JSON = "import json\ntext = '{json}'\ndata = json.loads(text)"

_RECORDS = (
    Kind(
        asked="the {nth} field",
        of="the CSV line {line}",
        answer="field",
        before="import csv\nline = '{line}'\nrow = next(csv.reader([line]))",
        shown="row[{at}]",
        wrong="line.fields[{at}]",
    ),
    Kind(asked="the value of {key}", of="'{pairs}'", answer="value", before=_PAIRS, shown='pairs["{key}"]', wrong='text["{key}"]'),
    Kind(
        asked="the [sum|total] of [all|the] values",
        of="'{pairs}'",
        answer="total",
        before=_PAIRS,
        shown="sum(int(value) for value in pairs.values())",
        wrong='sum(text.split("="))',
    ),
    Kind(
        asked="the list of [keys|names before the = signs]",
        of="'{pairs}'",
        answer="keys",
        before=_PAIRS,
        shown="list(pairs)",
        wrong="text.keys()",
    ),
    Kind(
        asked="the [key|name] with the largest number",
        of="'{pairs}'",
        answer="largest",
        before=_PAIRS,
        shown="max(pairs, key=lambda key: int(pairs[key]))",
        wrong="max(text.values())",
    ),
    Kind(asked="the value of {key}", of="the JSON text {json}", answer="value", before=_JSON, shown='data["{key}"]', wrong='text["{key}"]'),
    Kind(asked="the [name|value of name]", of="the JSON text {json}", answer="name", before=_JSON, shown='data["name"]', wrong="text.name"),
    Kind(asked="the list of tags", of="the JSON text {json}", answer="tags", before=_JSON, shown='data["tags"]', wrong='text["tags"]'),
    Kind(
        asked="the last of the tags",
        of="the JSON text {json}",
        answer="last",
        before=_JSON,
        shown='data["tags"][-1]',
        wrong="text.tags[-1]",
    ),
)


FAMILIES = (family("record-field", _records, _RECORDS),)
