"""Questions about one CSV file, answered with pandas.

Invariant: the answer is computed from the rows, without pandas. The expert looks at the columns before it uses them. It does not: write.
"""

import random
import statistics
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from codeact.bench.policies import CodePolicy
from codeact.bench.task import Tolerance
from codeact.data.families.tables import wordings as say
from codeact.data.families.tables.themes import Table, csv_text, table
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

CENT = Tolerance(rel=1e-9, abs=0.0051)
AGGREGATES: dict[str, tuple[str, Callable[[list[Any]], Any]]] = {
    "total": ("sum", sum),
    "average": ("mean", statistics.fmean),
    "highest": ("max", max),
    "lowest": ("min", min),
    "median": ("median", statistics.median),
}
"""The word in questions to the name in pandas, and what it means."""


def opening(chance: random.Random, file: str) -> str:
    """Code that reads the file and shows what it is like."""
    look = chance.choice(("print(df.head(3))", "print(df.head())", "print(df.columns.tolist())\nprint(df.head(2))"))
    return f'import pandas as pd\ndf = pd.read_csv("{file}")\n{look}'


def two_steps(chance: random.Random, file: str, work: str) -> Callable[[], CodePolicy]:
    """The expert: looks at the file, then computes and prints."""
    first = opening(chance, file)

    def code() -> CodePolicy:
        yield first
        said = yield work
        return said.strip().splitlines()[-1]

    return code


def wrong_column(file: str, guess: str, work: str) -> Slip:
    """Work that takes a column for granted."""
    return Slip("wrong column", f'import pandas as pd\ndf = pd.read_csv("{file}")\nprint(df["{guess}"].{work}())')


def instance(
    chance: random.Random, phrase: Phrase, made: Table, *, what: str, work: str, answer: Any, check: str = "number", guess: str = ""
) -> Instance:
    """A task about one file."""
    file = f"{made.stem}.csv"
    return Instance(
        prompt=phrase(file=file, what=what, form=say.form(chance, check, answer)).strip(),
        answer=answer,
        check=check,
        tolerance=CENT if check != "exact" else None,
        code=two_steps(chance, file, work),
        files={file: csv_text(made.rows)},
        slips=(
            wrong_column(file, guess or f"{made.theme.rows} value", "sum"),
            Slip("wrong file name", f'import pandas as pd\ndf = pd.read_csv("{made.stem}s.csv")\nprint(df.head())'),
        ),
    )


def _filter(chance: random.Random, phrase: Phrase) -> Instance:
    made = table(chance)
    place = chance.randrange(len(made.measures))
    column, measure = made.measures[place], made.theme.measures[place].phrase
    group = chance.choice(made.groups())
    word = chance.choice(list(AGGREGATES))
    pandas, compute = AGGREGATES[word]
    values = [row[column] for row in made.rows if row[made.group] == group]
    what = f"the {word} {measure} of the {made.theme.rows} whose {made.theme.group} is {group}"
    one = chance.random() < 0.5
    picked = f'df[df["{made.group}"] == "{group}"]'
    work = f'print(round({picked}["{column}"].{pandas}(), 2))' if one else f'part = {picked}\nprint(round(part["{column}"].{pandas}(), 2))'
    return instance(chance, phrase, made, what=what, work=work, answer=float(compute(values)), guess=f"{word} {measure}")


def _above(chance: random.Random, phrase: Phrase) -> Instance:
    made = table(chance)
    place = chance.randrange(len(made.measures))
    column, measure = made.measures[place], made.theme.measures[place].phrase
    values = sorted(row[column] for row in made.rows)
    bound = int(values[chance.randrange(1, len(values) - 1)])
    more = chance.random() < 0.5
    answer = sum(value > bound if more else value < bound for value in values)
    what = f"the number of {made.theme.rows} with a {measure} {'above' if more else 'below'} {bound}"
    sign = ">" if more else "<"
    work = chance.choice((f'print(len(df[df["{column}"] {sign} {bound}]))', f'print((df["{column}"] {sign} {bound}).sum())'))
    return instance(chance, phrase, made, what=what, work=work, answer=answer, guess=f"{measure}_value")


def _group(chance: random.Random, phrase: Phrase) -> Instance:
    made = table(chance)
    place = chance.randrange(len(made.measures))
    column, measure = made.measures[place], made.theme.measures[place].phrase
    totals: dict[str, float] = {}
    for row in made.rows:
        totals[row[made.group]] = round(totals.get(row[made.group], 0) + row[column], 2)
    high = chance.random() < 0.6
    answer = (max if high else min)(totals, key=lambda one: totals[one])
    what = f"the {made.theme.group} whose {made.theme.rows} have the {'highest' if high else 'lowest'} total {measure}"
    end = f"sums.idx{'max' if high else 'min'}()"
    work = f'sums = df.groupby("{made.group}")["{column}"].sum()\nprint(sums)\nprint({end})'
    return instance(chance, phrase, made, what=what, work=work, answer=answer, check="exact", guess=f"{measure} sum")


def _top(chance: random.Random, phrase: Phrase) -> Instance:
    made = table(chance)
    place = chance.randrange(len(made.measures))
    column, measure = made.measures[place], made.theme.measures[place].phrase
    count = chance.randint(2, 4)
    high = chance.random() < 0.6
    ranked = sorted(made.rows, key=lambda row: row[column], reverse=high)[:count]
    end = "highest" if high else "lowest"
    what = f"the list of the {count} {made.theme.rows} with the {end} {measure}, the {end} first"
    way = "nlargest" if high else "nsmallest"
    work = chance.choice(
        (
            f'print(df.{way}({count}, "{column}")["{made.name}"].tolist())',
            f'best = df.sort_values("{column}", ascending={not high}).head({count})\nprint(best["{made.name}"].tolist())',
        )
    )
    return instance(
        chance, phrase, made, what=what, work=work, answer=[row[made.name] for row in ranked], check="list", guess=f"{measure} rank"
    )


def _dates(chance: random.Random, phrase: Phrase) -> Instance:
    made = table(chance)
    year = chance.choice(made.rows)[made.date][:4]
    rows = [row for row in made.rows if row[made.date].startswith(year)]
    done = made.theme.dates[1]
    file = f"{made.stem}.csv"
    read = f'df["{made.date}"] = pd.to_datetime(df["{made.date}"])\npart = df[df["{made.date}"].dt.year == {year}]\n'
    if chance.random() < 0.5:
        what, work, answer = f"the number of {made.theme.rows} {done} in {year}", f"{read}print(len(part))", len(rows)
    else:
        column, measure = made.measures[0], made.theme.measures[0].phrase
        what = f"the total {measure} of the {made.theme.rows} {done} in {year}"
        work, answer = f'{read}print(round(part["{column}"].sum(), 2))', float(sum(row[column] for row in rows))
    slip = Slip("text as date", f'import pandas as pd\ndf = pd.read_csv("{file}")\nprint((df["{made.date}"].dt.year == {year}).sum())')
    task = instance(chance, phrase, made, what=what, work=work, answer=answer)
    return replace(task, slips=(slip, *task.slips))


FAMILIES = (
    Family("tables/filter", "tables", _filter, say.FILE, say.UNSEEN_FILE),
    Family("tables/above", "tables", _above, say.FILE, say.UNSEEN_FILE),
    Family("tables/group", "tables", _group, say.FILE, say.UNSEEN_FILE),
    Family("tables/top", "tables", _top, say.FILE, say.UNSEEN_FILE),
    Family("tables/dates", "tables", _dates, say.FILE, say.UNSEEN_FILE),
)
