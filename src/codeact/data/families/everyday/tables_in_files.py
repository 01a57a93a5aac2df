"""Questions about CSV and JSON files in the workspace.

Invariant: right answers come from the rows that the file was written from, not from the file. It does not: say in the question what the
columns are called where a look at the file tells it.
"""

import csv
import io
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from codeact.bench.policies import CodePolicy
from codeact.data.families.wordlists import CITIES, COLOURS, FOODS, GOODS, PEOPLE, WORDS
from codeact.data.families.worked import TWO_DECIMALS, check_of
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase


@dataclass(frozen=True, slots=True)
class _Book:
    """Rows of one kind: two columns of words and two of numbers."""

    file: str
    what: str
    name: str
    group: str
    count: str
    price: str
    rows: tuple[dict[str, Any], ...]

    def csv(self) -> str:
        out = io.StringIO()
        writer = csv.DictWriter(out, [self.name, self.group, self.count, self.price], lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        return out.getvalue()

    def json(self) -> str:
        return json.dumps(
            [{key: float(value) if key == self.price else value for key, value in row.items()} for row in self.rows], indent=1
        )


_KINDS: tuple[tuple[str, str, str, str, str, str, Sequence[str], Sequence[str]], ...] = (
    ("orders", "orders", "customer", "city", "pieces", "unit_cost", PEOPLE, CITIES),
    ("stock", "articles", "article", "colour", "amount", "cost", GOODS, COLOURS),
    ("rides", "rides", "driver", "town", "minutes", "fare", PEOPLE, CITIES),
    ("harvest", "entries", "crop", "field", "crates", "kilos", FOODS, ("north field", "hill field", "river field", "old field")),
    ("library", "loans", "reader", "genre", "days", "fine", PEOPLE, ("novel", "poetry", "travel", "history", "comic")),
    ("donations", "gifts", "donor", "project", "visits", "sum", PEOPLE, ("school", "well", "clinic", "park")),
    ("parcels", "parcels", "receiver", "depot", "boxes", "weight", PEOPLE, CITIES),
)


def _book(chance: random.Random, ending: str) -> _Book:
    file, what, name, group, count, price, names, groups = chance.choice(_KINDS)
    chosen = chance.sample(list(groups), chance.choice((2, 3, 4)))
    rows = tuple(
        {name: one, group: chance.choice(chosen), count: chance.randrange(1, 60), price: f"{chance.randrange(100, 9000) / 100:.2f}"}
        for one in chance.sample(list(names), chance.randrange(6, 22))
    )
    if chance.random() < 0.3:
        file = f"{file}_{chance.choice(WORDS)}"
    return _Book(f"{file}.{ending}", what, name, group, count, price, rows)


_CSV = 'import csv\nwith open("{file}") as file:\n    rows = list(csv.DictReader(file))'
_JSON = 'import json\nwith open("{file}") as file:\n    rows = json.load(file)'


def _looking(chance: random.Random, book: _Book, code: str, shown: str) -> Callable[[], CodePolicy]:
    """The policy: read and look at the first row, then compute."""
    read = (_CSV if book.file.endswith("csv") else _JSON).format(file=book.file)
    look = chance.choice(("rows[0]", "rows[:2]", "len(rows), rows[0]"))

    def policy() -> CodePolicy:
        yield f"{read}\nprint({look})"
        said = yield f"{code}\nprint({shown})" if code else f"print({shown})"
        return said.strip().splitlines()[-1]

    return policy


def _slips(book: _Book) -> tuple[Slip, ...]:
    read = (_CSV if book.file.endswith("csv") else _JSON).format(file=book.file)
    wrong = (
        Slip("wrong column", f'{read}\nprint(sum(float(row["total_{book.count}"]) for row in rows))'),
        Slip("wrong file", f"{read.replace(book.file, 'data/' + book.file)}\nprint(rows[0])"),
    )
    if book.file.endswith("csv"):
        return (*wrong, Slip("forgotten conversion", f'{read}\nprint(sum(row["{book.count}"] for row in rows))'))
    return (*wrong, Slip("misread result", f'{read}\nprint(rows["{book.count}"])'))


def _column(chance: random.Random, phrase: Phrase, ending: str) -> Instance:
    book = _book(chance, ending)
    column = chance.choice((book.count, book.price))
    values = [Fraction(str(row[column])) for row in book.rows]
    number = "float" if column == book.price else "int"
    each = f'{number}(row["{column}"]) for row in rows' if ending == "csv" else f'row["{column}"] for row in rows'
    limit = sorted(values)[len(values) // 2]
    written = f"{float(limit):g}"
    kinds: tuple[tuple[str, Fraction, str, str], ...] = (
        (f"the total of {column}", sum(values, Fraction(0)), f"total = sum({each})", "round(total, 2)"),
        (
            f"the average {column}, rounded to two decimals,",
            sum(values, Fraction(0)) / len(values),
            f"values = [{each}]",
            "round(sum(values) / len(values), 2)",
        ),
        (f"the largest {column}", sorted(values)[-1], f"values = [{each}]", "max(values)"),
        (
            f"the number of {book.what} with {column} above {written}",
            Fraction(sum(v > limit for v in values)),
            f"values = [{each}]",
            f"sum(1 for v in values if v > {written})",
        ),
        (f"the number of {book.what}", Fraction(len(book.rows)), "", "len(rows)"),
    )
    what, right, code, shown = chance.choice(kinds)
    return Instance(
        phrase(what=what, file=book.file),
        float(round(right, 2)),
        _looking(chance, book, code, shown),
        check="number",
        tolerance=TWO_DECIMALS,
        files={book.file: book.csv() if ending == "csv" else book.json()},
        slips=_slips(book),
    )


def _csv_column(chance: random.Random, phrase: Phrase) -> Instance:
    return _column(chance, phrase, "csv")


def _json_column(chance: random.Random, phrase: Phrase) -> Instance:
    return _column(chance, phrase, "json")


def _grouped(chance: random.Random, phrase: Phrase) -> Instance:
    book = _book(chance, chance.choice(("csv", "csv", "json")))
    group = str(chance.choice(book.rows)[book.group])
    totals: dict[str, int] = {}
    for row in book.rows:
        totals[row[book.group]] = totals.get(row[book.group], 0) + row[book.count]
    best = max(totals.values())
    single = [name for name, total in totals.items() if total == best]
    amount = f'int(row["{book.count}"])' if book.file.endswith("csv") else f'row["{book.count}"]'
    value = sum((row[book.count] * Fraction(row[book.price]) for row in book.rows), Fraction(0))
    price = f'float(row["{book.price}"])' if book.file.endswith("csv") else f'row["{book.price}"]'
    total_code = f'totals = {{}}\nfor row in rows:\n    key = row["{book.group}"]\n    totals[key] = totals.get(key, 0) + {amount}'
    kinds: list[tuple[str, Any, str, str]] = [
        (
            f"the total {book.count} of the {book.group} {group}",
            totals[group],
            f'total = sum({amount} for row in rows if row["{book.group}"] == "{group}")',
            "total",
        ),
        (
            f"the sum of {book.count} times {book.price} over all {book.what}, to two decimals",
            float(round(value, 2)),
            f"total = sum({amount} * {price} for row in rows)",
            "round(total, 2)",
        ),
        (
            f"the number of different values of {book.group}",
            len(totals),
            f'groups = set(row["{book.group}"] for row in rows)',
            "len(groups)",
        ),
    ]
    if len(single) == 1:
        kinds.append((f"the {book.group} with the largest total of {book.count}", single[0], total_code, "max(totals, key=totals.get)"))
    what, right, code, shown = chance.choice(kinds)
    return Instance(
        phrase(what=what, file=book.file),
        right,
        _looking(chance, book, code, shown),
        check=check_of(right),
        tolerance=TWO_DECIMALS,
        files={book.file: book.csv() if book.file.endswith("csv") else book.json()},
        slips=_slips(book),
    )


def _row(chance: random.Random, phrase: Phrase) -> Instance:
    book = _book(chance, chance.choice(("csv", "json")))
    row = chance.choice(book.rows)
    column = chance.choice((book.group, book.count, book.price))
    number = "float" if book.price == column else "int"
    ordered = sorted(book.rows, key=lambda one: Fraction(one[book.price]))
    top, low = ordered[-1], ordered[0]
    key = f'float(row["{book.price}"])' if book.file.endswith("csv") else f'row["{book.price}"]'
    kinds: list[tuple[str, Any, str, str]] = [
        (
            f"the {column} of the {book.name} {row[book.name]}",
            row[column],
            f'found = [row for row in rows if row["{book.name}"] == "{row[book.name]}"]',
            f'found[0]["{column}"]',
        ),
    ]
    if top[book.price] != ordered[-2][book.price]:
        kinds.append(
            (
                f"the {book.name} with the highest {book.price}",
                top[book.name],
                f"top = max(rows, key=lambda row: {key})",
                f'top["{book.name}"]',
            )
        )
    if low[book.price] != ordered[1][book.price]:
        kinds.append(
            (
                f"the {book.name} with the lowest {book.price}",
                low[book.name],
                f"top = min(rows, key=lambda row: {key})",
                f'top["{book.name}"]',
            )
        )
    what, right, code, shown = chance.choice(kinds)
    numeric = right == row[column] and column != book.group and what.startswith(f"the {column}")
    return Instance(
        phrase(what=what, file=book.file),
        float(right) if numeric and number == "float" else right,
        _looking(chance, book, code, shown),
        check="number" if numeric else "exact",
        files={book.file: book.csv() if book.file.endswith("csv") else book.json()},
        slips=_slips(book),
    )


def _joined(chance: random.Random, phrase: Phrase) -> Instance:
    goods = chance.sample(GOODS, chance.randrange(3, 6))
    prices = {name: f"{chance.randrange(100, 4000) / 100:.2f}" for name in goods}
    bought = [(chance.choice(goods), chance.randrange(1, 9)) for _ in range(chance.randrange(4, 9))]
    first, second = f"{chance.choice(('basket', 'wanted', 'shopping'))}.csv", f"{chance.choice(('prices', 'tariff', 'costs'))}.json"
    right = sum((count * Fraction(prices[name]) for name, count in bought), Fraction(0))

    def policy() -> CodePolicy:
        read = f'rows = list(csv.DictReader(open("{first}")))\nprices = json.load(open("{second}"))'
        yield f"import csv, json\n{read}\nprint(rows[0], prices)"
        said = yield 'total = sum(int(row["count"]) * prices[row["item"]] for row in rows)\nprint(round(total, 2))'
        return said.strip()

    wrong = f'import csv, json\nprices = json.load(open("{first}"))\nprint(prices)'
    return Instance(
        phrase(first=first, second=second),
        float(round(right, 2)),
        policy,
        check="number",
        tolerance=TWO_DECIMALS,
        files={
            first: "item,count\n" + "".join(f"{name},{count}\n" for name, count in bought),
            second: json.dumps({name: float(price) for name, price in prices.items()}),
        },
        slips=(Slip("wrong reader", wrong),),
    )


_ABOUT = (
    "[Give me|Tell me|Please find|Work out] {what} in {file}.",
    "[Read|Open|Look into|Load] {file} and [tell|give] me {what}.",
    "[From|Using|With] the file {file}, [find|work out|report] {what}.",
    "The file {file} is in [your folder|the working folder]. [I need|Find] {what}.",
    "[I need|I want|I would like] {what} from {file}.",
    "According to {file}, [say|tell me] {what}.",
)
_UNSEEN = (
    "{file} holds the data; [determine|state] {what}.",
    "[Go through|Check] {file} for {what}.",
    "Have a look at {file}: [I am after|let me have] {what}.",
)

FAMILIES = (
    Family("everyday/csv-column", "everyday", _csv_column, _ABOUT, _UNSEEN, weight=1.5),
    Family("everyday/json-column", "everyday", _json_column, _ABOUT, _UNSEEN),
    Family("everyday/grouped-rows", "everyday", _grouped, _ABOUT, _UNSEEN, weight=1.5),
    Family("everyday/row-of-file", "everyday", _row, _ABOUT, _UNSEEN),
    Family(
        "everyday/two-files",
        "everyday",
        _joined,
        phrasings=(
            "{first} says what is bought and {second} what each costs. [What is the total|What does it all cost], to two decimals?",
            "[Work out|Calculate|Find] the cost of everything in {first} with the prices of {second}, to two decimals.",
            "The items are in {first}, [the unit prices|their prices] in {second}. [Tell me|Give me] the total to two decimals.",
            "[Read|Open|Load] {first} and {second} and [add up|sum up] what the items cost (two decimals).",
            "[How much|What sum] must be paid for {first}, at the prices in {second}, [with|to] two decimals?",
            "Price the items of {first} [by|with] {second} and [say|report] the total, two decimals.",
        ),
        unseen_phrasings=(
            "Two files: {first} (what and how many) and {second} (price of one). [Grand total|Sum to pay] with two decimals?",
            "Take every line of {first}, look its price up in {second}, [and state|then state] the whole amount to two decimals.",
            "The bill for {first} follows from {second}. How high is it, two decimals?",
        ),
        held_out=True,
    ),
)
