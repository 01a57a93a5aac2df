"""Runs that are kept in a database while they happen, and read back."""

import asyncio

from codeact import Agent
from codeact.models.replay import ScriptModel
from codeact.store.kept import open_store

TURNS = ["<execute>\n2350 * 18 / 100\n</execute>", "<solution>423</solution>"]


async def main() -> None:
    """Do a run, and list what is kept."""
    store = await open_store("runs.db")  # or postgresql://USER@HOST/NAME
    async with Agent(ScriptModel(TURNS)) as agent:
        await agent.arun("What is 18% of 2350?", trajectory=store.new())
    for kept in await store.runs(search="18%"):
        run = await store.read(kept.id)
        print(kept.title, kept.state, kept.answer, [event.type for event in run.events])
    await store.aclose()


asyncio.run(main())
