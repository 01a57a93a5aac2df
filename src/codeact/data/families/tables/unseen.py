"""Families that training never sees: lines of JSON from weather posts, the races of a regatta in a database, and a wide table of shops.

Invariant: their subject is in no other family. It does not: share wordings with those.
"""

import json
import random

from codeact.bench.policies import CodePolicy
from codeact.data.families.information import names
from codeact.data.families.tables.frames import CENT
from codeact.data.families.tables.themes import csv_text, database
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase


def _posts(chance: random.Random, phrase: Phrase) -> Instance:
    """JSON lines: a station, an hour, a reading."""
    stations = [names.town(chance) for _ in range(3)]
    lines = [
        {"station": chance.choice(stations), "hour": hour, "wind": round(chance.uniform(0, 30), 1), "rain": chance.random() < 0.3}
        for hour in range(chance.randint(8, 20))
    ]
    station = lines[0]["station"]
    winds = [float(line["wind"]) for line in lines if line["station"] == station]
    strongest = chance.random() < 0.5
    read = 'import json\nlines = [json.loads(line) for line in open("posts.jsonl")]'

    def code() -> CodePolicy:
        yield f"{read}\nprint(lines[0])"
        said = yield (
            f'winds = [line["wind"] for line in lines if line["station"] == "{station}"]\n'
            f"print({'max(winds)' if strongest else 'round(sum(winds) / len(winds), 2)'})"
        )
        return said.strip()

    return Instance(
        prompt=phrase(station=station, word="strongest" if strongest else "mean"),
        answer=max(winds) if strongest else sum(winds) / len(winds),
        check="number",
        tolerance=CENT,
        code=code,
        files={"posts.jsonl": "\n".join(map(json.dumps, lines)) + "\n"},
        slips=(Slip("not one document", 'import json\nprint(json.load(open("posts.jsonl")))'),),
    )


def _regatta(chance: random.Random, phrase: Phrase) -> Instance:
    """Boats that came in often enough, by a condition on groups."""
    boats = chance.sample(["Albatross", "Barracuda", "Cormorant", "Dolphin", "Egret", "Fulmar"], 5)
    rows = [{"race": race, "boat": boat, "place": place + 1} for race in range(1, 5) for place, boat in enumerate(chance.sample(boats, 3))]
    least = chance.randint(2, 3)
    counts = {boat: sum(row["boat"] == boat for row in rows) for boat in boats}
    often = [boat for boat in boats if counts[boat] >= least]
    query = f'"SELECT boat FROM finishes GROUP BY boat HAVING COUNT(*) >= {least}"'

    def code() -> CodePolicy:
        yield 'import sqlite3\ndb = sqlite3.connect("regatta.db")\nprint(db.execute("SELECT sql FROM sqlite_master").fetchall())'
        said = yield f"rows = db.execute({query}).fetchall()\nprint([row[0] for row in rows])"
        return said.strip()

    return Instance(
        prompt=phrase(least=least),
        answer=list(often),
        check="set",
        code=code,
        files={"regatta.db": database({"finishes": rows})},
        slips=(
            Slip("wrong table", 'import sqlite3\ndb = sqlite3.connect("regatta.db")\nprint(db.execute("SELECT * FROM boats").fetchall())'),
        ),
    )


_MONTHS = {"jan": ("Jan", "January"), "feb": ("Feb", "February"), "mar": ("Mar", "March"), "apr": ("Apr", "April")}
"""By the names of columns, others that are as right where a question asks for a month."""


def _shops(chance: random.Random, phrase: Phrase) -> Instance:
    """A column for each month: the best month of a shop, or the best shop in all."""
    months = [*_MONTHS]
    shops = [names.town(chance) for _ in range(6)]
    rows = [{"shop": shop} | dict(zip(months, chance.sample(range(100, 5000), len(months)), strict=True)) for shop in dict.fromkeys(shops)]
    row = chance.choice(rows)
    best = max(months, key=lambda month: row[month])

    def code() -> CodePolicy:
        yield 'import pandas as pd\ndf = pd.read_csv("turnover.csv")\nprint(df.head(3))'
        said = yield f'row = df.set_index("shop").loc["{row["shop"]}"]\nprint(row.idxmax())'
        return said.strip()

    return Instance(
        prompt=phrase(shop=row["shop"]),
        answer=[best, *_MONTHS[best]],
        code=code,
        files={"turnover.csv": csv_text(rows)},
        slips=(Slip("wrong column", 'import pandas as pd\ndf = pd.read_csv("turnover.csv")\nprint(df["month"].max())'),),
    )


FAMILIES = (
    Family(
        "tables/posts",
        "tables",
        _posts,
        (
            "posts.jsonl has a JSON object a line, from [weather posts|weather stations]. What was the {word} wind at {station}?[ Two "
            "decimals at most.| The number.]",
            "[Find|Work out|Compute] the {word} wind [measured|read] at {station} from the file posts.jsonl (JSON lines), to two decimals.",
            "Each line of posts.jsonl is a reading in JSON. [Tell me|I need] the {word} wind of {station}, [at most two "
            "decimals|rounded to 2].",
            "[Read|Load] the JSON lines in posts.jsonl and [give|report|tell me] the {word} wind at the post {station}, to two decimals.",
        ),
        (
            "How hard did it blow in {station}? [Wanted: the|I mean the] {word} wind in posts.jsonl, one JSON reading per "
            "line (2 decimals).",
            "Weather diary, posts.jsonl, lines of JSON: [state|note] the {word} wind for {station}[, two decimals|, 2 "
            "decimals| to two places].",
        ),
        held_out=True,
    ),
    Family(
        "tables/regatta",
        "tables",
        _regatta,
        (
            "regatta.db is an SQLite database of races. Which [boats|of the boats] finished at least {least} times?[ Give a list.| Answer "
            "with a Python list.]",
            "[Find|List|Look up] the boats with at least {least} finishes in the SQLite file regatta.db[, as a list|, as a Python list].",
            "[From|Using|With] the SQLite database regatta.db, [tell me|give me|name] all boats that finished {least} "
            "times or more, as a list.",
            "The races of a regatta are in regatta.db (SQLite). [I need|Give me] the list of boats that have {least} or more finishes.",
        ),
        (
            "Who made it to the line {least} times or oftener? [Ask|See] regatta.db, an SQLite file; [a list of boats|boats as a list].",
            "Prize for boats with {least}+ finishes: [compile|draw up] the list out of regatta.db (SQLite).",
            "[Sailing club|Jury] wants a list: boats, {least} finishes at least; source regatta.db, SQLite.",
        ),
        held_out=True,
    ),
    Family(
        "tables/shops",
        "tables",
        _shops,
        (
            "turnover.csv has a row for each shop and a column for each month. [What|Which] was the best month of {shop}?[ "
            "Name the column.|]",
            "[Find|Tell me|Look up] the month in which the shop {shop} [sold most|had the highest turnover], from "
            "turnover.csv, as the column says.",
            "[Read|Load] turnover.csv and [name|give] the month with the highest value for the shop {shop}, "
            "[spelt|written] as in the file.",
            "In turnover.csv, which month's column is highest [in the row of|for the shop] {shop}?[ Only the column's name.|]",
        ),
        (
            "When did {shop} do best? [Months are|There are months as] columns in turnover.csv, and one of them is the answer.",
            "{shop}, a shop: its [strongest|top|record] month by turnover.csv (reply with the column)?",
        ),
        held_out=True,
    ),
)
