"""The table of awkward tools: what the model sees of each, what `help()` shows, what a right and a wrong call give.

    python benchmarks/tool_table.py [--json FILE] [NAME ...]

The tools are those of tests/tools/awkward, which the tests check word for word; a NAME keeps the kinds that hold it. Here the host's side
is called by itself. `show` takes another way of asking, `Ask`, for the columns of a session. It asserts nothing.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from codeact.protocols import Tool
from codeact.tools.function import as_tools
from codeact.tools.values import encode
from tools.awkward import CASES
from tools.awkward.case import Case, Given

Ask = Callable[[Tool, Case], Awaitable[tuple[str, str, str]]]
"""Gives, as text: what help() shows, what the right call gives, what the wrong call says."""

_MOST = 300


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


async def of_the_host(tool: Tool, case: Case) -> tuple[str, str, str]:
    """The columns without a session: there is no help(), and values are as they go over the wire."""
    return "", await _answer(tool, case.right), await _answer(tool, case.wrong)


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
        shown, right, wrong = await ask(tool, case)
        made.append(Row(case.kind, seen, shown, f"{spec.name}({case.right.text})", right, f"{spec.name}({case.wrong.text})", wrong))
    return made


def show(names: list[str], ask: Ask = of_the_host) -> list[Row]:
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
    print(f"{len(table)} tools")
    return table


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="parts of the kinds to show (default: all)")
    parser.add_argument("--json", type=Path)
    wanted = parser.parse_args()
    table = show(wanted.names)
    if wanted.json is not None:
        wanted.json.write_text(json.dumps([asdict(row) for row in table], indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
