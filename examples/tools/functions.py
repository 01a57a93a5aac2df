"""Tools: functions of the host that the code in the sandbox can call; what they hold stays outside."""

import codeact
from codeact.models.replay import ScriptModel

PRICES = {"apple": 0.5, "pear": 0.75}


def get_price(item: str, *, count: int = 1) -> float:
    """Price of some items, in dollars."""
    return PRICES[item] * count


TURNS = [
    "<execute>\nfor item in ('apple', 'pear', 'plum'):\n    print(item, get_price(item, count=4))\n</execute>",
    "<solution>apples</solution>",
]

with codeact.Agent(model=ScriptModel(TURNS), tools=[get_price]) as agent:
    run = agent.run("Which is cheapest?")

print(run.trajectory.messages[3].content)
for call in run.trajectory.of_type(codeact.events.ToolCalled):
    print(call.name, call.arguments)
