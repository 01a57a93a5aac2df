"""An agent whose model is a script: it runs the code that it was told to write, and answers."""

import codeact
from codeact.models.replay import ScriptModel

TURNS = [
    "I let Python compute it.\n<execute>\n12345 * 6789\n</execute>",
    "<solution>83810205</solution>",
]

with codeact.Agent(model=ScriptModel(TURNS)) as agent:
    run = agent.run("What is 12345 * 6789?")

print(run.state, run.answer)
for message in run.trajectory.messages[1:]:
    print(f"[{message.role}] {message.content}")
