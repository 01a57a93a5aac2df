"""The table of awkward tools: what the model sees of each, what `help()` shows, what a right and a wrong call give.

    python benchmarks/tool_table.py [--host] [--json FILE] [NAME ...]

The tools are those of tests/tools/awkward, which the tests check word for word; a NAME keeps the kinds that hold it. Each tool has a real
session of its own, through the real bridge: `help()` is what `help(f)` prints there, `right` and `wrong` are what the model is shown of a
call, of an error its class and message (the traceback above them points at the model's own line). With `--host` the tool is called by
itself, with no session. It asserts nothing (tests/tools/test_awkward_in_sessions.py does); the last line counts the calls that should have
worked and did, and those that should have failed and did with the words that the host has for it.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from codeact.events import Observation
from codeact.formats import shown
from codeact.protocols import Tool
from codeact.sandbox.session import Session
from codeact.tools.bridge import Bridge
from codeact.tools.function import as_tools
from codeact.tools.values import encode
from tools.awkward import CASES
from tools.awkward.case import Case, Given

Ask = Callable[[Tool, Case], Awaitable[tuple[str, str, str]]]
"""Gives, as text: what help() shows, what the right call gives, what the wrong call says."""

_MOST = 300
_MOST_SHOWN = 8000


@dataclass(frozen=True, slots=True)
class Row:
    """One tool. `seen` is what the model is shown: signature, docstring, and the source of the classes that it names."""

    kind: str
    seen: str
    help: str
    right_call: str
    right: str
    wrong_call: str
    wrong: str
    as_expected: tuple[bool, bool]


async def of_the_host(tool: Tool, case: Case) -> tuple[str, str, str]:
    """The columns without a session: there is no help(), and values are as they go over the wire."""
    return "", await _answer(tool, case.right), await _answer(tool, case.wrong)


async def of_a_session(tool: Tool, case: Case) -> tuple[str, str, str]:
    """The columns as a model sees them: `help()` in a session that has the tool, and what it is shown of the two calls."""
    spec = tool.spec
    awaited = "await " if spec.signature.startswith("async ") else ""
    async with Session(preload=(), calls=Bridge([tool], lambda event: None)) as session:
        told = await session.arun(f"help({spec.name})")
        right, wrong = [await session.arun(f"{awaited}{spec.name}({given.text})") for given in (case.right, case.wrong)]
    return told.stdout.rstrip(), _seen(right), _seen(wrong)


def _seen(observation: Observation) -> str:
    """What the model is shown, of an error its class and message."""
    if observation.error is not None:
        return f"{observation.error.name}: {observation.error.message}"
    return shown.shown(observation, _MOST_SHOWN).removeprefix("Output:\n")


async def _answer(tool: Tool, given: Given) -> str:
    try:
        body, parts = encode(await tool.acall(given.args, given.kwargs))
    except Exception as error:  # noqa: BLE001 -- what a tool raises is what is shown
        return f"{type(error).__name__}: {error}"
    text = json.dumps(body, ensure_ascii=False)
    return f"{text} and {', '.join(f'{len(part)} bytes' for part in parts)}" if parts else text


async def rows(names: list[str], ask: Ask) -> list[Row]:
    """The table.

    Args:
        names: parts of kinds to keep; all if empty.
        ask: fills the columns of calls and help().
    """
    made: list[Row] = []
    for case in CASES:
        if names and not any(name in case.kind for name in names):
            continue
        (tool,) = as_tools([case.make()])
        spec = tool.spec
        seen = "\n".join(part for part in (spec.signature, spec.description, spec.definitions.rstrip()) if part)
        told, right, wrong = await ask(tool, case)
        calls = [f"{spec.name}({given.text})" for given in (case.right, case.wrong)]
        error, words = case.error
        failed = f"{error.__name__}: {words}"
        made.append(Row(case.kind, seen, told, calls[0], right, calls[1], wrong, ("Error: " not in right, wrong == failed)))
    return made


def show(names: list[str], ask: Ask = of_a_session) -> list[Row]:
    """Print the table, and give its rows.

    Args:
        names, ask: as of `rows`.
    """
    table = asyncio.run(rows(names, ask))
    for number, row in enumerate(table, start=1):
        print(f"{number}. {row.kind}")
        for title, text in (("seen", row.seen), ("help()", row.help)):
            for place, line in enumerate(text.splitlines()):
                print(f"   {title if not place else '':7} {line}")
        for title, call, text in (("right", row.right_call, row.right), ("wrong", row.wrong_call, row.wrong)):
            print(f"   {title:7} {call[:_MOST]}\n           {text[:_MOST]}")
    right, wrong = (sum(row.as_expected[place] for row in table) for place in (0, 1))
    print(f"{len(table)} tools: {right} right calls gave a value, {wrong} wrong calls the error and the words that they should")
    return table


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="parts of the kinds to show (default: all)")
    parser.add_argument("--host", action="store_true", help="call the tools by themselves, with no session")
    parser.add_argument("--json", type=Path)
    wanted = parser.parse_args()
    table = show(wanted.names, of_the_host if wanted.host else of_a_session)
    if wanted.json is not None:
        wanted.json.write_text(json.dumps([asdict(row) for row in table], indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
