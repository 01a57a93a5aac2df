"""Mistakes of models, and what each of the three formats shows the model of them.

    python benchmarks/format_fairness.py            a line for each kind of mistake
    python benchmarks/format_fairness.py --whole    the messages as well

A scripted model makes the mistake; its tools are functions of the host, which a real session calls through the real bridge. What is
looked at is the next message to it (or the answer that was taken). Verdicts: `equal`, the same to the byte; `same facts`, the words that
matter are in all three, and the rest is how to write in the format; `by nature`, one of the formats can do what others cannot, or must do
what others need not, for the reason given; `DIFFERENT`, anything else.
It asserts nothing: the tests are in tests/agent/test_loop_calls.py and tests/formats.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from codeact import build, events
from codeact.agent.loop import Agent
from codeact.models.replay import ScriptModel
from codeact.protocols import Calls
from codeact.sandbox.session import Session
from codeact.tools.bridge import Bridge
from codeact.tools.function import FunctionTool, as_tools

NAMES = ("code", "json", "text")


def find_flights(origin: str, to: str, *, date: str = "2026-01-01") -> list[dict[str, str | int]]:
    """Flights of a day."""
    if to not in ("A", "B"):
        raise ValueError(f"no place is called {to!r}; there are: A, B")
    return [{"origin": origin, "to": to, "date": date, "price": 165}]


def echo(*values: Any) -> tuple[Any, ...]:
    """The values as they came."""
    return values


def leave_note(text: str) -> None:
    """Returns nothing."""


def read_page(number: int) -> str:
    """A long page."""
    return "word " * number


def wait(seconds: float) -> None:
    """Slow."""
    time.sleep(seconds)


def book(place: str) -> None:
    """Out of order."""
    raise ConnectionError("the hotel's server answered 503: try again in 5 minutes")


async def page(number: int) -> str:
    """A page that is awaited."""
    return f"page {number}"


class NoRoomError(Exception):
    """A class that no session has."""


def reserve(place: str) -> None:
    """Fails with an error of its own."""
    raise NoRoomError(f"no room left in {place}")


@dataclass
class Hotel:
    """A hotel."""

    name: str
    stars: int = 4


def hotel(name: str) -> Hotel:
    """A hotel by its name."""
    return Hotel(name)


class OfModule(FunctionTool):
    """A function as a tool of a module, as those of servers are."""

    @property
    def spec(self) -> events.ToolSpec:
        """With the module."""
        return super().spec.model_copy(update={"module": "hotels"})


def rate(name: str) -> float:
    """What a night costs."""
    return {"A": 90.0}[name]


TOOLS = (find_flights, echo, leave_note, read_page, wait, book, page, reserve, hotel, OfModule(rate))


@dataclass(frozen=True)
class Kind:
    """A kind of mistake.

    Args:
        name: in words.
        turns: what the model writes in code, json and text.
        facts: what must be in each message.
        nature: why the formats differ here, if they do.
        answer_type: of the answer.
    """

    name: str
    turns: tuple[str, str, str]
    facts: tuple[str, ...] = ()
    nature: str = ""
    answer_type: Any = None


def alike(name: str, call: str, written: str, *facts: str) -> Kind:
    """A call that is written in code as it is in text."""
    return Kind(name, (f"<execute>\n{call}\n</execute>", written, f"Action: {call}"), facts)


KINDS = (
    alike("unknown tool", "find_flight('A', 'B')", '{"tool": "find_flight", "arguments": ["A", "B"]}', "NameError", "find_flight"),
    alike("missing argument", "find_flights('A')", '{"tool": "find_flights", "arguments": ["A"]}', "TypeError", "'to'"),
    alike("argument too many", "book('A', 2)", '{"tool": "book", "arguments": ["A", 2]}', "TypeError", "2 were given"),
    alike(
        "wrong keyword",
        "find_flights('A', to='B', day='x')",
        '{"tool": "find_flights", "arguments": ["A"], "keywords": {"to": "B", "day": "x"}}',
        "'day'",
    ),
    alike("keyword as positional", "find_flights('A', 'B', 'x')", '{"tool": "find_flights", "arguments": ["A", "B", "x"]}', "3 were given"),
    alike(
        "wrong type",
        "find_flights('A', 7)",
        '{"tool": "find_flights", "arguments": ["A", 7]}',
        "'to' (str): should be a valid string, got 7",
    ),
    alike("value that is not allowed", "find_flights('A', 'Z')", '{"tool": "find_flights", "arguments": ["A", "Z"]}', "there are: A, B"),
    alike("tool raises", "book('A')", '{"tool": "book", "arguments": ["A"]}', "ConnectionError", "try again in 5 minutes"),
    alike("tool returns nothing", "leave_note('x')", '{"tool": "leave_note", "arguments": ["x"]}', "[no output]"),
    alike("result too long", "read_page(9000)", '{"tool": "read_page", "arguments": [9000]}', "characters left out"),
    alike("tool is too slow", "wait(6)", '{"tool": "wait", "arguments": [6]}', "2 s"),
    alike("quote in a value", """echo("it's")""", '{"tool": "echo", "arguments": ["it\'s"]}', "it's"),
    alike("nested quotes", r"""echo('say "it\'s"')""", '{"tool": "echo", "arguments": ["say \\"it\'s\\""]}', r'say "it\'s"'),
    alike("comma and brackets in a value", "echo('a, b) [c]')", '{"tool": "echo", "arguments": ["a, b) [c]"]}', "a, b) [c]"),
    alike("letters of other scripts", "echo('日本 ✕ ü')", '{"tool": "echo", "arguments": ["日本 ✕ ü"]}', "日本 ✕ ü"),
    alike("line break in a value", r"echo('a\nb')", '{"tool": "echo", "arguments": ["a\\nb"]}', r"a\nb"),
    alike("number as text", "echo('1.50')", '{"tool": "echo", "arguments": ["1.50"]}', "'1.50'"),
    alike("slip: no comma", "echo(1 2)", '{"tool": "echo", "arguments": [1 2]}', "echo", "2"),
    alike("slip: quote in quotes", "echo('it's here')", '{"tool": "echo", "arguments": ["it"s here"]}', "s here", "echo"),
    alike(
        "slip: an argument twice",
        "find_flights('A', to='B', to='A')",
        '{"tool": "find_flights", "arguments": {"to": "B", "to": "A"}}',
        "to",
    ),
    alike("a name for a value", "echo(place)", '{"tool": "echo", "arguments": [place]}', "place"),
    Kind("not closed", ("<execute>\necho(1)", '{"tool": "echo", "arguments": [1', "Action: echo(1"), ("(1,)",)),
    Kind("broken off in a value", ("<execute>\necho('ab", '{"tool": "echo", "arguments": ["ab', "Action: echo('ab"), ("ab",)),
    Kind(
        "two calls",
        (
            "<execute>\nprint(echo(1))\nprint(echo(2))\n</execute>",
            '{"tool": "echo", "arguments": [1]}\n{"tool": "echo", "arguments": [2]}',
            "Action: echo(1)\nAction: echo(2)",
        ),
        ("(1,)", "(2,)"),
    ),
    Kind(
        "two calls, the first fails",
        (
            "<execute>\nbook('A')\necho(2)\n</execute>",
            '{"tool": "book", "arguments": ["A"]}\n{"tool": "echo", "arguments": [2]}',
            "Action: book('A')\nAction: echo(2)",
        ),
        ("ConnectionError",),
        "an exception ends a block of code; calls do not depend on each other, and the others are made",
    ),
    Kind("empty message", ("", "", ""), ("it was empty",)),
    Kind("prose only", ("I will look.", "I will look.", "I will look."), ("it had text only",)),
    Kind(
        "a fence", ("```python\necho(1)\n```", '```json\n{"tool": "echo", "arguments": [1]}\n```', "Action:\n```\necho(1)\n```"), ("(1,)",)
    ),
    Kind(
        "another format's way",
        ('{"tool": "echo", "arguments": [1]}', "<execute>\necho(1)\n</execute>", "<execute>\necho(1)\n</execute>"),
        ("could not be used", "Write either"),
    ),
    Kind(
        "a call, then an answer",
        (
            "<execute>\necho(1)\n</execute>\n<solution>9</solution>",
            '{"tool": "echo", "arguments": [1]}\n{"answer": 9}',
            "Action: echo(1)\nAnswer: 9",
        ),
        ("(1,)",),
    ),
    Kind(
        "an answer, then a call",
        (
            "<solution>9</solution>\n<execute>\necho(1)\n</execute>",
            '{"answer": 9}\n{"tool": "echo", "arguments": [1]}',
            "Answer: 9\nAction: echo(1)",
        ),
        ("answered: 9",),
    ),
    Kind(
        "made-up output",
        ("<execute>\necho(1)\n</execute>\nOutput:\n5", '{"tool": "echo", "arguments": [1]}\nOutput:\n5', "Action: echo(1)\nOutput:\n5"),
        ("(1,)",),
    ),
    Kind(
        "answer of a wrong type",
        ("<solution>many</solution>", '{"answer": "many"}', "Answer: many"),
        ("'many' was not accepted", "whole number"),
        answer_type=int,
    ),
    alike("error of the tool's own class", "reserve('A')", '{"tool": "reserve", "arguments": ["A"]}', "NoRoomError: no room left in A"),
    alike("an object comes back", "hotel('A')", '{"tool": "hotel", "arguments": ["A"]}', "Hotel(name='A', stars=4)"),
    Kind(
        "a tool that is awaited",
        ("<execute>\nawait page(1)\n</execute>", '{"tool": "page", "arguments": [1]}', "Action: page(1)"),
        ("page 1",),
    ),
    Kind(
        "await left out",
        ("<execute>\npage(1)\n</execute>", '{"tool": "page", "arguments": [1]}', "Action: page(1)"),
        nature="in code a call without await gives a coroutine; a call is awaited for the model",
    ),
    Kind(
        "a tool of a module",
        (
            "<execute>\nfrom tools.hotels import rate\nrate('A')\n</execute>",
            '{"tool": "hotels.rate", "arguments": ["A"]}',
            "Action: hotels.rate('A')",
        ),
        ("90.0",),
    ),
    Kind(
        "a tool of a module raises",
        (
            "<execute>\nfrom tools.hotels import rate\nrate('Z')\n</execute>",
            '{"tool": "hotels.rate", "arguments": ["Z"]}',
            "Action: hotels.rate('Z')",
        ),
        ("KeyError: 'Z'",),
    ),
    Kind(
        "the import left out",
        ("<execute>\nrate('A')\n</execute>", '{"tool": "rate", "arguments": ["A"]}', "Action: rate('A')"),
        nature="in code a function of a module has to be imported, or there is a NameError; a call is found by its name",
    ),
    Kind(
        "a call inside a call",
        (
            "<execute>\necho(echo(1))\n</execute>",
            '{"tool": "echo", "arguments": [{"tool": "echo", "arguments": [1]}]}',
            "Action: echo(echo(1))",
        ),
        nature="code composes; in text it is refused and told how else; in json it is an object like any other",
    ),
    Kind(
        "a function of Python's own",
        ("<execute>\nabs(-1)\n</execute>", '{"tool": "abs", "arguments": [-1]}', "Action: abs(-1)"),
        nature="code has all of Python; calls reach tools only, and a NameError says so",
    ),
)


async def told(kind: Kind, name: str, turn: str) -> str:
    """What the model is shown after the turn, or the answer that was taken from it."""

    async def opened(calls: Calls | None) -> Session:
        session = Session(limits=limits, preload=(), calls=calls)
        await session.astart()
        return session

    limits = events.Limits(turns=1, action_seconds=2.0, output_chars=600)
    options: dict[str, Any] = {"tools": as_tools(TOOLS), "bridge": Bridge, "limits": limits, "answer_type": kind.answer_type}
    async with Agent(ScriptModel([turn]), build.format(name), opened, **options) as agent:
        run = await agent.arun("Find a flight.")
    if run.state == "answered":
        return f"answered: {run.answer}"
    return run.trajectory.messages[-1].content


def verdict(kind: Kind, shown: dict[str, str]) -> str:
    """How alike the three messages are."""
    if kind.nature:
        return f"by nature: {kind.nature}"
    missing = [f"{name} lacks {fact!r}" for name, text in shown.items() for fact in kind.facts if fact not in text]
    if missing:
        return f"DIFFERENT: {'; '.join(missing)}"
    return "equal" if len(set(shown.values())) == 1 else "same facts"


async def show(whole: bool) -> None:
    """Print the table."""
    counts: Counter[str] = Counter()
    for number, kind in enumerate(KINDS, start=1):
        shown = {name: await told(kind, name, turn) for name, turn in zip(NAMES, kind.turns, strict=True)}
        said = verdict(kind, shown)
        counts[said.partition(":")[0]] += 1
        print(f"{number:>2}  {kind.name:32} {said}")
        if whole:
            for (name, text), turn in zip(shown.items(), kind.turns, strict=True):
                print(f"--- {name} wrote\n{turn}\n--- {name} was shown\n{text}")
            print()
        sys.stdout.flush()
    print(f"{len(KINDS)} kinds: " + ", ".join(f"{count} {said}" for said, count in counts.most_common()))


def main() -> None:
    """Read the arguments and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--whole", action="store_true", help="print the messages")
    asyncio.run(show(parser.parse_args().whole))


if __name__ == "__main__":
    main()
