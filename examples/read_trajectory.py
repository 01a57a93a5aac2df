"""A run that was saved, and read back."""

import codeact
from codeact.events import Action, Observation
from codeact.models.replay import ScriptModel

TURNS = ["<execute>\nsum(range(101))\n</execute>", "<solution>5050</solution>"]

with codeact.Agent(model=ScriptModel(TURNS)) as agent:
    agent.run("What is the sum of 1 to 100?", save="run.jsonl")

trajectory = codeact.load("run.jsonl")
print([event.type for event in trajectory.events])
for action, observation in zip(trajectory.of_type(Action), trajectory.of_type(Observation), strict=True):
    print(f"{action.code!r} -> {observation.result}")
