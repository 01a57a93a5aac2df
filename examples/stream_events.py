"""The events of a run as they happen."""

import codeact
from codeact import events
from codeact.models.replay import ScriptModel

TURNS = [
    "I count.\n<execute>\nfor word in ('one', 'two'):\n    print(word)\n</execute>",
    "<solution>two</solution>",
]

with codeact.Agent(model=ScriptModel(TURNS)) as agent:
    for event in agent.stream("How many words are there?"):
        match event:
            case events.Action():
                print(f"turn {event.turn} runs {event.code.count(chr(10)) + 1} lines: {event.thought}")
            case events.Observation():
                print(f"turn {event.turn} printed {event.stdout!r}")
            case events.Answered():
                print(f"turn {event.turn} answers {event.text!r}")
            case events.RunEnded():
                print(f"{event.state} after {event.turns} turns")
            case _:
                pass
