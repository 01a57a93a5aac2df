"""Questions about CSV files that need something done first: joined, filled, parsed, computed.

Invariant: as of `frames`. It does not: leave out what the prompt does not say how to treat.
"""

import random
from dataclasses import replace
from typing import Any

from codeact.bench.policies import CodePolicy
from codeact.data.families.naming import quoted
from codeact.data.families.tables import wordings as say
from codeact.data.families.tables.frames import CENT, instance, opening
from codeact.data.families.tables.themes import Table, csv_text, table
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase


def _one(chance: random.Random) -> tuple[Table, str, str]:
    """A table, one of its measures and the words for it."""
    made = table(chance)
    place = chance.randrange(len(made.measures))
    return made, made.measures[place], made.theme.measures[place].phrase


def _missing(chance: random.Random, phrase: Phrase) -> Instance:
    made, column, measure = _one(chance)
    holes = set(chance.sample(range(len(made.rows)), chance.randint(1, len(made.rows) // 3)))
    rows = tuple(row | {column: None} if number in holes else row for number, row in enumerate(made.rows))
    left = [row[column] for number, row in enumerate(made.rows) if number not in holes]
    made = replace(made, rows=rows)
    kind = chance.choice(("count", "mean", "fill"))
    if kind == "count":
        what, work, answer = f"the number of {made.theme.rows} without a {measure}", f'print(df["{column}"].isna().sum())', len(holes)
    elif kind == "mean":
        what = f"the average {measure} of those {made.theme.rows} that have one"
        work, answer = f'print(round(df["{column}"].mean(), 2))', sum(left) / len(left)
    else:
        what = f"the average {measure} of all {made.theme.rows}, a missing one counted as 0"
        work, answer = f'print(round(df["{column}"].fillna(0).mean(), 2))', sum(left) / len(rows)
    task = instance(chance, phrase, made, what=what, work=work, answer=answer, guess=f"{measure} known")
    slip = Slip("missing as number", f'import pandas as pd\ndf = pd.read_csv("{made.stem}.csv")\nprint(df["{column}"].astype(int).sum())')
    return replace(task, slips=(slip, *task.slips))


def _merge(chance: random.Random, phrase: Phrase) -> Instance:
    """The groups have a second file that says something of each."""
    made, column, measure = _one(chance)
    groups = made.groups()
    owner, people = chance.choice((("manager", ("Kim", "Lee")), ("region", ("east", "south")), ("office", ("Oslo", "Bonn"))))
    leads = {group: chance.choice(people) for group in groups}
    lead = leads[chance.choice(groups)]
    second = f"{made.group}_list.csv" if chance.random() < 0.5 else f"{owner}s.csv"
    values = [row[column] for row in made.rows if leads[row[made.group]] == lead]
    file = f"{made.stem}.csv"
    what = f"the total {measure} of the {made.theme.rows} whose {owner} is {lead} ({second} has the {owner} of each {made.theme.group})"
    look = f'import pandas as pd\na = pd.read_csv("{file}")\nb = pd.read_csv("{second}")\nprint(a.head(2))\nprint(b.head(2))'
    join = chance.choice((f'a.merge(b, on="{made.group}")', f'pd.merge(a, b, on="{made.group}")'))
    work = f'both = {join}\nprint(round(both[both["{owner}"] == "{lead}"]["{column}"].sum(), 2))'
    task = instance(chance, phrase, made, what=what, work=work, answer=float(sum(values)))

    def code() -> CodePolicy:
        yield look
        said = yield work
        return said.strip()

    slip = Slip("column of the other file", f'import pandas as pd\ndf = pd.read_csv("{file}")\nprint(df[df["{owner}"] == "{lead}"])')
    listed = [{made.group: group, owner: name} for group, name in leads.items()]
    return replace(task, code=code, files={**task.files, second: csv_text(listed)}, slips=(slip, *task.slips[1:]))


def _parse(chance: random.Random, phrase: Phrase) -> Instance:
    """A measure is written as text, with a unit."""
    made, column, measure = _one(chance)
    unit = chance.choice(("EUR", "kg", "pt", "units", "USD"))
    before = unit in ("EUR", "USD") and chance.random() < 0.5
    rows = tuple(row | {column: f"{unit} {row[column]}" if before else f"{row[column]} {unit}"} for row in made.rows)
    values = [row[column] for row in made.rows]
    made = replace(made, rows=rows)
    word, pandas, answer = chance.choice(
        (("total", "sum", sum(values)), ("average", "mean", sum(values) / len(values)), ("highest", "max", max(values)))
    )
    what = f"the {word} {measure} of all {made.theme.rows} (without the unit)"
    bare = f"{unit} " if before else f" {unit}"
    work = f'numbers = df["{column}"].str.replace("{bare}", "").astype(float)\nprint(round(numbers.{pandas}(), 2))'
    task = instance(chance, phrase, made, what=what, work=work, answer=float(answer))
    slip = Slip("text as number", f'import pandas as pd\ndf = pd.read_csv("{made.stem}.csv")\nprint(round(df["{column}"].mean(), 2))')
    return replace(task, slips=(slip, *task.slips))


def _separated(chance: random.Random, phrase: Phrase) -> Instance:
    """Semicolons or tabs between the columns, which the first look shows."""
    made, column, measure = _one(chance)
    sign, written = chance.choice(((";", ";"), ("\t", "\\t"), ("|", "|")))
    file = f"{made.stem}.{chance.choice(('txt', 'csv', 'dat'))}"
    group = chance.choice(made.groups())
    values = [row[column] for row in made.rows if row[made.group] == group]
    highest = chance.random() < 0.5
    word, answer = ("highest", max(values)) if highest else ("total", sum(values))
    what = f"the {word} {measure} of the {made.theme.rows} whose {made.theme.group} is {group}"
    look = f'print(open("{file}").read()[:120])'
    work = (
        f'import pandas as pd\ndf = pd.read_csv("{file}", sep="{written}")\npart = df[df["{made.group}"] == "{group}"]\n'
        f'print(round(part["{column}"].{"max" if highest else "sum"}(), 2))'
    )

    def code() -> CodePolicy:
        yield look
        said = yield work
        return said.strip()

    task = instance(chance, phrase, made, what=what, work=work, answer=float(answer))
    slip = Slip("wrong separator", f'import pandas as pd\ndf = pd.read_csv("{file}")\nprint(df["{column}"].sum())')
    prompt = task.prompt.replace(f"{made.stem}.csv", file).replace("a CSV file, ", "a table in a text file, ")
    return replace(task, prompt=prompt, code=code, files={file: csv_text(made.rows, sign)}, slips=(slip,))


def _computed(chance: random.Random, phrase: Phrase) -> Instance:
    """Two measures multiplied, or divided, row by row."""
    made = table(chance)
    first, second = made.measures
    one, other = (measure.phrase for measure in made.theme.measures)
    if chance.random() < 0.5:
        products = [row[first] * row[second] for row in made.rows]
        what = f"the sum of {one} times {other} over all {made.theme.rows}"
        work, answer = f'print(round((df["{first}"] * df["{second}"]).sum(), 2))', float(sum(products))
        return instance(chance, phrase, made, what=what, work=work, answer=answer, guess=f"{one} times {other}")
    row = max(made.rows, key=lambda row: row[first] / (row[second] + 1))
    what = f"the name in the column {made.name} of the one with the highest {one} divided by ({other} plus 1)"
    work = f'df["ratio"] = df["{first}"] / (df["{second}"] + 1)\nprint(df.loc[df["ratio"].idxmax(), "{made.name}"])'
    return instance(chance, phrase, made, what=what, work=work, answer=row[made.name], check="exact", guess=f"{one} ratio")


def _share(chance: random.Random, phrase: Phrase) -> Instance:
    made = table(chance)
    group = chance.choice(made.groups())
    inside = sum(row[made.group] == group for row in made.rows)
    what = f"the percentage of the {made.theme.rows} whose {made.theme.group} is {group}"
    work = chance.choice(
        (
            f'print(round(100 * (df["{made.group}"] == "{group}").mean(), 2))',
            f'part = df[df["{made.group}"] == "{group}"]\nprint(round(100 * len(part) / len(df), 2))',
        )
    )
    return instance(chance, phrase, made, what=what, work=work, answer=100.0 * inside / len(made.rows), guess="share")


def _plain(chance: random.Random, phrase: Phrase) -> Instance:
    """Without pandas: the csv module, whose values are text."""
    made, column, measure = _one(chance)
    file = f"{made.stem}.csv"
    best = max(made.rows, key=lambda row: row[column])
    total = chance.random() < 0.5
    look = f'import csv\nrows = list(csv.DictReader(open("{file}")))\nprint(len(rows), rows[0])'
    if total:
        what, answer, check = f"the total {measure} of all {made.theme.rows}", float(sum(row[column] for row in made.rows)), "number"
        work = f'print(round(sum(float(row["{column}"]) for row in rows), 2))'
        wrong = f'print(sum(row["{column}"] for row in rows))'
    else:
        what, answer, check = f"the {made.name} with the highest {measure}", best[made.name], "exact"
        work = f'best = max(rows, key=lambda row: float(row["{column}"]))\nprint(best["{made.name}"])'
        wrong = f'print(max(rows, key=lambda row: -row["{column}"]))'

    def code() -> CodePolicy:
        yield look
        said = yield work
        return said.strip()

    form = say.form(chance, check, answer)
    return Instance(
        prompt=f"{phrase(file=file, what=what, form=form).strip()} Use the csv module.",
        answer=answer,
        check=check,
        tolerance=CENT if total else None,
        code=code,
        files={file: csv_text(made.rows)},
        slips=(
            Slip("text as number", look.replace("print(len(rows), rows[0])", wrong)),
            Slip("wrong file name", opening(chance, f"my_{file}")),
        ),
    )


def _pick(chance: random.Random, phrase: Phrase) -> Instance:
    """What one row says, by its name."""
    made, column, measure = _one(chance)
    row: dict[str, Any] = chance.choice(made.rows)
    what = f"the {measure} of {row[made.name]}"
    work = chance.choice(
        (
            f'print(df[df["{made.name}"] == {quoted(row[made.name])}]["{column}"].iloc[0])',
            f'print(df.set_index("{made.name}").loc[{quoted(row[made.name])}, "{column}"])',
        )
    )
    return instance(chance, phrase, made, what=what, work=work, answer=row[column], guess=f"{measure} of")


FAMILIES = (
    Family("tables/missing", "tables", _missing, say.FILE, say.UNSEEN_FILE),
    Family("tables/merge", "tables", _merge, say.FILE, say.UNSEEN_FILE),
    Family("tables/parse", "tables", _parse, say.FILE, say.UNSEEN_FILE),
    Family("tables/separated", "tables", _separated, say.FILE, say.UNSEEN_FILE),
    Family("tables/computed", "tables", _computed, say.FILE, say.UNSEEN_FILE),
    Family("tables/share", "tables", _share, say.FILE, say.UNSEEN_FILE),
    Family("tables/plain", "tables", _plain, say.FILE, say.UNSEEN_FILE),
    Family("tables/pick", "tables", _pick, say.FILE, say.UNSEEN_FILE),
)
