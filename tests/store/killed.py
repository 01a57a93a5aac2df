"""A process that is to be killed: it does a run of ten actions whose tool has an effect outside, and keeps it in a database.

python killed.py ADDRESS FILE
"""

import asyncio
import sys
from pathlib import Path

from codeact import Agent
from codeact.models.replay import ScriptModel
from codeact.store.kept import open_store

TURNS = [f"<execute>\nfor number in range(3):\n    pay({turn} * 3 + number)\n</execute>" for turn in range(10)]


async def main(address: str, file: Path) -> None:
    """Do the run."""
    store = await open_store(address)

    def pay(number: int) -> int:
        """Pay."""
        with file.open("a", encoding="utf-8") as effects:
            effects.write(f"{number}\n")
        print(number, flush=True)
        return number

    print("ready", flush=True)
    async with Agent(ScriptModel([*TURNS, "<solution>paid</solution>"]), tools=[pay], preload=()) as agent:
        await agent.arun("Pay all.", trajectory=store.new())
    await store.aclose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
