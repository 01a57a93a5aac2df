"""One task a call of the dialogues, which lie beside this file.

Invariant: the prompt holds what was said and called before the call, and nothing of it or after it. It does not: judge.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codeact import errors
from codeact.bench.suites.api_bank.dialogues import Turn
from codeact.bench.suites.api_bank.tasks import prompt

_DIALOGUES = Path(__file__).parent / "dialogues.jsonl"


def make_tasks(data: Path | None, seed: int) -> Iterator[dict[str, Any]]:
    """The tasks.

    Args:
        data: none is needed.
        seed: no part of them is up to chance.

    Raises:
        InputError: data was given.
    """
    if data is not None:
        raise errors.InputError(f"the suite 'api-bank-small' has its own dialogues, and takes no data: leave out {str(data)!r}")
    for name, turns in read():
        for number, place in enumerate(place for place, turn in enumerate(turns) if turn.tool):
            turn, before = turns[place], turns[:place]
            yield {
                "id": f"{name}/{number}",
                "prompt": prompt(before),
                "check": "python:called",
                "tags": [turn.tool],
                "data": {
                    "before": [{"tool": one.tool, "arguments": dict(one.arguments)} for one in before if one.tool],
                    "call": {"tool": turn.tool, "arguments": dict(turn.arguments)},
                },
            }


def read() -> Iterator[tuple[str, list[Turn]]]:
    """The dialogues, each with its name."""
    for line in _DIALOGUES.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        yield entry["name"], [_turn(*parts) for parts in entry["turns"]]


def _turn(who: str, what: Any, output: Any = None) -> Turn:
    """What was said, or the name of a tool with its arguments and what it gave."""
    return Turn(who, text=what) if who in ("User", "AI") else Turn("API", tool=who, arguments=what, output=output)
