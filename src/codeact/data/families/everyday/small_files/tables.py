"""Questions about a small table: of the rows that fulfil a condition, of groups of rows, and of one cell.

Invariant: right answers are worked out from the rows before they are written. It does not: change tables.
"""

import random
from fractions import Fraction

from codeact.data.families.everyday.small_files.options import Question, choose, only_one, places, statistics_of
from codeact.data.families.everyday.small_files.sheets import Sheet, sheet
from codeact.data.family import Instance
from codeact.data.phrasing import Phrase


def column_where(chance: random.Random, phrase: Phrase) -> Instance:
    """A figure of a column over the rows that fulfil a condition."""
    table = sheet(chance)
    role = chance.choice(("count", "price"))
    condition = table.condition(chance)
    statistic = chance.choice(statistics_of([Fraction(row[role]) for row in condition.kept]))
    code = f"numbers = [{table.cell(role)} for row in rows if {condition.code}]\nprint({statistic.code})"
    pandas = ""
    if chance.random() < 0.4:
        pandas = f'part = df[{condition.mask}]\nprint(round(part["{table.heads[role]}"].{statistic.method}(), 2))'
    return table.asked(
        chance,
        phrase,
        statistic.right,
        code,
        pandas,
        agg=statistic.said,
        column=table.said[role],
        cond=condition.said,
        form=", to two decimals" if statistic.said == "average" or role == "price" else "",
    )


def rows_where(chance: random.Random, phrase: Phrase) -> Instance:
    """How many rows fulfil a condition, or what they are called."""
    table = sheet(chance)
    condition = table.condition(chance)
    if chance.random() < 0.5:
        said = places(f"the number of {table.things}", f"how many {table.things}")
        code = f"print(sum(1 for row in rows if {condition.code}))"
        pandas = f"print(len(df[{condition.mask}]))" if chance.random() < 0.4 else ""
        return table.asked(chance, phrase, len(condition.kept), code, pandas, cond=condition.said, **said)
    names = f"{table.said['name']}s"
    said = places(f"the list of {names}", f"which {names} (as a list)")
    code = f"print([{table.cell('name')} for row in rows if {condition.code}])"
    return table.asked(chance, phrase, [row["name"] for row in condition.kept], code, cond=condition.said, **said)


def groups(chance: random.Random, phrase: Phrase) -> Instance:
    """What groups there are, and which group or row has most of something."""
    table = sheet(chance)
    role = chance.choice(("count", "price"))
    asked = choose(chance, (*_about_groups(table, role), *_about_rows(table, role)))
    return table.asked(chance, phrase, asked.right, asked.code, **asked.places())


def _about_groups(table: Sheet, role: str) -> tuple[Question, ...]:
    held: dict[str, list[Fraction]] = {}
    for row in table.rows:
        held.setdefault(row["group"], []).append(Fraction(row[role]))
    group, column = table.said["group"], table.said[role]
    cell = table.cell("group")
    fill = f"groups = {{}}\nfor row in rows:\n    groups.setdefault({cell}, []).append({table.cell(role)})\n"
    return (
        Question(
            f"the number of different {group} values",
            f"print(len(set({cell} for row in rows)))",
            len(held),
            ask=f"how many different {group} values are there",
        ),
        Question(
            f"the sorted list of different {group} values",
            f"print(sorted(set({cell} for row in rows)))",
            sorted(held),
            ask=f"which {group} values, as a sorted list, are there",
        ),
        Question(
            f"the {group} with the highest total {column}",
            f"{fill}print(max(groups, key=lambda g: sum(groups[g])))",
            only_one(list(held), lambda one: sum(held[one])),
            ask=f"which {group} has the highest total {column}",
        ),
        Question(
            f"the {group} with the most {table.things}",
            f"{fill}print(max(groups, key=lambda g: len(groups[g])))",
            only_one(list(held), lambda one: len(held[one])),
            ask=f"which {group} has the most {table.things}",
        ),
    )


def _about_rows(table: Sheet, role: str) -> tuple[Question, ...]:
    by_name = {row["name"]: row for row in table.rows}
    name, day, column = table.said["name"], table.said["date"], table.said[role]
    shown = f"print({table.cell('name', 'top')})"
    return (
        Question(
            f"the {name} with the latest {day}",
            f"top = max(rows, key=lambda row: {table.cell('date')})\n{shown}",
            only_one(list(by_name), lambda one: by_name[one]["date"]),
            ask=f"which {name} has the latest {day}",
        ),
        Question(
            f"the {name} with the highest {column}",
            f"top = max(rows, key=lambda row: {table.cell(role)})\n{shown}",
            only_one(list(by_name), lambda one: by_name[one][role]),
            ask=f"which {name} has the highest {column}",
        ),
    )


def cell(chance: random.Random, phrase: Phrase) -> Instance:
    """A cell of the row with a name."""
    table = sheet(chance)
    role = chance.choice(("group", "count", "price"))
    row = chance.choice(table.rows)
    code = f'for row in rows:\n    if {table.cell("name")} == "{row["name"]}":\n        print({table.cell(role)})'
    return table.asked(chance, phrase, row[role], code, column=table.said[role], who=row["name"])
