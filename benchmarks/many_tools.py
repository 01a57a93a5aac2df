"""Two hundred tools in a prompt: what it costs to name all schemas, to show all tools in full, and to show them in short.

    python benchmarks/many_tools.py

The tools are those of `catalogue`. *Schemas* are the JSON of a provider's own list of tools (`{"type": "function", "function": {name,
description, parameters}}`); *full* and *short* are what stands in our system message, with the
`prompt` alone being its instructions. Tokens are those of the local model. What a search and a help cost beside is the text of a real run
of each format: what the model writes and what it is shown. Then: for 24 wishes in a user's words, the place of the wanted tool among
those that a search shows. It asserts nothing.
"""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import catalogue
from tokens import Tokens

from codeact import build, events
from codeact.agent.loop import Agent
from codeact.formats import listing
from codeact.models.replay import ScriptModel
from codeact.protocols import Calls
from codeact.sandbox.session import Session
from codeact.tools.bridge import Bridge

NAMES = ("code", "json", "text")
LOOKS = {
    "code": ("<execute>\nimport tools\ntools.search('{0}')\n</execute>", "<execute>\nfrom tools.{1} import {2}\nhelp({2})\n</execute>"),
    "json": ('{{"tool": "search", "arguments": {{"words": "{0}"}}}}', '{{"tool": "help", "arguments": {{"name": "{1}.{2}"}}}}'),
    "text": ("Action: search(words='{0}')", "Action: help(name='{1}.{2}')"),
}
ANSWERS = {"code": "<solution>1</solution>", "json": '{"answer": 1}', "text": "Answer: 1"}
WISHES = {
    "open issues of a repository with a label": "github.search_issue",
    "report a bug": "github.create_issue",
    "close a pull request": "github.update_pull_request",
    "publish a new version with release notes": "github.create_release",
    "start a CI job on a branch": "github.create_workflow",
    "book a meeting with guests": "calendar.create_event",
    "find a room with a projector": "calendar.search_room",
    "remind me every week": "calendar.create_reminder",
    "send an email with an attachment": "mail.create_message",
    "look up the mail address of somebody": "mail.search_contact",
    "read a file": "files.get_file",
    "make a link so that others can read a file": "files.create_share",
    "see an earlier revision of a file": "files.get_revision",
    "columns of a table": "database.get_table",
    "back up the database": "database.create_backup",
    "how many pieces of a product are in stock": "shop.get_product",
    "orders of a customer": "shop.search_order",
    "delete a discount code": "shop.delete_discount",
    "flights from one airport to another": "travel.search_flight",
    "hotel with a pool": "travel.search_hotel",
    "weather forecast": "travel.get_forecast",
    "currency exchange rate": "payments.get_exchange_rate",
    "give money back to a customer": "payments.create_refund",
    "cancel a subscription": "payments.delete_subscription",
}


def named(specs: Sequence[events.ToolSpec]) -> str:
    """The list of tools as a provider takes it."""
    functions = [{"name": f"{each.module}__{each.name}", "description": each.description, "parameters": each.parameters} for each in specs]
    return json.dumps([{"type": "function", "function": each} for each in functions], ensure_ascii=False, separators=(",", ":"))


async def ran(name: str, turns: list[str], tools: Sequence[Any]) -> list[str]:
    """What a script's model is shown after each of its turns."""

    async def opened(calls: Calls | None) -> Session:
        session = Session(preload=(), calls=calls)
        await session.astart()
        return session

    limits = events.Limits(turns=len(turns) + 1)
    async with Agent(ScriptModel([*turns, ANSWERS[name]]), build.format(name), opened, tools=tools, bridge=Bridge, limits=limits) as agent:
        run = await agent.arun("Look something up.")
    return [each.text for each in run.trajectory.of_type(events.Observation)]


async def costs(tokens: Tokens, tools: Sequence[Any]) -> None:
    """Print what looking one tool up costs."""
    print("\none search and one help            written            shown")
    for name in NAMES:
        turns = [turn.format("send an email with an attachment", "mail", "create_message") for turn in LOOKS[name]]
        shown = await ran(name, turns, tools)
        for title, turn, text in zip(("search", "help"), turns, shown, strict=True):
            written = f"{len(turn):>6} ch {tokens.count(turn):>4} tok"
            print(f"  {name:5} {title:24} {written} {len(text):>6} ch {tokens.count(text):>5} tok")


async def places(tools: Sequence[Any]) -> None:
    """Print where the wanted tool of each wish stands."""
    turns = [LOOKS["code"][0].format(words) for words in WISHES]
    ranks: list[int] = []
    print("\nplace among what a search shows")
    for (words, wanted), text in zip(WISHES.items(), await ran("code", turns, tools), strict=True):
        module, _, name = wanted.partition(".")
        lines = [line for line in text.splitlines() if line.startswith("from tools.")]
        line = f"from tools.{module} import {name}"
        ranks.append(lines.index(line) + 1 if line in lines else 0)
        print(f"  {ranks[-1] or '-':>2}  {words}  ({wanted})")
    first, three, ten = (sum(0 < rank <= most for rank in ranks) for most in (1, 3, 10))
    print(f"{len(ranks)} wishes: first {first}, in three {three}, in ten {ten}")


def main() -> None:
    """Print the tables."""
    tools, tokens = catalogue.tools(), Tokens()
    specs = [tool.spec for tool in tools]
    sizes = [sum(line.startswith("    ") for line in spec.description.splitlines()) for spec in specs]
    counted = f"{min(sizes)} to {max(sizes)} parameters, {sum(sizes) / len(sizes):.1f} on average"
    print(f"{len(specs)} tools of {len(catalogue.MODULES)} modules, {counted}")
    print(f"{'':30} {'characters':>10} {'tokens':>8}")
    rows = [("all schemas, as JSON", named(specs)), ("listing in full", listing.full(specs))]
    for name in NAMES:
        system, one = build.format(name).system, specs[:1]
        whole = system(one).replace(listing.full(one), listing.full(specs))
        rows += [
            (f"{name}: prompt, no tools", system()),
            (f"{name}: with all in full", whole),
            (f"{name}: with all in short", system(specs)),
        ]
    for title, text in rows:
        print(f"{title:30} {len(text):>10,} {tokens.count(text):>8,}")
    asyncio.run(costs(tokens, tools))
    asyncio.run(places(tools))
    tokens.close()


if __name__ == "__main__":
    main()
