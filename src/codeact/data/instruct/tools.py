"""The tools of a task, as its family makes them."""

from typing import Any

from codeact.bench.task import Task
from codeact.data import catalogue


def make_tools(task: Task) -> list[Any]:
    """The tools, with a state of their own."""
    return list(catalogue.instance_of(task).tools)
