"""The made-up tables, as CSV files and databases."""

import csv
import random
import sqlite3
from pathlib import Path

from codeact.data.families.tables.themes import THEMES, csv_text, database, table


def test_names_and_values_of_a_table_differ_so_that_nothing_ties() -> None:
    for seed, theme in enumerate(THEMES):
        made = table(random.Random(seed), theme)
        for column in (made.name, *made.measures, made.date):
            assert len({row[column] for row in made.rows}) == len(made.rows)
        assert len(made.groups()) > 1


def test_a_csv_file_gives_the_rows_back() -> None:
    made = table(random.Random(5))
    read = list(csv.DictReader(csv_text(made.rows).splitlines()))
    assert read == [{column: str(value) for column, value in row.items()} for row in made.rows]


def test_a_database_gives_the_rows_back_and_is_the_same_each_time(tmp_path: Path) -> None:
    made = table(random.Random(6))
    content = database({"things": made.rows})
    assert content == database({"things": made.rows})
    (tmp_path / "a.db").write_bytes(content)
    connection = sqlite3.connect(tmp_path / "a.db")
    assert connection.execute("SELECT * FROM things").fetchall() == [tuple(row.values()) for row in made.rows]
    connection.close()
