"""The experts of the families as the suite's oracle, and the mistakes that may stand before what they do.

Invariant: a mistake is one that the family names, or one made of the expert's own first action. It does not: know whether it shows.
"""

import random

from codeact.bench.policies import CallPolicy, CodePolicy, Said
from codeact.bench.task import Task
from codeact.data import catalogue
from codeact.data.family import Instance
from codeact.data.faults import faults, wrong_call
from codeact.protocols import Step

_FAMILYS_OWN = 0.6
"""How often a mistake that the family names is taken, where there is one."""


def code(task: Task) -> CodePolicy:
    """The expert in code."""
    return catalogue.instance_of(task).code()


def calls(task: Task) -> CallPolicy | None:
    """The expert in calls; None where the task needs code."""
    make = catalogue.instance_of(task).calls
    return None if make is None else make()


def slip(task: Task, format: str, chance: random.Random) -> Step | None:
    """A wrong first action, None for a task that needs no action.

    Args:
        task: which.
        format: code, json or text.
        chance: decides which of several.
    """
    made = catalogue.instance_of(task)
    return _in_code(made, chance) if format == "code" else _in_calls(made, chance)


def _in_code(made: Instance, chance: random.Random) -> Step | None:
    if made.slips and chance.random() < _FAMILYS_OWN:
        return Step("", code=chance.choice(made.slips).code)
    try:
        first = next(made.code())
    except StopIteration:
        return None
    found = [] if isinstance(first, Said) else faults(first, chance)
    if found:
        return Step("", code=found[0].code)
    return Step("", code=chance.choice(made.slips).code) if made.slips else None


def _in_calls(made: Instance, chance: random.Random) -> Step | None:
    own = [one.calls for one in made.slips if one.calls]
    if own and chance.random() < _FAMILYS_OWN:
        return Step("", calls=tuple(chance.choice(own)))
    try:
        first = None if made.calls is None else next(made.calls())
    except StopIteration:
        return None
    if first is None or isinstance(first, Said) or not first:
        return None
    return Step("", calls=(wrong_call(first[0], chance),))
