"""Several messages on one session: what was computed for the first is there for the second."""

import codeact
from codeact.models.replay import ScriptModel

TURNS = [
    "<execute>\nprimes = [n for n in range(2, 30) if all(n % d for d in range(2, n))]\nlen(primes)\n</execute>",
    "<solution>10</solution>",
    "<execute>\nprimes[-1]\n</execute>",
    "<solution>29</solution>",
]

with codeact.Agent(model=ScriptModel(TURNS)) as agent, agent.conversation() as conversation:
    print(conversation.send("How many primes are below 30?").answer)
    print(conversation.send("And which is the largest of them?").answer)
