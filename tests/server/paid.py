"""The tools of a server that is killed: a payment, with an effect that outlives it: a row in a database outside, by the host."""

import os
import sqlite3

from codeact.tools.function import tool

EFFECTS = "EFFECTS"
"""The variable of the environment that names the database."""

_MAKE = "CREATE TABLE IF NOT EXISTS paid (name TEXT NOT NULL, number INTEGER NOT NULL)"


@tool(effect=True)
def pay(name: str, number: int) -> int:
    """Pay a bill."""
    connection = sqlite3.connect(os.environ[EFFECTS], timeout=60)
    with connection:
        connection.execute("INSERT INTO paid VALUES (?, ?)", (name, number))
    connection.close()
    return number


class Effects:
    """What was paid, for somebody who can look.

    Args:
        path: of the database; made anew.
    """

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, timeout=60, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute(_MAKE)

    def of(self, name: str) -> list[int]:
        """The numbers that were paid in this name, as often as they were."""
        return sorted(number for (number,) in self._connection.execute("SELECT number FROM paid WHERE name = ?", (name,)))

    def close(self) -> None:
        """Close the database."""
        self._connection.close()
