"""One task a recorded call: the dialogue up to it, and the call that comes next.

Invariant: the prompt holds what was said and called before, and nothing of the call or after it; all calls have a task. It does not: judge.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from codeact import errors
from codeact.bench.suites.api_bank import dialogues
from codeact.bench.suites.api_bank.catalogue import METHODS, SEARCHER
from codeact.bench.suites.api_bank.dialogues import Dialogue, Turn

_SPEAKERS = {"User": "User", "AI": "Assistant"}
_BEFORE = (
    "You are the assistant in the conversation below; the year is 2023. "
    "Calls of tools that you made in it, and what they gave, are in brackets."
)
_AFTER = (
    "Make the one call of a tool that comes next, with what the conversation says. Your first call is the one that counts: make no other. "
    "When it has been made, answer with the word done."
)
_START = "(Nothing has been said yet.)"


def make_tasks(data: Path | None, seed: int, level: int | None = None) -> Iterator[dict[str, Any]]:
    """The tasks.

    Args:
        data: the original's folder, which holds ``lv1-lv2-samples`` and ``init_database``.
        seed: no part of them is up to chance.
        level: 1 or 2; None: both.

    Raises:
        InputError: there is no folder, something in it cannot be read, or there is no such level.
    """
    if data is None:
        raise errors.InputError(
            "the suite 'api-bank' needs the original's data: give the folder that holds lv1-lv2-samples and init_database"
        )
    if level not in (None, *dialogues.LEVELS):
        raise errors.InputError(f"API-Bank has the levels 1 and 2 here, not {level!r}")
    for dialogue in dialogues.read(data):
        if level in (None, dialogue.level):
            yield from _of_dialogue(dialogue)


def _of_dialogue(dialogue: Dialogue) -> Iterator[dict[str, Any]]:
    places = [place for place, turn in enumerate(dialogue.turns) if turn.tool]
    for number, place in enumerate(places):
        turn, before = dialogue.turns[place], dialogue.turns[:place]
        if turn.tool not in METHODS and turn.tool != SEARCHER:
            raise errors.InputError(
                f"the dialogue {dialogue.name!r} calls {turn.tool!r}, which is none of the tools of API-Bank's levels 1 and 2"
            )
        yield {
            "id": f"{dialogue.level}/{dialogue.name}/{number}",
            "prompt": prompt(before),
            "tools": _tools(dialogue, before, turn),
            "check": "python:called",
            "tags": [f"level-{dialogue.level}", turn.tool],
            "data": {
                "before": [{"tool": one.tool, "arguments": dict(one.arguments)} for one in before if one.tool],
                "call": {"tool": turn.tool, "arguments": dict(turn.arguments)},
            },
        }


def prompt(turns: Sequence[Turn]) -> str:
    """What an agent is told of a dialogue whose next call it is to make.

    Args:
        turns: up to the call.
    """
    return "\n\n".join((_BEFORE, "\n".join(map(_line, turns)) or _START, _AFTER))


def _line(turn: Turn) -> str:
    if not turn.tool:
        return f"{_SPEAKERS.get(turn.role, turn.role)}: {turn.text}"
    given = ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in turn.arguments.items())
    output = json.dumps(turn.output, ensure_ascii=False)
    return f"[{turn.tool} was called with {given or 'nothing'}. It gave: {output}]"


def _tools(dialogue: Dialogue, before: tuple[Turn, ...], turn: Turn) -> list[str]:
    """At level 1 those of the dialogue; at level 2 the one that finds tools, those that it has found, and the one that is called next,
    which the record sometimes calls without having found it.
    """
    if dialogue.level == 1:
        return sorted({one.tool for one in dialogue.turns if one.tool})
    outputs = (one.output for one in before if one.tool == SEARCHER)
    found = {one["name"] for output in outputs for one in (output if isinstance(output, list) else [output])}
    return [SEARCHER, *sorted((found & set(METHODS)) | ({turn.tool} - {SEARCHER}))]
