"""A small table in a CSV file, or in a JSON file with a list of objects.

Invariant: rows are held by the roles of their columns; what a column is called in the file and in the question is looked up when it is
written or asked. It does not: choose what is asked, but for conditions on rows.
"""

import json
import random
from calendar import month_name
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from codeact.data.families.everyday.small_files.reading import CSV, JSON_ROWS, PANDAS, SmallFile, file_name, question
from codeact.data.families.everyday.small_files.themes import THEMES, Theme
from codeact.data.family import Instance
from codeact.data.phrasing import Phrase

_ROLES = ("name", "group", "count", "price", "flag", "date")

Row = dict[str, Any]
"""The cells of a row by their role, in the order of the columns."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on rows.

    Args:
        said: in words, after "with".
        code: an expression of ``row``.
        mask: an expression of ``df``; empty if the file is not one for pandas.
        kept: the rows that fulfil it.
    """

    said: str
    code: str
    mask: str
    kept: list[Row]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table.

    Args:
        name: of the file.
        things: what the rows are.
        heads: the columns' names in the file, by role.
        said: their names in the question, by role.
        rows: in the order of the file.
    """

    name: str
    things: str
    heads: dict[str, str]
    said: dict[str, str]
    rows: list[Row]

    @property
    def is_csv(self) -> bool:
        """Whether it is in a CSV file."""
        return self.name.endswith(".csv")

    def asked(self, chance: random.Random, phrase: Phrase, right: Any, code: str, pandas: str = "", **values: str) -> Instance:
        """A question about the table.

        Args:
            chance, phrase: as in a family.
            right: the right answer.
            code: prints it, given ``rows``.
            pandas: prints it, given ``df``; taken instead for CSV files, if there is any.
            values: of the places in the wordings; the file, the things and the columns are known.
        """
        prompt = phrase(**{"file": self.name, "things": self.things, **self.said, **values})
        if self.is_csv:
            file = SmallFile(self.name, self._csv(), PANDAS if pandas else CSV)
        else:
            file = SmallFile(self.name, json.dumps(self._records(), indent=1), JSON_ROWS)
        return question(chance, prompt, file, right, pandas if file.reader is PANDAS else code, look=self.said != self.heads)

    def _records(self) -> list[dict[str, Any]]:
        return [{self.heads[role]: float(cell) if role == "price" else cell for role, cell in row.items()} for row in self.rows]

    def _csv(self) -> str:
        records = self._records()
        lines = [records[0].keys(), *([_csv_cell(cell) for cell in record.values()] for record in records)]
        return "".join(",".join(line) + "\n" for line in lines)

    def cell(self, role: str, row: str = "row") -> str:
        """The expression of a cell, in code.

        Args:
            role: of the column.
            row: the name of the variable that holds the row.
        """
        number = {"count": "int({})", "price": "float({})"}.get(role, "{}") if self.is_csv else "{}"
        return number.format(f'{row}["{self.heads[role]}"]')

    def condition(self, chance: random.Random) -> Condition:
        """A condition that at least one row fulfils."""
        one = chance.choice(self.rows)
        role = chance.choice(("group", "group", "count", "flag", "date"))
        if role == "count":
            return self._above(one["count"] - 1)
        if role == "date":
            return self._in_month(one["date"][:7])
        if role == "flag":
            return self._flagged(one["flag"])
        return self._in_group(one["group"])

    def _above(self, limit: int) -> Condition:
        said = self.said["count"]
        article = "an " if said[0] in "aeiouAEIOU" else "a "
        return Condition(
            f"{'' if said[-1] == 's' else article}{said} above {limit}",
            f"{self.cell('count')} > {limit}",
            f"{self._column('count')} > {limit}",
            [row for row in self.rows if row["count"] > limit],
        )

    def _in_month(self, month: str) -> Condition:
        """A condition on the date, with a month such as 2024-03."""
        year, number = month.split("-")
        test = f'.startswith("{month}")'
        return Condition(
            f"a {self.said['date']} in {month_name[int(number)]} {year}",
            self.cell("date") + test,
            f"{self._column('date')}.str{test}",
            [row for row in self.rows if row["date"].split("-")[:2] == [year, number]],
        )

    def _flagged(self, flag: bool) -> Condition:
        kept = [row for row in self.rows if row["flag"] == flag]
        said = f"{self.said['flag']} set to"
        cell = self.cell("flag")
        if not self.is_csv:
            return Condition(f"{said} {str(flag).lower()}", cell if flag else f"not {cell}", "", kept)
        text = _csv_cell(flag)
        return Condition(f"{said} {text}", f'{cell} == "{text}"', f'{self._column("flag")} == "{text}"', kept)

    def _in_group(self, group: str) -> Condition:
        return Condition(
            f"{self.said['group']} {group}",
            f'{self.cell("group")} == "{group}"',
            f'{self._column("group")} == "{group}"',
            [row for row in self.rows if row["group"] == group],
        )

    def _column(self, role: str) -> str:
        return f'df["{self.heads[role]}"]'


def _csv_cell(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return str(cell)


def sheet(chance: random.Random) -> Sheet:
    """A table of some theme."""
    theme = chance.choice(THEMES)
    name = file_name(chance, theme.stems, ".csv", ".csv", ".json")
    spoken = {
        "name": theme.name,
        "group": theme.group,
        "count": theme.count,
        "price": theme.price,
        "flag": theme.flag,
        "date": "date",
    }
    in_case = str.title if name.endswith(".csv") and chance.random() < 0.4 else str.lower
    heads = {role: in_case(word).replace(" ", "_") for role, word in spoken.items()}
    rows = _rows(chance, theme)
    return Sheet(name, theme.things, heads, heads if chance.random() < 0.6 else spoken, rows)


def _rows(chance: random.Random, theme: Theme) -> list[Row]:
    first = date(chance.randrange(2019, 2026), chance.randrange(1, 9), 1)
    step = chance.choice((5, 10, 50))  # of prices, in hundredths
    order = chance.sample(_ROLES, len(_ROLES)) if chance.random() < 0.4 else _ROLES
    names = chance.sample(theme.names, 20)
    days = chance.sample(range(100), chance.randrange(6, 20))
    lowest, highest = theme.counts
    least, below = theme.prices
    rows: list[Row] = []
    for name, day in zip(names, days, strict=False):
        price = Fraction(chance.randrange(least * 100, below * 100, step), 100)
        row = {
            "name": name,
            "group": chance.choice(theme.groups),
            "count": chance.randrange(lowest, highest + 1),
            "price": price,
            "flag": chance.random() < 0.5,
            "date": str(first + timedelta(days=day)),
        }
        rows.append({role: row[role] for role in order})
    return rows
