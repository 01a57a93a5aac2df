"""The events of a run as they happen."""

import asyncio

import codeact
from codeact import events
from codeact.models.replay import ScriptModel

TURNS = [
    "I count.\n<execute>\nfor word in ('one', 'two'):\n    print(word)\n</execute>",
    "<solution>two</solution>",
]


async def main() -> None:
    async with codeact.Agent(model=ScriptModel(TURNS)) as agent:
        async for event in agent.stream("How many words are there?"):
            match event:
                case events.Action():
                    print(f"turn {event.turn}: {event.thought} ({len(event.code.splitlines())} lines of code)")
                case events.Observation():
                    print(f"turn {event.turn}: it printed {event.stdout!r}")
                case events.Answered():
                    print(f"turn {event.turn}: the answer is {event.text!r}")
                case events.RunEnded():
                    print(f"{event.state} after {event.turns} turns")
                case _:
                    pass


asyncio.run(main())
