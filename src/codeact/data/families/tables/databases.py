"""Questions about an SQLite database in a file.

Invariant: the answer is computed from the rows, without SQL. The expert reads the schema before it asks. It does not: change the database.
"""

import random
from typing import Any

from codeact.bench.policies import CodePolicy
from codeact.data.families.tables import wordings as say
from codeact.data.families.tables.frames import CENT
from codeact.data.families.tables.themes import Row, Table, database, table
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_WORDS = {"total": "SUM", "average": "AVG", "highest": "MAX", "lowest": "MIN"}
_FILES = ("data", "records", "archive", "office", "register", "main")
_SCHEMA = 'print(db.execute("SELECT sql FROM sqlite_master").fetchall())'


def opening(file: str) -> str:
    """Code that opens the file and shows its tables."""
    return f'import sqlite3\ndb = sqlite3.connect("{file}")\n{_SCHEMA}'


def instance(chance: random.Random, phrase: Phrase, tables: dict[str, Any], *, what: str, query: str, answer: Any, check: str) -> Instance:
    """A task whose query gives one value, or a column of them for the check ``list``."""
    file = f"{chance.choice(_FILES)}.{chance.choice(('db', 'sqlite', 'db'))}"
    whole = check == "exact" or isinstance(answer, int)
    shown = "[row[0] for row in rows]" if check == "list" else "rows[0][0]" if whole else "round(rows[0][0], 2)"
    work = f"rows = db.execute({query}).fetchall()\nprint({shown})"

    def code() -> CodePolicy:
        yield opening(file)
        said = yield work
        return said.strip()

    wrong = next(iter(tables))
    return Instance(
        prompt=phrase(file=file, what=what, form=say.form(chance, check, answer)).strip(),
        answer=answer,
        check=check,
        tolerance=None if check == "exact" else CENT,
        code=code,
        files={file: database(tables)},
        slips=(
            Slip("wrong table", f'import sqlite3\ndb = sqlite3.connect("{file}")\nprint(db.execute("SELECT * FROM data").fetchall())'),
            Slip(
                "wrong column", f'import sqlite3\ndb = sqlite3.connect("{file}")\nprint(db.execute("SELECT value FROM {wrong}").fetchall())'
            ),
        ),
    )


def _filter(chance: random.Random, phrase: Phrase) -> Instance:
    made = table(chance)
    place = chance.randrange(len(made.measures))
    column, measure = made.measures[place], made.theme.measures[place].phrase
    group, word = chance.choice(made.groups()), chance.choice([*_WORDS, "number"])
    values = [row[column] for row in made.rows if row[made.group] == group]
    whose = f"{made.theme.rows} whose {made.theme.group} is {group}"
    if word == "number":
        what, picked, answer = f"the number of {whose}", "COUNT(*)", len(values)
    else:
        results = {"total": sum(values), "average": sum(values) / len(values), "highest": max(values), "lowest": min(values)}
        what, picked, answer = f"the {word} {measure} of the {whose}", f"{_WORDS[word]}({column})", float(results[word])
    query = f"\"SELECT {picked} FROM {made.stem} WHERE {made.group} = '{group}'\""
    return instance(chance, phrase, {made.stem: made.rows}, what=what, query=query, answer=answer, check="number")


def _best(chance: random.Random, phrase: Phrase) -> Instance:
    made = table(chance)
    place = chance.randrange(len(made.measures))
    column, measure = made.measures[place], made.theme.measures[place].phrase
    count, high = chance.randint(2, 4), chance.random() < 0.6
    end = "highest" if high else "lowest"
    ranked = sorted(made.rows, key=lambda row: row[column], reverse=high)[:count]
    what = f"the list of the {count} {made.theme.rows} with the {end} {measure}, the {end} first"
    query = f'"SELECT {made.name} FROM {made.stem} ORDER BY {column}{" DESC" if high else ""} LIMIT {count}"'
    answer = [row[made.name] for row in ranked]
    return instance(chance, phrase, {made.stem: made.rows}, what=what, query=query, answer=answer, check="list")


def _group(chance: random.Random, phrase: Phrase) -> Instance:
    made = table(chance)
    column, measure = made.measures[0], made.theme.measures[0].phrase
    totals: dict[str, float] = {}
    for row in made.rows:
        totals[row[made.group]] = round(totals.get(row[made.group], 0) + row[column], 2)
    answer = max(totals, key=lambda one: totals[one])
    what = f"the {made.theme.group} whose {made.theme.rows} have the highest total {measure}"
    query = f'"SELECT {made.group} FROM {made.stem} GROUP BY {made.group} ORDER BY SUM({column}) DESC LIMIT 1"'
    return instance(chance, phrase, {made.stem: made.rows}, what=what, query=query, answer=answer, check="exact")


def _split(chance: random.Random, made: Table) -> tuple[str, list[Row], list[Row], str]:
    """The table's last measure in a table of its own, by a number that both have."""
    second = f"{made.stem}_{chance.choice(('details', 'values', 'facts'))}"
    key = chance.choice(("id", "ref", "number"))
    numbers = chance.sample(range(100, 999), len(made.rows))
    moved = made.measures[-1]
    left = [
        {key: number} | {name: value for name, value in row.items() if name != moved}
        for number, row in zip(numbers, made.rows, strict=True)
    ]
    right = [{key: number, moved: row[moved]} for number, row in zip(numbers, made.rows, strict=True)]
    chance.shuffle(right)
    return second, left, right, key


def _join(chance: random.Random, phrase: Phrase) -> Instance:
    made = table(chance)
    second, left, right, key = _split(chance, made)
    column, measure = made.measures[-1], made.theme.measures[-1].phrase
    group = chance.choice(made.groups())
    values = [row[column] for row in made.rows if row[made.group] == group]
    word = chance.choice(("total", "highest", "lowest"))
    answer = float({"total": sum, "highest": max, "lowest": min}[word](values))
    what = f"the {word} {measure} of the {made.theme.rows} whose {made.theme.group} is {group}"
    query = (
        f"\"SELECT {_WORDS[word]}(b.{column}) FROM {made.stem} a JOIN {second} b ON a.{key} = b.{key} WHERE a.{made.group} = '{group}'\""
    )
    return instance(chance, phrase, {made.stem: left, second: right}, what=what, query=query, answer=answer, check="number")


FAMILIES = (
    Family("tables/sql-filter", "tables", _filter, say.BASE, say.UNSEEN_BASE),
    Family("tables/sql-best", "tables", _best, say.BASE, say.UNSEEN_BASE),
    Family("tables/sql-group", "tables", _group, say.BASE, say.UNSEEN_BASE),
    Family("tables/sql-join", "tables", _join, say.BASE, say.UNSEEN_BASE),
)
