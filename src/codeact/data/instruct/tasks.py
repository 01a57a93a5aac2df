"""The tasks of a split; see `codeact.data.catalogue`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from codeact.bench.task import Task
from codeact.data import catalogue


def make_tasks(
    data: Path | None, seed: int, *, split: str = "test", count: int = 210, domain: str = "", family: str = ""
) -> Iterator[Task]:
    """The tasks.

    Args:
        data: not used.
        seed: changes all tasks.
        split: train, test, unseen-phrasing or unseen-tools.
        count: how many.
        domain, family: only of these, with commas between.
    """
    del data
    return catalogue.tasks(split, count, seed, domains=_names(domain), families=_names(family))


def make_files(task: Task) -> Mapping[str, str | bytes]:
    """What lies in the workspace."""
    return catalogue.instance_of(task).files


def _names(text: str) -> list[str]:
    return [name for name in text.split(",") if name]
