"""The state behind the tools: the original's tables, of which those that tools write are each attempt's own, and what the record says.

Invariant: two desks share nothing that a tool changes. It does not: know a tool.
"""

import copy
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from codeact import errors

WRITTEN = ("Account", "Agenda", "Alarm", "Appointments", "HealthData", "Hotel", "Meeting", "Reminder", "Scenes", "TimeSwitch")
READ = ("Bank", "History", "ImageCaptioning", "QuestionAnswering", "SearchEngine", "SpeechRecognition", "Stock", "Symptom", "Wiki")
DAY, MOMENT = "%Y-%m-%d", "%Y-%m-%d %H:%M:%S"

Recall = Callable[[str, Mapping[str, Any]], Any]
"""What the record gives for a call of a name with arguments; `MISSING` if it has no such call."""

MISSING: Any = object()


class Desk:
    """What all tools of an attempt work on.

    Args:
        folder: with the tables, ``init_database`` of the original.
        recall: see `Recall`.

    Raises:
        InputError: a table is not there.
    """

    def __init__(self, folder: Path, recall: Recall) -> None:
        self._folder = folder
        self.recall = recall
        self._own: dict[str, Any] = {}
        self.accounts: dict[str, dict[str, str]] = {}
        self.pending: dict[str, str] = {}

    def table(self, name: str) -> Any:
        """A table by its name."""
        if name in READ:
            return _read(self._folder, name)
        if name not in self._own:
            self._own[name] = copy.deepcopy(_read(self._folder, name))
        return self._own[name]

    def user(self, token: str) -> str:
        """The name of the user with a token.

        Raises:
            ValueError: there is none.
        """
        for name, account in self.table("Account").items():
            if account["token"] == token:
                return name
        raise ValueError(f"there is no user with the token {token!r}")


@lru_cache(maxsize=64)
def _read(folder: Path, name: str) -> Any:
    path = folder / f"{name}.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise errors.InputError(f"cannot read the table {str(path)!r} of API-Bank: {error}; give the folder of its data") from error


def moment(text: str, form: str = MOMENT) -> str:
    """A date or time as the tables have it.

    Raises:
        ValueError: it is none.
    """
    bare = text.strip()
    year, dash, rest = bare.partition("-")
    try:
        return datetime.strptime(f"{year.zfill(4)}{dash}{rest}", form).strftime(form)
    except ValueError:
        raise ValueError(f"{text!r} is not of the form {form}") from None


def filled(name: str, text: str) -> str:
    """A text without white space around it.

    Raises:
        ValueError: nothing is left.
    """
    if not text.strip():
        raise ValueError(f"{name} is empty")
    return text.strip()


def next_id(table: Mapping[str, Any]) -> str:
    """The number after the last of a table."""
    return str(max(map(int, table), default=0) + 1)
