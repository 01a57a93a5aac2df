"""An answer of a given type: one that does not fit goes back to the model, which mends it."""

import codeact
from codeact.models.replay import ScriptModel

TURNS = [
    "<execute>\nprimes = [n for n in range(2, 100) if all(n % d for d in range(2, n))]\nlen(primes)\n</execute>",
    "<solution>There are 25 of them.</solution>",
    "<solution>25</solution>",
]

with codeact.Agent(model=ScriptModel(TURNS), answer_type=int) as agent:
    run = agent.run("How many primes are below 100?")

print(run.state, repr(run.answer), repr(run.value))
