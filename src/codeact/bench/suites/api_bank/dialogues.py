"""Dialogues of the original's data: what was said, and which tools were called in between.

Invariant: of a dialogue nothing is dropped but empty lines; a line that cannot be read is told of by file and number. It does not: run a
call.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from codeact import errors
from codeact.bench.suites.api_bank.desk import MISSING

LEVELS = {1: "level-1-given-desc", 2: "level-2-toolsearcher"}
SAMPLES, TABLES = "lv1-lv2-samples", "init_database"


@dataclass(frozen=True, slots=True)
class Turn:
    """A line of a dialogue.

    Args:
        role: User, AI or API.
        text: what was said; empty for a call.
        tool: that was called; empty for what was said.
        arguments: of the call, as recorded: all of them text.
        output: what it gave.
    """

    role: str
    text: str = ""
    tool: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    output: Any = None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A dialogue.

    Args:
        name: of its file.
        level: 1, or 2, in which tools are looked for first.
        turns: its lines.
    """

    name: str
    level: int
    turns: tuple[Turn, ...]


@lru_cache(maxsize=8)
def read(data: Path) -> tuple[Dialogue, ...]:
    """All dialogues of both levels, in the order of their names.

    Args:
        data: the folder that holds ``lv1-lv2-samples`` and ``init_database``.

    Raises:
        InputError: there are none, or a line cannot be read.
    """
    found = [(level, path) for level, name in LEVELS.items() for path in sorted((data / SAMPLES / name).glob("*.jsonl"))]
    if not found:
        raise errors.InputError(
            f"there are no dialogues of API-Bank in {str(data / SAMPLES)!r}; give the folder that holds {SAMPLES}/{LEVELS[1]} and {TABLES}"
        )
    return tuple(Dialogue(path.stem, level, _turns(path)) for level, path in found)


def _turns(path: Path) -> tuple[Turn, ...]:
    lines = enumerate(path.read_text(encoding="utf-8").split("\n"), start=1)
    return tuple(_turn(line, f"{str(path)!r}, line {number}") for number, line in lines if line.strip())


def _turn(line: str, place: str) -> Turn:
    try:
        entry = json.loads(line)
        if entry["role"] != "API":
            return Turn(entry["role"], text=entry["text"])
        result = entry["result"]
        return Turn("API", tool=entry["api_name"], arguments=dict(entry["param_dict"]), output=result["output"])
    except (ValueError, KeyError, TypeError) as error:
        raise errors.InputError(f"{place} is no line of a dialogue: {type(error).__name__}: {error}") from None


class Record:
    """What the calls of all dialogues gave: of equal calls, the first.

    Args:
        dialogues: all of them.
    """

    def __init__(self, dialogues: tuple[Dialogue, ...]) -> None:
        self._outputs: dict[str, Any] = {}
        for turn in (turn for dialogue in dialogues for turn in dialogue.turns if turn.tool):
            self._outputs.setdefault(_key(turn.tool, turn.arguments), turn.output)

    def __call__(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """See `desk.Recall`."""
        return self._outputs.get(_key(name, arguments), MISSING)


@lru_cache(maxsize=8)
def record(data: Path) -> Record:
    """The record of a folder of data.

    Raises:
        InputError: as of `read`.
    """
    return Record(read(data))


def _key(name: str, arguments: Mapping[str, Any]) -> str:
    return json.dumps([name, {key: value.strip() if isinstance(value, str) else value for key, value in arguments.items()}], sort_keys=True)
