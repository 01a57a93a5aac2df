"""The experts of the families as the suite's oracle."""

from codeact.bench.policies import CallPolicy, CodePolicy
from codeact.bench.task import Task
from codeact.data import catalogue


def code(task: Task) -> CodePolicy:
    """The expert in code."""
    return catalogue.instance_of(task).code()


def calls(task: Task) -> CallPolicy | None:
    """The expert in calls; None where the task needs code."""
    make = catalogue.instance_of(task).calls
    return None if make is None else make()
