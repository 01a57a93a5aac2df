"""Twenty tasks that take several calls, each with an oracle for code and one for calls.

Invariant: the names differ. The rules that the oracles keep are in benchmarks/oracle_view.py.
"""

from agent.oracles import dna, messages, shop, trade, travel
from agent.oracles.task import Task

TASKS: tuple[Task, ...] = (*travel.TASKS, *trade.TASKS, *shop.TASKS, *messages.TASKS, *dna.TASKS)
