"""Subjects of made-up tables, and the tables.

Invariant: a table follows from chance alone; names of its rows differ, and so do the values of each measure, so that no ranking is a tie.
It does not: ask anything.
"""

import csv
import datetime
import io
import random
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from codeact.data.families.information import names
from codeact.data.families.words import words

Row = dict[str, Any]

_STUFFS = words("steel oak brass nylon copper cotton glass rubber tin bamboo")
_TOOLS = words("hinge lamp rope bucket hammer brush bolt handle stool ladder")
_SIDES = words("Upper Lower Long Stony River Mill Church Fox Priory Windy")
_LANDS = words("Acre Meadow Strip Hill End Corner Bottom Croft")


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of numbers.

    Args:
        columns: that it may be called.
        phrase: in questions.
        low, high: its range.
        decimals: 0 for whole numbers.
    """

    columns: tuple[str, ...]
    phrase: str
    low: int
    high: int
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Theme:
    """A subject.

    Args:
        stems: of file and table names.
        rows: what the rows are, in the plural.
        names: columns that the row's name may stand in.
        title: makes such a name.
        groups: columns for the group.
        group: in questions.
        values: the groups.
        measures: two or three.
        dates: columns for the date, and what it is in questions.
    """

    stems: tuple[str, ...]
    rows: str
    names: tuple[str, ...]
    title: Callable[[random.Random], str]
    groups: tuple[str, ...]
    group: str
    values: tuple[str, ...]
    measures: tuple[Measure, ...]
    dates: tuple[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Table:
    """A made-up table.

    Args:
        theme: its subject.
        stem: of the file, or name of the table in a database.
        name, group, date: columns.
        measures: columns, in the order of the theme.
        rows: by column.
    """

    theme: Theme
    stem: str
    name: str
    group: str
    date: str
    measures: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def columns(self) -> list[str]:
        """In their order."""
        return list(self.rows[0])

    def groups(self) -> list[str]:
        """The groups that occur."""
        return sorted({row[self.group] for row in self.rows})


THEMES = (
    Theme(
        ("stock", "products", "inventory", "goods"),
        "products",
        ("product", "item", "article"),
        lambda chance: f"{chance.choice(_STUFFS)} {chance.choice(_TOOLS)}",
        ("category", "section", "kind"),
        "category",
        ("garden", "tools", "kitchen", "office"),
        (Measure(("price", "unit_price", "price_eur"), "price", 2, 300, 2), Measure(("stock", "in_stock", "units"), "stock", 0, 900)),
        (("delivered", "delivery_date"), "delivered"),
    ),
    Theme(
        ("staff", "employees", "people", "team"),
        "employees",
        ("name", "employee", "full_name"),
        names.person,
        ("department", "dept", "unit"),
        "department",
        ("sales", "legal", "design", "support"),
        (Measure(("salary", "pay", "monthly_pay"), "salary", 1800, 9900), Measure(("age", "years_old"), "age", 18, 66)),
        (("hired", "hire_date", "start_date"), "hired"),
    ),
    Theme(
        ("pupils", "students", "marks"),
        "students",
        ("student", "name"),
        names.person,
        ("class", "form", "course"),
        "class",
        ("3A", "3B", "4A", "4B"),
        (Measure(("score", "points", "mark"), "score", 10, 100), Measure(("days_absent", "absences"), "number of absences", 0, 60)),
        (("born", "birth_date"), "born"),
    ),
    Theme(
        ("flats", "rentals", "homes"),
        "flats",
        ("address", "street"),
        lambda chance: f"{names.last(chance)} Street {chance.randint(1, 90)}",
        ("district", "quarter", "area"),
        "district",
        ("north", "centre", "harbour", "west"),
        (Measure(("rent", "monthly_rent", "rent_eur"), "rent", 400, 2900), Measure(("size_m2", "sqm", "floor_area"), "size", 20, 190, 1)),
        (("free_from", "available"), "available"),
    ),
    Theme(
        ("runs", "trips", "rides"),
        "rides",
        ("ride", "route", "tour"),
        lambda chance: f"{names.town(chance)} loop",
        ("rider", "cyclist", "driver"),
        "rider",
        ("Anna", "Ben", "Chris", "Dana"),
        (Measure(("distance_km", "km", "distance"), "distance", 3, 180, 1), Measure(("minutes", "duration_min"), "duration", 12, 600)),
        (("day", "date"), "ridden"),
    ),
    Theme(
        ("harvest", "crops", "fields"),
        "fields",
        ("field", "plot"),
        lambda chance: f"{chance.choice(_SIDES)} {chance.choice(_LANDS)}",
        ("crop", "plant", "grown"),
        "crop",
        ("barley", "rye", "beans", "maize"),
        (Measure(("yield_t", "tonnes", "yield"), "yield", 2, 90, 1), Measure(("hectares", "area_ha"), "area", 1, 70, 1)),
        (("sown", "sowing_date"), "sown"),
    ),
    Theme(
        ("loans", "library", "books"),
        "books",
        ("title", "book"),
        names.work,
        ("genre", "shelf", "subject"),
        "genre",
        ("crime", "poetry", "history", "travel"),
        (Measure(("pages", "page_count"), "number of pages", 60, 1100), Measure(("loans", "times_lent"), "number of loans", 0, 400)),
        (("bought", "acquired"), "bought"),
    ),
)


def table(chance: random.Random, theme: Theme | None = None, count: int | None = None) -> Table:
    """Make a table.

    Args:
        chance: decides.
        theme: of `THEMES` if None.
        count: of rows; between 8 and 24 if None.
    """
    theme = theme or chance.choice(THEMES)
    count = count or chance.randint(8, 24)
    name, group, date = chance.choice(theme.names), chance.choice(theme.groups), chance.choice(theme.dates[0])
    measures = tuple(chance.choice(one.columns) for one in theme.measures)
    titles = _different(lambda: theme.title(chance), count)
    values = [_different(lambda one=one: _number(chance, one), count) for one in theme.measures]
    kinds = [*theme.values[:3], *(chance.choice(theme.values) for _ in range(count))][:count]
    chance.shuffle(kinds)
    first = datetime.date(chance.randint(2015, 2023), 1, 1)
    days = [first + datetime.timedelta(one) for one in chance.sample(range(730), count)]
    order = [name, group, *measures, date]
    if chance.random() < 0.4:
        chance.shuffle(order)
    rows = []
    for number in range(count):
        row = {name: titles[number], group: kinds[number], date: days[number].isoformat()}
        row |= {column: values[place][number] for place, column in enumerate(measures)}
        rows.append({column: row[column] for column in order})
    return Table(theme, chance.choice(theme.stems), name, group, date, measures, tuple(rows))


def _different(make: Callable[[], Any], count: int) -> list[Any]:
    found: dict[Any, None] = {}
    while len(found) < count:
        found[make()] = None
    return list(found)


def _number(chance: random.Random, measure: Measure) -> int | float:
    value = chance.uniform(measure.low, measure.high)
    return round(value, measure.decimals) if measure.decimals else int(value)


def csv_text(rows: Sequence[Row], separator: str = ",") -> str:
    """Rows as a CSV file; None is empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def database(tables: dict[str, Sequence[Row]]) -> bytes:
    """Tables as an SQLite database file."""
    connection = sqlite3.connect(":memory:")
    for name, rows in tables.items():
        kinds = {int: "INTEGER", float: "REAL"}
        columns = ", ".join(f'"{column}" {kinds.get(type(value), "TEXT")}' for column, value in rows[0].items())
        connection.execute(f'CREATE TABLE "{name}" ({columns})')
        connection.executemany(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(rows[0]))})', [tuple(row.values()) for row in rows])
    connection.commit()
    content = connection.serialize()
    connection.close()
    return content
