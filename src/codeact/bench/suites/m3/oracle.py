"""How an agent that never errs does the tasks of the suite: the policy of the task's domain.

Invariant: as of `codeact.bench.policies`, but that in calls, what a tool of the task does is left to the tool, arithmetic included: only
comparing, choosing a row and reading happen in the head. It does not: read a task's answer.
"""

from codeact.bench.policies import CallPolicy, CodePolicy
from codeact.bench.suites.m3.decoder import oracle as decoder
from codeact.bench.suites.m3.dna import oracle as dna
from codeact.bench.suites.m3.shop import oracle as shop
from codeact.bench.suites.m3.trade import oracle as trade
from codeact.bench.suites.m3.travel import oracle as travel
from codeact.bench.task import Task

_DOMAINS = {
    "message_decoder": decoder,
    "cryptobotanists_plant_dna_sequencer": dna,
    "trade_calculator": trade,
    "travel_itinerary_planning": travel,
    "web_browsing": shop,
}


def code(task: Task) -> CodePolicy:
    """The policy in code."""
    return _DOMAINS[task.domain].code(task)


def calls(task: Task, *, single: bool = False) -> CallPolicy:
    """The policy in calls; how many may be made a turn matters only where a browser is walked with."""
    return shop.calls(task, single=single) if task.domain == "web_browsing" else _DOMAINS[task.domain].calls(task)
