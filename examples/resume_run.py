"""A run whose process ended in the middle, gone on with: nothing that was over is done again."""

import asyncio

from codeact import Agent
from codeact.models.replay import ScriptModel
from codeact.store.kept import open_store
from codeact.trajectory import Trajectory

TURNS = ["<execute>\nprices = {name: get_price(name) for name in ('apple', 'pear')}\n</execute>", "<execute>\nmin(prices)\n</execute>"]


def get_price(item: str) -> float:
    """Unit price of an item, in dollars."""
    print(f"(asked for {item})")
    return {"apple": 0.4, "pear": 0.7}[item]


async def main() -> None:
    """Do half a run, as if the machine had lost its power then, and the rest of it from what is kept."""
    store = await open_store("runs.db")
    async with Agent(ScriptModel([*TURNS, "<solution>apple</solution>"]), tools=[get_price]) as agent:
        run = await agent.arun("Which is cheaper, an apple or a pear?")
    await store.add(Trajectory(events=run.trajectory.events[:9]))  # the first action is over

    for broken in await store.unfinished():
        print(broken.title, broken.state, broken.events)
        async with Agent(ScriptModel([*TURNS[1:], "<solution>apple</solution>"]), tools=[get_price]) as agent:  # as before
            run = await agent.aresume(await store.resume(broken.id))
        print(run.state, run.answer, (await store.find(broken.id)).events)
    await store.aclose()


asyncio.run(main())
